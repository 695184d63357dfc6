"""Who may draft, check, approve, sign, print and read a bulletin."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.discipline.bulletin.models import Bulletin, Delivery, TypicalCase
from yuanqing.org.account.policies import identities, lacking


def refusal(step: str, record: Any, *, by: Any) -> str:
    if isinstance(record, Delivery):
        return "" if record.account_id == by.pk else _("阅读回执只能由收件人本人产生。")
    missing = lacking(by, f"discipline.bulletin.{step}")
    if missing:
        return missing
    if isinstance(record, TypicalCase):
        return _about_case(step, record, by)
    return _about_bulletin(step, record, by) if isinstance(record, Bulletin) else ""


def _about_case(step: str, case: TypicalCase, by: Any) -> str:
    """Cases change in a draft only; nobody checks what he wrote himself."""
    if case.bulletin.state != "draft":
        return _("通报%(state)s，案例不能再改。") % {"state": case.bulletin.get_state_display()}
    if step == "tell_case" and case.violation.state != "concluded":
        return _("只有已查处的违规问题才能作为典型案例。")
    if step != "tell_case" and case.is_dropped:
        return _("这个案例已经不采用。")
    if step == "check_case" and case.told_by_id in identities(by):
        return _("脱敏核对须由撰写人以外的人办理。")
    return ""


def _about_bulletin(step: str, bulletin: Bulletin, by: Any) -> str:
    if step == "approve" and bulletin.drafted_by_id in identities(by):
        return _("起草人不能审核自己起草的通报。")
    return incomplete(bulletin) if step == "propose" and bulletin.state == "draft" else ""


def incomplete(bulletin: Bulletin) -> str:
    """What a draft still lacks before it can go to review."""
    if not bulletin.demands:
        return _("请先填写下月要求，至少一条。")
    unchecked = bulletin.cases.filter(is_dropped=False, checked_by__isnull=True).count()
    return _("还有%(count)d个典型案例没有经过脱敏核对。") % {"count": unchecked} if unchecked else ""
