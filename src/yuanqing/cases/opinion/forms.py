"""What one fills in about an integrity opinion."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from yuanqing.cases.redress.queries import Remedies
from yuanqing.org.person.forms import PersonField, RecordForm
from yuanqing.org.unit.forms import DayField


class Register(RecordForm):
    person = PersonField(label=gettext_lazy("征求意见对象"))
    purpose = forms.ChoiceField(label=gettext_lazy("事由"))
    asked_by = forms.CharField(label=gettext_lazy("征求意见单位"), max_length=100)
    letter = forms.CharField(label=gettext_lazy("来函文号"), max_length=100)
    asked_on = DayField(label=gettext_lazy("来函日期"), initial=timezone.localdate)

    def prepare(self) -> None:
        self.choose("purpose", Remedies().choices("opinion_purpose"))


class Draft(RecordForm):
    answer = forms.ChoiceField(label=gettext_lazy("意见"))
    remark = forms.CharField(
        label=gettext_lazy("说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("不写正在办理的问题；“建议暂缓”不说明原因。"),
    )  # fmt: skip

    def prepare(self) -> None:
        self.choose("answer", Remedies().choices("opinion_answer"))


class Sign(RecordForm):
    document = forms.CharField(label=gettext_lazy("回复文号"), max_length=100)
