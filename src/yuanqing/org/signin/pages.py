"""登录记录: who signed in and who failed to; and one account's sign-in as an administrator looks after it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yuanqing.kernel import acts
from yuanqing.org.account.forms import Reason
from yuanqing.org.account.models import Account
from yuanqing.org.session.models import Session
from yuanqing.org.signin import actions, policies
from yuanqing.org.signin.models import HAPPENINGS, METHODS, SignIn
from yuanqing.org.unit.pages import form_page
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Dates, Search
from yuanqing.shell.listing import Column, Listing
from yuanqing.shell.security.confirm import confirm_first

TONES = {"fail": "red", "add_factor": "accent", "remove_factor": "amber", "end_sessions": "amber"}
LATEST = 20


class SignInListing(Listing):
    name = "signin"
    title = gettext_lazy("登录记录")
    order = "-at"
    columns = (
        Column("at", gettext_lazy("时间"), "moment", sort="at", phone=True),
        Column("account", gettext_lazy("账号"), link=lambda s: s.account.get_absolute_url() if s.account else "", sort="account__username", phone=True),
        Column("happening", gettext_lazy("事项"), "badge", lambda s: s.get_happening_display(), sort="happening", tone=lambda s: TONES.get(s.happening, "grey"), phone=True),
        Column("how", gettext_lazy("方式")),
        Column("device", gettext_lazy("设备")),
        Column("source", gettext_lazy("来源"), sort="source"),
        Column("remark", gettext_lazy("说明")),
    )  # fmt: skip
    filters = (
        Search("q", gettext_lazy("查找"), ("account__username", "account__display_name", "source")),
        Choice("happening", gettext_lazy("事项"), HAPPENINGS, facets=True),
        Choice("method", gettext_lazy("方式"), METHODS),
        Dates("on", gettext_lazy("日期"), "at", is_instant=True),
    )
    empty = gettext_lazy("还没有登录记录")
    empty_hint = gettext_lazy("有人登录或登录失败后，记在这里。")


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    rows = SignIn.objects.visible_to(request.user).select_related("account")
    return SignInListing(request, rows).respond("org/signin/list.html", {})


def _account(request: HttpRequest, pk: UUID, step: str = "view") -> Account:
    """The account when the reader may look after its signing in; absent and forbidden look the same."""
    account: Account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    reasons = [policies.about(account, one, request.user) for one in ([step] if step != "view" else STEPS)]
    if all(reasons):
        raise Http404
    return account


STEPS = ("end_sessions", "remove_factor", "issue_link")


@require_GET
def account(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where one account is signed in, by what, and how it lately went."""
    found = _account(request, pk)
    context = {
        "account": found,
        "sessions": Session.objects.live().filter(account=found).order_by("-seen_at"),
        "factors": Authenticator.objects.filter(user_id=found.pk).order_by("created_at"),
        "events": SignIn.objects.visible_to(request.user).filter(account=found).order_by("-at")[:LATEST],
        "may": {step: not policies.about(found, step, request.user) for step in STEPS},
        "sees_events": "" in request.user.scopes("org.signin.view"),  # type: ignore[union-attr]
    }
    return render(request, "org/signin/account.html", context)


@confirm_first
@require_http_methods(["GET", "POST"])
def end_all(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End everything an account is signed in with, now."""
    found = _account(request, pk, "end_sessions")
    form = Reason(request.POST or None, account=request.user, initial={"version": found.version})

    def run(reason: str, **more: Any) -> None:
        actions.end_sessions(by=request.user, account=found, reason=reason)

    title, back = _("结束全部登录"), reverse("signin:account", args=[pk])
    return form_page(request, form, run, title=title, back=back, about=found, dangerous=True)


@require_POST
def end_one(request: HttpRequest, pk: UUID, handle: UUID) -> HttpResponse:
    found = _account(request, pk, "end_sessions")
    try:
        actions.end_sessions(by=request.user, account=found, handle=handle, reason=_("管理员结束"))
    except ValidationError as error:
        messages.info(request, " ".join(error.messages))
    else:
        messages.success(request, _("已结束这一处登录。"))
    return redirect("signin:account", pk=pk)


@confirm_first
@require_http_methods(["GET", "POST"])
def remove_factors(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take away the second factors of somebody who lost them; she enrols anew when she next signs in."""
    found = _account(request, pk, "remove_factor")
    form = Reason(request.POST or None, account=request.user, initial={"version": found.version})

    def run(reason: str, **more: Any) -> None:
        with transaction.atomic():
            for factor in Authenticator.objects.filter(user_id=found.pk):
                acts_reason = acts.refusal("remove_factor", SignIn(account=found), by=request.user)
                if acts_reason:
                    raise acts.Refused(acts_reason)
                factor.delete()

    title, back = _("解除第二因素"), reverse("signin:account", args=[pk])
    return form_page(request, form, run, title=title, back=back, about=found, dangerous=True)


navigation.register(
    "system", gettext_lazy("登录记录"), "signin:list", icon="login", order=15, when=lambda a: a.can("org.signin.view")
)

urlpatterns = [
    path("", list_, name="list"),
    path("accounts/<uuid:pk>/", account, name="account"),
    path("accounts/<uuid:pk>/end-all/", end_all, name="end_all"),
    path("accounts/<uuid:pk>/sessions/<uuid:handle>/end/", end_one, name="end_one"),
    path("accounts/<uuid:pk>/remove-factors/", remove_factors, name="remove_factors"),
]
