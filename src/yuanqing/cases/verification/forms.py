"""What one fills in about the team, the report and the proposal."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from yuanqing.cases.lead.forms import ActForm, Chosen, SealedText
from yuanqing.cases.lead.queries import able
from yuanqing.kernel.sealing.models import Holder
from yuanqing.org.unit.forms import DayField


class Join(Chosen):
    capability = "cases.lead.sign"
    chooses = "member"
    member = forms.ChoiceField(
        label=gettext_lazy("成员"),
        help_text=gettext_lazy("承办人自己也要加入；只列出已启用钥匙、有核实角色、不需要回避的人。"),
    )

    def candidates(self) -> list[Holder]:
        lead = self.record
        assert lead is not None
        inside = set(lead.members.values_list("account_id", flat=True))
        own = [h for h in able([self.capability], lead.unit) if h.account_id == lead.handler_id]
        return [h for h in [*own, *super().candidates()] if h.account_id not in inside]


class WriteReport(ActForm):
    papers = ("check_report",)
    check_report = SealedText(
        gettext_lazy("核实情况报告（加密）"), rows=12, help_text=gettext_lazy("改动以后，已经签署的成员要重新签署。")
    )


class ReportCheck(ActForm):
    tables: ClassVar[dict[str, str]] = {"proposal": "after_check", "ground": "ground", "measure": "measure"}

    proposal = forms.ChoiceField(label=gettext_lazy("处理建议"))
    ground = forms.ChoiceField(label=gettext_lazy("了结、提醒、暂存或移送的情形"), required=False)
    measure = forms.ChoiceField(label=gettext_lazy("提醒处理的措施"), required=False)
    restart_when = forms.CharField(
        label=gettext_lazy("暂存的重启条件"), required=False, max_length=300, help_text=gettext_lazy("不写姓名和案情。")
    )
    restart_on = DayField(label=gettext_lazy("暂存的重启日期"), required=False)
    passed_to = forms.CharField(label=gettext_lazy("移送的党组织"), max_length=200, required=False)

    def prepare(self) -> None:
        asked = {"ground": "close remind shelve pass_on", "measure": "remind", "passed_to": "pass_on"}
        self.ask_under_steps("proposal", "after_check", {**asked, "restart_when": "shelve", "restart_on": "shelve"})
