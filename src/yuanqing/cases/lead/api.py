"""Leads for programs: the clear envelope, and the steps that need no unlocked key; papers are sealed as they arrive."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from ninja.pagination import paginate

from yuanqing.cases.lead import actions
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.lead.queries import drafted
from yuanqing.org.unit.api import TROUBLES, Trouble

router = Router()


class LeadOut(Schema):
    id: UUID
    version: int
    number: str
    source: str
    category: str
    level: str
    elements: list[str]
    is_named: bool
    received_on: date
    method: str
    proposal: str
    due: str
    due_on: date | None
    escalations: int
    disposed_on: date | None
    outcome: str
    ended_on: date | None
    state: str


class LeadStepIn(Schema):
    version: int | None = None  # the version that was read; a later one is refused


class LeadReasonIn(LeadStepIn):
    reason: str


class ScreenIn(LeadStepIn):
    method: str
    studied_on: date
    studied_by: int
    study: str  # sealed at once
    plan: str = ""  # sealed at once
    ground: str = ""
    restart_when: str = ""
    restart_on: date | None = None


@router.get("/", response={200: list[LeadOut], 422: Trouble}, summary="List the leads one's key opens")
@paginate
def list_leads(request: HttpRequest, state: str = "", method: str = "", outcome: str = "") -> Any:
    """Newest first; `state`, `method` and `outcome` narrow it."""
    given = {"state": state, "method": method, "outcome": outcome}
    rows = Lead.objects.visible_to(request.user).filter(**{name: value for name, value in given.items() if value})
    return rows.order_by("-received_on", "-number")


@router.get("/{pk}/", response={200: LeadOut, 404: Trouble, 422: Trouble}, summary="One lead")
def read_lead(request: HttpRequest, pk: UUID) -> Any:
    return get_object_or_404(Lead.objects.visible_to(request.user), pk=pk)


def taken(request: HttpRequest, pk: UUID, act: Callable[..., Any], given: LeadStepIn, *papers: str) -> Lead:
    """Take a step; what belongs into the file is sealed before the act sees it."""
    lead: Lead = get_object_or_404(Lead.objects.visible_to(request.user).select_related("key", "unit"), pk=pk)
    words = given.model_dump(exclude={"version", *papers})
    if papers:
        words["drafts"] = drafted(lead, {name: getattr(given, name) for name in papers})
    act(lead, by=request.user, expected_version=given.version, **words)
    return lead


@router.post("/{pk}/confirm/", response={200: LeadOut, **TROUBLES})
def confirm_lead(request: HttpRequest, pk: UUID, given: LeadStepIn) -> Any:
    """The handler takes it over."""
    return taken(request, pk, actions.confirm, given)


@router.post("/{pk}/hand-back/", response={200: LeadOut, **TROUBLES})
def hand_back_lead(request: HttpRequest, pk: UUID, given: LeadReasonIn) -> Any:
    return taken(request, pk, actions.hand_back, given)


@router.post("/{pk}/screen/", response={200: LeadOut, **TROUBLES})
def screen_lead(request: HttpRequest, pk: UUID, given: ScreenIn) -> Any:
    """The collective opinion which of the four methods fits."""
    return taken(request, pk, actions.screen, given, "study", "plan")


@router.post("/{pk}/restart/", response={200: LeadOut, **TROUBLES})
def restart_lead(request: HttpRequest, pk: UUID, given: LeadReasonIn) -> Any:
    return taken(request, pk, actions.restart, given)
