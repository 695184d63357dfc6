"""The queues for programs."""

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from yuanqing.cases.expiry import queries
from yuanqing.org.unit.api import Trouble
from yuanqing.shell.words import local_day

router = Router()


class QueueOut(Schema):
    label: str
    late: int
    week: int  # within seven days, today included
    month: int  # within thirty days
    total: int
    next_on: date | None  # the first of all last days, also one that is past
    next_at: datetime | None  # its last minute, where hours count


@router.get("/", response={200: list[QueueOut], 404: Trouble}, summary="What runs out soon")
def read_queues(request: HttpRequest) -> Any:
    """Of leads, cases and sanctions that the account may see."""
    if not queries.may_see(request.user):
        raise Http404
    names = ("late", "week", "month", "total")
    return [
        {
            "label": str(one.label),
            **{name: getattr(one, name) for name in names},
            "next_on": local_day(one.next) if one.next else None,
            "next_at": one.next if isinstance(one.next, datetime) else None,
        }
        for one in queries.queues(request.user)
    ]
