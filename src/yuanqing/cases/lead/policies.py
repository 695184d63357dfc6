"""Who may take a step with a lead: a role, a key that opens it, no interest of his own, and never both hands of one step."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.cases.lead import rules
from yuanqing.cases.lead.lifecycle import LIFECYCLE
from yuanqing.cases.lead.models import Lead, Paper
from yuanqing.cases.petition.policies import pepper, standing
from yuanqing.cases.petition.rules import mark
from yuanqing.kernel.acts.steps import System
from yuanqing.org.account.policies import identities, lacking

OF_THE_HANDLER = ("confirm", "hand_back", "screen", "ask", "answer", "report_inquiry", "join", "write_report", "report_check", "restart")  # fmt: skip
DECISIONS = (*rules.METHODS, "file", "remind", "pass_on", "send_back", "return_inquiry", "return_check")
ON_REQUEST = {"delay": "easing_delay", "merge": "easing_merge", "lower": "easing_lower", "send_up": "easing_send_up"}


def refusal(step: str, record: Lead | Paper | None, *, by: Any) -> str:
    if step == "escalate" and not isinstance(by, System):
        return _("逾期由系统自动上报。")
    if not isinstance(record, Lead):
        return lacking(by, f"cases.lead.{step}")
    reason = lacking(by, f"cases.lead.{step}", record.unit)
    if reason or record._state.adding or isinstance(by, System):
        return reason
    return (
        recusal(record, by)
        or _closed(record, by)
        or standing(step, record, LIFECYCLE)
        or _not_yours(step, record, by)
        or _second_person(step, record, by)
    )


def recusal(record: Lead, by: Any) -> str:
    return _("您应当回避这件线索，不能查看，也不能办理。") if is_barred(record, by.pk) else ""


def is_barred(record: Lead, account_id: Any) -> bool:
    return mark(pepper(), record.pk, account_id) in record.barred


def _closed(record: Lead, by: Any) -> str:
    if not Lead.objects.visible_to(by).filter(pk=record.pk).exists():
        return _("您的钥匙打不开这件线索。")
    return ""


def _not_yours(step: str, record: Lead, by: Any) -> str:
    if step in OF_THE_HANDLER and record.handler_id not in identities(by):
        return _("由承办人办理。")
    if step == "request" and record.owner_id not in identities(by):
        return _("由责任人提出申请。")
    if step == "request" and record.easings.filter(state="asked").exists():
        return _("已有一项申请等待审批。")
    return ""


def _second_person(step: str, record: Lead, by: Any) -> str:
    """Nobody decides what he proposed, handles or asked for; and only what was proposed can be approved."""
    if step in ON_REQUEST or step == "deny":
        asked = record.easings.filter(state="asked").first()
        if asked is None or (step in ON_REQUEST and asked.kind != ON_REQUEST[step]):
            return _("没有等待审批的这项申请。")
        if identities(by) & {asked.asked_by_id, record.handler_id}:
            return _("不能审批自己提出或者自己承办的事项，须由另一人审批。")
    if step in DECISIONS and identities(by) & {record.proposed_by_id, record.handler_id}:
        return _("不能审批自己提出或者自己承办的事项，须由另一人审批。")
    if step in DECISIONS and not step.startswith(("send_back", "return_")) and record.proposal != step:
        return _("报来的意见不是这一种；不同意的，请退回。")
    if step == "reopen" and identities(by) & {record.handler_id}:
        return _("由承办人以外的人决定重新启动。")
    if step == "reopen" and record.key.is_destroyed:
        return _("内容已经销毁，不能重新启动；有新的反映，另行登记。")
    return ""
