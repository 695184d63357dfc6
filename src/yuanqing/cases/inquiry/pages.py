"""谈话函询: a form page for each of its acts."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_lazy

from yuanqing.cases.inquiry import actions, forms
from yuanqing.cases.lead.pages import act_page

ask = act_page("ask", forms.Ask, actions.ask, gettext_lazy("函询十五个工作日内书面说明；谈话由两人以上进行。"))
answer = act_page("answer", forms.Answer, actions.answer, gettext_lazy("登记以后一个月内报送情况报告和处理意见。"))
check_reply = act_page(
    "check_reply", forms.CheckReply, actions.check_reply, gettext_lazy("由经办人以外的人拿事实核对答复。")
)
report_inquiry = act_page("report_inquiry", forms.ReportInquiry, actions.report_inquiry)

urlpatterns = [
    path("<uuid:pk>/ask/", ask, name="ask"),
    path("<uuid:pk>/answer/", answer, name="answer"),
    path("<uuid:pk>/check/", check_reply, name="check_reply"),
    path("<uuid:pk>/report/", report_inquiry, name="report_inquiry"),
]
