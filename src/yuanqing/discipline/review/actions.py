"""Closing a month (一月一考评): lock, freeze, compute, and keep a score card for every unit."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.discipline.monthly_return.actions import declare_missing
from yuanqing.discipline.review import policies, queries, rules
from yuanqing.discipline.review.models import MonthlyReview, ScoreCard
from yuanqing.kernel import acts
from yuanqing.kernel.acts import Conflict, act, act_many
from yuanqing.kernel.packs.published import pack_of, version_in_force
from yuanqing.norms.obligation.actions import lapse
from yuanqing.norms.period.actions import close_period
from yuanqing.norms.period.models import Period

if TYPE_CHECKING:
    from yuanqing.kernel.figures import Snapshot

Progress = Callable[[int, int, str], None]
STAGES = 5
INSERT_CARDS = """
INSERT INTO discipline_scorecard (id, version, review_id, {columns})
SELECT gen_random_uuid(), 1, %(review)s, {columns} FROM computed_card
"""


def close(period: Period, *, by: Any, progress: Progress = lambda done, total, stage: None) -> MonthlyReview:
    """Close the month of a period. Doing it again after an interruption goes on where it stopped; later it is refused.

    The month is locked first, in a transaction of its own, so that nothing moves while it is frozen and computed.
    """
    acts.insist("close_month", None, by=by, model=MonthlyReview)
    if MonthlyReview.objects.filter(period=period).exists():
        raise Conflict(_("%(month)s已经结账。") % {"month": period.month.label})
    early = policies.too_early(period)
    if early:
        raise acts.Refused(early)
    if period.state == "open":
        progress(0, STAGES, _("认定未报送，锁定月度"))
        _lock(period, by)
    progress(1, STAGES, _("冻结数据"))
    snapshot = queries.freeze(period)
    progress(2, STAGES, _("计算指标和得分"))
    weights_version = version_in_force("weights", period.month.last_day)
    results = queries.compute(period, rules.Weights.of(pack_of(weights_version).entries))
    progress(3, STAGES, _("登记考评卡"))
    review: MonthlyReview = close_month(
        by=by, period=period, weights=weights_version, snapshot=snapshot, results=results
    )
    progress(STAGES, STAGES, _("结账完成"))
    return review


def _lock(period: Period, by: Any) -> None:
    with transaction.atomic():
        declare_missing(period, by=acts.SYSTEM)
        lapse(period, by=acts.SYSTEM)
        close_period(period, by=by)


@act(MonthlyReview, creates=True)
def close_month(
    *, by: Any, period: Period, weights: Any, snapshot: Snapshot, results: queries.Results
) -> MonthlyReview:
    """The close itself: the review with the hashes of what it was computed from and to, and all its cards."""
    review = MonthlyReview(
        period=period,
        weights=weights,
        snapshot=str(period.month),
        snapshot_hash=snapshot.content_hash,
        result_hash=results.result_hash,
        unit_count=results.cards.num_rows,
        closed_at=timezone.now(),
    )
    acts.note(snapshot=snapshot.content_hash, results=results.result_hash, units=results.cards.num_rows)
    acts.once_saved(lambda: _issue(review, results.cards))
    return review


def _issue(review: MonthlyReview, cards: Any) -> None:
    issue_cards(review, cards, by=acts.SYSTEM)


@act_many(ScoreCard, creates=True, label=gettext_lazy("发出考评卡"))
def issue_cards(many: acts.Many, review: MonthlyReview, cards: Any, *, by: Any) -> int:
    """Insert the computed cards in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE computed_card (unit_id uuid, path text, unit_name text, peer_group text, evidence jsonb,"
            " lines jsonb, total int, rank int, rank_low int, rank_high int) ON COMMIT DROP"
        )
        with cursor.copy(f"COPY computed_card ({', '.join(queries.CARD_COLUMNS)}) FROM STDIN") as copy:
            for card in queries.card_rows(cards):
                copy.write_row([json.dumps(v) if isinstance(v, dict | list) else v for v in card.values()])
    written = many.insert(INSERT_CARDS.format(columns=", ".join(queries.CARD_COLUMNS)), {"review": review.pk})
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE computed_card")
    return written
