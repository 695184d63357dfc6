"""The roles in force, and what an account may see and do, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.kernel.acts import registry
from yuanqing.kernel.packs.published import NotInForce, current
from yuanqing.kernel.packs.schema import Pack
from yuanqing.org.account import rules
from yuanqing.org.account.models import Account, Grant
from yuanqing.org.unit.queries import plain

SEES = gettext_lazy("查看")


def follow_published_roles() -> None:
    """Install the published roles in force today when they differ from those installed last."""
    try:
        pack = current("roles")
    except NotInForce:
        return
    if rules.installed() != pack.cite:
        install_roles(pack)


def install_roles(pack: Pack) -> None:
    """Make the roles of this pack the table in force."""
    roles: Sequence[Any] = pack.of_kind("role")
    rules.install({r.code: r.capabilities for r in roles}, {r.code: r.incompatible for r in roles}, cite=pack.cite)


@dataclass(frozen=True)
class RoleCard:
    """A role as the reader knows it."""

    code: str
    label: str
    text: str = ""


def role_cards() -> dict[str, RoleCard]:
    """Every role in force by code, in the order of the pack."""
    rules.refresh()
    try:
        entries = {e.code: e for e in current("roles").of_kind("role")}
    except NotInForce:
        entries = {}
    codes = rules.known_roles()
    return {c: RoleCard(c, entries[c].label, entries[c].text) if c in entries else RoleCard(c, c) for c in codes}


@dataclass(frozen=True)
class Ability:
    """One line of “what this account may see and do”: a noun, the steps in words, and where."""

    noun: str
    sees: bool
    steps: list[str]
    where: list[str]


NOUNS = {
    "org.unit": gettext_lazy("单位"),
    "org.person": gettext_lazy("人员"),
    "org.post": gettext_lazy("岗位、任职、干部管理权限"),
    "org.account": gettext_lazy("账号和授权"),
    "norms.clause": gettext_lazy("规则库"),
    "norms.period": gettext_lazy("月度和报送时限"),
    "norms.obligation": gettext_lazy("应履行事项"),
    "education.notice": gettext_lazy("告知"),
    "discipline.violation": gettext_lazy("违规问题"),
    "discipline.correction": gettext_lazy("更正"),
    "discipline.monthly_return": gettext_lazy("月报"),
    "discipline.review": gettext_lazy("月度考评"),
    "discipline.bulletin": gettext_lazy("通报"),
    "cases.petition": gettext_lazy("信访举报"),
    "hotline.report": gettext_lazy("网络举报"),
    "kernel.sealing": gettext_lazy("案卷钥匙"),
    "kernel.ledger": gettext_lazy("台账和核验"),
    "shell.file": gettext_lazy("附件"),
    "kernel.job": gettext_lazy("后台任务"),
    "kernel.settings": gettext_lazy("系统设置"),
    "kernel.packs": gettext_lazy("规则包"),
}


def abilities(grants: Any, day: date | None = None) -> list[Ability]:
    """What grants in force on a day (today) allow, noun by noun; computed from the roles and the acts there are."""
    rules.refresh()
    held = [(g.role, g.unit.name if g.unit else _("全部单位")) for g in grants.on(day or timezone.localdate())]
    labels: dict[str, dict[str, str]] = {noun: {} for noun in NOUNS}
    for act in registry.values():
        noun, _dot, step = act.name.rpartition(".")
        labels.setdefault(noun, {})[step] = str(act.label)
    found = [_ability(noun, steps, held) for noun, steps in labels.items()]
    return [a for a in found if a.sees or a.steps]


def _ability(noun: str, steps: dict[str, str], held: list[tuple[str, str]]) -> Ability:
    named = {**steps, "view": str(SEES)}
    allowed = {step: [where for role, where in held if rules.allows(role, f"{noun}.{step}")] for step in named}
    names = sorted({steps[step] for step in steps if allowed[step]})
    where = dict.fromkeys(place for places in allowed.values() for place in places)
    return Ability(str(NOUNS.get(noun, noun)), bool(allowed["view"]), names, list(where))


def clash(account: Account, role: str, starts_on: date, ends_on: date | None) -> Grant | None:
    """A grant of the account, at the same time, of a role that nobody may hold together with this one."""
    overlapping = account.grants.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
    if ends_on is not None:
        overlapping = overlapping.filter(starts_on__lte=ends_on)
    return next((g for g in overlapping if rules.are_incompatible(g.role, role)), None)


def matching(accounts: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Accounts whose name contains every word."""
    for word in plain(text).split()[:8]:
        accounts = accounts.filter(Q(username__icontains=word) | Q(display_name__icontains=word))
    return accounts
