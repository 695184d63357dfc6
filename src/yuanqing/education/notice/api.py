"""Notices for programs: drafting, issuing, coverage, and one's own receipts."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from ninja.pagination import paginate

from yuanqing.education.notice import actions, queries
from yuanqing.education.notice.models import Notice, Receipt
from yuanqing.org.audience.rules import read
from yuanqing.org.person.api import OfPerson
from yuanqing.org.unit.api import TROUBLES, OfUnit
from yuanqing.org.unit.models import Unit

router = Router()


class NoticeOut(OfUnit):
    id: UUID
    version: int
    title: str
    kind: str
    unit: str
    edition: int
    state: str
    due_on: date | None
    issued_at: datetime | None
    audience: list[dict[str, Any]]
    delivered: int
    signed: int
    overdue: int


class ReceiptOut(OfPerson):
    id: UUID
    notice: UUID
    person: str
    unit: str
    state: str
    page: int
    language: str
    digest: str
    due_at: datetime | None
    delivered_at: datetime
    signed_at: datetime | None
    is_on_paper: bool

    @staticmethod
    def resolve_notice(row: Any) -> UUID:
        found: UUID = row.notice_id
        return found

    @staticmethod
    def resolve_language(row: Any) -> str:
        return row.text.language if row.text else ""

    @staticmethod
    def resolve_digest(row: Any) -> str:
        return row.text.digest if row.text else ""


class NoticeIn(Schema):
    unit: str
    kind: str
    title: str
    due_on: date | None = None


class TextIn(Schema):
    language: str
    body: str


class AudienceIn(Schema):
    audience: list[dict[str, Any]]


class ReasonIn(Schema):
    reason: str


class PaperIn(Schema):
    numbers: list[str]
    reason: str


class NoticeStepIn(Schema):
    language: str = ""
    page: int = 0
    choice: int = 0


ANSWERS: dict[int, Any] = {200: NoticeOut, **TROUBLES}
RECEIPTS: dict[int, Any] = {200: ReceiptOut, **TROUBLES}


def _rows(request: HttpRequest) -> Any:
    return queries.with_coverage(Notice.objects.visible_to(request.user).select_related("unit"))


def _one(request: HttpRequest, pk: UUID) -> Any:
    return get_object_or_404(_rows(request), pk=pk)


def _receipts(request: HttpRequest) -> Any:
    return Receipt.objects.visible_to(request.user).select_related("person", "unit", "text", "notice")


@router.get("/", response=list[NoticeOut])
@paginate
def list_notices(request: HttpRequest, state: str = "", kind: str = "") -> Any:
    """The notices the account may see, with the numbers of their receipts."""
    rows = _rows(request).order_by("-issued_at", "pk")
    rows = rows.filter(state=state) if state else rows
    return rows.filter(kind=kind) if kind else rows


@router.post("/", response={201: NoticeOut, **ANSWERS})
def draft_notice(request: HttpRequest, given: NoticeIn) -> Any:
    unit = Unit.objects.visible_to(request.user).filter(code=given.unit).first()
    if unit is None:
        raise ValidationError({"unit": _("找不到这个单位。")})
    made = actions.draft(by=request.user, unit=unit, kind=given.kind, title=given.title, due_on=given.due_on)
    return Status(201, _one(request, made.pk))


@router.get("/receipts/", response=list[ReceiptOut])
@paginate
def list_own_receipts(request: HttpRequest) -> Any:
    """What was delivered to the person of this account."""
    return _receipts(request).filter(person_id=getattr(request.user, "person_id", None)).order_by("-delivered_at", "pk")


@router.post("/receipts/{uuid:pk}/{step}/", response=RECEIPTS)
def take_step(request: HttpRequest, pk: UUID, step: str, given: NoticeStepIn) -> Any:
    """begin (language), turn (page), answer (choice) or sign."""
    words: dict[str, Any] = {
        "begin": {"language": given.language},
        "turn": {"page": given.page},
        "answer": {"choice": given.choice},
        "sign": {},
    }
    if step not in words:
        raise ValidationError({"step": _("没有这一步。")})
    found = get_object_or_404(_receipts(request), pk=pk)
    getattr(actions, step)(found, by=request.user, **words[step])
    return get_object_or_404(_receipts(request), pk=pk)


@router.get("/{uuid:pk}/", response=ANSWERS)
def get_notice(request: HttpRequest, pk: UUID) -> Any:
    return _one(request, pk)


@router.get("/{uuid:pk}/receipts/", response=list[ReceiptOut])
@paginate
def list_receipts(request: HttpRequest, pk: UUID, state: str = "") -> Any:
    """Who it was delivered to, within the account's scope."""
    rows = _receipts(request).filter(notice=_one(request, pk)).order_by("unit__path", "pk")
    return rows.filter(state=state) if state else rows


@router.put("/{uuid:pk}/text/", response=ANSWERS)
def write_text(request: HttpRequest, pk: UUID, given: TextIn) -> Any:
    actions.write(_one(request, pk), by=request.user, language=given.language, body=given.body)
    return _one(request, pk)


@router.put("/{uuid:pk}/audience/", response=ANSWERS)
def set_audience(request: HttpRequest, pk: UUID, given: AudienceIn) -> Any:
    try:
        rules = read(given.audience)
    except ValueError as error:
        raise ValidationError({"audience": str(error)}) from error
    actions.address(_one(request, pk), by=request.user, audience=rules)
    return _one(request, pk)


@router.post("/{uuid:pk}/issue/", response=ANSWERS)
def issue_notice(request: HttpRequest, pk: UUID) -> Any:
    actions.issue(_one(request, pk), by=request.user)
    return _one(request, pk)


@router.post("/{uuid:pk}/withdraw/", response=ANSWERS)
def withdraw_notice(request: HttpRequest, pk: UUID, given: ReasonIn) -> Any:
    actions.withdraw(_one(request, pk), by=request.user, reason=given.reason)
    return _one(request, pk)


@router.post("/{uuid:pk}/revise/", response={201: NoticeOut, **ANSWERS})
def revise_notice(request: HttpRequest, pk: UUID) -> Any:
    return Status(201, _one(request, actions.revise(_one(request, pk), by=request.user).pk))


@router.post("/{uuid:pk}/sign-on-paper/", response=ANSWERS)
def register_paper(request: HttpRequest, pk: UUID, given: PaperIn) -> Any:
    actions.sign_on_paper(_one(request, pk), given.numbers, by=request.user, reason=given.reason)
    return _one(request, pk)
