"""我的登录安全: what I sign in with, where I am signed in, and what is still owed; links that work once; signing out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yuanqing.kernel.acts import Refused
from yuanqing.org.account.models import Account
from yuanqing.org.session.models import Session
from yuanqing.org.signin import actions, queries
from yuanqing.org.signin.models import Link, SignIn
from yuanqing.shell.security import factors, forms, visitor
from yuanqing.shell.security.confirm import recently_confirmed

CLEARED = '"cache", "storage"'  # the session's cookie goes anyway; language, theme and the known browser may stay
LATEST = 10


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Everything about how I sign in, on one page."""
    account: Any = request.user
    found = list(Authenticator.objects.filter(user_id=account.pk).order_by("created_at"))
    codes = next((f for f in found if f.type == Authenticator.Type.RECOVERY_CODES), None)
    context = {
        "account": account,
        "has_password": account.has_usable_password(),
        "totp": next((f for f in found if f.type == Authenticator.Type.TOTP), None),
        "passkeys": [f for f in found if f.type == Authenticator.Type.WEBAUTHN],
        "codes": codes,
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "has_factor": factors.has_factor(account),
        "demanded": queries.demands_on(account).second_factor,
        "sessions": Session.objects.live().filter(account=account).order_by("-seen_at"),
        "here": request.session.handle,  # type: ignore[attr-defined]
        "events": SignIn.objects.filter(account=account).order_by("-at")[:LATEST],
    }
    return render(request, "shell/security/mine.html", context)


@require_POST
def end(request: HttpRequest, handle: UUID) -> HttpResponse:
    """End one of my sessions; ending this one signs me out."""
    if not Session.objects.live().filter(account=request.user.pk, handle=handle).exists():
        raise Http404
    actions.end_sessions(by=request.user, account=request.user, handle=handle, reason=_("本人结束"))
    if str(handle) == request.session.handle:  # type: ignore[attr-defined]
        logout(request)
        return redirect("sign_in")
    messages.success(request, _("已结束这一处登录。"))
    return redirect("security:mine")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    here = request.session.handle  # type: ignore[attr-defined]
    try:
        ended = actions.end_sessions(by=request.user, account=request.user, keep=here, reason=_("本人结束其他各处"))
    except ValidationError as error:
        messages.info(request, " ".join(error.messages))
    else:
        messages.success(request, _("已结束其他 %(n)s 处登录。") % {"n": ended.count})
    return redirect("security:mine")


@require_GET
def enrol(request: HttpRequest) -> HttpResponse:
    """Why a second factor is needed here, and the two ways to get one."""
    if not factors.owed(request.user):
        return HttpResponseRedirect("/")
    return render(request, "shell/security/enrol.html", {"confirmed": recently_confirmed(request)})


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session on the server, also one half way in, and asks the browser to keep nothing of it."""
    account = request.user
    if account.is_authenticated and account.is_active:
        source, device = visitor.source(request), visitor.device(request)
        actions.leave(by=account, account=account, source=source, device=device)
    logout(request)
    response = HttpResponseRedirect(reverse("sign_in"))
    response.headers["Clear-Site-Data"] = CLEARED
    return response


@never_cache
@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind a one-time link: set a password, or found the first administrator."""
    given = queries.link_of(token)
    if given is None or (given.account is not None and not given.account.is_active):
        return _plainly(render(request, "shell/security/link_over.html", status=404))
    form_class = forms.FirstAccount if given.purpose == "first" else forms.NewPassword
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = _used(given, form.cleaned_data)
        except ValidationError as error:
            forms.place_password_errors(form, error)
        except Refused:
            return _plainly(render(request, "shell/security/link_over.html", status=404))
        else:
            logout(request)
            messages.success(request, _("密码已设好，请用“%(name)s”登录。") % {"name": account.username})
            return redirect("sign_in")
    context = {"form": form, "link": given}
    return _plainly(render(request, "shell/security/link.html", context, status=422 if form.errors else 200))


def _used(given: Link, values: dict[str, Any]) -> Account:
    if given.purpose == "first":
        names = {name: values[name] for name in ("username", "display_name", "password")}
        return actions.found_first(given, **names)
    return actions.choose_password(given, password=values["password"])


def _plainly(response: HttpResponse) -> HttpResponse:
    """The address holds the token, so nothing that the page leads to may learn it.

    Not `no-referrer`: with that a browser says `Origin: null` when it sends the form, and the forgery check refuses it.
    """
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


urlpatterns = [
    path("", mine, name="mine"),
    path("enrol/", enrol, name="enrol"),
    path("sessions/<uuid:handle>/end/", end, name="end"),
    path("sessions/end-others/", end_others, name="end_others"),
]
