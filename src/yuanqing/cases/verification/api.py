"""Preliminary checks for programs; members join in the browser, where the file is sealed to them."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from yuanqing.cases.lead.api import LeadOut, LeadStepIn, taken
from yuanqing.cases.verification import actions
from yuanqing.org.unit.api import TROUBLES

router = Router()


class WriteReportIn(LeadStepIn):
    check_report: str  # sealed at once


class ReportCheckIn(LeadStepIn):
    proposal: str
    ground: str = ""
    measure: str = ""
    restart_when: str = ""
    restart_on: date | None = None
    passed_to: str = ""


@router.post("/{pk}/write/", response={200: LeadOut, **TROUBLES})
def write_report_about_lead(request: HttpRequest, pk: UUID, given: WriteReportIn) -> Any:
    return taken(request, pk, actions.write_report, given, "check_report")


@router.post("/{pk}/sign/", response={200: LeadOut, **TROUBLES})
def sign_report_about_lead(request: HttpRequest, pk: UUID, given: LeadStepIn) -> Any:
    return taken(request, pk, actions.sign, given)


@router.post("/{pk}/report/", response={200: LeadOut, **TROUBLES})
def report_check_about_lead(request: HttpRequest, pk: UUID, given: ReportCheckIn) -> Any:
    return taken(request, pk, actions.report_check, given)
