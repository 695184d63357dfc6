"""Who may draft, issue and withdraw a notice; a receipt is signed by the person it is addressed to and by nobody else."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.education.notice.models import Notice, NoticeText, Receipt
from yuanqing.org.account.policies import lacking

OWN = ("begin", "turn", "answer", "sign")
# These run inside the acts on the notice, which were judged themselves.
DERIVED = ("deliver", "release", "supersede")


def refusal(step: str, record: Any, *, by: Any) -> str:
    if step in DERIVED:
        return ""
    if isinstance(record, Receipt) and step in OWN:
        return _not_own(record, by)
    if isinstance(record, Receipt):
        return lacking(by, f"education.notice.{step}", record.unit)
    if isinstance(record, NoticeText):
        return lacking(by, f"education.notice.{step}", record.notice.unit)
    return lacking(by, f"education.notice.{step}", record.unit if isinstance(record, Notice) else None)


def _not_own(receipt: Receipt, by: Any) -> str:
    if getattr(by, "person_id", None) != receipt.person_id:
        return _("签收只能由本人办理。没有账号的人员，由单位联络员登记纸质签收。")
    if receipt.notice.state != "issued":
        return _("这份告知已经撤回或被新版取代，不用再签收。")
    return ""
