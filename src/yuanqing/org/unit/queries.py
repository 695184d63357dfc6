"""The tree on any day, and what a list of units would change in it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Lower, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.packs.published import NotInForce, current
from yuanqing.kernel.packs.schema import Pack
from yuanqing.org.scope.rules import as_scope
from yuanqing.org.unit.models import Placement, Unit
from yuanqing.org.unit.rules import Fault, Node, Plan, plan

SENTENCES = {
    "repeated": _("单位代码“%(code)s”与第 %(row)s 行重复，同一单位只保留一行。"),
    "nameless": _("没有单位名称。"),
    "began_otherwise": _("系统里这个单位的设立日期是 %(day)s，导入不能改动；请填这一天，或留空。"),
    "ended": _("单位“%(code)s”已于 %(day)s 撤销，不能再导入。"),
    "own_parent": _("单位不能是自己的上级。"),
    "no_parent": _("上级单位代码“%(code)s”不存在：文件里和系统里都没有。请改正代码，或在文件里补上这个单位。"),
    "parent_ended": _("上级单位“%(code)s”已于 %(day)s 撤销。"),
    "cycle": _("这个单位的上级又在它自己之下，形成了循环。请改正上级单位代码。"),
    "future": _("%(day)s 还没有到：日期不能晚于今天。"),
    "changed_later": _("单位“%(code)s”在 %(day)s 已有变动，生效日期不能早于这一天。"),
    "below_changed_later": _("下级单位“%(code)s”在 %(day)s 已有变动，生效日期不能早于这一天。"),
    "parent_later": _("上级单位“%(code)s”从 %(day)s 起才设在现在的位置，日期不能早于这一天。"),
    "too_deep": _("层级太深：从最上级到本单位的代码连起来不能超过 400 个字符。"),
    "outside": _("单位“%(code)s”不在您的管辖范围之内。"),
    "malformed": _("单位代码只能用字母、数字、点、横线和下划线，以字母或数字开头。"),
    "too_long": _("最多 %(limit)s 个字，现有 %(length)s 个。"),
}
FIELDS = (
    "id",
    "code",
    "name",
    "short_name",
    "kind",
    "peer_group",
    "is_reporting",
    "path",
    "began_on",
    "ended_on",
)


class Wrong(NamedTuple):
    """A sentence about a field of a row of a list (rows counted from 0)."""

    row: int
    field: str
    sentence: str


def wrong(fault: Fault) -> Wrong:
    return Wrong(fault.index, fault.field, str(SENTENCES[fault.kind]) % fault.values)


def nodes(units: QuerySet[Any]) -> dict[str, Node]:
    """The units as plain values by code, with the days since which name and path are as they are; one statement."""
    elsewhere = Case(When(placements__path=F("path"), then=Value(None)), default=Upper("placements__during"))
    rows = units.order_by("path").annotate(
        parent_code=F("parent__code"),
        placed_on=Max(Lower("placements__during")),
        first_on=Min(Lower("placements__during")),
        moved_on=Max(elsewhere),
    )
    found = {}
    for row in rows.values(*FIELDS, "parent_code", "placed_on", "first_on", "moved_on").iterator(chunk_size=5000):
        first_on, moved_on = row.pop("first_on"), row.pop("moved_on")
        row["parent_code"] = row["parent_code"] or ""
        found[row["code"]] = Node(**row, rooted_on=moved_on or first_on)
    return found


def import_plan(rows: Sequence[Mapping[str, Any]], *, on: date) -> Plan:
    """What the rows would change, with every fault."""
    return plan(nodes(Unit.objects.all()), rows, on=on, today=timezone.localdate())


def move_plan(unit: Unit, parent: Unit | None, *, on: date) -> Plan:
    """The same for one unit that is to stand elsewhere; reads its subtree and the line above its new parent only."""
    above = [*parent.codes_above, parent.code] if parent else []
    known = nodes(Unit.objects.filter(Q(path__startswith=unit.path) | Q(code__in=[*above, *unit.codes_above])))
    row = {"code": unit.code, "parent_code": parent.code if parent else ""}
    return plan(known, [row], on=on, today=timezone.localdate())


def rooted_on(unit: Unit) -> date:
    """The day from which the unit has had its present path."""
    days = unit.placements.aggregate(first=Min(Lower("during")), moved=Max(Upper("during"), filter=~Q(path=unit.path)))
    return days["moved"] or days["first"] or unit.began_on


@dataclass(frozen=True)
class Place:
    """One unit in the tree of a day."""

    pk: Any
    code: str
    name: str
    kind: str
    peer_group: str
    path: str
    parent_id: Any
    has_children: bool
    is_renamed: bool = False
    is_moved: bool = False

    @property
    def depth(self) -> int:
        return self.path.count("/")


def level_now(units: QuerySet[Any], parent: Unit | None, *, tops: Sequence[str] = ()) -> list[Place]:
    """Living units directly below `parent`; without one, the tops of what `units` holds."""
    below = Unit.objects.filter(parent=OuterRef("pk"), ended_on__isnull=True)
    chosen = units.filter(ended_on__isnull=True).annotate(has_children=Exists(below)).order_by("code")
    chosen = chosen.filter(parent=parent) if parent else chosen.filter(_tops(tops))
    wanted = ("pk", "code", "name", "kind", "peer_group", "path", "parent_id", "has_children")
    return [Place(*row) for row in chosen.values_list(*wanted)]


def level_then(placements: QuerySet[Any], parent: Unit | None, day: date, *, tops: Sequence[str] = ()) -> list[Place]:
    """The same as it was on a day: names and parents of then."""
    below = Placement.objects.filter(parent=OuterRef("unit"), during__contains=day)
    chosen = placements.filter(during__contains=day).annotate(has_children=Exists(below)).select_related("unit")
    chosen = chosen.filter(parent=parent) if parent else chosen.filter(_tops(tops, "unit__code"))
    return [_place_then(p) for p in chosen.order_by("unit__code")]


def _place_then(p: Placement) -> Place:
    """A placement, and whether it differs from the unit of today."""
    unit = p.unit
    return Place(
        unit.pk,
        unit.code,
        p.name,
        p.kind,
        p.peer_group,
        p.path,
        p.parent_id,
        getattr(p, "has_children", False),
        p.name != unit.name,
        p.path != unit.path,
    )


def _tops(prefixes: Sequence[str], code: str = "code") -> Q:
    """Where a reader's tree begins: the roots, or the units her scopes name."""
    if "" in prefixes:
        return Q(parent__isnull=True)
    return Q(**{f"{code}__in": [p.rstrip("/").rpartition("/")[2] for p in prefixes]})


