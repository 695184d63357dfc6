"""Where the bulletin of a month stands, whether it is still what was printed, and who has not read it."""

from __future__ import annotations

from procrastinate.contrib.django import app

from yuanqing.discipline.bulletin import actions, queries
from yuanqing.discipline.bulletin.models import Bulletin
from yuanqing.discipline.review.models import MonthlyReview
from yuanqing.discipline.review.queries import differences, of_month
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.commands import OperatorError, command


@app.periodic(cron="20 0 * * *")  # 08:20 in Shanghai
@app.task(name="yuanqing.escalate_unread", queueing_lock="escalate_unread")
def escalate_unread(timestamp: int) -> None:
    """Every morning: what is unread after its term is told to the units above."""
    actions.escalate_unread(by=SYSTEM)


@command("bulletin unread", help="tell the units above of bulletins that are unread after their term")
def escalate_command() -> str:
    return f"{actions.escalate_unread(by=SYSTEM)} unread deliveries told to the units above"


@command("month bulletin", help="where the bulletin of a month stands, and where its files lie")
def show(month: str) -> str:
    review = _review(month)
    bulletin = Bulletin.objects.filter(review=review).first()
    if bulletin is None:
        return f"{month}: closed, no bulletin drafted yet"
    lines = [f"{bulletin.number} {bulletin.title}: {bulletin.get_state_display()}"]
    if bulletin.state == "published":
        lines += [f"  {queries.path_of(bulletin, kind)}  sha256 {digest}" for kind, digest in bulletin.files.items()]
        read = bulletin.deliveries.filter(read_at__isnull=False).count()
        lines.append(f"  read by {read} of {bulletin.deliveries.count()}")
    return "\n".join(lines)


@command("month verify", help="recompute a closed month and its bulletin; exit code 2 names each difference")
def verify(month: str) -> str:
    review = _review(month)
    bulletin = Bulletin.objects.filter(review=review, state="published").select_related("review__period").first()
    found = differences(review) + (queries.differences(bulletin) if bulletin else [])
    if found:
        raise OperatorError("\n".join([*found, f"{month}: {len(found)} differences"]))
    told = f", bulletin {bulletin.number} as printed" if bulletin else ", no published bulletin"
    return f"{month}: sound, {review.unit_count} cards as computed from the snapshot{told}"


def _review(month: str) -> MonthlyReview:
    try:
        review = of_month(Month.parse(month))
    except ValueError as error:
        raise OperatorError(str(error)) from error
    if review is None:
        raise OperatorError(f"{month} is not closed")
    return review
