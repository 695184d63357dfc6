"""Founding, renaming, moving and ending units, one or many; each keeps the dated history whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.kernel import acts
from yuanqing.kernel.acts import Many, Refused, Touched, act, act_many
from yuanqing.kernel.packs.models import PackVersion
from yuanqing.org.scope.rules import as_scope
from yuanqing.org.unit import queries
from yuanqing.org.unit.models import Placement, Unit
from yuanqing.org.unit.policies import place_refusal
from yuanqing.org.unit.rules import CODE, Fault, Node, Plan, sort_key, spelling

FOREVER = None
LONGEST = {"code": 40, "name": 200, "short_name": 60, "kind": 40, "peer_group": 40}


class Counts(NamedTuple):
    """How many records an import made, changed and left as they were."""

    created: int
    updated: int
    unchanged: int


@act(Unit, creates=True, label=gettext_lazy("设立单位"))
def found(
    *,
    by: Any,
    code: str,
    name: str,
    began_on: date,
    parent: Unit | None = None,
    kind: str = "",
    peer_group: str = "",
    short_name: str = "",
    is_reporting: bool = True,
) -> Unit:
    """A new unit below `parent`, with its first placement from `began_on`."""
    _not_in_future(began_on, "began_on")
    if parent is not None:
        _parent_stands(parent, began_on, "began_on")
    unit = Unit(
        code=code,
        name=name,
        short_name=short_name,
        parent=parent,
        kind=kind,
        peer_group=peer_group,
        path=f"{parent.path if parent else ''}{code}/",
        sort_key=sort_key(name),
        spelling=spelling(sort_key(name)),
        is_reporting=is_reporting,
        began_on=began_on,
    )
    acts.once_saved(lambda: acts.keep(_placement(unit, began_on, _("设立"))))
    return unit


@act(Unit, label=gettext_lazy("更名"))
def rename(unit: Unit, *, by: Any, name: str, on: date, reason: str, short_name: str = "") -> None:
    """From `on` the unit has another name; before it the history keeps the old one."""
    unit.name, unit.short_name, unit.sort_key = name, short_name or unit.short_name, sort_key(name)
    unit.spelling = spelling(unit.sort_key)
    _succeed(unit, on, reason)


@act(Unit, label=gettext_lazy("改变类别"))
def classify(unit: Unit, *, by: Any, kind: str, peer_group: str, on: date, reason: str) -> None:
    unit.kind, unit.peer_group = kind, peer_group
    _succeed(unit, on, reason)


@act(Unit, label=gettext_lazy("改变隶属"))
def move(unit: Unit, *, by: Any, parent: Unit | None, on: date, reason: str) -> None:
    """From `on` the unit and everything below it stand under another parent."""
    refused = place_refusal("move", parent, by=by)
    if refused:
        raise Refused(refused)
    if parent is not None and parent.path.startswith(unit.path):
        raise ValidationError({"parent": _("不能把单位移到它自己或它的下级之下。")})
    plan = queries.move_plan(unit, parent, on=on)
    for fault in plan.faults:
        name = "on" if fault.kind != "parent_ended" else "parent"
        raise ValidationError({name: queries.wrong(fault).sentence})
    unit.parent, unit.path = parent, f"{parent.path if parent else ''}{unit.code}/"
    _succeed(unit, on, reason)
    if plan.carried:
        carry(plan, by=by, on=on, reason=reason)


@act(Unit, label=gettext_lazy("撤销单位"))
def end(unit: Unit, *, by: Any, on: date, reason: str) -> None:
    """The last day of the unit is the day before `on`; units below it must have ended or moved by then."""
    _not_in_future(on)
    below = Placement.objects.filter(parent=unit)
    if below.filter(during__endswith__isnull=True).exists():
        raise ValidationError(_("还有下级单位，请先撤销或划转下级单位。"))
    last = max((p.during.upper for p in below), default=on)
    if last > on:
        raise ValidationError({"on": _("%(day)s 之前还有下级单位，撤销日期不能早于这一天。") % {"day": last}})
    current = _running(unit)
    if on <= current.during.lower:
        raise ValidationError({"on": _("日期必须晚于上一次变动的日期 %(day)s。") % {"day": current.during.lower}})
    unit.ended_on = on
    current.during = DateRange(current.during.lower, on)
    acts.keep(current)
    acts.note(reason=reason, on=on)


@act(Unit, label=gettext_lazy("改变月报范围"))
def set_reporting(unit: Unit, *, by: Any, is_reporting: bool) -> None:
    unit.is_reporting = is_reporting


@act_many(Unit, label=gettext_lazy("随上级划转"))
def carry(many: Many, plan: Plan, *, by: Any, on: date, reason: str) -> None:
    """Everything below a moved unit, with a new path from `on`."""
    acts.note(reason=reason, on=on)
    ids = {node.code: node.id for node in plan.carried}
    parents = dict(Unit.objects.filter(pk__in=ids.values()).values_list("code", "parent_id"))
    below = [node for node in plan.replaced if node.code in ids]
    _write_placements(many, below, parents, on, reason)
    _write_units(many, plan.carried, parents)


@act_many(Unit, label=gettext_lazy("导入单位"))
def import_units(many: Many, rows: Sequence[Mapping[str, Any]], *, by: Any, on: date) -> Counts:
    """Found or change units by code, all or nothing; changes of name, kind, group and parent take effect `on`.

    Rows are dicts with code, name, parent_code, kind, peer_group, short_name, is_reporting, began_on; a missing key
    leaves the value as it is. The order of rows does not matter. Raises ValidationError with a sentence per fault.
    """
    faults, plan = import_faults(rows, by=by, on=on)
    if faults:
        raise ValidationError([f"{_('第 %(row)s 行：') % {'row': f.row + 1}}{f.sentence}" for f in faults[:50]])
    acts.note(on=on, created=len(plan.created), updated=len(plan.changed), unchanged=plan.unchanged)
    ids = {node.code: node.id or uuid4() for node in [*plan.created, *plan.changed, *plan.carried]}
    wanted = {node.parent_code for node in [*plan.created, *plan.changed, *plan.carried]}
    known = Unit.objects.filter(code__in=wanted - ids.keys()).values_list("code", "pk")
    ids |= dict(known)
    parents = {n.code: ids.get(n.parent_code) for n in [*plan.created, *plan.changed, *plan.carried]}
    reason = _("导入")
    _insert_units(many, plan.created, ids, parents)
    _write_units(many, [*plan.changed, *plan.carried], parents)
    _write_placements(many, plan.replaced, parents, on, reason)
    _insert_placements(many, [(ids[n.code], n, n.began_on) for n in plan.created], parents, _("设立"))
    return Counts(len(plan.created), len(plan.changed), plan.unchanged)


def import_faults(rows: Sequence[Mapping[str, Any]], *, by: Any, on: date) -> tuple[list[queries.Wrong], Plan]:
    """What stands in the way of importing these rows, and the plan; a plan with faults must not be written."""
    shape = list(_shape_faults(rows))
    if shape:
        return [queries.wrong(fault) for fault in shape], Plan()
    plan = queries.import_plan(rows, on=on)
    faults = plan.faults or list(_scope_faults(rows, plan, by))
    return [queries.wrong(fault) for fault in faults], plan


def _shape_faults(rows: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    for i, row in enumerate(rows):
        if not re.match(CODE, str(row["code"])):
            yield Fault(i, "code", "malformed")
        for name, limit in LONGEST.items():
            length = len(str(row.get(name) or ""))
            if length > limit:
                yield Fault(i, name, "too_long", {"limit": limit, "length": length})


def _scope_faults(rows: Sequence[Mapping[str, Any]], plan: Plan, by: Any) -> Iterator[Fault]:
    """A new or changed unit must lie, before and after, where the account may import."""
    scope = as_scope(by.scopes("org.unit.import_units"))
    index = {str(row["code"]): i for i, row in enumerate(rows)}
    before = dict(Unit.objects.filter(code__in=[n.code for n in plan.changed]).values_list("code", "path"))
    for node in [*plan.created, *plan.changed]:
        for path in (node.path, before.get(node.code, node.path)):
            if not scope.covers(path):
                yield Fault(index[node.code], "code", "outside", {"code": node.code})
                break


def _insert_units(many: Many, created: Sequence[Node], ids: Mapping[str, Any], parents: Mapping[str, Any]) -> None:
    if not created:
        return
    keys = [sort_key(n.name) for n in created]
    many.insert(
        """
        INSERT INTO org_unit (id, version, code, name, short_name, kind, peer_group, is_reporting, path, began_on,
                              parent_id, sort_key, spelling)
        SELECT n.id, 1, n.code, n.name, n.short_name, n.kind, n.peer_group, n.is_reporting, n.path, n.began_on,
               n.parent_id, n.sort_key, n.spelling
        FROM unnest(%(ids)s::uuid[], %(code)s::text[], %(name)s::text[], %(short_name)s::text[], %(kind)s::text[],
                    %(peer_group)s::text[], %(is_reporting)s::boolean[], %(path)s::text[], %(began_on)s::date[],
                    %(parents)s::uuid[], %(keys)s::text[], %(spellings)s::text[])
             AS n(id, code, name, short_name, kind, peer_group, is_reporting, path, began_on, parent_id, sort_key,
                  spelling)
        """,
        _columns(created, "code", "name", "short_name", "kind", "peer_group", "is_reporting", "path", "began_on")
        | {
            "ids": [ids[n.code] for n in created],
            "parents": [parents[n.code] for n in created],
            "keys": keys,
            "spellings": [spelling(key) for key in keys],
        },
    )


def _write_units(many: Many, changed: Sequence[Node], parents: Mapping[str, Any]) -> None:
    if not changed:
        return
    keys = [sort_key(n.name) for n in changed]
    many.insert(
        """
        UPDATE org_unit SET version = org_unit.version + 1, name = n.name, short_name = n.short_name, kind = n.kind,
               peer_group = n.peer_group, is_reporting = n.is_reporting, path = n.path, parent_id = n.parent_id,
               sort_key = n.sort_key, spelling = n.spelling
        FROM unnest(%(id)s::uuid[], %(name)s::text[], %(short_name)s::text[], %(kind)s::text[],
                    %(peer_group)s::text[], %(is_reporting)s::boolean[], %(path)s::text[], %(parents)s::uuid[],
                    %(keys)s::text[], %(spellings)s::text[])
             AS n(id, name, short_name, kind, peer_group, is_reporting, path, parent_id, sort_key, spelling)
        WHERE org_unit.id = n.id
        """,
        _columns(changed, "id", "name", "short_name", "kind", "peer_group", "is_reporting", "path")
        | {
            "parents": [parents[n.code] for n in changed],
            "keys": keys,
            "spellings": [spelling(key) for key in keys],
        },
    )


def _write_placements(many: Many, replaced: Sequence[Node], parents: Mapping[str, Any], on: date, reason: str) -> None:
    """A placement that began on the very day is put right; an earlier one is closed and succeeded."""
    same_day = [n for n in replaced if n.placed_on == on]
    earlier = [n for n in replaced if n.placed_on != on]
    if same_day:
        many.insert(
            """
            UPDATE org_placement SET version = org_placement.version + 1, parent_id = n.parent_id, name = n.name,
                   kind = n.kind, peer_group = n.peer_group, path = n.path
            FROM unnest(%(id)s::uuid[], %(parents)s::uuid[], %(name)s::text[], %(kind)s::text[],
                        %(peer_group)s::text[], %(path)s::text[])
                 AS n(unit_id, parent_id, name, kind, peer_group, path)
            WHERE org_placement.unit_id = n.unit_id AND upper_inf(org_placement.during)
            """,
            _columns(same_day, "id", "name", "kind", "peer_group", "path")
            | {"parents": [parents[n.code] for n in same_day]},
            model=Placement,
        )
    if earlier:
        many.insert(
            """
            UPDATE org_placement SET version = version + 1, during = daterange(lower(during), %(on)s::date)
            WHERE unit_id = ANY(%(id)s::uuid[]) AND upper_inf(during)
            """,
            {**_columns(earlier, "id"), "on": on},
            model=Placement,
        )
        _insert_placements(many, [(n.id, n, on) for n in earlier], parents, reason)


def _insert_placements(
    many: Many, made: Sequence[tuple[Any, Node, date]], parents: Mapping[str, Any], reason: str
) -> None:
    if not made:
        return
    placed = [node for _unit, node, _day in made]
    many.insert(
        """
        INSERT INTO org_placement (id, version, unit_id, parent_id, name, kind, peer_group, path, during, reason)
        SELECT gen_random_uuid(), 1, n.unit_id, n.parent_id, n.name, n.kind, n.peer_group, n.path,
               daterange(n.starts_on, NULL), %(reason)s
        FROM unnest(%(units)s::uuid[], %(parents)s::uuid[], %(name)s::text[], %(kind)s::text[],
                    %(peer_group)s::text[], %(path)s::text[], %(days)s::date[])
             AS n(unit_id, parent_id, name, kind, peer_group, path, starts_on)
        """,
        _columns(placed, "name", "kind", "peer_group", "path")
        | {
            "units": [unit for unit, _node, _day in made],
            "days": [day for _unit, _node, day in made],
            "parents": [parents[n.code] for n in placed],
            "reason": reason,
        },
        model=Placement,
    )


def _columns(nodes: Sequence[Node], *names: str) -> dict[str, list[Any]]:
    """The nodes column by column, as parameters of `unnest`."""
    return {name: [getattr(n, name) for n in nodes] for name in names}


def _not_in_future(on: date, name: str = "on") -> None:
    if on > timezone.localdate():
        raise ValidationError({name: _("日期不能晚于今天：将来的变动请到当天再办。")})


def _parent_stands(parent: Unit, day: date, name: str) -> None:
    """A unit needs a living parent that stands where it stands now from that day on."""
    if parent.ended_on:
        raise ValidationError({"parent": _("%(unit)s已经撤销，下面不能再设单位。") % {"unit": parent}})
    since = queries.rooted_on(parent)
    if day < since:
        sentence = _("上级单位从 %(day)s 起才设在现在的位置，日期不能早于这一天。") % {"day": since}
        raise ValidationError({name: sentence})


def _placement(unit: Unit, on: date, reason: str) -> Placement:
    return Placement(
        unit=unit,
        parent=unit.parent,
        name=unit.name,
        kind=unit.kind,
        peer_group=unit.peer_group,
        path=unit.path,
        during=DateRange(on, FOREVER),
        reason=reason,
    )


def _running(unit: Unit) -> Placement:
    current: Placement | None = Placement.objects.filter(unit=unit, during__endswith__isnull=True).first()
    if current is None:
        raise ValidationError(_("%(unit)s已经撤销。") % {"unit": unit})
    return current


def _succeed(unit: Unit, on: date, reason: str) -> None:
    """Close the running placement and open the next, as the unit now is; on the day it began, put it right."""
    _not_in_future(on)
    current = _running(unit)
    if on < current.during.lower:
        raise ValidationError({"on": _("日期不能早于上一次变动的日期 %(day)s。") % {"day": current.during.lower}})
    if on == current.during.lower:
        for name in ("parent", "name", "kind", "peer_group", "path"):
            setattr(current, name, getattr(unit, name))
        acts.keep(current)
    else:
        current.during = DateRange(current.during.lower, on)
        acts.keep(current)
        acts.keep(_placement(unit, on, reason))
    acts.note(reason=reason, on=on)


@acts.after(PackVersion, "publish")
def _newer_tables(touched: Touched) -> None:
    queries.forget_tables()
