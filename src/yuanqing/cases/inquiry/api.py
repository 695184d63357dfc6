"""Talks and written inquiries for programs."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from yuanqing.cases.inquiry import actions
from yuanqing.cases.lead.api import LeadOut, LeadStepIn, taken
from yuanqing.org.unit.api import TROUBLES

router = Router()


class AskIn(LeadStepIn):
    mode: str
    on: date
    people: int = 0
    letter: str = ""  # sealed at once
    safety: str = ""  # sealed at once


class InquiryAnswerIn(LeadStepIn):
    on: date
    is_endorsed: bool = False
    reply: str = ""  # sealed at once
    talk: str = ""  # sealed at once


class CheckReplyIn(LeadStepIn):
    is_true: bool
    reply_check: str  # sealed at once


class ReportInquiryIn(LeadStepIn):
    proposal: str
    situation: str  # sealed at once
    ground: str = ""
    measure: str = ""


@router.post("/{pk}/ask/", response={200: LeadOut, **TROUBLES})
def ask_about_lead(request: HttpRequest, pk: UUID, given: AskIn) -> Any:
    return taken(request, pk, actions.ask, given, "letter", "safety")


@router.post("/{pk}/answer/", response={200: LeadOut, **TROUBLES})
def answer_about_lead(request: HttpRequest, pk: UUID, given: InquiryAnswerIn) -> Any:
    return taken(request, pk, actions.answer, given, "reply", "talk")


@router.post("/{pk}/check/", response={200: LeadOut, **TROUBLES})
def check_reply_about_lead(request: HttpRequest, pk: UUID, given: CheckReplyIn) -> Any:
    return taken(request, pk, actions.check_reply, given, "reply_check")


@router.post("/{pk}/report/", response={200: LeadOut, **TROUBLES})
def report_inquiry_about_lead(request: HttpRequest, pk: UUID, given: ReportInquiryIn) -> Any:
    return taken(request, pk, actions.report_inquiry, given, "situation")
