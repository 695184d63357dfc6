"""Who may take a step with a transfer: a role, a key that opens every matter in it, and the right side of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.cases.petition.lifecycle import RUNNING
from yuanqing.cases.transfer.models import Transfer
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.acts.steps import System
from yuanqing.kernel.records import Record
from yuanqing.org.account.policies import identities, lacking

AUTOMATIC = ("escalate", "settle", "pass_through")
SIDES = {"take": "in", "acknowledge": "out", "hear": "out", "sign_for": "inside"}


def refusal(step: str, record: Record | None, *, by: Any) -> str:
    if step in AUTOMATIC:
        return "" if isinstance(by, System) else _("由系统自动办理。")
    reason = lacking(by, f"cases.transfer.{step}")
    if reason or not isinstance(record, Transfer) or record._state.adding:
        return reason
    return _not_fitting(step, record) or ("" if by is SYSTEM else _closed(record, by) or _not_yours(step, record, by))


def _closed(record: Transfer, by: Any) -> str:
    if not Transfer.objects.visible_to(by).filter(pk=record.pk).exists():
        return _("您的钥匙打不开其中的事项。")
    return ""


def _not_fitting(step: str, record: Transfer) -> str:
    if step in SIDES and record.course != SIDES[step]:
        return {
            "take": _("只有收到的材料包要拆封登记。"),
            "acknowledge": _("只有发给外部机关的材料包有回执。"),
            "hear": _("只有发给外部机关的材料包有对方的答复文件。"),
            "sign_for": _("只有交本系统内单位的要签收。"),
        }[step]
    if step == "answer" and record.course == "out":
        return _("由对方答复，收到以后登记。")
    if step in ("answer", "prolong") and not record.wants_answer:
        return _("这一种不要求答复。")
    if step == "prolong" and record.course == "in":
        return _("再延长由交办的上级决定；本机关的延长在信访举报上办理。")
    running = record.items.filter(petition__state__in=RUNNING).exclude(petition__state="concluded").count()
    if step == "answer" and running:
        return _("其中还有 %(n)d 件没有办结。") % {"n": running}
    return ""


def _not_yours(step: str, record: Transfer, by: Any) -> str:
    if record.course == "inside" and step in ("sign_for", "answer") and record.receiver_id not in identities(by):
        return _("由签收人办理。")
    return ""
