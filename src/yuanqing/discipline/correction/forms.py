"""What one fills in to correct a violation: everything it says, as it now is, to be mended where it is wrong."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from yuanqing.discipline.correction.actions import CORRECTABLE, Kept
from yuanqing.discipline.violation.forms import BLANK, PeopleFormSet, PersonForm, RecordForm
from yuanqing.discipline.violation.models import Involved, Measure
from yuanqing.discipline.violation.queries import Codes
from yuanqing.org.person.models import Person
from yuanqing.org.unit.forms import DayField

ENDED = ("concluded", "unfounded")


class CorrectForm(RecordForm):
    route = forms.ChoiceField(label=gettext_lazy("去向"))
    transferred_to = forms.CharField(label=gettext_lazy("接收机关"), max_length=200, required=False)
    transferred_on = DayField(label=gettext_lazy("移送日期"), required=False)
    transfer_receipt = forms.CharField(label=gettext_lazy("回执编号"), max_length=100, required=False)
    concluded_on = DayField(label=gettext_lazy("查处日期"))
    outcome = forms.CharField(label=gettext_lazy("查处情况"), widget=forms.Textarea(attrs={"rows": 4}))
    is_unfounded = forms.BooleanField(
        label=gettext_lazy("更正为查否"),
        required=False,
        help_text=gettext_lazy("原认定不成立；所有处理措施须一并撤回。"),
    )
    reason = forms.CharField(
        label=gettext_lazy("更正理由"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("错在哪里，依据什么更正。"),
    )
    lowering = forms.ChoiceField(
        label=gettext_lazy("从轻更正的情形"),
        required=False,
        help_text=gettext_lazy(
            "把级别、严重程度、类型、去向、人员或者处理措施改轻的必须选，并且不能由经手过这件问题的人办理。"
        ),
    )

    def prepare(self) -> None:
        super().prepare()
        assert self.record is not None
        record, codes = self.record, self.codes
        self.choose("route", list(codes.routes.items()))
        self.choose("lowering", [*BLANK, *((code, entry.label) for code, entry in codes.lowerings.items())])
        dropped = [] if record.route else ["route", "is_unfounded"]
        dropped += [] if record.transferred_on else ["transferred_to", "transferred_on", "transfer_receipt"]
        dropped += [] if record.state in ENDED else ["concluded_on", "outcome"]
        dropped += ["is_unfounded"] if record.state == "unfounded" else []
        for name in set(dropped):
            del self.fields[name]
        for name in CORRECTABLE:
            if name in self.fields:
                self.initial.setdefault(name, getattr(record, name))


class KeptForm(PersonForm):
    """One person as registered; taken out, or with some of his measures withdrawn."""

    is_removed = forms.BooleanField(label=gettext_lazy("登记有误，去掉这个人"), required=False)
    measures = forms.MultipleChoiceField(
        label=gettext_lazy("保留的处理措施"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("去掉勾选就是撤回；要加措施的，更正以后再登记。"),
    )
    waiver = forms.CharField(label=gettext_lazy("不予处理的理由"), required=False, max_length=300)

    def __init__(
        self, *args: Any, codes: Codes, before: list[tuple[Involved, list[Measure]]], number: int = -1, **kwargs: Any
    ) -> None:
        self.was: Involved | None = None
        rows: list[Measure] = []
        if 0 <= number < len(before):
            self.was, rows = before[number]
        super().__init__(*args, codes=codes, **kwargs)
        self.rows = {str(row.pk): row for row in rows}
        if rows:
            choices = [(pk, f"{codes.measure_label(row.code)}　{row.decided_on}") for pk, row in self.rows.items()]
            self.fields["measures"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["measures"]
        if self.was is None:
            del self.fields["is_removed"]
            del self.fields["waiver"]

    def _found(self, text: str) -> Person | None:
        """Who was registered stays so, even where the rolls no longer show him to this reader."""
        known = self.was.person if self.was else None
        return known if known is not None and text.split()[0] == known.number else super()._found(text)

    @property
    def is_blank(self) -> bool:
        return bool(self.cleaned_data.get("is_removed")) or super().is_blank

    @property
    def kept(self) -> Kept:
        given = self.cleaned_data
        chosen = tuple(row.pk for pk, row in self.rows.items() if pk in given.get("measures", ()))
        return Kept(self.someone, self.was, chosen, given.get("waiver", ""))


class KeptFormSet(PeopleFormSet):
    """Everybody as registered, and an empty row for somebody who was left out."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "number": -1 if index is None else index}


KeptPeople = forms.formset_factory(KeptForm, formset=KeptFormSet, extra=1, max_num=60)


def as_registered(before: list[tuple[Involved, list[Measure]]]) -> list[dict[str, Any]]:
    """What the rows hold when the form opens."""
    return [
        {
            "person": f"{person.person.number} {person.person.name}" if person.person else person.name,
            "is_outside": person.person is None,
            "level": person.level,
            "is_party_member": person.is_party_member,
            "measures": [str(row.pk) for row in rows],
            "waiver": person.waiver,
        }
        for person, rows in before
    ]
