"""What one fills in to try, decide, deliver, execute and extend a case."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.cases.case.forms import CaseForm
from yuanqing.cases.lead.forms import SealedText
from yuanqing.org.unit.forms import DayField


class TryCase(CaseForm):
    papers = ("trial_report",)
    tables: ClassVar[dict[str, str]] = {"standards": "standard", "proposal": "outcome"}

    standards = forms.MultipleChoiceField(
        label=gettext_lazy("审理标准"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=gettext_lazy("六项都达到才能审结；有一项达不到的，退回补充审查。"),
    )  # fmt: skip
    proposal = forms.ChoiceField(label=gettext_lazy("审理建议"))
    trial_report = SealedText(
        gettext_lazy("审理报告（加密）"), rows=10,
        help_text=gettext_lazy("写明被审查人情况、审查经过、认定的事实、涉案财物、审查部门意见和审理意见。"),
    )  # fmt: skip

    def prepare(self) -> None:
        self.fields["proposal"].choices = [  # type: ignore[attr-defined]
            ("", "—"), *(pair for pair in self.codes.choices("outcome") if pair[0] != "dropped"),
        ]  # fmt: skip


class Decide(CaseForm):
    papers = ("decision",)
    tables: ClassVar[dict[str, str]] = {"outcome": "outcome"}

    outcome = forms.ChoiceField(label=gettext_lazy("处理结果"))
    document = forms.CharField(label=gettext_lazy("决定文号"), max_length=100)
    on = DayField(label=gettext_lazy("决定日期"), initial=timezone.localdate)
    decision = SealedText(
        gettext_lazy("处理决定（加密）"), rows=8,
        help_text=gettext_lazy("写明基本情况、事实和证据、处理种类和依据、申诉途径和期限；与审理建议不同的写明理由。"),
    )  # fmt: skip

    def prepare(self) -> None:
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            ("", "—"), *(pair for pair in self.codes.choices("outcome") if pair[0] != "dropped"),
        ]  # fmt: skip


class Execute(CaseForm):
    papers = ("execution",)
    on = DayField(label=gettext_lazy("报告日期"), initial=timezone.localdate)
    execution = SealedText(gettext_lazy("执行情况（加密）"))


class Extend(CaseForm):
    extension = forms.CharField(
        label=gettext_lazy("说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("没有提出任何事项的，写明为什么不需要。不写姓名。"),
    )  # fmt: skip

    def prepare(self) -> None:
        asked = self.record.follow_ups.exclude(state="withdrawn").count()
        self.fields["extension"].label = _("已提出 %(n)d 件，补充说明") % {"n": asked} if asked else _("不需要的理由")
