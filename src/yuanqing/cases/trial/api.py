"""Trial and decision for programs."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from yuanqing.cases.case.api import OUT, CaseDayIn, CaseReasonIn, CaseStepIn, taken
from yuanqing.cases.trial import actions

router = Router()


class TryCaseIn(CaseStepIn):
    standards: list[str]
    proposal: str
    trial_report: str  # sealed at once


class DecideIn(CaseStepIn):
    outcome: str
    document: str
    on: date
    decision: str  # sealed at once


class ExecuteIn(CaseDayIn):
    execution: str  # sealed at once


class ExtendIn(CaseStepIn):
    extension: str = ""  # needed where nothing is asked of any unit: why


@router.post("/{pk}/try/", response=OUT)
def try_case(request: HttpRequest, pk: UUID, given: TryCaseIn) -> Any:
    return taken(request, pk, actions.try_case, given, "trial_report")


@router.post("/{pk}/supplement/", response=OUT)
def supplement_case(request: HttpRequest, pk: UUID, given: CaseReasonIn) -> Any:
    return taken(request, pk, actions.supplement, given)


@router.post("/{pk}/reinvestigate/", response=OUT)
def reinvestigate_case(request: HttpRequest, pk: UUID, given: CaseReasonIn) -> Any:
    return taken(request, pk, actions.reinvestigate, given)


@router.post("/{pk}/decide/", response=OUT)
def decide_case(request: HttpRequest, pk: UUID, given: DecideIn) -> Any:
    return taken(request, pk, actions.decide, given, "decision")


@router.post("/{pk}/deliver/", response=OUT)
def deliver_decision(request: HttpRequest, pk: UUID, given: CaseDayIn) -> Any:
    return taken(request, pk, actions.deliver, given)


@router.post("/{pk}/tell/", response=OUT)
def tell_decision(request: HttpRequest, pk: UUID, given: CaseDayIn) -> Any:
    return taken(request, pk, actions.tell, given)


@router.post("/{pk}/execute/", response=OUT)
def execute_decision(request: HttpRequest, pk: UUID, given: ExecuteIn) -> Any:
    return taken(request, pk, actions.execute, given, "execution")


@router.post("/{pk}/extend/", response=OUT)
def extend_case(request: HttpRequest, pk: UUID, given: ExtendIn) -> Any:
    return taken(request, pk, actions.extend, given)


@router.post("/{pk}/archive/", response=OUT)
def archive_case(request: HttpRequest, pk: UUID, given: CaseStepIn) -> Any:
    return taken(request, pk, actions.archive, given)
