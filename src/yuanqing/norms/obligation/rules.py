"""The statements by which obligations open, are fulfilled and are prolonged: one each, whatever the number of rows."""

from __future__ import annotations

COLUMNS = "id, version, kind, clause_id, unit_id, person_id, period_id, opens_on, due_at"
OPENED_ONCE = "ON CONFLICT (kind, unit_id, person_id, period_id, opens_on) DO NOTHING"

# Units that report and exist on the day.
UNITS = f"""
INSERT INTO norms_obligation ({COLUMNS})
SELECT gen_random_uuid(), 1, %(kind)s, %(clause)s, u.id, NULL, %(period)s::uuid, %(opens_on)s, %(due)s
FROM org_unit u
WHERE u.is_reporting AND u.began_on <= %(day)s AND (u.ended_on IS NULL OR u.ended_on > %(day)s)
  AND (cardinality(%(unit_kinds)s::text[]) = 0 OR u.kind = ANY(%(unit_kinds)s::text[]))
{OPENED_ONCE}
"""  # noqa: S608 the names are those above

# People who hold a post of one of the ranks on the day, once each; without ranks, everybody on the rolls.
# The unit is the one of the post that counts, so that whoever answers for the unit sees it.
PERSONS = f"""
INSERT INTO norms_obligation ({COLUMNS})
SELECT gen_random_uuid(), 1, %(kind)s, %(clause)s, who.unit_id, who.person_id, %(period)s::uuid, %(opens_on)s, %(due)s
FROM (
  SELECT DISTINCT ON (p.id) p.id AS person_id, coalesce(u.id, p.unit_id) AS unit_id
  FROM org_person p
  LEFT JOIN org_appointment a ON a.person_id = p.id AND a.during @> %(day)s::date
  LEFT JOIN org_post post ON post.id = a.post_id
  LEFT JOIN org_unit u ON u.id = post.unit_id
  WHERE (p.left_on IS NULL OR p.left_on > %(day)s)
    AND (cardinality(%(ranks)s::text[]) = 0 OR post.rank = ANY(%(ranks)s::text[]))
    AND (cardinality(%(unit_kinds)s::text[]) = 0 OR u.kind = ANY(%(unit_kinds)s::text[]))
    AND (NOT %(key_only)s OR post.is_key)
  ORDER BY p.id, u.path
) who
{OPENED_ONCE}
"""  # noqa: S608 the names are those above
OPEN = {"unit": UNITS, "person": PERSONS}

PROLONG = """
UPDATE norms_obligation SET due_at = x.until, version = norms_obligation.version + 1
FROM norms_extension x JOIN norms_period p ON p.id = x.period_id
WHERE x.id IN ({ids}) AND norms_obligation.due_at BETWEEN p.due_at AND x.until AND norms_obligation.period_id = x.period_id AND norms_obligation.unit_id = x.unit_id
  AND norms_obligation.person_id IS NULL AND norms_obligation.fulfilled_at IS NULL
  AND norms_obligation.lapsed_at IS NULL
"""


def fulfilling(table: str, kind: str, unit: str, person: str | None, period: str | None) -> str:
    """The statement that fulfils obligations from the records of `table` just touched.

    With a period the month must be the same; without one the record meets the open obligation that is due first.
    """
    who = f"o.unit_id = m.{unit} AND o.person_id IS NULL" if person is None else f"o.person_id = m.{person}"
    month = "" if period is None else f" AND o.period_id = m.{period}"
    name = kind.replace("'", "''")
    return f"""
    UPDATE norms_obligation SET fulfilled_at = %(at)s, fulfilled_by = met.record_id, version = norms_obligation.version + 1
    FROM (
      SELECT DISTINCT ON (m.id) o.id, m.id AS record_id
      FROM {table} m
      JOIN norms_obligation o ON {who}{month} AND o.kind = '{name}'
       AND o.fulfilled_at IS NULL AND o.lapsed_at IS NULL AND o.opens_on <= (%(at)s AT TIME ZONE 'Asia/Shanghai')::date
      WHERE m.id IN (SELECT record_id FROM kernel_entry WHERE seq BETWEEN %(first_seq)s AND %(last_seq)s)
      ORDER BY m.id, o.due_at, o.opens_on
    ) met
    WHERE norms_obligation.id = met.id
    """  # noqa: S608 names of our own tables and columns


def owing(table: str, unit: str, person: str | None, period: str | None) -> str:
    """The statement by which the records of `table` just touched make their units (or persons) owe something.

    With a period the obligation belongs to that month, and only a record of the same month can fulfil it.
    """
    month = "NULL::uuid" if period is None else f"m.{period}"
    who = "NULL::uuid" if person is None else f"m.{person}"
    return f"""
    INSERT INTO norms_obligation ({COLUMNS})
    SELECT DISTINCT ON (m.{unit}, {who}) gen_random_uuid(), 1, %(kind)s, %(clause)s::uuid, m.{unit}, {who}, {month},
           %(opens_on)s::date, %(due)s::timestamptz
    FROM {table} m
    WHERE m.id IN (SELECT record_id FROM kernel_entry WHERE seq BETWEEN %(first_seq)s AND %(last_seq)s)
    {OPENED_ONCE}
    """  # noqa: S608 names of our own tables and columns
