"""Activities for programs: planning, announcing, who takes part, and what one is invited to."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from ninja.pagination import paginate

from yuanqing.education.activity import actions, queries
from yuanqing.education.activity.models import Activity, Participation
from yuanqing.education.campaign.models import Campaign
from yuanqing.education.notice.models import Notice
from yuanqing.org.audience.rules import read
from yuanqing.org.person.api import OfPerson
from yuanqing.org.unit.api import TROUBLES, OfUnit

router = Router()


class ActivityOut(OfUnit):
    id: UUID
    version: int
    campaign: UUID
    unit: str
    kind: str
    title: str
    summary: str
    clauses: list[str]
    audience: list[dict[str, Any]]
    begins_on: date
    due_on: date
    notice: UUID | None
    state: str
    invited: int
    attended: int
    overdue: int

    @staticmethod
    def resolve_campaign(row: Any) -> UUID:
        found: UUID = row.campaign_id
        return found

    @staticmethod
    def resolve_notice(row: Any) -> UUID | None:
        found: UUID | None = row.notice_id
        return found


class ParticipationOut(OfPerson):
    activity: UUID
    person: str
    unit: str
    state: str
    way: str
    due_at: datetime
    attended_at: datetime | None

    @staticmethod
    def resolve_activity(row: Any) -> UUID:
        found: UUID = row.activity_id
        return found


class ActivityChange(Schema):
    kind: str
    title: str
    begins_on: date
    due_on: date
    summary: str = ""
    clauses: str = ""


class ActivityIn(ActivityChange):
    campaign: UUID


class MeantIn(Schema):
    audience: list[dict[str, Any]]


class HandOutIn(Schema):
    notice: UUID


class CancelIn(Schema):
    reason: str


ANSWERS: dict[int, Any] = {200: ActivityOut, **TROUBLES}


def _rows(request: HttpRequest) -> Any:
    return queries.with_coverage(Activity.objects.visible_to(request.user).select_related("unit", "campaign"))


def _one(request: HttpRequest, pk: UUID) -> Any:
    return get_object_or_404(_rows(request), pk=pk)


@router.get("/", response=list[ActivityOut])
@paginate
def list_activities(request: HttpRequest, state: str = "", kind: str = "") -> Any:
    """The activities the account may see, with the numbers of those invited."""
    given = {"state": state, "kind": kind}
    return _rows(request).filter(**{k: v for k, v in given.items() if v}).order_by("-begins_on", "pk")


@router.post("/", response={201: ActivityOut, **ANSWERS})
def plan_activity(request: HttpRequest, given: ActivityIn) -> Any:
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=given.campaign)
    made = actions.plan(by=request.user, campaign=campaign, **given.dict(exclude={"campaign"}))
    return Status(201, _one(request, made.pk))


@router.get("/mine/", response=list[ParticipationOut])
@paginate
def list_own_participations(request: HttpRequest) -> Any:
    """What the person of this account is invited to."""
    return queries.own(request.user).select_related("person", "unit").order_by("-due_at", "pk")


@router.get("/{uuid:pk}/", response=ANSWERS)
def get_activity(request: HttpRequest, pk: UUID) -> Any:
    return _one(request, pk)


@router.put("/{uuid:pk}/", response=ANSWERS)
def edit_activity(request: HttpRequest, pk: UUID, given: ActivityChange) -> Any:
    actions.edit(_one(request, pk), by=request.user, **given.dict())
    return _one(request, pk)


@router.get("/{uuid:pk}/participations/", response=list[ParticipationOut])
@paginate
def list_participations(request: HttpRequest, pk: UUID, state: str = "") -> Any:
    """Who is invited, within the account's scope."""
    rows = Participation.objects.visible_to(request.user).filter(activity=_one(request, pk))
    rows = rows.select_related("person", "unit").order_by("unit__path", "pk")
    return rows.filter(state=state) if state else rows


@router.put("/{uuid:pk}/audience/", response=ANSWERS)
def set_activity_audience(request: HttpRequest, pk: UUID, given: MeantIn) -> Any:
    try:
        rules = read(given.audience)
    except ValueError as error:
        raise ValidationError({"audience": str(error)}) from error
    actions.address(_one(request, pk), by=request.user, audience=rules)
    return _one(request, pk)


@router.put("/{uuid:pk}/notice/", response=ANSWERS)
def hand_out_notice(request: HttpRequest, pk: UUID, given: HandOutIn) -> Any:
    activity = _one(request, pk)
    notice = Notice.objects.visible_to(request.user).filter(pk=given.notice).first()
    if notice is None:
        raise ValidationError({"notice": _("没有这份告知，或者已经撤回。")})
    actions.hand_out(activity, by=request.user, notice=notice)
    return _one(request, pk)


@router.post("/{uuid:pk}/announce/", response=ANSWERS)
def announce_activity(request: HttpRequest, pk: UUID) -> Any:
    actions.announce(_one(request, pk), by=request.user)
    return _one(request, pk)


@router.post("/{uuid:pk}/end/", response=ANSWERS)
def end_activity(request: HttpRequest, pk: UUID) -> Any:
    actions.end(_one(request, pk), by=request.user)
    return _one(request, pk)


@router.post("/{uuid:pk}/cancel/", response=ANSWERS)
def cancel_activity(request: HttpRequest, pk: UUID, given: CancelIn) -> Any:
    actions.cancel(_one(request, pk), by=request.user, reason=given.reason)
    return _one(request, pk)
