"""请求编号、计数和磁盘已满: the outermost layer around every request."""

from __future__ import annotations

import errno
import time
import uuid
from collections.abc import Callable

import structlog
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from yuanqing.kernel.store.contents import NoRoom
from yuanqing.shell.errors import error_page
from yuanqing.shell.monitor import metrics
from yuanqing.shell.monitor.logs import REQUEST_ID

HEADER = "X-Request-ID"
QUIET = ("healthz", "readyz", "metrics")
log = structlog.get_logger("yuanqing.request")


def is_disk_full(error: BaseException | None) -> bool:
    """Whether this, or what it came from, is a disk without room: ours, the system's, or PostgreSQL's (53100)."""
    while error is not None:
        if isinstance(error, NoRoom) or (isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)):
            return True
        if getattr(error, "sqlstate", "") == "53100":
            return True
        error = error.__cause__ or error.__context__
    return False


class WatchMiddleware:
    """Gives a request its number, counts and logs its answer, and says in words that the disk is full."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request, "is_discreet", False):  # the hotline: not even that somebody was there
            return self.get_response(request)
        given = request.headers.get(HEADER, "")
        number = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request=number):
            response = self.get_response(request)
            seconds = time.perf_counter() - began
            page = page_of(request)
            metrics.note(page, request.method or "", response.status_code, seconds)
            if page not in QUIET:
                tell = log.error if response.status_code >= 500 else log.info
                tell(
                    "answered", page=page, method=request.method, status=response.status_code, ms=round(seconds * 1000)
                )
        response.headers[HEADER] = number
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return full_disk(request) if is_disk_full(exception) else None


def full_disk(request: HttpRequest) -> HttpResponse:
    """507: nothing was written; what was typed is still in the browser."""
    sentence = _("服务器磁盘已满，这次没有保存，已有的内容不受影响。请保留本页，告诉系统管理员，腾出空间后再试。")
    log.error("disk full", page=page_of(request))
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": sentence}, status=507)
    try:
        return error_page(request, 507, [sentence])
    except OperationalError:  # even the page's own reading fails
        return HttpResponse(sentence, status=507, content_type="text/plain; charset=utf-8")


def page_of(request: HttpRequest) -> str:
    """The name of the page, which never holds anything of the address but its pattern."""
    match = request.resolver_match
    return (match.view_name or match.route) if match else "none"
