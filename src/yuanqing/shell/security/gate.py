"""门禁: what every request of a signed-in browser passes: idle and absolute limits, what is still owed, no copies kept.

Requests without a session cookie are not looked at: the public pages know nothing of who asks.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from yuanqing.org.session.models import here
from yuanqing.org.signin import queries
from yuanqing.shell.security.factors import owed

OWED = "owed"  # in the session: what the account must do before anything else
TOUCH = timedelta(minutes=1)
SETTLING = {
    "security:enrol", "mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes", "mfa_index",
    "account:change_own_password", "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
    "sign_out", "language", "theme", "about",
}  # fmt: skip
POLICY = "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"


class GateMiddleware:
    """Stands after the authentication and before everything that answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return _with_headers(self.get_response(request), personal=False)
        ended = _ended(request)
        if ended:
            return _sent_out(request, ended)
        token = here.set(request.session.handle)  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            here.reset(token)
        _explain(request, response)
        return _with_headers(response, personal=True)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Until what is owed is done, only the pages for doing it, and the way out, are open."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.session.get(OWED):
            return None
        if not request.user.is_authenticated:
            return None
        left = owed(request.user)
        if left != request.session[OWED]:
            request.session[OWED] = left
        match = request.resolver_match
        if not left or (match is not None and match.view_name in SETTLING):
            return None
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": _("请先在网页上完成登录安全设置。")}, status=403)
        return HttpResponseRedirect(reverse("security:enrol" if "factor" in left else "account:change_own_password"))


def _explain(request: HttpRequest, response: HttpResponse) -> None:
    """A browser whose session is gone is told so when it is sent to sign in."""
    session: Any = request.session
    is_gone = session.row is None and session.since is None
    is_sent = response.status_code == 302 and response.headers.get("Location", "").startswith(f"{reverse('sign_in')}?")
    if is_gone and is_sent:
        messages.info(request, _("这次登录已经结束：可能在别处结束了，或者密码、权限有变动。请重新登录。"))


def _ended(request: HttpRequest) -> str:
    """Why this session is over, as a sentence; "" while it is not. Notes that it is in use, once a minute."""
    session: Any = request.session
    since = session.since
    if since is None or session.row is None:
        return ""
    now, limits = timezone.now(), queries.limits()
    if now - since > timedelta(hours=limits["session_hours"]):
        return _("登录已满 %(n)s 小时，请重新登录。") % {"n": limits["session_hours"]}
    quiet = now - session.row.seen_at
    if quiet > limits.shortest_idle and request.user.is_authenticated:
        idle = queries.demands_on(request.user).idle
        if quiet > idle:
            return _("%(n)s 分钟没有操作，已自动退出，请重新登录。") % {"n": int(idle.total_seconds() // 60)}
    if quiet > TOUCH:
        session.touch()
    return ""


def _sent_out(request: HttpRequest, sentence: str) -> HttpResponse:
    logout(request)
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": sentence}, status=401)
    messages.info(request, sentence)
    back = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
    target = f"{reverse('sign_in')}{'?' if back else ''}{back}"
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def _with_headers(response: HttpResponse, *, personal: bool) -> HttpResponse:
    """Nothing personal stays in a cache; and what no page of ours needs is switched off."""
    if personal and not response.has_header("Cache-Control"):
        patch_cache_control(response, private=True, no_store=True)
    response.headers.setdefault("Permissions-Policy", POLICY)
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    return response
