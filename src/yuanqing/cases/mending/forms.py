"""What one fills in about a correction window."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from yuanqing.cases.redress.queries import Remedies
from yuanqing.org.person.forms import PersonField, ReasonForm, RecordForm
from yuanqing.org.unit.forms import DayField


class Order(RecordForm):
    person = PersonField(label=gettext_lazy("本人"))
    kind = forms.ChoiceField(label=gettext_lazy("种类"))
    matter = forms.CharField(
        label=gettext_lazy("要改正什么"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("本人能看到；不写是谁反映的。"),
    )  # fmt: skip
    document = forms.CharField(label=gettext_lazy("依据文号"), max_length=100)
    due_on = DayField(label=gettext_lazy("期限"))

    def prepare(self) -> None:
        self.choose("kind", Remedies().choices("mending_kind"))


class Report(RecordForm):
    report = forms.CharField(label=gettext_lazy("改正情况"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}))


class Accept(RecordForm):
    finding = forms.CharField(
        label=gettext_lazy("核实情况"), max_length=500, help_text=gettext_lazy("看了什么凭证、到了什么现场。")
    )


class Until(ReasonForm):
    until = DayField(label=gettext_lazy("新的期限"))
