"""Who may close a month, and when."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.discipline.monthly_return.models import MonthlyReturn
from yuanqing.norms.period.models import Period
from yuanqing.org.account.policies import lacking


def refusal(step: str, record: Any, *, by: Any) -> str:
    return lacking(by, f"discipline.review.{step}")


def too_early(period: Period) -> str:
    """Months are closed in their order, and none while somebody may still report; "" when this one may be closed."""
    before = Period.objects.filter(form=period.form, month_on__lt=period.month_on, review__isnull=True)
    earlier = before.order_by("month_on").first()
    if earlier is not None:
        return _("请先给%(month)s结账。") % {"month": earlier.month.label}
    if period.state != "open" or timezone.now() > period.locks_at:
        return ""
    waiting = MonthlyReturn.objects.filter(period=period, state__in=["open", "returned"]).count()
    if not waiting:
        return ""
    when = timezone.localtime(period.locks_at).strftime("%Y-%m-%d %H:%M")
    return _("还有%(count)d份月报没有报送，%(when)s 锁定以后才能结账。") % {"count": waiting, "when": when}
