"""Lessons with how far each person has come, and the film behind one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from yuanqing.education.lesson import rules
from yuanqing.education.lesson.models import Lesson, Progress, Viewing
from yuanqing.education.lesson.policies import VIDEO
from yuanqing.kernel.packs.published import current
from yuanqing.shell.file.models import File
from yuanqing.shell.file.queries import store


def parameter(code: str) -> int:
    return int(current("education").entry(code).value)


def limits() -> rules.Limits:
    return rules.Limits(parameter("lesson.bank"), parameter("lesson.gap"))


def film(lesson: Lesson) -> File | None:
    """The file last handed in for it."""
    rows: QuerySet[Any] = File.objects.filter(purpose=VIDEO, about=lesson.pk)
    return rows.order_by("-added_at").first()


def length_of(file: File) -> int:
    """Whole seconds that the film says it lasts; 0 when it does not say."""
    read = {"video/mp4": rules.mp4_seconds, "video/webm": rules.webm_seconds}.get(file.media_type)
    if read is None:
        return 0
    with store().path(file.digest).open("rb") as handle:
        return int(read(handle, file.size))


def share_of(viewing: Viewing | None, seconds: int) -> int:
    """How much of the film the person has watched, in basis points."""
    progress = Progress.objects.filter(viewing=viewing).first() if viewing else None
    return rules.share(progress.spans, seconds) if progress else 0


def own(lesson: Lesson, account: Any) -> Viewing | None:
    person = getattr(account, "person_id", None)
    return Viewing.objects.filter(lesson=lesson, person=person).first() if person else None
