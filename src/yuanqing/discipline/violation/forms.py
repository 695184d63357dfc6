"""What one fills in about a violation; people and units are named by code or name, suggestions come while typing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.discipline.violation.actions import Someone
from yuanqing.discipline.violation.models import Involved, Violation
from yuanqing.discipline.violation.queries import Codes, Proposal
from yuanqing.org.person.models import Person
from yuanqing.org.unit.forms import DayField, UnitField
from yuanqing.org.unit.models import Unit, within
from yuanqing.shell.form_page import place_errors

BLANK = [("", "—")]


def named(text: str, people: Any) -> Person | None:
    """The person meant by "P012 某甲", a number, or a name that only one person bears; ValidationError when several do."""
    words = text.split()
    found: Person | None = people.filter(number=words[0]).first() if words else None
    if found is not None or not words:
        return found
    same = list(people.filter(name=text.strip())[:2])
    if len(same) > 1:
        raise ValidationError(_("名册里有几个同名的人，请填人员编号。"))
    return same[0] if same else None


class ActForm(forms.Form):
    """A form of one act on one violation: it knows the tables in force and who fills it in."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, codes: Codes, account: Any, record: Violation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes, self.account, self.record = codes, account, record
        self.prepare()

    def prepare(self) -> None:
        """Fill in what depends on the tables, the record and the reader."""

    def choose(self, field: str, choices: Sequence[Any]) -> None:
        self.fields[field].choices = choices  # type: ignore[attr-defined]

    @property
    def values(self) -> dict[str, Any]:
        """What the act takes, without the version the form was opened at."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def take(self, error: ValidationError) -> None:
        """Put what the act refused at its fields; what belongs to none of them on top."""
        place_errors(self, error)


class RecordForm(ActForm):
    unit = UnitField(label=gettext_lazy("所在单位"))
    type = forms.ChoiceField(label=gettext_lazy("违反条款"), help_text=gettext_lazy("选到最下一级。"))
    received_on = DayField(label=gettext_lazy("受理日期"), initial=timezone.localdate)
    source = forms.ChoiceField(label=gettext_lazy("来源"))
    severity = forms.ChoiceField(
        label=gettext_lazy("严重程度"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy("与级别、是否党员一起决定去向。"),
    )
    facts = forms.CharField(
        label=gettext_lazy("主要事实"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("何时、何地、何人、何事；只有办理人员看得到。"),
    )

    def prepare(self) -> None:
        self.fields["unit"].units = Unit.objects.filter(  # type: ignore[attr-defined]
            within(self.account.scopes("discipline.violation.record"))
        )
        self.choose("type", [*BLANK, *self.codes.type_choices()])
        self.choose("source", [*BLANK, *((code, entry.label) for code, entry in self.codes.sources.items())])
        self.choose("severity", [*self.codes.severities.items()])


class PersonForm(forms.Form):
    """One person involved; a row left wholly empty is passed over."""

    person = forms.CharField(
        label=gettext_lazy("姓名或人员编号"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("在名册上的，输入时会给出提示；不清楚的写“待查”，并勾选“不在名册上”。"),
    )
    is_outside = forms.BooleanField(label=gettext_lazy("不在名册上"), required=False)
    level = forms.ChoiceField(
        label=gettext_lazy("级别"), required=False, help_text=gettext_lazy("在名册上的可以不选，按名册。")
    )
    is_party_member = forms.BooleanField(label=gettext_lazy("中共党员"), required=False)

    def __init__(self, *args: Any, codes: Codes, account: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes, self.account = codes, account
        self.fields["level"].choices = [*BLANK, *((c, e.label) for c, e in codes.levels.items())]  # type: ignore[attr-defined]
        self.fields["person"].widget.attrs.update(
            {
                "list": f"{self.prefix}-people",
                "autocomplete": "off",
                "hx-get": reverse_lazy("violation:people"),
                "hx-trigger": "input changed delay:250ms",
                "hx-target": f"#{self.prefix}-people",
            }
        )

    @property
    def is_blank(self) -> bool:
        given = self.cleaned_data
        return not given.get("person", "").strip() and not given.get("level")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        text = given.get("person", "").strip()
        if not text:
            if given.get("level"):
                self.add_error("person", _("请填写姓名；不清楚的写“待查”，并勾选“不在名册上”。"))
            return given
        given["found"] = None if given.get("is_outside") else self._found(text)
        if not given.get("level"):
            known = given["found"].level if given["found"] else ""
            given["level"] = known if known in self.codes.levels else ""
            if not given["level"] and "person" not in self.errors:
                self.add_error("level", _("请选择级别。"))
        return given

    def _found(self, text: str) -> Person | None:
        try:
            person = named(text, Person.objects.visible_to(self.account))
        except ValidationError as error:
            self.add_error("person", error)
            return None
        if person is None:
            self.add_error("person", _("名册里没有找到。请填人员编号；确实不在名册上的，请勾选“不在名册上”。"))
        return person

    @property
    def someone(self) -> Someone:
        given = self.cleaned_data
        person = given.get("found")
        is_member = given["is_party_member"] or bool(person and person.is_party_member)
        return Someone(given["level"], person, "" if person else given["person"].strip(), is_member)


class PeopleFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """涉及人员: as many rows as needed."""

    @property
    def filled(self) -> list[Any]:
        return [form for form in self.forms if not form.is_blank]

    def take(self, error: ValidationError) -> None:
        """Sentences about the people as a whole."""
        found = error.message_dict if hasattr(error, "error_dict") else {}
        for sentence in found.get("people", ()):
            self._non_form_errors = self.error_class([*self.non_form_errors(), sentence])


People = forms.formset_factory(PersonForm, formset=PeopleFormSet, extra=1, max_num=60)


class RouteForm(ActForm):
    to = forms.ChoiceField(label=gettext_lazy("去向"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("与建议不同的理由"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("照建议办的不用填；不照建议的必须填，理由与去向一起留存。"),
    )

    def __init__(self, *args: Any, proposed: Proposal, **kwargs: Any) -> None:
        self.proposed = proposed
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        suffix = _("（建议）")
        self.choose(
            "to",
            [(c, f"{label}{suffix if c == self.proposed.to else ''}") for c, label in self.codes.routes.items()],
        )
        self.fields["to"].initial = self.proposed.to


class TransferForm(ActForm):
    authority = forms.CharField(label=gettext_lazy("接收机关"), max_length=200)
    on = DayField(label=gettext_lazy("移送日期"), initial=timezone.localdate)
    receipt = forms.CharField(label=gettext_lazy("回执编号"), max_length=100)


class MeasureForm(ActForm):
    involved = forms.ModelChoiceField(
        label=gettext_lazy("涉及人员"), queryset=Involved.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    code = forms.ChoiceField(label=gettext_lazy("处理措施"))
    decided_on = DayField(label=gettext_lazy("决定日期"), initial=timezone.localdate)
    document = forms.CharField(label=gettext_lazy("文号"), max_length=100, required=False)

    def prepare(self) -> None:
        people: Any = self.fields["involved"]
        assert self.record is not None
        people.queryset = self.record.involved.all()
        people.label_from_instance = lambda p: f"{p.name}（{self.codes.level_label(p.level)}）"
        if people.queryset.count() == 1:
            people.initial = people.queryset.first()
        self.choose("code", [*BLANK, *self.codes.measure_choices()])


class ConcludeForm(ActForm):
    """Asks a reason for everybody who has no measure."""

    on = DayField(label=gettext_lazy("查处日期"), initial=timezone.localdate)
    outcome = forms.CharField(
        label=gettext_lazy("查处情况"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("结论和处理结果，简要写明。"),
    )

    def prepare(self) -> None:
        assert self.record is not None
        self.without = [person for person in self.record.involved.all() if not person.form]
        for person in self.without:
            self.fields[f"waiver-{person.pk}"] = forms.CharField(
                label=_("%(name)s不予处理的理由") % {"name": person.name},
                required=False,
                max_length=300,
                help_text=_("还没有处理措施；应当处理的，请先登记措施。"),
            )

    @property
    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        waivers = {person.pk: given.get(f"waiver-{person.pk}", "") for person in self.without}
        return {"on": given["on"], "outcome": given["outcome"], "waivers": waivers}


class DismissForm(ActForm):
    on = DayField(label=gettext_lazy("查否日期"), initial=timezone.localdate)
    reason = forms.CharField(
        label=gettext_lazy("查否的理由"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("查了什么，为什么认定不实。"),
    )
