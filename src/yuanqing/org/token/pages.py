"""接口令牌: the list, issuing one, revoking one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yuanqing.kernel.acts import insist, refusal
from yuanqing.org.account.models import Account
from yuanqing.org.token import actions, forms
from yuanqing.org.token.models import Token
from yuanqing.shell import navigation


@require_GET
def list_tokens(request: HttpRequest) -> HttpResponse:
    """One's own and those one looks after, with the day each was last used."""
    today = timezone.localdate()
    rows = (
        Token.objects.visible_to(request.user)
        .select_related("account", "use")
        .order_by("account__username", "-expires_on", "name")
    )
    account = request.GET.get("account", "")
    if account:
        rows = rows.filter(account__username=account)
    lines = [
        {
            "token": token,
            "last_on": getattr(getattr(token, "use", None), "last_on", None),
            "state": "revoked" if token.revoked_on else "expired" if token.expires_on < today else "open",
            "refused": refusal("revoke", token, by=request.user),
        }
        for token in rows
    ]
    return render(request, "org/token/list.html", {"lines": lines, "holder": request.user})


@never_cache
@require_http_methods(["GET", "POST"])
def issue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A form; then, once, the secret itself."""
    holder: Any = (
        request.user if pk == request.user.pk else get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    )
    insist("issue", Token(account=holder), by=request.user)
    form = forms.Issue(request.POST or None, holder=holder)
    if request.method == "POST" and form.is_valid():
        try:
            token, secret = actions.issue(by=request.user, account=holder, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return render(request, "org/token/issued.html", {"token": token, "secret": secret})
    status = 422 if request.method == "POST" else 200
    return render(request, "org/token/issue.html", {"form": form, "holder": holder}, status=status)


@require_POST
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    token = get_object_or_404(Token.objects.visible_to(request.user), pk=pk)
    actions.revoke(token, by=request.user)
    messages.success(request, _("“%(name)s”已撤销，从现在起不能再用。") % {"name": token.name})
    return redirect("token:list")


urlpatterns = [
    path("", list_tokens, name="list"),
    path("for/<uuid:pk>/", issue, name="issue"),
    path("<uuid:pk>/revoke/", revoke, name="revoke"),
]
navigation.register("system", gettext_lazy("接口令牌"), "token:list", icon="key", order=57)
