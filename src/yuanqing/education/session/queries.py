"""Who is expected at a session and what is known of each; the code that the screen shows."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, UUIDField, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from yuanqing.education.activity.models import Participation
from yuanqing.education.session import rules
from yuanqing.education.session.models import Attendance, Correction, Session
from yuanqing.kernel.packs.published import current


def parameter(code: str) -> int:
    return int(current("education").entry(code).value)


def reasons() -> dict[str, str]:
    """Why one may be away, by code."""
    return {entry.code: entry.label for entry in current("education").table("absence_reason")}


def code_now(session: Session) -> str:
    return rules.code_at(session.secret, int(timezone.now().timestamp()), parameter("session.step"))


def is_fresh(session: Session, code: str) -> bool:
    second = int(timezone.now().timestamp())
    return rules.is_fresh(session.secret, code, second, parameter("session.step"), parameter("session.valid"))


def expected(session: Session) -> QuerySet[Any]:
    """Participations of those invited to the activity in the unit of the session and below."""
    found: QuerySet[Any] = Participation.objects.due().filter(
        activity=session.activity_id, unit__path__startswith=session.unit.path
    )
    return found


def roster(session: Session, account: Any) -> QuerySet[Any]:
    """Those expected whom the account may see, each with `presence` (present, absent, elsewhere, missing)."""
    seen = Participation.objects.visible_to(account)
    here = Attendance.objects.filter(session=session, person=OuterRef("person")).exclude(state="voided")
    rows = expected(session).filter(pk__in=seen.values("pk")).select_related("person", "unit")
    rows = rows.annotate(here=Value(session.pk, output_field=UUIDField()))
    rows = rows.annotate(known=Subquery(here.values("state")[:1]), at=Subquery(here.values("at")[:1]))
    rows = rows.annotate(
        reason=Coalesce(Subquery(here.values("reason")[:1]), Value("")),
        note=Coalesce(Subquery(here.values("note")[:1]), Value("")),
        presented=Coalesce(Subquery(here.values("way")[:1]), Value("")),
    )
    elsewhere = When(Q(known__isnull=True) & Q(state="attended"), then=Value("elsewhere"))
    whole = Case(
        When(known__isnull=False, then=F("known")), elsewhere, default=Value("missing"), output_field=CharField()
    )
    found: QuerySet[Any] = rows.annotate(presence=whole)
    return found


def attended_by(session: Session, account: Any, number: str) -> Attendance | None:
    """Who is entered as present under this number, as far as the account's scope reaches."""
    rows = Attendance.objects.visible_to(account).filter(session=session, person__number=number, state="present")
    found: Attendance | None = rows.select_related("unit", "person", "session__activity").first()
    return found


def corrections_of(session: Session, account: Any) -> QuerySet[Any]:
    """What was corrected in the lists of a session, the latest first."""
    rows = Correction.objects.visible_to(account).filter(attendance__session=session)
    found: QuerySet[Any] = rows.select_related("attendance__person", "by").order_by("-at")
    return found


def counts(session: Session, account: Any) -> dict[str, int]:
    """How many of those expected are here, away for a reason, took part elsewhere, or are missing."""
    counted = roster(session, account).order_by().values("presence").annotate(people=Count("pk"))
    found = {"present": 0, "absent": 0, "elsewhere": 0, "missing": 0} | {r["presence"]: r["people"] for r in counted}
    return {**found, "expected": sum(found.values())}
