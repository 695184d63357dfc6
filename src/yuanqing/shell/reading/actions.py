"""Noting that something sensitive was read: one insert a request, before the answer leaves."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from yuanqing.kernel.database.prepared import prepared_cursor
from yuanqing.shell.reading.queries import leaves_a_trace
from yuanqing.shell.reading.rules import LONGEST, noun_of, read_of

ENTER = """INSERT INTO shell_readentry (at, by_id, noun, kind, record_id, count, filter)
    VALUES (%(at)s, %(by)s, %(noun)s, %(kind)s, %(record_id)s, %(count)s, %(filter)s)"""
IGNORED = ("col", "order", "size")  # how a list is laid out says nothing of what was read


def note(request: HttpRequest, response: HttpResponse) -> None:
    """Enter what this request read, where it read anything sensitive; without the entry there is no answer."""
    match = request.resolver_match
    if request.method != "GET" or response.status_code != 200 or match is None:
        return
    noun = noun_of(getattr(match.func, "__module__", ""), request.path)
    account = getattr(request, "user", None)
    if not noun or account is None or account.pk is None or not leaves_a_trace(noun):
        return
    read = read_of(noun, request.path, match.kwargs, response.headers)
    given = [(name, v) for name, values in request.GET.lists() if name not in IGNORED for v in values if v]
    values = {
        **read._asdict(),
        "at": timezone.now(),
        "by": account.pk,
        "count": getattr(request, "number_read", None),
        "filter": "&".join(f"{name}={value}" for name, value in given)[:LONGEST].replace("\x00", ""),
    }
    with prepared_cursor() as cursor:
        cursor.execute(ENTER, values)
