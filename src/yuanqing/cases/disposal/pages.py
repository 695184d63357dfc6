"""处置审批: a form page for each decision."""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.cases.disposal import actions, forms
from yuanqing.cases.lead.forms import Reason
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.lead.pages import act_page
from yuanqing.cases.lead.queries import Codes

FINAL = gettext_lazy("批准以后这件线索结束；提出人以外的人审批，理由进入台账，随机抽取盲评。")


def proposed(record: Lead) -> Any:
    """What was proposed, on which ground."""
    codes = Codes()
    parts = [codes.label("ground", record.ground), codes.label("measure", record.measure), record.passed_to]
    if record.restart_on and record.proposal == "shelve":
        parts += [record.restart_when, record.restart_on.isoformat()]
    told = "；".join(filter(None, parts))
    return _("报来的情形：%(told)s。") % {"told": told} if told else ""


def asked(record: Lead) -> Any:
    """What is asked for, in words."""
    codes, row = Codes(), record.easings.filter(state="asked").select_related("into", "asked_by").first()
    if row is None:
        return ""
    target = (
        row.until.isoformat() if row.until else row.passed_to or str(row.into or "") or codes.label("level", row.level)
    )
    return _("%(who)s申请“%(what)s”：%(target)s；情形：%(ground)s。") % {
        "who": row.asked_by, "what": codes.label("easing", row.kind), "target": target,
        "ground": codes.label("ground", row.ground),
    }  # fmt: skip


inquire = act_page("inquire", Reason, actions.inquire)
verify = act_page(
    "verify", forms.WithSecretary, actions.verify, gettext_lazy("成立两人以上的核查组；立案以前不得冻结、搜查、扣押。")
)
file = act_page(
    "file",
    forms.WithSecretary,
    actions.file,
    gettext_lazy("已经掌握部分违纪违法事实和证据，需要追究责任的，批准立案。"),
)
shelve = act_page("shelve", Reason, actions.shelve, asks=proposed)
close = act_page("close", Reason, actions.close, FINAL, asks=proposed)
remind = act_page("remind", Reason, actions.remind, FINAL, asks=proposed)
pass_on = act_page("pass_on", Reason, actions.pass_on, FINAL, asks=proposed)
send_back = act_page("send_back", Reason, actions.send_back)
return_inquiry = act_page("return_inquiry", Reason, actions.return_inquiry)
return_check = act_page("return_check", Reason, actions.return_check)
reopen = act_page("reopen", Reason, actions.reopen)
request = act_page(
    "request",
    forms.Request,
    actions.request,
    gettext_lazy("另一人审批以前什么都不变，期限照走；每一项申请都单独统计。"),
)
deny = act_page("deny", Reason, actions.deny, asks=asked)
delay = act_page("delay", Reason, actions.delay, asks=asked)
lower = act_page("lower", Reason, actions.lower, asks=asked)
merge = act_page("merge", Reason, actions.merge, asks=asked)
send_up = act_page("send_up", Reason, actions.send_up, asks=asked)


ACTS = (
    "inquire", "verify", "file", "shelve", "close", "remind", "pass_on", "send_back", "return_inquiry", "return_check",
    "reopen", "request", "deny", "delay", "lower", "merge", "send_up",
)  # fmt: skip
urlpatterns = [path(f"<uuid:pk>/{name.replace('_', '-')}/", globals()[name], name=name) for name in ACTS]
