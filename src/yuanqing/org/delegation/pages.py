"""代理: who acts for whom, from when to when; lending one's own grants and taking them back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from yuanqing.kernel import acts
from yuanqing.org.account import queries as accounts
from yuanqing.org.delegation import actions, forms, queries
from yuanqing.org.delegation.lifecycle import LIFECYCLE
from yuanqing.org.delegation.models import Delegation
from yuanqing.org.unit.pages import form_page
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Dates, Search
from yuanqing.shell.listing import Column, Listing

TONES = {"in_force": "green", "revoked": "grey", "ended": "grey"}


class DelegationListing(Listing):
    """Both sides of one's own, and those one looks after."""

    name = "delegation"
    title = gettext_lazy("代理")
    order = "-starts_on"
    filters = (
        Search("q", gettext_lazy("账号"), ("grant__account__display_name", "delegate__display_name")),
        Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
        Dates("on", gettext_lazy("起始日期"), "starts_on"),
    )
    empty = gettext_lazy("没有代理")
    empty_hint = gettext_lazy("休假、出差前，可以把自己的一部分授权委托给别人代理，到期自动结束。")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        cards = accounts.role_cards()
        self.columns = (
            Column("who", gettext_lazy("委托人"), value=lambda d: str(d.grant.account), phone=True),
            Column("delegate", gettext_lazy("代理人"), value=lambda d: str(d.delegate), phone=True),
            Column(
                "role", gettext_lazy("角色"),
                value=lambda d: cards[d.grant.role].label if d.grant.role in cards else d.grant.role,
            ),
            Column("where", gettext_lazy("范围"), value=lambda d: accounts.where(d.grant)),
            Column("starts_on", gettext_lazy("从"), "day", sort="starts_on"),
            Column("ends_on", gettext_lazy("到"), "day", sort="ends_on", phone=True),
            Column("reason", gettext_lazy("理由")),
            Column(
                "state", gettext_lazy("状态"), "badge", lambda d: d.get_state_display(), tone=lambda d: TONES[d.state]
            ),
            Column(
                "act", gettext_lazy("办理"), value=lambda d: self._open(d) and _("收回"),
                link=lambda d: self._open(d) and reverse("delegation:revoke", args=[d.pk]),
                phone=True,
            ),
        )  # fmt: skip
        super().__init__(request, rows)

    def _open(self, one: Delegation) -> str:
        """Something where the reader may end it now, else ""."""
        return "" if acts.refusal("revoke", one, by=self.request.user) else "revoke"


def _visible(request: HttpRequest) -> Any:
    rows = Delegation.objects.visible_to(request.user)
    return rows.select_related("grant__account", "grant__unit", "delegate")


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    context = {"may_lend": bool(queries.lendable(request.user))}
    return DelegationListing(request, _visible(request)).respond("org/delegation/list.html", context)


@require_http_methods(["GET", "POST"])
def delegate(request: HttpRequest) -> HttpResponse:
    form = forms.Delegate(request.POST or None, account=request.user)
    back = reverse("delegation:list")
    if not form.lendable:
        raise acts.Refused(_("您现在没有可以委托代理的授权。三员的授权和别人委托给您的授权不能委托。"))
    note = _(
        "代理期间对方可以用您的这些授权办理，所办的每一件事都写明“代”您办理；您回避的事项，对方也不能办。不能再转托。"
    )

    def run(**values: Any) -> Any:
        actions.delegate_all(by=request.user, **values)
        return None

    return form_page(request, form, run, title=_("委托代理"), back=back, note=note)


@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    one = get_object_or_404(_visible(request), pk=pk)
    acts.insist("revoke", one, by=request.user)
    form = forms.Reason(request.POST or None, account=request.user, initial={"version": one.version})

    def run(**values: Any) -> Any:
        return actions.revoke(one, by=request.user, expected_version=form.cleaned_data["version"], **values)

    back = reverse("delegation:list")
    return form_page(request, form, run, title=_("收回代理"), back=back, about=str(one), dangerous=True)


navigation.register("desk", gettext_lazy("代理"), "delegation:list", icon="users", order=60)

urlpatterns = [
    path("", list_, name="list"),
    path("new/", delegate, name="delegate"),
    path("<uuid:pk>/revoke/", revoke, name="revoke"),
]
