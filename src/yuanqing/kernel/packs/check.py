"""What the schema of one pack cannot see: references between packs, and sums and tables that must be whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from django.utils.translation import gettext as _

from yuanqing.kernel.packs.phrases import places
from yuanqing.kernel.packs.problems import Problem
from yuanqing.kernel.packs.relation import Relation
from yuanqing.kernel.packs.routing import routing_is_total
from yuanqing.kernel.packs.schema import Pack

Packs = Mapping[str, Pack]


def check(packs: Packs) -> list[Problem]:
    """Everything wrong with these packs taken together, by file; empty when they may be used."""
    return sorted(problem for pack in packs.values() for problem in _check(pack, packs))


def _check(pack: Pack, packs: Packs) -> Iterator[Problem]:
    yield from _references(pack, packs)
    yield from MEANINGS.get(pack.kind, _nothing)(pack)


def _references(pack: Pack, packs: Packs) -> Iterator[Problem]:
    for entry in pack.entries:
        for field, reference in entry.references():
            name, _dot, code = reference.partition(".")
            target = packs.get(name)
            if target is None:
                yield _problem(pack, entry.code, field, _("没有规则包“%(name)s”") % {"name": name})
            elif not _resolves(target, code, field):
                message = _("规则包“%(name)s”中没有“%(code)s”") % {"name": name, "code": code}
                yield _problem(pack, entry.code, field, message)


def _resolves(target: Pack, code: str, field: str) -> bool:
    if field == "basis":
        return code in target.by_code
    return bool(target.of_kind("clause")) if code == "clauses" else bool(target.table(code))


def _weights(pack: Pack) -> Iterator[Problem]:
    total = sum(entry.points for entry in pack.of_kind("weight"))
    if total != 10_000:
        yield _problem(pack, "", "points", _("各项分值合计应为 10000（百分之百），现为 %(total)s") % {"total": total})
    items = {entry.code for entry in pack.of_kind("weight")}
    for entry in pack.of_kind("parameter"):
        if entry.item is not None and entry.item not in items:
            yield _problem(pack, entry.code, "item", _("没有考评项“%(code)s”") % {"code": entry.item})
    bands = [entry.at_least for entry in pack.of_kind("band")]
    if bands and (bands != sorted(set(bands), reverse=True) or bands[-1] != 0):
        yield _problem(pack, "", "at_least", _("等次应从高到低排列，最后一等从 0 起"))


def _calendar(pack: Pack) -> Iterator[Problem]:
    for day in pack.of_kind("day"):
        if day.is_workday and day.on.isoweekday() <= 5:
            yield _problem(pack, day.code, "is_workday", _("平日本来就上班，调休上班只能是周末"))
    years = sorted({day.on.year for day in pack.of_kind("day")})
    if years and years != list(range(years[0], years[-1] + 1)):
        yield _problem(pack, "", "on", _("年份不连续"))


def _form(pack: Pack) -> Iterator[Problem]:
    sections = {entry.code for entry in pack.of_kind("section")}
    items = {entry.code: entry for entry in pack.of_kind("item")}
    for entry in items.values():
        if entry.section not in sections:
            yield _problem(pack, entry.code, "section", _("没有报表部分“%(code)s”") % {"code": entry.section})
        if (entry.value == "choice") != (entry.choices is not None):
            yield _problem(pack, entry.code, "choices", _("选择项应写明选项表，其他项不写"))
        elif entry.choices is not None and not pack.table(entry.choices):
            yield _problem(pack, entry.code, "choices", _("没有选项表“%(name)s”") % {"name": entry.choices})
        if entry.when:
            yield from _relation(pack, entry.code, "when", entry.when, set(items))
    for entry in pack.of_kind("check"):
        for field in ("when", "rule"):
            text = getattr(entry, field)
            if text:
                yield from _relation(pack, entry.code, field, text, set(items))


def _relation(pack: Pack, code: str, field: str, text: str, known: set[str]) -> Iterator[Problem]:
    try:
        unknown = Relation.parse(text).names - known
    except ValueError as error:
        yield _problem(pack, code, field, str(error))
    else:
        for name in sorted(unknown):
            yield _problem(pack, code, field, _("没有填报项“%(name)s”") % {"name": name})


def _routing(pack: Pack) -> Iterator[Problem]:
    yield from routing_is_total(pack)
    known = {entry.code for entry in pack.table("route")}
    for entry in pack.of_kind("route"):
        if entry.to not in known:
            yield _problem(pack, entry.code, "to", _("没有去向“%(code)s”") % {"code": entry.to})


def _template(pack: Pack) -> Iterator[Problem]:
    for entry in pack.entries:
        used, declared = places(entry.text), set(entry.placeholders)
        if used != declared and (entry.kind == "phrase" or used - declared):
            message = _("文中的占位 %(used)s 与所列的 %(declared)s 不一致")
            names = {"used": "、".join(sorted(used)), "declared": "、".join(sorted(declared))}
            yield _problem(pack, entry.code, "placeholders", message % names)


def _roles(pack: Pack) -> Iterator[Problem]:
    """Incompatibility is said on both sides; the three administrators exclude one another and read no business."""
    roles = {role.code: role for role in pack.of_kind("role")}
    yield from _administrators(pack)
    for role in roles.values():
        for other in role.incompatible:
            if other not in roles:
                yield _problem(pack, role.code, "incompatible", _("没有角色“%(code)s”") % {"code": other})
            elif role.code not in roles[other].incompatible:
                yield _problem(pack, role.code, "incompatible", _("“%(code)s”没有同样声明不相容") % {"code": other})


ADMINISTERED = ("kernel", "org", "norms", "shell")  # what the three administrators look after; the rest is business


def _administrators(pack: Pack) -> Iterator[Problem]:
    chosen = [role for role in pack.of_kind("role") if role.administrator]
    for role in chosen:
        for other in chosen:
            if other.administrator != role.administrator and other.code not in role.incompatible:
                message = _("三员分立：“%(one)s”与“%(other)s”应互不相容") % {"one": role.code, "other": other.code}
                yield _problem(pack, role.code, "incompatible", message)
        for pattern in role.capabilities:
            if pattern.partition(".")[0] not in ADMINISTERED:
                message = _("三员不接触业务内容，不能有权限“%(pattern)s”") % {"pattern": pattern}
                yield _problem(pack, role.code, "capabilities", message)
            elif role.administrator == "audit" and pattern.rpartition(".")[2] != "view":
                message = _("审计管理员只能查看，不能有权限“%(pattern)s”") % {"pattern": pattern}
                yield _problem(pack, role.code, "capabilities", message)


def _nothing(pack: Pack) -> Iterator[Problem]:
    yield from ()


def _problem(pack: Pack, entry: str, field: str, message: str) -> Problem:
    return Problem(f"{pack.name}.yaml", entry, field, message)


MEANINGS: dict[str, Callable[[Pack], Iterator[Problem]]] = {
    "weights": _weights,
    "calendar": _calendar,
    "form": _form,
    "routing": _routing,
    "template": _template,
    "roles": _roles,
}
