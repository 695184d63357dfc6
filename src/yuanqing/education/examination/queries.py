"""The five problems of the pack in force, and examinations with how far their remedies are."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from yuanqing.education.examination.models import Examination, Problem
from yuanqing.kernel.packs.published import current

FOUND = Q(problems__is_found=True)
OPEN = FOUND & Q(problems__remedied_at__isnull=True)


def five() -> list[Any]:
    """The problems to examine oneself against, in order: title, and hints as text."""
    return list(current("education").table("five_problem"))


def parameter(code: str) -> int:
    return int(current("education").entry(code).value)


def with_progress(rows: Any) -> Any:
    """Examinations with the problems found, remedied and overdue; one statement."""
    return rows.annotate(
        found=Count("problems", filter=FOUND),
        remedied=Count("problems", filter=FOUND & Q(problems__remedied_at__isnull=False)),
        overdue=Count("problems", filter=OPEN & Q(problems__due_on__lt=timezone.localdate())),
    )


def own(account: Any) -> QuerySet[Any]:
    person = getattr(account, "person_id", None)
    return Examination.objects.filter(person_id=person) if person else Examination.objects.none()


def by_problem(examinations: QuerySet[Any]) -> list[dict[str, Any]]:
    """For each of the five: in how many of these it was found, remedied, is overdue. No names."""
    rows = Problem.objects.filter(examination__in=examinations.values("pk")).order_by().values("code")
    counted = rows.annotate(
        found=Count("pk", filter=Q(is_found=True)),
        remedied=Count("pk", filter=Q(is_found=True, remedied_at__isnull=False)),
        overdue=Count("pk", filter=Q(is_found=True, remedied_at__isnull=True, due_on__lt=timezone.localdate())),
    )
    known = {row["code"]: row for row in counted}
    none = {"found": 0, "remedied": 0, "overdue": 0}
    return [{"label": entry.label, **known.get(entry.code, none)} for entry in five()]
