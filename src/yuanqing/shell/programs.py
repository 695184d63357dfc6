"""程序接入: who a program acts for, and that what it sends twice is done once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from yuanqing.org.token.queries import account_of
from yuanqing.shell.reply import actions as reply

ADDRESSES = "/api/"
SCHEME = "bearer"


class ProgramMiddleware:
    """A token stands for its account; one that opens nothing is refused, whatever session comes along with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(ADDRESSES):
            return self.get_response(request)
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == SCHEME:
            account = account_of(secret.strip())
            if account is None:
                response: HttpResponse = JsonResponse({"detail": _("令牌无效、已到期或已撤销。")}, status=401)
                response.headers["WWW-Authenticate"] = "Bearer"
                return response
            request.user = account
            request.bearer = account  # type: ignore[attr-defined]
        if request.method in reply.WRITES and reply.HEADER in request.headers and request.user.is_authenticated:
            return reply.once(request, request.user, self.get_response)
        return self.get_response(request)


class SignedInMiddleware(LoginRequiredMiddleware):
    """Pages send strangers to sign in; the interface for programs answers 401 itself."""

    def process_view(self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any) -> Any:
        match = request.resolver_match
        if match is not None and match.app_name == "ninja" and match.url_name not in DESCRIPTIONS:
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


DESCRIPTIONS = frozenset(("openapi-json", "openapi-view", "api-root"))
