"""拒绝与冲突: an act that is refused ends in a sentence for the reader, never in a trace."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from yuanqing.kernel.acts import Conflict, Refused
from yuanqing.shell.errors import TOO_BIG, bad_request, error_page, not_found
from yuanqing.shell.reading.actions import note


class ReadingMiddleware:
    """查阅留痕: what a request read of sensitive records is entered before the answer leaves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        note(request, response)
        return response


class RefusalMiddleware:
    """Turns what acts raise into pages; everything else is left to Django."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if request.path.startswith("/api/"):
            return None
        if isinstance(exception, Conflict):
            return error_page(request, 409, [str(exception)], _("别人先办了一步"))
        if isinstance(exception, Refused):
            return error_page(request, 409, [str(exception)], _("现在不能这样办"))
        if isinstance(exception, ValidationError):
            return error_page(request, 422, list(exception.messages))
        if isinstance(exception, PermissionDenied | Http404):
            return not_found(request)
        if isinstance(exception, TOO_BIG):
            return bad_request(request, exception)
        return None
