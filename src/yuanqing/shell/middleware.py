"""拒绝与冲突: an act that is refused ends in a sentence for the reader, never in a trace."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from yuanqing.kernel.acts import Conflict, Refused
from yuanqing.kernel.database.scope import acting_for
from yuanqing.kernel.packs.published import read_once
from yuanqing.org.account.queries import scope_of
from yuanqing.shell import navigation
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


PROBES = ("/healthz", "/readyz", "/metrics")
COUNTED = ("/sign-in/", "/security/confirm/")  # a failed try is counted for good, whatever becomes of the request


class ScopeMiddleware:
    """One request is one transaction, for its account and nobody else; an error of the program undoes all of it.

    Stands behind the sign-in, so that it is known who asks, and before whatever reads for a page. The view within it is a
    savepoint of its own (ATOMIC_REQUESTS), so that a page can still be drawn about what went wrong. Probes must answer
    when the database does not. Where passwords and codes are counted each step is a transaction of its own: a count must
    outlive an error, and nobody waits for a lock while somebody else's password is hashed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in PROBES:
            return self.get_response(request)
        if getattr(request, "is_discreet", False):  # it opens transactions where it writes, and answers outside them
            with read_once():
                return self.get_response(request)
        if request.path.startswith(COUNTED):
            with acting_for(scope_of(request.user)):
                return self.get_response(request)
        with read_once(), acting_for(scope_of(request.user)), transaction.atomic():
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response


class DeedMiddleware:
    """Whoever did something sees at once what it changed in the numbers of the navigation."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_deed = request.method not in ("GET", "HEAD", "OPTIONS") and "Authorization" not in request.headers
        if is_deed and request.user.is_authenticated:
            navigation.mark_acted(response)
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
