"""再次确认: sensitive acts ask that whoever sits there has just shown who she is.

    @confirm_first
    def grant(request): ...

or, where a page decides for itself, `if not recently_confirmed(request): return ask(request)`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from yuanqing.org.signin import queries


def recently_confirmed(request: HttpRequest) -> bool:
    """Whether the reader signed in, or confirmed by password or second factor, within the minutes of the pack."""
    if not request.user.is_authenticated:
        return False
    since = getattr(request.session, "since", None)
    records = get_authentication_records(request, request.user)
    moments = [float(r["at"]) for r in records if "at" in r] + ([since.timestamp()] if since else [])
    return bool(moments) and time.time() - max(moments) < queries.limits()["confirm_minutes"] * 60


def confirm_first(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Send the reader to confirm first; what was typed into a form that is sent too late must be typed again."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if recently_confirmed(request) else ask(request)

    return guarded


def ask(request: HttpRequest) -> HttpResponse:
    """To the confirmation and back; who can confirm by nothing here signs in again."""
    methods = get_adapter(request).get_reauthentication_methods(request.user)
    back = urlencode({"next": request.get_full_path()})
    if methods:
        return HttpResponseRedirect(f"{methods[0]['url']}?{back}")
    logout(request)
    messages.info(request, _("这一步要求刚刚确认过身份，请重新登录。"))
    return HttpResponseRedirect(f"{reverse('sign_in')}?{back}")
