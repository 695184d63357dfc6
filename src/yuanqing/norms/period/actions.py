"""Opening a month freezes its windows; closing ends it; an extension gives one unit more time, with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.kernel import acts
from yuanqing.kernel.acts import act
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.packs.calendar import calendar_in_force
from yuanqing.kernel.packs.published import version_in_force
from yuanqing.norms.period.models import Extension, Period
from yuanqing.norms.period.queries import due_at, due_rule
from yuanqing.org.unit.models import Unit


@act(Period, creates=True)
def open_period(*, by: Any, form: str, month: Month) -> Period:
    """The month of a form, with windows by the due rule and the calendar in force today; later changes leave it alone."""
    today = timezone.localdate()
    if month.first_day > today:
        raise ValidationError({"month_on": _("%(month)s还没有开始，不能开启。") % {"month": month.label}})
    try:
        rule, calendar, edition = due_rule(form, today), calendar_in_force(today), version_in_force(form, today)
    except LookupError as error:
        raise ValidationError({"form": _("规则包没有规定“%(form)s”的报送期限。") % {"form": form}}) from error
    window = rule.window(month, calendar)
    return Period(
        form=form,
        month_on=month.first_day,
        form_edition=edition,
        rule=rule.model_dump(mode="json"),
        policy=rule.policy,
        opens_at=window.opens_at,
        due_at=window.due_at,
        grace_until=window.grace_until,
        locks_at=window.locks_at,
    )


@act(Period)
def close_period(period: Period, *, by: Any) -> None:
    """The month ends for good; nobody's time is cut short by it."""
    now = timezone.now()
    if now <= period.due_at:
        raise ValidationError(_("%(month)s还没有到截止时间，不能结账。") % {"month": period.month.label})
    period.closed_at = now


@act(Extension, creates=True, label=gettext_lazy("批准延期"))
def extend(*, by: Any, period: Period, unit: Unit, until: datetime, reason: str) -> Extension:
    """A later due time for one unit.

    It must lie ahead and after the unit's present due time: lateness that has happened is not rewritten. It ends at
    the lock at the latest, because afterwards the numbers of the month are frozen for everybody; what comes later
    still is a correction in the next month.
    """
    if period.state != "open":
        raise ValidationError({"period": _("%(month)s已经结账，不能延期。") % {"month": period.month.label}})
    _check_end(period, unit, until)
    acts.note(until=until, reason=reason)
    return Extension(period=period, unit=unit, until=until, reason=reason, granted_by_id=by.pk)


def _check_end(period: Period, unit: Unit, until: datetime) -> None:
    present = due_at(period, unit)
    if until <= present:
        at = timezone.localtime(present)
        raise ValidationError({"until": _("延期必须晚于现在的截止时间 %(at)s。") % {"at": f"{at:%Y-%m-%d %H:%M}"}})
    if until <= timezone.now():
        raise ValidationError({"until": _("延期的终点必须在今后。")})
    if until > period.locks_at:
        at = timezone.localtime(period.locks_at)
        raise ValidationError(
            {"until": _("延期不能晚于锁定时间 %(at)s，之后的更正进入下一个月度。") % {"at": f"{at:%Y-%m-%d %H:%M}"}}
        )
