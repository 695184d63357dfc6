"""来源与设备: what is noted of the browser somebody signs in with; never used on pages without an account."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.core import signing
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

from yuanqing.org.signin import queries, rules

BROWSER = "__Host-browser" if settings.HTTPS else "browser"
SALT = "yuanqing.browser"
REMEMBERED_SECONDS = 60 * 60 * 24 * 180
MOST_NAMES = 8


def source(request: HttpRequest) -> str | None:
    """The address the request came from, behind as many proxies as are declared; None when it cannot be told."""
    try:
        found: str | None = get_client_ip(request)
    except ImproperlyConfigured:  # fewer hops than declared: then nobody vouches for the header
        found = request.META.get("REMOTE_ADDR") or None
    return found


def device(request: HttpRequest) -> str:
    return rules.device(request.META.get("HTTP_USER_AGENT", ""))


def counted(request: HttpRequest, username: str) -> queries.Counted:
    """A browser in which this name has signed in before is counted by itself: strangers cannot make it wait."""
    known = _read(request)
    browser = str(known.get("b", "")) if _mark(username) in known.get("n", ()) else ""
    return queries.counted(username, source(request), browser)


def remember(request: HttpRequest, response: HttpResponse, username: str) -> None:
    known = _read(request)
    names = [_mark(username), *(n for n in known.get("n", ()) if n != _mark(username))][:MOST_NAMES]
    value = signing.dumps({"b": known.get("b") or secrets.token_hex(16), "n": names}, salt=SALT)
    response.set_cookie(
        BROWSER, value, max_age=REMEMBERED_SECONDS, httponly=True, samesite="Lax", secure=settings.HTTPS, path="/"
    )


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        found = signing.loads(request.COOKIES.get(BROWSER, ""), salt=SALT, max_age=REMEMBERED_SECONDS)
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


def _mark(username: str) -> str:
    """A short keyed hash: the cookie does not tell others at the same machine who works at it."""
    name = username.strip().casefold()
    return hmac.new(settings.SECRET_KEY.encode(), f"browser\0{name}".encode(), sha256).hexdigest()[:16]
