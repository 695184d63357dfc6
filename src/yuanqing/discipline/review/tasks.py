"""Opening, closing and looking at a month: the same code by command line and as the job behind the button."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.discipline.monthly_return.queries import FORM, of_month, progress
from yuanqing.discipline.review import actions
from yuanqing.kernel.acts import SYSTEM, Refused
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.commands import OperatorError, command
from yuanqing.norms.period.actions import open_period
from yuanqing.norms.period.models import Period
from yuanqing.norms.period.queries import period_of
from yuanqing.shell.job.actions import Work, job_kind, run_now

CLOSE = "review.close_month"


@job_kind(CLOSE, label=gettext_lazy("月度结账"))
def close_month(work: Work, *, month: str) -> str:
    """Close the month on behalf of who asked; taken up again after an interruption it goes on where it stopped."""
    period = _period(month)
    review = getattr(period, "review", None) or actions.close(period, by=work.by, progress=work.progress)
    work.link = reverse("review:detail", args=[month])
    return _("%(month)s结账完成，共 %(units)s 张考评卡。") % {"month": period.month.label, "units": review.unit_count}


def _period(month: str) -> Period:
    try:
        period = period_of(FORM, Month.parse(month))
    except ValueError as error:
        raise Refused(str(error)) from error
    if period is None:
        raise Refused(_("%(month)s还没有开启。") % {"month": month})
    return period


@command("month open", help="open a month: freeze its windows and give every reporting unit its return")
def open_command(month: str) -> str:
    period = open_period(by=SYSTEM, form=FORM, month=_month(month))
    count = of_month(period).count()
    hint = "" if count else " (no unit reports yet: import the units, their returns are added)"
    return f"{month}: {count} returns, due {timezone.localtime(period.due_at):%Y-%m-%d %H:%M}{hint}"


@command("month close", help="close a month: lock, freeze, compute and score; afterwards it never changes")
def close_command(month: str) -> str:
    return str(run_now(CLOSE, month=str(_month(month))))


@command("month status", help="how many returns of a month are in, late, missing, nil, sent back")
def status_command(month: str) -> str:
    counts = progress(of_month(_period(str(_month(month)))))
    return ", ".join(f"{name} {value}" for name, value in vars(counts).items())


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as error:
        raise OperatorError(str(error)) from error
