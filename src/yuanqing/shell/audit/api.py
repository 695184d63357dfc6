"""What was done and what was read, for programs; nothing here can be changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.pagination import paginate

from yuanqing.kernel.acts import Refused
from yuanqing.org.unit.api import TROUBLES, Code, Moment
from yuanqing.shell.audit import queries
from yuanqing.shell.audit.policies import refusal
from yuanqing.shell.reading.models import ReadEntry

router = Router()


class DoneOut(Schema):
    seq: int
    at: datetime
    by_id: UUID | None
    act: str
    model: str
    record_id: UUID
    record_version: int


class ReadOut(Schema):
    at: datetime
    by_id: UUID | None
    kind: str
    noun: str
    record_id: UUID | None
    count: int | None  # of a list or an export
    filter: str


def _open(request: HttpRequest, step: str) -> None:
    reason = refusal(step, None, by=request.user)
    if reason:
        raise Refused(reason)


def _between(rows: Any, since: datetime | None, until: datetime | None) -> Any:
    rows = rows.filter(at__gte=since) if since else rows
    return rows.filter(at__lt=until) if until else rows


@router.get("/", response={200: list[DoneOut], **TROUBLES})
@paginate
def done(
    request: HttpRequest, act: Code = "", noun: Code = "", by: UUID | None = None,
    since: Moment | None = None, until: Moment | None = None,
) -> Any:  # fmt: skip
    """The ledger, newest first: who did what to which record; never what the record says."""
    _open(request, "done")
    rows = _between(queries.entries(request.user), since, until)
    rows = rows.filter(act=act) if act else rows
    rows = rows.filter(act__startswith=f"{noun}.") if noun else rows
    return (rows.filter(by_id=by) if by else rows).order_by("-seq")


@router.get("/read/", response={200: list[ReadOut], **TROUBLES})
@paginate
def read(
    request: HttpRequest, noun: Code = "", kind: Code = "", by: UUID | None = None,
    since: Moment | None = None, until: Moment | None = None,
) -> Any:  # fmt: skip
    """The read log, newest first: who read, exported or downloaded what of the sensitive records."""
    _open(request, "read")
    rows = _between(ReadEntry.objects.visible_to(request.user), since, until)
    rows = rows.filter(noun=noun) if noun else rows
    rows = rows.filter(kind=kind) if kind else rows
    return (rows.filter(by=by) if by else rows).order_by("-at", "pk")