def tree_on(day: date, *, within: str = "") -> list[Place]:
    """Every unit that lived on the day, below a path of then, in the order of the tree; for figures as then."""
    chosen = Placement.objects.filter(during__contains=day, path__startswith=within).select_related("unit")
    return [_place_then(p) for p in chosen.order_by("path")]


def sizes_below(units: QuerySet[Any], paths: Sequence[str]) -> dict[str, int]:
    """How many living units each subtree holds, its head included; one statement."""
    if not paths:
        return {}
    counts = {f"n{i}": Count("pk", filter=Q(path__startswith=path)) for i, path in enumerate(paths)}
    found = units.filter(ended_on__isnull=True).order_by().aggregate(**counts)
    return {path: found[f"n{i}"] for i, path in enumerate(paths)}


def line_above(unit: Unit) -> list[Unit]:
    """The units from the root down to the parent of today."""
    by_code = {u.code: u for u in Unit.objects.filter(code__in=unit.codes_above)}
    return [by_code[c] for c in unit.codes_above if c in by_code]


def covers_all(scope: Sequence[str]) -> bool:
    """Whether a scope reaches every unit there is, whatever it is called: every root lies wholly within it."""
    found = as_scope(scope)
    if found.is_everywhere:
        return not found.denied
    whole = [reach.path for reach in found.reaches if reach.depth is None]
    if not whole or found.denied:
        return False
    return not Unit.objects.filter(parent__isnull=True).exclude(path__in=whole).exists()


def plain(text: str) -> str:
    """What was typed, without what no name holds and the database would refuse."""
    return text.replace("\x00", "").strip()


def find_unit(units: QuerySet[Any], text: str) -> Unit | None:
    """The unit that a code, a full or a short name means; None when there is none or it is not certain."""
    text = plain(text).split("　")[0].split(" ")[0]
    if not text:
        return None
    exact: Unit | None = units.filter(code=text).first()
    if exact is not None:
        return exact
    named = list(units.filter(Q(name=text) | Q(short_name=text)).order_by("ended_on", "path")[:2])
    return named[0] if named and (len(named) == 1 or named[0].ended_on != named[1].ended_on) else None


def matching(units: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Units whose name, short name, code or sound contains every word."""
    for word in plain(text).split()[:8]:
        units = units.filter(
            Q(name__icontains=word)
            | Q(short_name__icontains=word)
            | Q(code__istartswith=word)
            | Q(spelling__icontains=word)
        )
    return units


def export_rows(units: QuerySet[Any]) -> Iterable[dict[str, Any]]:
    """Living units in the shape of the import, parents first."""
    wanted = ("code", "name", "short_name", "kind", "peer_group", "is_reporting", "began_on")
    rows = units.filter(ended_on__isnull=True).order_by("path").values(*wanted, "parent__code")
    return ({**row, "parent_code": row.pop("parent__code") or ""} for row in rows.iterator(chunk_size=5000))


PACKS = {"level": "eight_points", "rank": "organisation", "unit_kind": "organisation"}
FRESH = 60.0  # seconds after which a newer edition is looked for
_packs: dict[str, tuple[float, Pack | None]] = {}


def code_table(table: str) -> dict[str, str]:
    """Codes with their names of a table that units, people and posts use; empty while its pack is not published."""
    name, now = PACKS[table], time.monotonic()
    looked_at, pack = _packs.get(name, (float("-inf"), None))
    if now - looked_at > FRESH:
        try:
            pack = current(name)
        except NotInForce:
            pack = None
        _packs[name] = (now, pack)
    return {e.code: e.label for e in pack.table(table)} if pack else {}


def forget_tables() -> None:
    """Look again at the next occasion: a new edition was published."""
    _packs.clear()


def code_of(table: str, text: str) -> str:
    """The code that a code or its name means; the text itself where the table does not know it."""
    return next((code for code, label in code_table(table).items() if text in (code, label)), text)
