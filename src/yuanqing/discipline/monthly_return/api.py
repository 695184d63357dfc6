"""Monthly returns for programs: read them, keep a draft, report; findings come with the code of the cell."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status
from ninja.pagination import paginate

from yuanqing.discipline.monthly_return import actions, forms, queries
from yuanqing.discipline.monthly_return.models import MonthlyReturn
from yuanqing.kernel.almanac import Month
from yuanqing.org.unit.api import TROUBLES, Trouble
from yuanqing.org.unit.models import Unit

router = Router()


class FindingOut(Schema):
    gate: str
    severity: str
    key: str  # the cell or the check that it is about
    sentence: str
    explanation_needed: bool


class BlockedOut(Schema):
    detail: Any
    findings: list[FindingOut] = []


class ReturnOut(Schema):
    id: UUID
    version: int
    month: date = Field(alias="period.month_on")
    unit: str = Field(alias="unit.code")
    unit_name: str
    state: str
    due_at: datetime
    first_submitted_at: datetime | None
    submitted_at: datetime | None
    is_nil: bool
    carried_count: int
    received_count: int
    concluded_count: int
    open_count: int
    override_count: int
    gap_total: int
    returned_count: int


class ReturnWithCells(ReturnOut):
    cells: dict[str, Any]
    prefilled: dict[str, int]
    reasons: dict[str, str]
    explanations: dict[str, str]
    declared_gaps: list[dict[str, str]]
    nil_statement: str
    review_note: str


class MonthlyReturnDraftIn(Schema):
    """Cells by code as text; a cell that is left out follows the records."""

    cells: dict[str, str] = {}
    reasons: dict[str, str] = {}
    explanations: dict[str, str] = {}
    gaps: dict[str, str] = {}  # code of a unit below → why it is not waited for
    revision: int = 0  # as it was read; a draft that somebody saved since is refused


class MonthlyReturnDraftOut(Schema):
    revision: int
    findings: list[FindingOut]


class GapIn(Schema):
    unit: str
    name: str = ""
    reason: str


class SubmitIn(Schema):
    cells: dict[str, int | str]
    reasons: dict[str, str] = {}
    explanations: dict[str, str] = {}
    declared_gaps: list[GapIn] = []
    nil_statement: str = ""
    version: int | None = None


class MonthlyReturnReviewIn(Schema):
    note: str = ""
    version: int | None = None


class ReturnsNarrowed(Schema):
    """Which returns: a unit with everything below it, a month such as 2026-10."""

    unit: str = ""
    month: str = Field("", pattern=r"^(\d{4}-(0[1-9]|1[0-2]))?$")
    state: str = ""


FAULTS: dict[int, Any] = {404: Trouble, 409: Trouble, 422: BlockedOut}


def found(request: HttpRequest, pk: UUID) -> MonthlyReturn:
    rows = MonthlyReturn.objects.visible_to(request.user).select_related("period", "unit")
    record: MonthlyReturn = get_object_or_404(rows, pk=pk)
    return record


@router.get("/", response={200: list[ReturnOut], **TROUBLES})
@paginate
def list_returns(request: HttpRequest, narrowed: Query[ReturnsNarrowed]) -> Any:
    rows = (
        MonthlyReturn.objects.visible_to(request.user)
        .select_related("period", "unit")
        .order_by("-period__month_on", "path")
    )
    rows = rows.filter(state=narrowed.state) if narrowed.state else rows
    rows = rows.filter(period__month_on=Month.parse(narrowed.month).first_day) if narrowed.month else rows
    if not narrowed.unit:
        return rows
    unit = Unit.objects.visible_to(request.user).filter(code=narrowed.unit).first()
    return rows.filter(path__startswith=unit.path) if unit else rows.none()


@router.get("/{pk}/", response={200: ReturnWithCells, **TROUBLES})
def detail(request: HttpRequest, pk: UUID) -> Any:
    return found(request, pk)


@router.put("/{pk}/draft/", response={200: MonthlyReturnDraftOut, **FAULTS})
def put_draft(request: HttpRequest, pk: UUID, given: MonthlyReturnDraftIn) -> Any:
    """Keep the draft, and hear what the gates would find in it now."""
    record = found(request, pk)
    content = forms.Content(given.cells, given.reasons, given.explanations, given.gaps)
    revision = actions.save_draft(
        record, by=request.user, content=content.as_draft(), editor=forms.new_editor(), revision=given.revision  # type: ignore[arg-type]
    )  # fmt: skip
    grounds = queries.Grounds(record)
    words = forms.statement(record, grounds.form, content, grounds.recorded)
    filled = forms.as_filled(grounds.form, content, grounds.recorded, grounds.below, words)
    return {"revision": revision, "findings": actions.examine(grounds, filled.as_content(), by=request.user)}


@router.post("/{pk}/submit/", response={200: ReturnWithCells, **FAULTS})
def submit(request: HttpRequest, pk: UUID, given: SubmitIn) -> Any:
    """Report; 422 names the cells and checks that hold it back."""
    record = found(request, pk)
    filled = actions.Filled(
        given.cells, given.reasons, given.explanations, [gap.dict() for gap in given.declared_gaps], given.nil_statement
    )
    try:
        actions.submit(record, by=request.user, filled=filled, expected_version=given.version)
    except actions.Blocked as blocked:
        return Status(422, {"detail": {"": blocked.messages}, "findings": blocked.findings})
    return found(request, pk)


@router.post("/{pk}/accept/", response={200: ReturnOut, **FAULTS})
def accept(request: HttpRequest, pk: UUID, given: MonthlyReturnReviewIn) -> Any:
    record = found(request, pk)
    actions.accept(record, by=request.user, note=given.note, expected_version=given.version)
    return record


@router.post("/{pk}/send-back/", response={200: ReturnOut, **FAULTS})
def send_back(request: HttpRequest, pk: UUID, given: MonthlyReturnReviewIn) -> Any:
    record = found(request, pk)
    actions.send_back(record, by=request.user, note=given.note, expected_version=given.version)
    return record
