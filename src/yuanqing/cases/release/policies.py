"""Who is shown numbers as they stand, and who only those of spans that are over.

A number that grows by one while somebody watches says that something has come in. Whoever distributes or decides the leads of
the whole organisation reads that in his own list anyway: he is shown what runs, less what he must keep out of, so that the
difference between the number and his list says nothing either. Everybody else is shown spans that are over for a month, the
same numbers for all, and none from which a small one follows.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.cases.lead.actions import DECIDES, MANAGES
from yuanqing.cases.release.rules import is_settled
from yuanqing.org.unit.queries import covers_all


def may_see(account: Any) -> bool:
    return bool(account.can("discipline.review.view") or account.can("cases.case.view"))


def sees_running(account: Any) -> bool:
    return any(account.can(right) and covers_all(account.scopes(right)) for right in (MANAGES, DECIDES))


def refusal(account: Any, year: int, part: str, today: date | None = None) -> str:
    """Why this span is not shown to the account, or ""."""
    if sees_running(account) or is_settled(year, part, today or timezone.localdate()):
        return ""
    return _("统计期结束满一个月以后才显示，以免从数字的变动看出收到了什么。")
