"""Bulletins for programs: list, content, files, and the acts from draft to receipt."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema
from ninja.pagination import paginate

from yuanqing.discipline.bulletin import actions, queries
from yuanqing.discipline.bulletin.models import Bulletin, Delivery, TypicalCase
from yuanqing.discipline.bulletin.pages import TYPES
from yuanqing.discipline.review.models import MonthlyReview
from yuanqing.discipline.violation.models import Violation
from yuanqing.kernel.almanac import Month
from yuanqing.org.unit.api import TROUBLES, Trouble

router = Router()
FILE: Any = {"responses": {200: {"description": "The file", "content": {kind: {} for kind in TYPES.values()}}}}


class BulletinOut(Schema):
    id: UUID
    version: int
    number: str
    title: str
    month: date = Field(alias="review.period.month_on")
    state: str
    signed_at: datetime | None
    published_at: datetime | None
    files: dict[str, str]


class BulletinWithContent(BulletinOut):
    content: dict[str, Any]
    content_hash: str
    checkpoint: str


class BulletinDraftIn(Schema):
    month: str


class BulletinStepIn(Schema):
    version: int | None = None  # the version that was read; a later one is refused
    note: str = ""


class EditIn(BulletinStepIn):
    slots: dict[str, str] = {}
    demands: list[str] | None = None


class CaseIn(Schema):
    violation: str  # its number
    text: str


class RewordIn(BulletinStepIn):
    text: str


class CheckIn(BulletinStepIn):
    explanations: dict[str, str] = {}


class CaseOut(Schema):
    id: UUID
    version: int
    text: str
    is_checked: bool
    is_dropped: bool

    @staticmethod
    def resolve_is_checked(case: TypicalCase) -> bool:
        return case.checked_by_id is not None


class DeliveryOut(Schema):
    id: UUID
    account: str = Field(alias="account.username")
    unit: str | None = None
    delivered_at: datetime
    read_at: datetime | None
    escalated_at: datetime | None

    @staticmethod
    def resolve_unit(delivery: Delivery) -> str | None:
        return delivery.unit.code if delivery.unit else None


def _bulletin(request: HttpRequest, pk: UUID) -> Bulletin:
    rows = Bulletin.objects.visible_to(request.user).select_related("review__period")
    found: Bulletin = get_object_or_404(rows, pk=pk)
    return found


@router.get("/", response={200: list[BulletinOut]})
@paginate
def list_bulletins(request: HttpRequest) -> Any:
    rows = Bulletin.objects.visible_to(request.user).select_related("review__period")
    return rows.order_by("-review__period__month_on")


@router.get("/{uuid:pk}/", response={200: BulletinWithContent, 404: Trouble})
def read_bulletin(request: HttpRequest, pk: UUID) -> Bulletin:
    """With its content once it is signed."""
    return _bulletin(request, pk)


@router.get("/{uuid:pk}/file/{kind}/", response={404: Trouble}, openapi_extra=FILE)
def read_file(request: HttpRequest, pk: UUID, kind: str) -> FileResponse:
    record = _bulletin(request, pk)
    place = queries.path_of(record, kind)
    if kind not in TYPES or kind not in record.files or not place.is_file():
        raise Http404
    return FileResponse(place.open("rb"), as_attachment=True, filename=place.name, content_type=TYPES[kind])


@router.get("/{uuid:pk}/deliveries/", response={200: list[DeliveryOut], 404: Trouble})
@paginate
def list_deliveries(request: HttpRequest, pk: UUID) -> Any:
    rows = Delivery.objects.visible_to(request.user).filter(bulletin=_bulletin(request, pk))
    return rows.select_related("account", "unit").order_by("unit__path", "pk")


@router.post("/", response={201: BulletinOut, **TROUBLES})
def draft(request: HttpRequest, given: BulletinDraftIn) -> Any:
    try:
        on = Month.parse(given.month).first_day
    except ValueError as error:
        raise Http404 from error
    review = get_object_or_404(MonthlyReview.objects.visible_to(request.user), period__month_on=on)
    return 201, actions.draft(by=request.user, review=review)


@router.post("/{uuid:pk}/edit/", response={200: BulletinOut, **TROUBLES})
def edit(request: HttpRequest, pk: UUID, given: EditIn) -> Bulletin:
    record = _bulletin(request, pk)
    words = {"slots": given.slots or None, "demands": given.demands}
    actions.edit(record, by=request.user, expected_version=given.version, **words)
    return record


def _step(name: str) -> Callable[..., Bulletin]:
    def take(request: HttpRequest, pk: UUID, given: BulletinStepIn) -> Bulletin:
        record = _bulletin(request, pk)
        words = {"note": given.note} if name in ("approve", "send_back") else {}
        getattr(actions, name)(record, by=request.user, expected_version=given.version, **words)
        return record

    take.__name__ = name
    return take


for _name in ("propose", "approve", "send_back", "sign", "publish"):
    router.post(f"/{{uuid:pk}}/{_name.replace('_', '-')}/", response={200: BulletinOut, **TROUBLES})(_step(_name))


@router.post("/{uuid:pk}/acknowledge/", response={200: DeliveryOut, **TROUBLES})
def acknowledge(request: HttpRequest, pk: UUID) -> Delivery:
    """The receipt of the account that asks."""
    rows = Delivery.objects.filter(bulletin=_bulletin(request, pk), account=request.user.pk)
    delivery: Delivery = get_object_or_404(rows.select_related("account", "unit"))
    actions.acknowledge(delivery, by=request.user)
    return delivery


@router.post("/{uuid:pk}/cases/", response={201: CaseOut, **TROUBLES})
def tell_case(request: HttpRequest, pk: UUID, given: CaseIn) -> Any:
    violation = get_object_or_404(Violation.objects.visible_to(request.user), number=given.violation)
    record = _bulletin(request, pk)
    return 201, actions.tell_case(by=request.user, bulletin=record, violation=violation, text=given.text)


def _case(request: HttpRequest, pk: UUID) -> TypicalCase:
    if not request.user.can("discipline.bulletin.view_draft"):  # type: ignore[union-attr]
        raise Http404
    found: TypicalCase = get_object_or_404(TypicalCase.objects.visible_to(request.user), pk=pk)
    return found


@router.get("/{uuid:pk}/cases/", response={200: list[CaseOut], 404: Trouble})
@paginate
def list_cases(request: HttpRequest, pk: UUID) -> Any:
    record = _bulletin(request, pk)
    sees = request.user.can("discipline.bulletin.view_draft")  # type: ignore[union-attr]
    return record.cases.all() if sees else record.cases.none()


@router.post("/cases/{uuid:pk}/reword/", response={200: CaseOut, **TROUBLES})
def reword_case(request: HttpRequest, pk: UUID, given: RewordIn) -> TypicalCase:
    case = _case(request, pk)
    actions.reword_case(case, by=request.user, text=given.text, expected_version=given.version)
    return case


@router.post("/cases/{uuid:pk}/check/", response={200: CaseOut, **TROUBLES})
def check_case(request: HttpRequest, pk: UUID, given: CheckIn) -> TypicalCase:
    case = _case(request, pk)
    actions.check_case(case, by=request.user, explanations=given.explanations, expected_version=given.version)
    return case


@router.post("/cases/{uuid:pk}/drop/", response={200: CaseOut, **TROUBLES})
def drop_case(request: HttpRequest, pk: UUID, given: BulletinStepIn) -> TypicalCase:
    case = _case(request, pk)
    actions.drop_case(case, by=request.user, expected_version=given.version)
    return case
