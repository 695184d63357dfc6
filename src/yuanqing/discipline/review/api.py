"""Closed months for programs: their list, the cards of a month, a unit's card with its evidence, frozen figures."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema
from ninja.pagination import paginate

from yuanqing.discipline.monthly_return.queries import FORM
from yuanqing.discipline.review import policies, queries
from yuanqing.discipline.review.models import MonthlyReview, ScoreCard
from yuanqing.discipline.review.tasks import CLOSE
from yuanqing.kernel import acts, figures
from yuanqing.kernel.acts import Refused
from yuanqing.kernel.almanac import Month
from yuanqing.norms.period.models import Period
from yuanqing.org.unit.api import Trouble
from yuanqing.shell.job.actions import start

router = Router()


class ReviewOut(Schema):
    month: date = Field(alias="period.month_on")
    closed_at: datetime
    unit_count: int
    weights: str = Field(alias="weights.cite")
    snapshot_hash: str
    result_hash: str


class CardOut(Schema):
    id: UUID
    unit: str = Field(alias="unit.code")
    unit_name: str
    peer_group: str
    total: int  # basis points of 100
    rank: int | None
    rank_low: int | None
    rank_high: int | None


class CardWithEvidence(CardOut):
    lines: list[dict[str, Any]]
    evidence: dict[str, Any]


class FrozenOut(Schema):
    unit_id: UUID
    value: int


class ReviewJobOut(Schema):
    job: UUID


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as error:
        raise Http404 from error


def _review(request: HttpRequest, month: str) -> MonthlyReview:
    rows = MonthlyReview.objects.visible_to(request.user).select_related("period", "weights")
    on = _month(month).first_day
    found: MonthlyReview = get_object_or_404(rows, period__form=FORM, period__month_on=on)
    return found


@router.get("/", response={200: list[ReviewOut]})
@paginate
def list_reviews(request: HttpRequest) -> Any:
    rows = MonthlyReview.objects.visible_to(request.user).select_related("period", "weights")
    return rows.order_by("-period__month_on")


@router.get("/{month}/", response={200: ReviewOut, 404: Trouble})
def read_review(request: HttpRequest, month: str) -> MonthlyReview:
    return _review(request, month)


@router.get("/{month}/cards/", response={200: list[CardOut], 404: Trouble})
@paginate
def list_cards(request: HttpRequest, month: str) -> Any:
    cards = ScoreCard.objects.visible_to(request.user).filter(review=_review(request, month))
    return cards.select_related("unit").order_by("path")


@router.get("/{month}/cards/{unit}/", response={200: CardWithEvidence, 404: Trouble})
def read_card(request: HttpRequest, month: str, unit: str) -> ScoreCard:
    cards = ScoreCard.objects.visible_to(request.user).filter(review=_review(request, month))
    found: ScoreCard = get_object_or_404(cards.select_related("unit"), unit__code=unit)
    return found


@router.get("/{month}/figures/{figure}/", response={200: list[FrozenOut], 404: Trouble})
@paginate
def list_frozen(request: HttpRequest, month: str, figure: str, span: str = "month") -> Any:
    """The figure as it was frozen, unit by unit within the reader's scope; what is zero is left out."""
    review = _review(request, month)
    if figure not in figures.registered() or span not in ("month", "year"):
        raise Http404
    seen = set(ScoreCard.objects.visible_to(request.user).filter(review=review).values_list("unit_id", flat=True))
    values = queries.frozen_by_unit(review, [figure], span)
    found = [{"unit_id": UUID(unit), "value": value} for (_name, unit), value in sorted(values.items())]
    return [one for one in found if one["unit_id"] in seen]


@router.post("/{month}/close/", response={200: ReviewJobOut, 404: Trouble, 409: Trouble})
def close_month(request: HttpRequest, month: str) -> dict[str, UUID]:
    """Start the close as a job."""
    period = get_object_or_404(Period, form=FORM, month_on=_month(month).first_day)
    reason = acts.refusal("close_month", None, by=request.user, model=MonthlyReview) or policies.too_early(period)
    if reason:
        raise Refused(reason)
    job = start(CLOSE, title=f"{month}", account=request.user, arguments={"month": month}, key=f"close:{month}")
    return {"job": job.pk}
