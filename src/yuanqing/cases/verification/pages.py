"""初步核实: a form page for each of its acts."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_lazy

from yuanqing.cases.lead.forms import Nothing
from yuanqing.cases.lead.pages import act_page
from yuanqing.cases.verification import actions, forms

join = act_page("join", forms.Join, actions.join, needs_secret=True)
write_report = act_page("write_report", forms.WriteReport, actions.write_report)
sign = act_page("sign", Nothing, actions.sign, gettext_lazy("您已经读过核实报告的最后一稿，同意签署。"))
report_check = act_page(
    "report_check", forms.ReportCheck, actions.report_check, gettext_lazy("每一名成员都签署以后才能报送。")
)

urlpatterns = [
    path("<uuid:pk>/join/", join, name="join"),
    path("<uuid:pk>/write/", write_report, name="write_report"),
    path("<uuid:pk>/sign/", sign, name="sign"),
    path("<uuid:pk>/report/", report_check, name="report_check"),
]
