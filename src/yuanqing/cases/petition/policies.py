"""Who may do what with a petition: a role, a key that opens it, and no interest of his own (回避)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.cases.petition import rules
from yuanqing.cases.petition.lifecycle import LIFECYCLE
from yuanqing.cases.petition.models import Petition
from yuanqing.kernel import keys
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.acts.steps import System
from yuanqing.kernel.almanac import start_of
from yuanqing.kernel.lifecycle import Lifecycle
from yuanqing.org.account.policies import lacking

MOVES = ("delay", "prolong")  # steps that put a term off and leave the state as it is


class Arrival(System):
    """来件: puts what the hotline received into the register; its clock shows days only."""

    def now(self) -> datetime:
        return start_of(timezone.localdate())


ARRIVAL = Arrival()


def pepper() -> bytes:
    return keys.pepper(settings.HOME / "keys")


def barred_from(rows: Any, account: Any) -> list[UUID]:
    """Which of these records, each with the marks of whom it is kept from, are kept from the account."""
    known, secret = rows.exclude(barred=[]).order_by().values_list("pk", "barred"), pepper()
    return [pk for pk, marks in known if account.pk and rules.mark(secret, pk, account.pk) in marks]


def refusal(step: str, record: Petition | None, *, by: Any) -> str:
    if step == "receive" and not isinstance(by, System):
        return _("网络举报由系统入册。")
    if step == "escalate":
        return "" if isinstance(by, System) else _("逾期由系统自动上报。")
    reason = lacking(by, f"cases.petition.{step}")
    if reason or record is None or record._state.adding or isinstance(by, System) or by is SYSTEM:
        return reason
    return recusal(record, by) or _closed(record, by) or standing(step, record, LIFECYCLE) or _not_yet(step, record, by)


def standing(step: str, record: Any, lifecycle: Lifecycle) -> str:
    """While its clock is paused a petition, lead or case goes nowhere, and its term is moved by nothing else."""
    row = lifecycle.step(step)
    if record.due == rules.PAUSED and row is not None and (row.target or step in MOVES):
        return _("期限暂停中，请先恢复计算再办。")
    return ""


def recusal(record: Petition, by: Any) -> str:
    if rules.mark(pepper(), record.pk, by.pk) in record.barred:
        return _("您应当回避这件信访举报，不能查看，也不能办理。")
    return ""


def _closed(record: Petition, by: Any) -> str:
    if not Petition.objects.visible_to(by).filter(pk=record.pk).exists():
        return _("您的钥匙打不开这件信访举报。")
    return ""


def _not_yet(step: str, record: Petition, by: Any) -> str:
    if step == "accept" and record.channel in rules.SPOKEN and record.confirmed_on is None:
        return _("来访、来电的笔录要先读给反映人核对。")
    if step == "confirm" and record.channel not in rules.SPOKEN:
        return _("只有来访、来电要核对笔录。")
    if step == "prolong" and not record.is_assigned_from_above:
        return _("只有上级交办的才有延长期限的办法。")
    if step == "conclude" and record.state == "under_lead":
        return _("已经转为问题线索，线索办结时自动办结。")
    if step == "conclude" and record.handler_id != by.pk:
        return _("由承办人办结。")
    if step == "hand_over" and record.handler_id not in (None, by.pk):
        return _("由承办人转为问题线索。")
    return ""
