"""Decisions on leads for programs."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.pagination import paginate

from yuanqing.cases.disposal import actions
from yuanqing.cases.disposal.models import Easing
from yuanqing.cases.lead.api import LeadOut, LeadReasonIn, LeadStepIn, taken
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.lead.queries import drafted
from yuanqing.org.unit.api import TROUBLES, Trouble

router = Router()


class EasingOut(Schema):
    id: UUID
    lead_id: UUID
    kind: str
    ground: str
    until: date | None
    asked_on: date
    decided_on: date | None
    state: str


class DecisionIn(LeadReasonIn):
    secretary_on: date | None = None  # consent of the head of the Party committee, where the level needs it


class RequestIn(LeadStepIn):
    kind: str
    ground: str
    easing_reason: str  # sealed at once
    until: date | None = None
    into: str = ""  # number of another lead
    level: str = ""
    passed_to: str = ""


@router.get("/", response={200: list[EasingOut], 422: Trouble}, summary="List the easings of leads one's key opens")
@paginate
def list_easings(request: HttpRequest, kind: str = "", state: str = "") -> Any:
    """Newest first."""
    given = {name: value for name, value in (("kind", kind), ("state", state)) if value}
    return Easing.objects.visible_to(request.user).filter(**given).order_by("-asked_on", "pk")


@router.post("/{pk}/verify/", response={200: LeadOut, **TROUBLES})
def verify_lead(request: HttpRequest, pk: UUID, given: DecisionIn) -> Any:
    return taken(request, pk, actions.verify, given)


@router.post("/{pk}/file/", response={200: LeadOut, **TROUBLES})
def file_lead(request: HttpRequest, pk: UUID, given: DecisionIn) -> Any:
    return taken(request, pk, actions.file, given)


@router.post("/{pk}/request/", response={200: LeadOut, **TROUBLES})
def request_easing(request: HttpRequest, pk: UUID, given: RequestIn) -> Any:
    """Ask for a delay, a merger, a lowering or the way up; a second person decides."""
    lead = get_object_or_404(Lead.objects.visible_to(request.user).select_related("key", "unit"), pk=pk)
    words = given.model_dump(exclude={"version", "easing_reason", "into"})
    words["into"] = Lead.objects.visible_to(request.user).filter(number=given.into).first() if given.into else None
    if given.into and words["into"] is None:
        raise ValidationError({"into": _("没有这个编号。")})
    drafts = drafted(lead, {"easing_reason": given.easing_reason})
    actions.request(lead, by=request.user, expected_version=given.version, drafts=drafts, **words)
    return lead


PLAIN = (
    "inquire", "shelve", "close", "remind", "pass_on", "send_back", "return_inquiry", "return_check", "reopen", "deny",
    "delay", "lower", "merge", "send_up",
)  # fmt: skip


def _operation(step: str) -> None:
    """The steps that take nothing but a reason."""

    def run(request: HttpRequest, pk: UUID, given: LeadReasonIn) -> Any:
        return taken(request, pk, getattr(actions, step), given)

    run.__name__ = f"{step}_lead"
    router.post(f"/{{pk}}/{step.replace('_', '-')}/", response={200: LeadOut, **TROUBLES})(run)


for _step in PLAIN:
    _operation(_step)
