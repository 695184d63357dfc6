"""What one fills in to change the tree; units are named by code or name, since a list of thousands helps nobody."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.org.unit import queries
from yuanqing.org.unit.models import Unit


class DayField(forms.DateField):
    """A day, with the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CodeChoice(forms.ChoiceField):
    """A code of one of the organisation's tables; while none is published, any text."""

    def __init__(self, table: str, **kwargs: Any) -> None:
        self.table = table
        super().__init__(choices=self.offered, **kwargs)

    def offered(self) -> list[tuple[str, str]]:
        return [("", "—"), *queries.code_table(self.table).items()]

    def valid_value(self, value: str) -> bool:
        return super().valid_value(value) or not queries.code_table(self.table) or value == self.initial


class UnitField(forms.CharField):
    """A unit that the reader may see, by its code or name; suggestions come while typing."""

    default_error_messages = {
        "unknown": gettext_lazy("找不到这个单位。请填单位代码，或完整的单位名称。"),
        "ended": gettext_lazy("这个单位已经撤销。"),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", gettext_lazy("填代码或名称；输入时会给出提示。"))
        super().__init__(max_length=240, **kwargs)
        self.units: Any = Unit.objects.none()

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {
            **super().widget_attrs(widget),
            "list": "unit-options",
            "autocomplete": "off",
            "hx-get": reverse_lazy("unit:options"),
            "hx-trigger": "input changed delay:250ms",
            "hx-target": "#unit-options",
            "hx-params": "*",
        }

    def prepare_value(self, value: Any) -> Any:
        return f"{value.code}　{value.name}" if isinstance(value, Unit) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        unit = queries.find_unit(self.units, text)
        if unit is None:
            raise ValidationError(self.error_messages["unknown"])
        if unit.ended_on:
            raise ValidationError(self.error_messages["ended"])
        return unit


class ActForm(forms.Form):
    """A form of one act: it knows who fills it in, so that only what she may see can be named."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, account: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, UnitField):
                field.units = Unit.objects.visible_to(account)

    @property
    def values(self) -> dict[str, Any]:
        """What the act takes, without the version the form was opened at."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class Found(ActForm):
    parent = UnitField(label=gettext_lazy("上级单位"), required=False)
    code = forms.CharField(label=gettext_lazy("单位代码"), max_length=40)
    name = forms.CharField(label=gettext_lazy("单位名称"), max_length=200)
    short_name = forms.CharField(label=gettext_lazy("简称"), max_length=60, required=False)
    kind = CodeChoice("unit_kind", label=gettext_lazy("单位类别"), required=False)
    peer_group = forms.CharField(
        label=gettext_lazy("同类组"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("考评时只与同组的单位比较。"),
    )
    began_on = DayField(label=gettext_lazy("设立日期"), initial=timezone.localdate)
    is_reporting = forms.BooleanField(label=gettext_lazy("报送月报"), required=False, initial=True)


class Rename(ActForm):
    name = forms.CharField(label=gettext_lazy("新名称"), max_length=200)
    short_name = forms.CharField(label=gettext_lazy("简称"), max_length=60, required=False)
    on = DayField(label=gettext_lazy("从哪天起"), initial=timezone.localdate)
    reason = forms.CharField(label=gettext_lazy("事由"), max_length=200, help_text=gettext_lazy("例如文件名称和文号。"))


class Classify(ActForm):
    kind = CodeChoice("unit_kind", label=gettext_lazy("单位类别"), required=False)
    peer_group = forms.CharField(label=gettext_lazy("同类组"), max_length=40, required=False)
    on = DayField(label=gettext_lazy("从哪天起"), initial=timezone.localdate)
    reason = forms.CharField(label=gettext_lazy("事由"), max_length=200)


class Move(ActForm):
    parent = UnitField(label=gettext_lazy("新的上级单位"))
    on = DayField(label=gettext_lazy("从哪天起"), initial=timezone.localdate)
    reason = forms.CharField(label=gettext_lazy("事由"), max_length=200)


class End(ActForm):
    on = DayField(
        label=gettext_lazy("从哪天起撤销"), initial=timezone.localdate, help_text=gettext_lazy("这一天单位已经不存在。")
    )
    reason = forms.CharField(label=gettext_lazy("事由"), max_length=200)


class SetReporting(ActForm):
    is_reporting = forms.BooleanField(label=gettext_lazy("报送月报"), required=False)


class Day(forms.Form):
    """Which day's tree to show."""

    on = DayField(label=gettext_lazy("哪一天"), required=False)

    def day(self) -> Any:
        """The day asked for; None for today and for what is not a day."""
        chosen = self.cleaned_data.get("on") if self.is_valid() else None
        return chosen if chosen and chosen < timezone.localdate() else None

    def clean_on(self) -> Any:
        chosen = self.cleaned_data["on"]
        if chosen and chosen > timezone.localdate():
            raise ValidationError(_("只能看今天和以前。"))
        return chosen
