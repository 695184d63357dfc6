"""Figures summed up the tree: every unit with all below it, as the tree is now or as it was in each month.

A path such as `0/01/0103/` lists the codes of a unit and of all above it, so a roll-up needs no recursion. The tree
belongs to the organisation; only the names of its two tables are known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from yuanqing.kernel.almanac import Month
from yuanqing.kernel.figures.reading import Query, Units, Value, chosen, counted, fetch, months_relation, scope_relation
from yuanqing.kernel.figures.registry import Span, get

AsOf = Literal["now", "then"]
# As then: where the unit stood last before the month ended, so that a unit abolished since still counts; failing
# that, where it stood first. No number is ever lost on its way up.
PLACES: dict[AsOf, str] = {
    "now": "",
    "then": """LEFT JOIN LATERAL (
  SELECT p.path FROM org_placement p WHERE p.unit_id = q.unit_id
  ORDER BY lower(p.during) < m.next_on DESC, CASE WHEN lower(p.during) < m.next_on THEN lower(p.during) END DESC,
    lower(p.during) LIMIT 1
) AS place ON TRUE""",
}
PATHS: dict[AsOf, str] = {"now": "own.path", "then": "coalesce(place.path, own.path)"}
ROLLED_UP = """WITH {relations} SELECT {columns}, sum(q.value)::bigint AS value
FROM (SELECT {kept}, sum(f.value) AS value FROM ({figure}) AS f GROUP BY {kept}) AS q JOIN months m ON m.month = q.month JOIN org_unit own ON own.id = q.unit_id {place}
CROSS JOIN LATERAL unnest(string_to_array(rtrim({path}, '/'), '/')) AS above(code)
JOIN org_unit head ON head.code = above.code
WHERE {condition} GROUP BY {columns}"""


def sql_rolled_up(
    name: str,
    months: Sequence[Month],
    *,
    as_of: AsOf,
    units: Units = None,
    by: Sequence[str] = (),
    span: Span = "month",
    key: str = "figure",
) -> Query:
    """The sub-query of `rolled_up`; columns month, unit_id, the dimensions, value."""
    dims = chosen(get(name), by, span)
    relations = [months_relation(months, span, key)]
    if units is not None:
        relations.append(scope_relation(units, key))
    text = ROLLED_UP.format(
        relations=", ".join(r.text for r in relations),
        columns=", ".join(["q.month", "head.id", *(f'q."{d}"' for d in dims)]),
        kept=", ".join(["f.month", "f.unit_id", *(f'f."{d}"' for d in dims)]),
        figure=counted(name),
        place=PLACES[as_of],
        path=PATHS[as_of],
        condition="TRUE" if units is None else "head.id IN (SELECT id FROM scope)",
    )
    return Query(text, {k: v for r in relations for k, v in r.params.items()})


def rolled_up(
    name: str,
    months: Sequence[Month],
    *,
    as_of: AsOf,
    units: Units = None,
    by: Sequence[str] = (),
    span: Span = "month",
) -> list[Value]:
    """The figure of each unit together with all units below it; `units` restricts who is listed, not who counts.

    The year to date as then is reported in the tree of the month asked for.
    """
    query = sql_rolled_up(name, months, as_of=as_of, units=units, by=by, span=span)
    return fetch(query, tuple(dict.fromkeys(by)), each_unit=True)
