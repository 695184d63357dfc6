"""Who is meant, as data: a list of rules, of which a person needs to fit one; one statement finds everybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.utils.translation import gettext as _

LONGEST = 200  # names in one list of a rule
MOST = 20  # rules of one audience


@dataclass(frozen=True)
class Rule:
    """对象规则: everything named must hold; an empty list and a False ask for nothing.

    `units` are codes and take what lies below along. A condition on the post is judged for each post held.
    """

    ranks: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    unit_kinds: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    key_posts_only: bool = False
    party_members_only: bool = False

    @property
    def asks_for_a_post(self) -> bool:
        return bool(self.ranks or self.posts or self.key_posts_only)


LISTS = tuple(f.name for f in fields(Rule) if f.name not in ("key_posts_only", "party_members_only"))


def read(data: Any) -> tuple[Rule, ...]:
    """The rules that plain JSON values stand for; ValueError in words for anything else."""
    if not isinstance(data, list) or not data:
        raise ValueError(_("请至少写一条对象规则。"))
    if len(data) > MOST:
        raise ValueError(_("对象规则最多 %(most)s 条。") % {"most": MOST})
    return tuple(_rule(one) for one in data)


def _rule(data: Any) -> Rule:
    known = {f.name for f in fields(Rule)}
    if not isinstance(data, Mapping) or set(data) - known:
        unknown = sorted(set(data) - known) if isinstance(data, Mapping) else [data]
        raise ValueError(_("对象规则里有不认识的内容：%(what)s。") % {"what": "、".join(map(str, unknown))})
    for name in LISTS:
        value = data.get(name, [])
        if not isinstance(value, list | tuple) or not all(isinstance(one, str) and len(one) <= 60 for one in value):
            raise ValueError(_("对象规则的“%(name)s”应是一列文字。") % {"name": name})
        if len(value) > LONGEST:
            raise ValueError(_("对象规则的“%(name)s”最多列 %(most)s 项。") % {"name": name, "most": LONGEST})
    flags = {name: data.get(name, False) for name in known - set(LISTS)}
    if not all(isinstance(value, bool) for value in flags.values()):
        raise ValueError(_("对象规则里的是或否写错了。"))
    lists: dict[str, Any] = {name: tuple(data.get(name, ())) for name in LISTS}
    return Rule(**lists, **flags)


def written(rules: Sequence[Rule]) -> list[dict[str, Any]]:
    """The rules as JSON values, without what they do not ask for; `read` gives them back."""
    return [
        {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(one).items() if value}
        for one in rules
    ]


def numbered(rules: Sequence[Rule]) -> list[dict[str, Any]]:
    """The rules as the statement reads them: every column there, and the number of each."""
    return [
        {"number": n, **{k: list(v) if isinstance(v, tuple) else v for k, v in asdict(one).items()}}
        for n, one in enumerate(rules)
    ]


# Everybody on the rolls on the day who fits a rule, once: with the first rule that fits and the unit of the post that
# counts (so that whoever answers for that unit sees it), or the own unit where no post is asked for.
PEOPLE = """
SELECT DISTINCT ON (p.id) p.id AS person_id, coalesce(u.id, h.id) AS unit_id, post.id AS post_id, r.number AS rule
FROM jsonb_to_recordset(%(rules)s::jsonb) AS r(number integer, ranks text[], posts text[], unit_kinds text[], units text[],
                                              key_posts_only boolean, party_members_only boolean)
JOIN org_person p ON (p.left_on IS NULL OR p.left_on > %(day)s) AND (p.is_party_member OR NOT r.party_members_only)
JOIN org_unit h ON h.id = p.unit_id
LEFT JOIN org_appointment a ON a.person_id = p.id AND a.during @> %(day)s::date
LEFT JOIN org_post post ON post.id = a.post_id
LEFT JOIN org_unit u ON u.id = post.unit_id
WHERE (cardinality(r.ranks) = 0 OR post.rank = ANY(r.ranks))
  AND (cardinality(r.posts) = 0 OR post.code = ANY(r.posts))
  AND (NOT r.key_posts_only OR post.is_key)
  AND (cardinality(r.unit_kinds) = 0 OR coalesce(u.kind, h.kind) = ANY(r.unit_kinds))
  AND (cardinality(r.units) = 0 OR string_to_array(coalesce(u.path, h.path), '/') && r.units
       OR (cardinality(r.ranks) = 0 AND cardinality(r.posts) = 0 AND NOT r.key_posts_only
           AND string_to_array(h.path, '/') && r.units))
ORDER BY p.id, r.number, u.path, post.code
"""
