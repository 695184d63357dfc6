"""Which questions a quiz may draw from, and how those asked fared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from yuanqing.education.question.models import Question
from yuanqing.org.unit.models import Unit


def drawable(unit: Unit, clauses: Sequence[str] = ()) -> QuerySet[Any]:
    """Questions in use of the unit and of those above it; with clauses, those about one of them."""
    rows = Question.objects.filter(state="active", unit__code__in=[*unit.codes_above, unit.code])
    if not clauses:
        return rows
    about = Q()
    for one in clauses:
        about |= Q(clauses__contains=[one])
    return rows.filter(about)
