"""Transfers for programs: the clear envelope, packages handed in over the network, receipts, and steps that need no unlocked key."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import File as FileParameter
from ninja import Schema, Status, UploadedFile

from yuanqing.cases.parcel import rules
from yuanqing.cases.transfer import actions, queries
from yuanqing.cases.transfer.models import Transfer
from yuanqing.org.unit.api import TROUBLES, Trouble
from yuanqing.shell.file.api import CONTENT
from yuanqing.shell.record_api import RecordApi, StepIn


class TransferOut(Schema):
    id: UUID
    version: int
    number: str
    course: str
    way: str
    serial: UUID
    their_number: str
    digest: str
    matters: int
    sent_on: date
    received_on: date | None
    answered_on: date | None
    due: str
    due_on: date | None
    extensions: int
    state: str


class TransferAnswerIn(StepIn):
    text: str


class TransferProlongIn(StepIn):
    approval: str


API = RecordApi(Transfer, TransferOut, ("partner",), ("-sent_on", "-number"))
router = API.router
API.lists("List transfers")


def read(file: UploadedFile) -> bytes:
    if (file.size or 0) > rules.MOST:
        raise ValidationError({"file": _("文件太大，材料包不超过 64 MB。")})
    return bytes(file.read())


@router.post("/arrivals/", response={201: TransferOut, **TROUBLES}, summary="Hand in a package of another body")
def arrive_transfer(request: HttpRequest, file: FileParameter[UploadedFile]) -> Any:
    """Signature, addressee and digest are checked; it is kept sealed until somebody registers it."""
    return Status(201, actions.arrive(by=request.user, came=queries.package_of(read(file))))


@router.post("/receipts/", response={200: TransferOut, **TROUBLES}, summary="Hand in the receipt for a package")
def acknowledge_transfer(request: HttpRequest, file: FileParameter[UploadedFile]) -> Any:
    transfer, head, _body = queries.answered_in(read(file), rules.RECEIPT, request.user)
    actions.acknowledge(transfer, by=request.user, head=head)
    return transfer


API.reads("One transfer")


def _file(content: bytes) -> HttpResponse:
    if not content:
        raise Http404
    return HttpResponse(content, content_type="application/octet-stream")


@router.get(
    "/{pk}/package/",
    response={404: Trouble, 422: Trouble},
    openapi_extra=CONTENT,
    summary="The package that goes to the other body",
)
def read_package(request: HttpRequest, pk: UUID) -> Any:
    record = API.found(request, pk)
    return _file(queries.body_of(record, "package") if record.course == "out" else b"")


@router.get(
    "/{pk}/receipt/",
    response={404: Trouble, 422: Trouble},
    openapi_extra=CONTENT,
    summary="The receipt that goes back to the sender",
)
def read_receipt(request: HttpRequest, pk: UUID) -> Any:
    record = API.found(request, pk)
    return _file(queries.receipt_of(record).encode() if record.course == "in" and record.received_on else b"")


@router.get(
    "/{pk}/reply/",
    response={404: Trouble, 422: Trouble},
    openapi_extra=CONTENT,
    summary="The answer that goes back to the sender",
)
def read_reply(request: HttpRequest, pk: UUID) -> Any:
    record = API.found(request, pk)
    return _file(queries.body_of(record, "answer") if record.course == "in" else b"")


API.acts("sign_for", actions.sign_for, StepIn)
API.acts("answer", actions.answer, TransferAnswerIn)
API.acts("prolong", actions.prolong, TransferProlongIn)
