"""Cases for programs: the clear envelope, and the steps that need no unlocked key; papers are sealed as they arrive."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from ninja.pagination import paginate

from yuanqing.cases.case import actions
from yuanqing.cases.case.models import Case
from yuanqing.cases.case.queries import CHANNEL
from yuanqing.cases.lead.queries import drafted
from yuanqing.org.unit.api import TROUBLES, Trouble

router = Router()


class MatterOut(Schema):
    id: UUID
    version: int
    number: str
    lead_id: UUID
    category: str
    level: str
    due: str
    due_on: date | None
    filed_on: date
    announced_on: date | None
    plan_on: date | None
    facts_on: date | None
    submitted_on: date | None
    returns: int
    tried_on: date | None
    outcome: str
    decided_on: date | None
    delivered_on: date | None
    told_on: date | None
    executed_on: date | None
    extended_on: date | None
    ended_on: date | None
    state: str


class EvidenceOut(Schema):
    number: int
    kind: str
    digest: str
    pages: int
    obtained_on: date
    obtained_by: int


class CaseStepIn(Schema):
    version: int | None = None  # the version that was read; a later one is refused


class CaseReasonIn(CaseStepIn):
    reason: str


class CaseDayIn(CaseStepIn):
    on: date


class PlanIn(CaseStepIn):
    plan: str  # sealed at once


class UseMeasureIn(CaseStepIn):
    kind: str
    approved_by: str
    starts_on: date
    ends_on: date | None = None


class AddEvidenceIn(CaseStepIn):
    kind: str
    digest: str  # SHA-256 of the file or scan, 64 hexadecimal digits
    obtained_on: date
    obtained_by: int
    kept_at: str
    evidence_note: str  # sealed at once
    pages: int = 0


class HandOnIn(CaseDayIn):
    number: int  # of the evidence
    given_by: str
    taken_by: str
    kept_at: str
    is_same: bool  # the SHA-256 reckoned anew is that of the list


class ShowFactsIn(CaseDayIn):
    facts: str  # sealed at once
    answer: str  # sealed at once


class CaseSubmitIn(CaseStepIn):
    case_report: str  # sealed at once


class ProlongIn(CaseReasonIn):
    until: date


class InterventionIn(CaseDayIn):
    kind: str
    intervention: str  # sealed at once


OUT = {200: MatterOut, **TROUBLES}


def found(request: HttpRequest, pk: UUID) -> Case:
    rows = Case.objects.visible_to(request.user).select_related("key", "unit")
    case: Case = get_object_or_404(rows, pk=pk)
    return case


def taken(request: HttpRequest, pk: UUID, act: Callable[..., Any], given: CaseStepIn, *papers: str) -> Case:
    """Take a step; what belongs into the file is sealed before the act sees it."""
    case = found(request, pk)
    words = given.model_dump(exclude={"version", *papers})
    if papers:
        words["drafts"] = drafted(case, {name: getattr(given, name) for name in papers}, CHANNEL)
    act(case, by=request.user, expected_version=given.version, **words)
    return case


@router.get("/", response={200: list[MatterOut], 422: Trouble}, summary="List the cases one's key opens")
@paginate
def list_cases(request: HttpRequest, state: str = "", outcome: str = "") -> Any:
    """Newest first; `state` and `outcome` narrow it."""
    given = {name: value for name, value in (("state", state), ("outcome", outcome)) if value}
    return Case.objects.visible_to(request.user).filter(**given).order_by("-filed_on", "-number")


@router.get("/{pk}/", response={200: MatterOut, 404: Trouble, 422: Trouble}, summary="One case")
def read_case(request: HttpRequest, pk: UUID) -> Any:
    return found(request, pk)


@router.get("/{pk}/evidence/", response={200: list[EvidenceOut], 404: Trouble, 422: Trouble}, summary="Its evidence")
@paginate
def list_evidence(request: HttpRequest, pk: UUID) -> Any:
    """In the order of the list; what each item shows is sealed and opened in the browser only."""
    return found(request, pk).evidence.order_by("number")


@router.post("/{pk}/announce/", response=OUT)
def announce_case(request: HttpRequest, pk: UUID, given: CaseDayIn) -> Any:
    return taken(request, pk, actions.announce, given)


@router.post("/{pk}/plan/", response=OUT)
def plan_case(request: HttpRequest, pk: UUID, given: PlanIn) -> Any:
    return taken(request, pk, actions.plan, given, "plan")


@router.post("/{pk}/approve-plan/", response=OUT)
def approve_plan_of_case(request: HttpRequest, pk: UUID, given: CaseReasonIn) -> Any:
    return taken(request, pk, actions.approve_plan, given)


@router.post("/{pk}/use-measure/", response=OUT)
def use_measure_in_case(request: HttpRequest, pk: UUID, given: UseMeasureIn) -> Any:
    return taken(request, pk, actions.use_measure, given)


@router.post("/{pk}/add-evidence/", response=OUT)
def add_evidence_to_case(request: HttpRequest, pk: UUID, given: AddEvidenceIn) -> Any:
    return taken(request, pk, actions.add_evidence, given, "evidence_note")


@router.post("/{pk}/hand-on/", response=OUT)
def hand_evidence_on(request: HttpRequest, pk: UUID, given: HandOnIn) -> Any:
    return taken(request, pk, actions.hand_on, given)


@router.post("/{pk}/show-facts/", response=OUT)
def show_facts_of_case(request: HttpRequest, pk: UUID, given: ShowFactsIn) -> Any:
    return taken(request, pk, actions.show_facts, given, "facts", "answer")


@router.post("/{pk}/submit/", response=OUT)
def submit_case(request: HttpRequest, pk: UUID, given: CaseSubmitIn) -> Any:
    return taken(request, pk, actions.submit, given, "case_report")


@router.post("/{pk}/prolong/", response=OUT)
def prolong_case(request: HttpRequest, pk: UUID, given: ProlongIn) -> Any:
    return taken(request, pk, actions.prolong, given)


@router.post("/{pk}/note-intervention/", response=OUT)
def note_intervention_in_case(request: HttpRequest, pk: UUID, given: InterventionIn) -> Any:
    return taken(request, pk, actions.note_intervention, given, "intervention")


@router.post("/{pk}/drop/", response=OUT)
def drop_case(request: HttpRequest, pk: UUID, given: CaseReasonIn) -> Any:
    return taken(request, pk, actions.drop, given)
