"""谁能看到: everybody who may see a record, and why; what an account may do, and why not; who holds a role."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_GET

from yuanqing.kernel.acts import Refused
from yuanqing.org.access import forms, queries
from yuanqing.org.account import queries as accounts
from yuanqing.org.account import rules
from yuanqing.org.account.models import Account, Grant
from yuanqing.org.account.policies import lacking


@require_GET
def record(request: HttpRequest, model: str, pk: UUID) -> HttpResponse:
    """Who may see this record; its own words only for those who may see it themselves."""
    one = queries.readership(model, pk, by=request.user)
    found = one.record
    whose = [r.account.pk for r in one.readers]
    context = {
        "opened": set(Account.objects.visible_to(request.user).filter(pk__in=whose).values_list("pk", flat=True)),
        "kind": found._meta.verbose_name,
        "unit": one.unit,
        "name": str(found) if one.is_open else "",
        "address": found.get_absolute_url() if one.is_open and hasattr(found, "get_absolute_url") else "",
        "seeing": [r for r in one.readers if r.sees],
        "barred": [r for r in one.readers if not r.sees],
        "most": queries.MOST,
        "is_cut": one.is_cut,
    }
    return render(request, "org/access/record.html", context)


@require_GET
def account(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the account may see and do today, by which grant; and the answer to one question."""
    one = get_object_or_404(Account.objects.visible_to(request.user).select_related("person__unit"), pk=pk)
    if one.pk != request.user.pk and (reason := lacking(request.user, "org.access.view")):
        raise Refused(reason)
    asked = "capability" in request.GET
    form = forms.Check(request.GET if asked else None, account=request.user)
    answer = None
    if asked and form.is_valid():
        answer = queries.explain(one, form.cleaned_data["capability"], form.cleaned_data["unit"])
    context = {
        "account": one,
        "form": form,
        "answer": answer,
        "held": [(g, queries.reason(g, lender), lender) for a, g, lender in _held_by(one)],
        "abilities": accounts.abilities(one.grants.select_related("unit")),
        "recusals": one.recusals.filter(state__in=("declared", "in_force")).select_related("person", "unit"),
    }
    return render(request, "org/access/account.html", context, status=422 if asked and form.errors else 200)


def _held_by(one: Account) -> list[Any]:
    today = timezone.localdate()
    own = [(one, g, None) for g in Grant.objects.on(today).filter(account=one).select_related("unit")]
    lent = one.delegations.filter(state="in_force", starts_on__lte=today, ends_on__gte=today)
    return own + [(one, d.grant, d.grant.account) for d in lent.select_related("grant__unit", "grant__account")]


@require_GET
def role(request: HttpRequest, code: str) -> HttpResponse:
    """Who holds a role today, how far, and what it allows."""
    card = accounts.role_cards().get(code)
    if card is None:
        raise Http404
    if reason := lacking(request.user, "org.access.view"):
        raise Refused(reason)
    rows = Grant.objects.visible_to(request.user).on(timezone.localdate()).filter(role=code)
    rows = rows.select_related("account", "unit").order_by("unit__path", "account__display_name")
    context = {
        "card": card,
        "abilities": accounts.role_abilities(code),
        "patterns": rules.patterns_of(code),
        "count": rows.count(),
        "holders": [(g, accounts.where(g)) for g in rows[: queries.MOST]],
    }
    return render(request, "org/access/role.html", context)


urlpatterns = [
    path("record/<str:model>/<uuid:pk>/", record, name="record"),
    path("account/<uuid:pk>/", account, name="account"),
    path("role/<str:code>/", role, name="role"),
]
