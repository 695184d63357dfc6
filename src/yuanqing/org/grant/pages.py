"""授权: every grant, who proposed and who confirmed it, and the confirming itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from yuanqing.kernel import typed
from yuanqing.org.account import actions
from yuanqing.org.account import queries as accounts
from yuanqing.org.account.lifecycle import GRANT_LIFECYCLE
from yuanqing.org.account.models import Grant
from yuanqing.org.grant import queries
from yuanqing.org.grant.queries import STANDINGS, TONES
from yuanqing.org.unit.pages import events, within_reach
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, InUnit, Search
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record import buttons, state_line
from yuanqing.shell.worklist.sources import Waiting, waiting_source

RELATED = ("unit", "account__person", "proposed_by", "confirmed_by")


class GrantListing(Listing):
    """All grants within reach, those that wait first to be seen."""

    name = "grant"
    title = gettext_lazy("授权清单")
    order = "-starts_on"
    empty = gettext_lazy("还没有授权")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        cards = accounts.role_cards()
        self.columns = (
            Column(
                "account", gettext_lazy("账号"), value=lambda g: str(g.account), link=lambda g: g.get_absolute_url(),
                sort="account__display_name", phone=True,
            ),
            Column(
                "role", gettext_lazy("角色"), value=lambda g: queries.role_name(g, cards), sort="role", phone=True
            ),
            Column("where", gettext_lazy("范围"), value=accounts.where, sort="unit__path", phone=True),
            Column("starts_on", gettext_lazy("从"), "day", sort="starts_on"),
            Column("ends_on", gettext_lazy("到"), "day", sort="ends_on"),
            Column("reason", gettext_lazy("授权理由"), optional=True),
            Column("proposed_by", gettext_lazy("提出人"), value=lambda g: str(g.proposed_by or "")),
            Column("second", gettext_lazy("复核"), value=queries.second),
            Column(
                "standing", gettext_lazy("状态"), "badge", lambda g: STANDINGS[g.standing],
                tone=lambda g: TONES[g.standing], phone=True,
            ),
        )  # fmt: skip
        self.filters = (
            Search("q", gettext_lazy("账号"), ("account__display_name", "account__username")),
            Choice("role", gettext_lazy("角色"), [(code, card.label) for code, card in cards.items()]),
            InUnit("unit", gettext_lazy("单位及下级"), "unit__path", within_reach(request.user)),
            Choice("standing", gettext_lazy("状态"), list(STANDINGS.items())),
        )
        self.views = tuple(
            View(STANDINGS[name], f"standing={name}", Q(standing=name)) for name in ("proposed", "now", "past")
        )
        super().__init__(request, rows)


def _visible(request: HttpRequest) -> Any:
    return queries.with_standing(Grant.objects.visible_to(request.user)).select_related(*RELATED)


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    return GrantListing(request, _visible(request)).respond("org/grant/list.html")


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One grant: how far, for what, until when, and the two who stand for it."""
    grant = get_object_or_404(_visible(request), pk=pk)
    asks: dict[str, Any] = {"decline_grant": _("为什么不同意"), "withdraw_grant": _("为什么撤回")}
    shown = buttons(grant, by=request.user, url=lambda step: _address(step, grant), asks=asks)
    waits = grant.state == "proposed"
    chosen = ("confirm_grant", "decline_grant", "withdraw_grant") if waits else ("end_grant",)
    context = {
        "grant": grant,
        "role": queries.role_name(grant, accounts.role_cards()),
        "where": accounts.where(grant),
        "second": queries.second(grant),
        "standing": STANDINGS[grant.standing],
        "tone": TONES[grant.standing],
        "stages": state_line(GRANT_LIFECYCLE, grant.state),
        "buttons": [b for b in shown if b.step in chosen and not (b.step == "withdraw_grant" and b.reason)],
        "events": events(grant),
    }
    return render(request, "org/grant/detail.html", context)


def _address(step: str, grant: Grant) -> str:
    """Where a step is taken; "" for those that take themselves."""
    if step == "end_grant":
        return reverse("account:end_grant", args=[grant.pk])
    return reverse(f"grant:{step}", args=[grant.pk]) if step.endswith("_grant") else ""


def _take(step: str, done: Any) -> Callable[..., HttpResponse]:
    """A page that takes one step and shows the grant again."""

    @require_POST
    def take(request: HttpRequest, pk: UUID) -> HttpResponse:
        grant = get_object_or_404(Grant.objects.visible_to(request.user), pk=pk)
        note = request.POST.get("note", "").strip()
        words = {} if step == "confirm_grant" else {"reason": note[:200] or _("未写明")}
        expected = typed.whole(request.POST.get("version"))
        getattr(actions, step)(grant, by=request.user, expected_version=expected, **words)
        messages.success(request, str(done))
        return redirect(grant)

    take.__name__ = step
    return take


@waiting_source
def to_confirm(account: Any) -> list[Waiting]:
    """Grants that wait for a second administrator."""
    if not account.can("org.account.confirm_grant"):
        return []
    count = len(queries.to_confirm(account))
    if not count:
        return []
    title = _("%(count)d 项授权等您复核") % {"count": count}
    return [Waiting(title, reverse("grant:list") + "?standing=proposed", _("去复核"), count=count)]


navigation.register(
    "system",
    gettext_lazy("授权清单"),
    "grant:list",
    icon="key",
    order=11,
    when=lambda a: a.can("org.account.view"),
)

urlpatterns = [
    path("", list_, name="list"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/confirm/", _take("confirm_grant", gettext_lazy("已复核，授权生效。")), name="confirm_grant"),
    path("<uuid:pk>/decline/", _take("decline_grant", gettext_lazy("已退回，授权没有生效。")), name="decline_grant"),
    path("<uuid:pk>/withdraw/", _take("withdraw_grant", gettext_lazy("已撤回。")), name="withdraw_grant"),
]
