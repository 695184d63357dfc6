"""Figures summed up the tree: every unit with all below it, as the tree is now or as it was in each month.

A path such as `0/01/0103/` names the ancestors of a unit, so a roll-up is a join of prefixes and needs no recursion.
The tree itself belongs to the organisation; only the names of its two tables are known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from yuanqing.kernel.almanac import Month
from yuanqing.kernel.figures.reading import (
    Query,
    Units,
    Value,
    chosen,
    counted,
    fetch,
    months_relation,
    units_condition,
)
from yuanqing.kernel.figures.registry import Span, get

AsOf = Literal["now", "then"]
TREES: dict[AsOf, str] = {
    "now": "SELECT m.month, u.id AS unit_id, u.path FROM months m CROSS JOIN org_unit u",
    "then": "SELECT m.month, p.unit_id, p.path FROM months m JOIN org_placement p ON p.during @> (m.next_on - 1)",
}
ABOVE = """SELECT t.month, t.unit_id, array_to_string((string_to_array(t.path, '/'))[:n], '/') || '/' AS path
  FROM tree t CROSS JOIN LATERAL generate_series(1, cardinality(string_to_array(t.path, '/')) - 1) AS n"""

ROLLED_UP = f"""WITH {{months}}, tree AS MATERIALIZED ({{tree}}), above AS ({ABOVE})
SELECT {{columns}}, sum(q.value)::bigint AS value FROM ({{figure}}) AS q
JOIN above ON above.unit_id = q.unit_id AND above.month = q.month
JOIN tree AS head ON head.path = above.path AND head.month = q.month
WHERE {{condition}} GROUP BY {{columns}}"""  # noqa: S608 (filled with the names of registered figures only)


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
    """The sub-query of `rolled_up`; columns month, unit_id, the dimensions, value.

    As then: the unit must stand on the last day of the month; the year to date is that tree's, too.
    """
    dims = chosen(get(name), by, span)
    relation, condition = months_relation(months, span, key), units_condition(units, "head.unit_id", key)
    columns = ", ".join(["q.month", "head.unit_id", *(f'q."{d}"' for d in dims)])
    text = ROLLED_UP.format(
        months=relation.text, tree=TREES[as_of], columns=columns, figure=counted(name), condition=condition.text
    )
    return Query(text, {**relation.params, **condition.params})


def rolled_up(
    name: str,
    months: Sequence[Month],
    *,
    as_of: AsOf,
    units: Units = None,
    by: Sequence[str] = (),
    span: Span = "month",
) -> list[Value]:
    """The figure of each unit together with all units below it; `units` restricts who is listed, not who counts."""
    query = sql_rolled_up(name, months, as_of=as_of, units=units, by=by, span=span)
    return fetch(query, tuple(dict.fromkeys(by)), each_unit=True)
