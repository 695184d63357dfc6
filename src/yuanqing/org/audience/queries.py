"""Who an audience means on a day, counted and named in a statement each, and why, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from yuanqing.org.audience.rules import PEOPLE, Rule, numbered
from yuanqing.org.scope.rules import as_scope
from yuanqing.org.unit.models import Unit
from yuanqing.org.unit.queries import code_table


def parameters(rules: Sequence[Rule], day: date) -> dict[str, Any]:
    """What the statement PEOPLE asks for."""
    return {"rules": Jsonb(numbered(rules)), "day": day}


@dataclass(frozen=True)
class Member:
    """对象中的一人: who, where, in which post, and by which rule."""

    person_id: UUID
    number: str
    name: str
    unit: str
    post: str
    why: str


@dataclass(frozen=True)
class Preview:
    """对象预览: how many are meant, by rule and by unit, and the first of them by name."""

    total: int
    rules: list[tuple[str, int]]
    units: list[tuple[str, int]]
    members: list[Member]
    outside: int  # members whose unit lies outside the reader's scope

    @property
    def more(self) -> int:
        return self.total - len(self.members)


NAMED = f"""
SELECT who.person_id, p.number, p.name, u.name, coalesce(post.name, ''), who.rule
FROM ({PEOPLE}) who JOIN org_person p ON p.id = who.person_id JOIN org_unit u ON u.id = who.unit_id
LEFT JOIN org_post post ON post.id = who.post_id
ORDER BY u.path, p.sort_key, p.number LIMIT %(limit)s OFFSET %(offset)s
"""  # noqa: S608 our own statement
COUNTED = f"""
SELECT who.rule, u.name, u.path, count(*)
FROM ({PEOPLE}) who JOIN org_unit u ON u.id = who.unit_id GROUP BY 1, 2, 3 ORDER BY u.path, who.rule
"""  # noqa: S608 our own statement


def members(rules: Sequence[Rule], day: date, *, limit: int = 100_000, offset: int = 0) -> list[Member]:
    """Everybody meant, in the order of the tree."""
    words = [describe(one) for one in rules]
    with connection.cursor() as cursor:
        cursor.execute(NAMED, {**parameters(rules, day), "limit": limit, "offset": offset})
        return [Member(pk, number, name, unit, post, words[n]) for pk, number, name, unit, post, n in cursor.fetchall()]


def preview(rules: Sequence[Rule], day: date, *, by: Any, capability: str, shown: int = 20) -> Preview:
    """How many, by rule and unit, and how many of them lie outside the scope in which `by` has the capability."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, parameters(rules, day))
        rows = cursor.fetchall()
    by_rule = [(describe(one), sum(row[3] for row in rows if row[0] == n)) for n, one in enumerate(rules)]
    by_unit: dict[str, int] = {}
    for _rule, unit, _path, count in rows:
        by_unit[unit] = by_unit.get(unit, 0) + count
    scope = as_scope(by.scopes(capability))
    total, outside = sum(row[3] for row in rows), sum(row[3] for row in rows if not scope.covers(row[2]))
    return Preview(total, by_rule, list(by_unit.items()), members(rules, day, limit=shown), outside)


def describe(rule: Rule) -> str:
    """The rule as one would say it."""
    ranks, kinds = code_table("rank"), code_table("unit_kind")
    parts = []
    if rule.units:
        names = dict(Unit.objects.filter(code__in=rule.units).values_list("code", "name"))
        parts.append(_("%(units)s（含下级）") % {"units": _("、").join(names.get(code, code) for code in rule.units)})
    if rule.unit_kinds:
        parts.append(_("、").join(kinds.get(code, code) for code in rule.unit_kinds))
    if rule.ranks:
        parts.append(_("、").join(ranks.get(code, code) for code in rule.ranks))
    if rule.posts:
        parts.append(_("岗位 %(posts)s") % {"posts": _("、").join(rule.posts)})
    if rule.key_posts_only:
        parts.append(_("重点岗位人员"))
    if rule.party_members_only:
        parts.append(_("中共党员"))
    return " · ".join(parts) or _("全体人员")
