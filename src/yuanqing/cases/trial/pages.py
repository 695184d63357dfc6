"""案件审理: a form page for each step from the trial to the archive."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_lazy

from yuanqing.cases.case.forms import Confirm, OnADay, Reason
from yuanqing.cases.case.pages import act_page
from yuanqing.cases.trial import actions, forms

try_case = act_page("try_case", forms.TryCase, actions.try_case)
supplement = act_page("supplement", Reason, actions.supplement, gettext_lazy("证据有缺口的，退回审查组补充。"))
reinvestigate = act_page(
    "reinvestigate", Reason, actions.reinvestigate, gettext_lazy("主要事实不清的，退回重新审查；事实材料要重新见面。")
)
decide = act_page("decide", forms.Decide, actions.decide, gettext_lazy("一个月内宣布；六个月内报告执行情况。"))
deliver = act_page("deliver", OnADay, actions.deliver, gettext_lazy("决定书送达本人，本人在送达回证上签字的日期。"))
tell = act_page("tell", OnADay, actions.tell, gettext_lazy("向所在党的基层组织全体党员及本人宣布的日期。"))
execute = act_page("execute", forms.Execute, actions.execute)
extend = act_page("extend", forms.Extend, actions.extend, gettext_lazy("没有决定以案促改的案件不能归档。"))
archive = act_page("archive", Confirm, actions.archive, gettext_lazy("立卷归档；案卷不再改动。"))

ACTS = ("try_case", "supplement", "reinvestigate", "decide", "deliver", "tell", "execute", "extend", "archive")
urlpatterns = [path(f"<uuid:pk>/{name.replace('_', '-')}/", globals()[name], name=name) for name in ACTS]
