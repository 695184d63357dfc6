"""Only the author writes; whoever reviews reads what was submitted within the scope, and never reviews himself."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.education.notice.models import NoticeText
from yuanqing.education.writing.models import Match, Writing
from yuanqing.org.account.policies import lacking

AUTHOR = ("start", "submit", "explain")
REVIEW = ("comment", "accept", "send_back")
DERIVED = ("ask", "clear")


def refusal(step: str, record: Any, *, by: Any) -> str:
    if step in DERIVED:
        return ""
    writing = record if isinstance(record, Writing | None) else record.writing
    if step in AUTHOR:
        return _not_author(writing, by)
    reason = lacking(by, f"education.writing.{step}", writing.unit if writing else None)
    if not reason and step in REVIEW and writing is not None and writing.person_id == getattr(by, "person_id", None):
        return _("不能审阅自己写的。")
    return reason


def _not_author(writing: Writing | None, by: Any) -> str:
    person = getattr(by, "person_id", None)
    if person is None:
        return _("您的账号没有对应的人员，不能撰写。")
    return "" if writing is None or writing.person_id == person else _("只能由作者本人办理。")


def may_write(writing: Writing, *, by: Any) -> str:
    """Why the draft may not be changed now; "" when it may."""
    if writing.state not in ("draft", "returned"):
        return _("已经提交，审阅以前不能再改。")
    return _not_author(writing, by)


def may_read_other(match: Match, *, by: Any) -> bool:
    """Whether the other text may be shown whole, with its author: to those who may see that one anyway."""
    if match.other is None:
        return bool(NoticeText.objects.visible_to(by).filter(pk__in=[match.text_id]).exists())
    return Writing.objects.visible_to(by).filter(pk=match.other.writing_id).exists()
