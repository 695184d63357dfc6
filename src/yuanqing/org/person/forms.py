"""What one fills in to keep the rolls."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy

from yuanqing.org.person import queries
from yuanqing.org.person.models import Person
from yuanqing.org.unit.forms import ActForm, CodeChoice, DayField, UnitField


class PersonField(forms.CharField):
    """A person the reader may see, by number or, when nobody else has it, by name."""

    default_error_messages = {
        "unknown": gettext_lazy("找不到这个人，或有同名的人。请填人员编号。"),
        "left": gettext_lazy("这个人已经离开。"),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", gettext_lazy("填人员编号或姓名；输入时会给出提示。"))
        super().__init__(max_length=120, **kwargs)
        self.people: Any = Person.objects.none()

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {
            **super().widget_attrs(widget),
            "list": "person-options",
            "autocomplete": "off",
            "hx-get": reverse_lazy("person:options"),
            "hx-trigger": "input changed delay:250ms",
            "hx-target": "#person-options",
        }

    def prepare_value(self, value: Any) -> Any:
        return f"{value.number}　{value.name}" if isinstance(value, Person) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        person = queries.find_person(self.people, text)
        if person is None:
            raise ValidationError(self.error_messages["unknown"])
        if person.left_on:
            raise ValidationError(self.error_messages["left"])
        return person


class PersonActForm(ActForm):
    """Like every form of an act; people, too, can be named only when they can be seen."""

    def __init__(self, *args: Any, account: Any, **kwargs: Any) -> None:
        super().__init__(*args, account=account, **kwargs)
        for field in self.fields.values():
            if isinstance(field, PersonField):
                field.people = Person.objects.visible_to(account)


class RecordForm(PersonActForm):
    """A form of one act that knows the record it is about (None while there is none)."""

    def __init__(self, *args: Any, account: Any, record: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, account=account, **kwargs)
        self.account, self.record = account, record
        self.prepare()

    def prepare(self) -> None:
        """Fill in what depends on the record, the reader and the packs in force."""

    def choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = [("", "—"), *choices]


class ReasonForm(RecordForm):
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=300)


class ConfirmForm(RecordForm):
    """Acts that ask for nothing but a confirmation."""


class Enrol(ActForm):
    number = forms.CharField(label=gettext_lazy("人员编号"), max_length=40)
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    unit = UnitField(label=gettext_lazy("所在单位"))
    level = CodeChoice("level", label=gettext_lazy("级别"), required=False)
    is_party_member = forms.BooleanField(label=gettext_lazy("中共党员"), required=False)
    email = forms.EmailField(label=gettext_lazy("电子邮箱"), required=False)


class Amend(ActForm):
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    level = CodeChoice("level", label=gettext_lazy("级别"), required=False)
    is_party_member = forms.BooleanField(label=gettext_lazy("中共党员"), required=False)
    email = forms.EmailField(label=gettext_lazy("电子邮箱"), required=False)


class Transfer(ActForm):
    unit = UnitField(label=gettext_lazy("调往单位"))
    on = DayField(label=gettext_lazy("调动日期"), initial=timezone.localdate)
    reason = forms.CharField(label=gettext_lazy("事由"), max_length=200)


class Leave(ActForm):
    on = DayField(label=gettext_lazy("从哪天起离开"), initial=timezone.localdate)
    reason = forms.CharField(
        label=gettext_lazy("事由"), max_length=200, help_text=gettext_lazy("例如退休、调出、辞职。")
    )
