"""What one fills in about a letter, a talk, an answer and the report on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from yuanqing.cases.inquiry.models import MODES
from yuanqing.cases.lead.forms import ActForm, SealedText
from yuanqing.org.unit.forms import DayField


class Ask(ActForm):
    papers = ("letter", "safety")
    when: ClassVar[Mapping[str, str]] = {
        "people": "mode=talk delegated",
        "letter": "mode=letter",
        "safety": "mode=talk delegated",
    }

    mode = forms.ChoiceField(label=gettext_lazy("方式"), choices=[("", "—"), *MODES.items()])
    on = DayField(label=gettext_lazy("发函或通知日期"), initial=timezone.localdate)
    people = forms.IntegerField(
        label=gettext_lazy("谈话人数"), min_value=0, max_value=20, required=False, initial=2,
        help_text=gettext_lazy("谈话不得少于两人；函询不填。"),
    )  # fmt: skip
    letter = SealedText(
        gettext_lazy("函询内容（加密）"),
        required=False,
        help_text=gettext_lazy("抄送所在党组织主要负责人；不透露举报人和举报材料。"),
    )
    safety = SealedText(gettext_lazy("谈话方案和安全预案（加密）"), required=False)

    def clean_people(self) -> int:
        return int(self.cleaned_data["people"] or 0)


class Answer(ActForm):
    papers = ("reply", "talk")

    on = DayField(label=gettext_lazy("收到答复或谈话的日期"), initial=timezone.localdate)
    is_endorsed = forms.BooleanField(label=gettext_lazy("所在党组织主要负责人已签字背书"), required=False)
    reply = SealedText(gettext_lazy("书面说明（加密）"), required=False)
    talk = SealedText(gettext_lazy("谈话笔录（加密）"), required=False)

    def prepare(self) -> None:
        row = self.record.inquiries.filter(answered_on__isnull=True).first() if self.record else None
        for name in ("talk",) if row and row.mode == "letter" else ("reply", "is_endorsed"):
            if row is not None:
                del self.fields[name]


class CheckReply(ActForm):
    papers = ("reply_check",)

    is_true = forms.TypedChoiceField(
        label=gettext_lazy("抽查结果"),
        choices=[("yes", gettext_lazy("答复属实")), ("no", gettext_lazy("答复不实"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reply_check = SealedText(gettext_lazy("抽查经过（加密）"))


class ReportInquiry(ActForm):
    papers = ("situation",)
    tables: ClassVar[dict[str, str]] = {"proposal": "after_inquiry", "ground": "ground", "measure": "measure"}

    proposal = forms.ChoiceField(label=gettext_lazy("处理意见"))
    situation = SealedText(gettext_lazy("情况报告（加密）"), rows=8)
    ground = forms.ChoiceField(label=gettext_lazy("了结或提醒的情形"), required=False)
    measure = forms.ChoiceField(label=gettext_lazy("提醒处理的措施"), required=False)

    def prepare(self) -> None:
        self.ask_under_steps("proposal", "after_inquiry", {"ground": "close remind", "measure": "remind"})
