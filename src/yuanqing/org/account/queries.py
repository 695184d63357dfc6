"""The roles in force, and what an account may see and do, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.kernel.acts import registry
from yuanqing.kernel.database.scope import NOBODY, Reached, Scope
from yuanqing.kernel.packs.published import NotInForce, current
from yuanqing.kernel.packs.schema import Pack
from yuanqing.kernel.secrecy import walled
from yuanqing.org.account import rules
from yuanqing.org.account.models import Account, Grant
from yuanqing.org.scope.rules import line
from yuanqing.org.unit.models import Unit
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
    rules.install(
        {r.code: r.capabilities for r in roles},
        {r.code: r.incompatible for r in roles},
        purposes={p.code: p.capabilities for p in pack.of_kind("purpose")},
        administrators=[r.code for r in roles if r.administrator],
        cite=pack.cite,
    )


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


def scope_of(account: Any) -> Scope:
    """What the account reaches of every noun that stands behind a wall of the database."""
    if not account.is_authenticated:
        return NOBODY
    reach = ((capability, _reached(account.scopes(capability))) for capability in walled())
    denied = getattr(account, "denied", None)
    persons = {account.person_id, *(denied.persons if denied else ())} - {None}
    return Scope(
        account_id=account.pk,
        persons=tuple(sorted(persons)),
        reach=tuple((capability, places) for capability, places in reach if places),
        denied_paths=tuple(sorted(denied.paths)) if denied else (),
        denied_ids=tuple(sorted(pk for ids in denied.records.values() for pk in ids)) if denied else (),
    )


def _reached(scope: Any) -> tuple[Reached, ...]:
    """Paths, and how many slashes a path within may have where the right ends after some levels."""
    reaches = getattr(scope, "reaches", None)
    if reaches is None:
        return tuple((prefix, None) for prefix in scope)
    return tuple((r.path, None if r.depth is None else r.path.count("/") + r.depth) for r in reaches)


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
    "org.access": gettext_lazy("谁能看到"),
    "org.delegation": gettext_lazy("代理"),
    "org.recusal": gettext_lazy("回避"),
    "org.token": gettext_lazy("接口令牌"),
    "org.signin": gettext_lazy("登录"),
    "norms.clause": gettext_lazy("规则库"),
    "norms.period": gettext_lazy("月度和报送时限"),
    "norms.obligation": gettext_lazy("应履行事项"),
    "education.notice": gettext_lazy("告知"),
    "education.campaign": gettext_lazy("教育计划"),
    "education.activity": gettext_lazy("教育活动"),
    "education.session": gettext_lazy("场次"),
    "education.examination": gettext_lazy("五个突出问题自查"),
    "education.lesson": gettext_lazy("课程"),
    "education.courseware": gettext_lazy("课件"),
    "education.question": gettext_lazy("题库"),
    "education.quiz": gettext_lazy("测验"),
    "education.certificate": gettext_lazy("合格证书"),
    "education.column": gettext_lazy("廉政栏目"),
    "education.induction": gettext_lazy("任前教育"),
    "education.writing": gettext_lazy("总结报告和感受体会"),
    "discipline.violation": gettext_lazy("违规问题"),
    "discipline.correction": gettext_lazy("更正"),
    "discipline.monthly_return": gettext_lazy("月报"),
    "discipline.review": gettext_lazy("月度考评"),
    "discipline.bulletin": gettext_lazy("通报"),
    "cases.partner": gettext_lazy("往来机关"),
    "cases.pause": gettext_lazy("期限暂停"),
    "cases.petition": gettext_lazy("信访举报"),
    "cases.term": gettext_lazy("限期事项"),
    "cases.transfer": gettext_lazy("材料往来"),
    "cases.lead": gettext_lazy("问题线索"),
    "cases.disposal": gettext_lazy("处置审批"),
    "cases.inquiry": gettext_lazy("谈话函询"),
    "cases.verification": gettext_lazy("初步核实"),
    "cases.rereading": gettext_lazy("盲评"),
    "cases.case": gettext_lazy("立案审查"),
    "cases.sitting": gettext_lazy("集体审议"),
    "cases.sanction": gettext_lazy("处分"),
    "cases.redress": gettext_lazy("以案促改"),
    "cases.appeal": gettext_lazy("申诉复查"),
    "cases.revisit": gettext_lazy("回访"),
    "cases.mending": gettext_lazy("限期改正"),
    "cases.clearing": gettext_lazy("澄清正名"),
    "cases.slander": gettext_lazy("诬告陷害认定"),
    "cases.opinion": gettext_lazy("廉政意见"),
    "cases.destruction": gettext_lazy("内容销毁"),
    "hotline.report": gettext_lazy("网络举报"),
    "kernel.sealing": gettext_lazy("案卷钥匙"),
    "shell.reading": gettext_lazy("查阅留痕"),
    "kernel.ledger": gettext_lazy("台账和核验"),
    "shell.file": gettext_lazy("附件"),
    "kernel.job": gettext_lazy("后台任务"),
    "kernel.settings": gettext_lazy("系统设置"),
    "kernel.packs": gettext_lazy("规则包"),
}


def abilities(grants: Any, day: date | None = None) -> list[Ability]:
    """What grants in force on a day (today) allow, noun by noun; computed from the roles and the acts there are."""
    return _abilities([(g.role, g.purpose, where(g)) for g in grants.on(day or timezone.localdate())])


def role_abilities(code: str) -> list[Ability]:
    """What a role allows wherever it is granted."""
    return _abilities([(code, "", "")])


def _abilities(held: list[tuple[str, str, str]]) -> list[Ability]:
    rules.refresh()
    labels: dict[str, dict[str, str]] = {noun: {} for noun in NOUNS}
    for act in registry.values():
        noun, _dot, step = act.name.rpartition(".")
        labels.setdefault(noun, {})[step] = str(act.label)
    found = [_ability(noun, steps, held) for noun, steps in labels.items()]
    return [a for a in found if a.sees or a.steps]


def _ability(noun: str, steps: dict[str, str], held: list[tuple[str, str, str]]) -> Ability:
    named = {**steps, "view": str(SEES)}
    allowed = {
        step: [place for role, purpose, place in held if rules.allows(role, f"{noun}.{step}", purpose)]
        for step in named
    }
    names = sorted({steps[step] for step in steps if allowed[step]})
    places = dict.fromkeys(place for places in allowed.values() for place in places)
    return Ability(str(NOUNS.get(noun, noun)), bool(allowed["view"]), names, list(places))


def where(grant: Grant) -> str:
    """How far a grant reaches, in words."""
    if grant.unit is None:
        return _("全部单位")
    if grant.depth is None:
        return _("%(unit)s及全部下级") % {"unit": grant.unit.name}
    if grant.depth == 0:
        return _("仅%(unit)s本级") % {"unit": grant.unit.name}
    return _("%(unit)s及以下 %(depth)d 级") % {"unit": grant.unit.name, "depth": grant.depth}


def clash(account: Account, role: str, starts_on: date, ends_on: date | None, but: Any = None) -> str | None:
    """A role that the account holds or acts in at that time, and that nobody may hold together with this one."""
    begins_later = Q() if ends_on is None else Q(starts_on__lte=ends_on)
    granted = account.grants.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on), begins_later)
    lent = account.delegations.filter(begins_later, ends_on__gte=starts_on, state="in_force")
    held = granted.exclude(state="declined").exclude(pk=but).values_list("role", flat=True)
    roles = [*held, *lent.values_list("grant__role", flat=True)]
    return next((other for other in roles if rules.are_incompatible(other, role)), None)


def purpose_cards() -> dict[str, RoleCard]:
    """What a grant may be narrowed to, by code; empty while the pack in force names none."""
    rules.refresh()
    entries = {e.code: e for e in _entries("purpose")}
    codes = rules.known_purposes()
    return {c: RoleCard(c, entries[c].label, entries[c].text) if c in entries else RoleCard(c, c) for c in codes}


def _entries(kind: str) -> Sequence[Any]:
    try:
        return current("roles").of_kind(kind)
    except NotInForce:
        return ()


def switch(code: str) -> Any:
    """The switch of the roles pack in force; None where it has none, which is off."""
    return next((e for e in _entries("switch") if e.code == code), None)


def parameter(code: str, otherwise: int) -> int:
    """A number of the roles pack in force."""
    return next((int(e.value) for e in _entries("parameter") if e.code == code), otherwise)


def waiver(by: Any) -> str:
    """The pack edition that waives a second administrator for what this one grants; "" when one must confirm.

    It is waived only where the pack says so and nobody else could confirm.
    """
    entry = switch("single_administrator")
    if by.pk is None or entry is None or not entry.value or confirmers().exclude(pk=by.pk).exists():
        return ""
    return current("roles").cite


def expiring(today: date) -> Any:
    """Grants in force that end within the days that the roles pack names."""
    last = today + timedelta(days=parameter("expiry_reminder", 14))
    return Grant.objects.on(today).filter(ends_on__range=(today, last)).select_related("unit")


def confirmation_note(by: Any) -> str:
    """What follows after a grant is given: who must confirm it, or why nobody must."""
    cite = waiver(by)
    if cite:
        return _("按 %(cite)s 的规定，只有一个安全管理员时免于复核：提交后立即生效，并标明“免于复核”。") % {
            "cite": cite
        }
    if confirmers().exclude(pk=by.pk).exists():
        return _("提交后由另一位安全管理员复核，复核通过才生效。")
    return _("提交后须由另一位安全管理员复核，现在还没有第二位：请系统管理员开设账号，由操作员在服务器上授予。")


def allowing(
    capabilities: Sequence[str], unit: Unit | None = None, *, beside: str = "account__person__unit"
) -> list[Grant]:
    """Grants in force today of active accounts that allow one of these for the unit (or anywhere), by account; one statement.

    What somebody may do because he stands in for another is not among them: it is lent, and not his own. `beside` is what
    is read with each grant.
    """
    rules.refresh()
    roles = [role for role in rules.known_roles() if any(rules.allows(role, one) for one in capabilities)]
    rows = Grant.objects.on(timezone.localdate()).filter(account__is_active=True, role__in=roles)
    if unit is not None:
        rows = rows.filter(Q(unit=None) | Q(unit__path__in=list(line(unit.path))))
    rows = rows.select_related(beside, "unit").order_by("account__display_name", "account", "role")
    return [grant for grant in rows if grant.allows(capabilities, unit)]


def confirmers() -> Any:
    """Accounts that may confirm grants today."""
    rules.refresh()
    roles = [role for role in rules.known_roles() if rules.allows(role, "org.account.confirm_grant")]
    held = Grant.objects.on(timezone.localdate()).filter(role__in=roles).values("account")
    return Account.objects.filter(is_active=True, pk__in=held)


def matching(accounts: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Accounts whose name contains every word."""
    for word in plain(text).split()[:8]:
        accounts = accounts.filter(Q(username__icontains=word) | Q(display_name__icontains=word))
    return accounts
