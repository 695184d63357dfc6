"""The statements by which obligations open, are fulfilled and are prolonged: one each, whatever the number of rows."""

from __future__ import annotations

from yuanqing.org.audience.rules import PEOPLE

COLUMNS = "id, version, kind, clause_id, unit_id, person_id, period_id, opens_on, due_at"
OPENED_ONCE = "ON CONFLICT (kind, unit_id, person_id, period_id, opens_on, subject) DO NOTHING"

# Units that report and exist on the day.
UNITS = f"""
INSERT INTO norms_obligation ({COLUMNS})
SELECT gen_random_uuid(), 1, %(kind)s, %(clause)s, u.id, NULL, %(period)s::uuid, %(opens_on)s, %(due)s
FROM org_unit u
WHERE u.is_reporting AND u.began_on <= %(day)s AND (u.ended_on IS NULL OR u.ended_on > %(day)s)
  AND (cardinality(%(unit_kinds)s::text[]) = 0 OR u.kind = ANY(%(unit_kinds)s::text[]))
{OPENED_ONCE}
"""  # noqa: S608 the names are those above

# People whom the kind's audience means on the day, once each, under the unit of the post that counts.
PERSONS = f"""
INSERT INTO norms_obligation ({COLUMNS})
SELECT gen_random_uuid(), 1, %(kind)s, %(clause)s, who.unit_id, who.person_id, %(period)s::uuid, %(opens_on)s, %(due)s
FROM ({PEOPLE}) who
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


def fulfilling(
    table: str,
    kind: str,
    unit: str,
    person: str | None,
    period: str | None,
    subject: str | None = None,
    where: str = "TRUE",
    at: str = "",
) -> str:
    """The statement that fulfils obligations from the records of `table` (called m) just touched.

    With a period the month must be the same, with a subject what it is about; without them the record meets the open
    obligation that is due first. `at` is a column that says when it was done, where that was before the act.
    """
    who = f"o.unit_id = m.{unit} AND o.person_id IS NULL" if person is None else f"o.person_id = m.{person}"
    month = "" if period is None else f" AND o.period_id = m.{period}"
    about = "" if subject is None else f" AND o.subject = m.{subject}"
    when = f"coalesce(m.{at}, %(at)s)" if at else "%(at)s"
    name = kind.replace("'", "''")
    return f"""
    UPDATE norms_obligation SET fulfilled_at = met.done_at, fulfilled_by = met.record_id, version = norms_obligation.version + 1
    FROM (
      SELECT DISTINCT ON (m.id) o.id, m.id AS record_id, {when} AS done_at
      FROM {table} m
      JOIN norms_obligation o ON {who}{month}{about} AND o.kind = '{name}'
       AND o.fulfilled_at IS NULL AND o.lapsed_at IS NULL AND o.excused_at IS NULL AND o.opens_on <= (%(at)s AT TIME ZONE 'Asia/Shanghai')::date
      WHERE m.id IN (SELECT record_id FROM kernel_entry WHERE seq BETWEEN %(first_seq)s AND %(last_seq)s) AND {where}
      ORDER BY m.id, o.due_at, o.opens_on
    ) met
    WHERE norms_obligation.id = met.id
    """  # noqa: S608 names of our own tables and columns


def owing(
    table: str,
    unit: str,
    person: str | None,
    period: str | None,
    subject: str | None = None,
    about: str = "''",
    due: str = "",
    where: str = "TRUE",
) -> str:
    """The statement by which the records of `table` (called m) just touched make their units (or persons) owe something.

    With a period the obligation belongs to that month, and only a record of the same month can fulfil it; with a
    subject only a record about the same. `about` is an expression that names it, `due` a column that overrides the term.
    """
    month = "NULL::uuid" if period is None else f"m.{period}"
    who = "NULL::uuid" if person is None else f"m.{person}"
    what = "NULL::uuid" if subject is None else f"m.{subject}"
    by_when = f"coalesce(m.{due}, %(due)s::timestamptz)" if due else "%(due)s::timestamptz"
    return f"""
    INSERT INTO norms_obligation ({COLUMNS}, subject, about)
    SELECT DISTINCT ON (m.{unit}, {who}, {what}) gen_random_uuid(), 1, %(kind)s, %(clause)s::uuid, m.{unit}, {who}, {month},
           %(opens_on)s::date, {by_when}, {what}, {about}
    FROM {table} m
    WHERE m.id IN (SELECT record_id FROM kernel_entry WHERE seq BETWEEN %(first_seq)s AND %(last_seq)s) AND {where}
    {OPENED_ONCE}
    """  # noqa: S608 names of our own tables and columns
