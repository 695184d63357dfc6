"""初步核实: a form page for each of its acts."""

from __future__ import annotations

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.cases.lead.forms import Nothing
from yuanqing.cases.lead.pages import act_page
from yuanqing.cases.verification import actions, forms, queries
from yuanqing.shell.worklist.sources import Waiting, counted, waiting_source

join = act_page("join", forms.Join, actions.join, needs_secret=True)
write_report = act_page("write_report", forms.WriteReport, actions.write_report)
sign = act_page("sign", Nothing, actions.sign, gettext_lazy("您已经读过核实报告的最后一稿，同意签署。"))
report_check = act_page(
    "report_check", forms.ReportCheck, actions.report_check, gettext_lazy("每一名成员都签署以后才能报送。")
)


@waiting_source
def waiting(account: Any) -> list[Waiting]:
    """What a member of a team has to read and sign."""
    if not account.can("cases.lead.sign"):
        return []
    lines = (("sign", _("%(count)d 份核实报告等您签署"), "?state=verifying&order=due_on", _("去签署")),)
    return counted(account, {"sign": queries.to_sign(account)}, lines, reverse("lead:list"), "speech.4.2")


urlpatterns = [
    path("<uuid:pk>/join/", join, name="join"),
    path("<uuid:pk>/write/", write_report, name="write_report"),
    path("<uuid:pk>/sign/", sign, name="sign"),
    path("<uuid:pk>/report/", report_check, name="report_check"),
]
