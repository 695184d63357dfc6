"""不留痕: nothing about the connection of somebody who reports reaches any other part of the program.

It stands outermost. Address, browser, language, cookies and query are taken out of the request before anything can
log, count or store them; cookies are taken out of the answer, which no cache may keep.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

PREFIX = "/report/"
KEPT = frozenset(
    {
        "REQUEST_METHOD",
        "PATH_INFO",
        "SCRIPT_NAME",
        "SERVER_NAME",
        "SERVER_PORT",
        "SERVER_PROTOCOL",
        "HTTP_HOST",
        "HTTP_X_FORWARDED_PROTO",
        "CONTENT_TYPE",
        "CONTENT_LENGTH",
        "HTTP_SEC_FETCH_SITE",
    }
)
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
    "X-Robots-Tag": "noindex",
}


class DiscreetMiddleware:
    """Makes every request to the hotline look like every other."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        meta: dict[str, Any] = request.META
        for name in [n for n in meta if n not in KEPT and not n.startswith("wsgi.")]:
            del meta[name]
        meta["QUERY_STRING"] = ""
        request.is_discreet = True  # type: ignore[attr-defined]  # nobody below counts or logs it
        response = self.get_response(request)
        response._has_been_logged = True  # type: ignore[attr-defined]  # Django would log refusals with their time
        response.cookies.clear()
        for name in ("Vary", "Content-Language"):
            response.headers.pop(name, None)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response
