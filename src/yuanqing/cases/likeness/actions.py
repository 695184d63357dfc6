"""Marking a text while it is unlocked, and forgetting its marks when it is destroyed."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import connection, transaction

from yuanqing.cases.likeness import rules
from yuanqing.cases.likeness.queries import frequencies, is_marked
from yuanqing.kernel.acts import Touched, after
from yuanqing.kernel.database.scope import as_system
from yuanqing.kernel.sealing.models import SealedValue

COUNT = """
    INSERT INTO cases_frequency (mark, texts) SELECT unnest(%s::integer[]), 1
    ON CONFLICT (mark) DO UPDATE SET texts = cases_frequency.texts + 1
"""
KEEP = """
    INSERT INTO cases_mark (value_id, marks, weights, length) VALUES (%s, %s, %s, %s)
    ON CONFLICT (value_id) DO UPDATE SET marks = excluded.marks, weights = excluded.weights, length = excluded.length
"""


def learn(value_id: UUID, found: Mapping[int, rules.Feature]) -> None:
    """Keep the marks of an unlocked text; of one that has marks they are chosen anew, now that more is known."""
    with transaction.atomic(), as_system(), connection.cursor() as cursor:
        if not is_marked(value_id):
            cursor.execute(COUNT, [sorted([rules.TOTAL, *found])])  # in one order, so that two wait and none is locked
        known, total = frequencies(found)
        kept = rules.heaviest(found, known, total)
        length = rules.length(found, kept, known, total)
        cursor.execute(KEEP, [value_id, kept, rules.packed(found, kept), length])


@after(SealedValue, "destroy")
def _forget(touched: Touched) -> None:
    statement = f"DELETE FROM cases_mark WHERE value_id IN ({Touched.IDS})"  # noqa: S608 our own words
    with connection.cursor() as cursor:
        cursor.execute(statement, touched.params)
