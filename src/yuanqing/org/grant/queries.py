"""Grants in words, and those that wait for this account."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, CharField, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.acts import refusal
from yuanqing.org.account import queries as accounts
from yuanqing.org.account.models import Grant

STANDINGS = {
    "proposed": _("待复核"),
    "future": _("未开始"),
    "now": _("有效"),
    "past": _("已终止"),
    "declined": _("未通过"),
}
TONES = {"proposed": "amber", "future": "amber", "now": "green", "past": "grey", "declined": "red"}


def with_standing(rows: Any, day: date | None = None) -> Any:
    """Grants with `standing`: whether they count today, will, did, wait or were declined."""
    on = day or timezone.localdate()
    return rows.annotate(
        standing=Case(
            When(state__in=["proposed", "declined"], then="state"),
            When(starts_on__gt=on, then=Value("future")),
            When(ends_on__lt=on, then=Value("past")),
            default=Value("now"),
            output_field=CharField(),
        )
    )


def to_confirm(account: Any) -> list[Grant]:
    """Proposed grants that this account may confirm."""
    rows = Grant.objects.visible_to(account).filter(state="proposed").exclude(proposed_by=account.pk)
    rows = rows.select_related("unit", "account__person", "proposed_by").order_by("starts_on")
    return [grant for grant in rows[:200] if not refusal("confirm_grant", grant, by=account)]


def role_name(grant: Grant, cards: dict[str, accounts.RoleCard]) -> str:
    """The role, with the purpose it is narrowed to."""
    card = cards.get(grant.role)
    name = card.label if card else grant.role
    if not grant.purpose:
        return name
    purpose = accounts.purpose_cards().get(grant.purpose)
    return f"{name}（{purpose.label if purpose else grant.purpose}）"


def second(grant: Grant) -> str:
    """Who confirmed it, or why nobody had to."""
    if grant.confirmed_by is not None:
        return str(grant.confirmed_by)
    if grant.waiver == "operator" or (grant.proposed_by_id is None and grant.state not in ("proposed", "declined")):
        return str(_("由操作员在服务器上授予，不需复核"))
    if grant.waiver:
        return str(_("免于复核（依据 %(cite)s）") % {"cite": grant.waiver})
    return ""
