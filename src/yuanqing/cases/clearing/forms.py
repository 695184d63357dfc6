"""What one fills in about a clearing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from yuanqing.cases.redress.queries import Remedies
from yuanqing.org.person.forms import PersonField, RecordForm
from yuanqing.org.unit.forms import DayField


class Propose(RecordForm):
    """Whoever has no register of persons asks for himself."""

    person = PersonField(label=gettext_lazy("本人"))
    start = forms.ChoiceField(label=gettext_lazy("启动方式"))
    way = forms.ChoiceField(label=gettext_lazy("澄清方式"))
    result = forms.CharField(
        label=gettext_lazy("澄清内容"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("只写结论，不写调查经过，不写是谁反映的。"),
    )  # fmt: skip
    range = forms.CharField(label=gettext_lazy("通报范围"), max_length=200, required=False)

    def prepare(self) -> None:
        codes = Remedies()
        self.choose("start", codes.choices("clearing_start"))
        self.choose("way", codes.choices("clearing_way"))
        if not self.account.can("cases.clearing.propose"):
            del self.fields["person"], self.fields["start"]

    @property
    def values(self) -> dict[str, Any]:
        found = super().values
        return found if "person" in found else {**found, "person": self.account.person, "start": "on_request"}


class CarryOut(RecordForm):
    on = DayField(label=gettext_lazy("澄清日期"), initial=timezone.localdate)
    is_consented = forms.BooleanField(label=gettext_lazy("本人同意这样澄清"), required=False)
    account_of = forms.CharField(
        label=gettext_lazy("澄清情况"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("向谁、怎样澄清的，本人有什么反应。"),
    )  # fmt: skip
    is_filed = forms.BooleanField(label=gettext_lazy("材料已入廉政档案"), required=False)
    is_told_personnel = forms.BooleanField(label=gettext_lazy("已告知组织人事部门"), required=False)
