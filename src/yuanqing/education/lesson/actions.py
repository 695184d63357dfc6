"""Adding lessons; watching them: reports with a signed ticket each, of which the server credits what can be true."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.education.activity.actions import attend
from yuanqing.education.activity.models import Activity, Participation
from yuanqing.education.courseware.models import Run
from yuanqing.education.lesson import queries, rules
from yuanqing.education.lesson.models import Lesson, Progress, Seat, Viewing
from yuanqing.education.lesson.policies import not_own
from yuanqing.education.quiz.models import Attempt
from yuanqing.kernel import acts
from yuanqing.kernel.acts import Refused, Touched, act
from yuanqing.kernel.database.scope import as_system

SALT = "lesson-report"


@act(Lesson, creates=True)
def add(*, by: Any, activity: Activity, title: str, seconds: int = 0) -> Lesson:
    last = Lesson.objects.filter(activity=activity).order_by("-position").first()
    place = last.position + 1 if last else 1
    return Lesson(activity=activity, unit=activity.unit, position=place, title=title, seconds=seconds)


@act(Lesson)
def edit(lesson: Lesson, *, by: Any, title: str, seconds: int = 0) -> None:
    lesson.title, lesson.seconds = title, seconds


@act(Lesson)
def publish(lesson: Lesson, *, by: Any) -> None:
    """The film is there, and how long it lasts is known: from the file, else as it was typed."""
    film = queries.film(lesson)
    if film is None:
        raise ValidationError(_("还没有上传片子。"))
    lesson.seconds = queries.length_of(film) or lesson.seconds
    if not 5 <= lesson.seconds <= 6 * 3600:
        raise ValidationError(_("从文件里读不出时长，请在“修改”里填时长，五秒到六小时。"))
    acts.note(digest=film.digest, seconds=lesson.seconds)


@act(Lesson)
def withdraw(lesson: Lesson, *, by: Any, reason: str) -> None:
    """Nobody needs to watch it any more; what was watched stays."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明撤下的理由。")})
    acts.note(reason=reason.strip())


# Watching


@act(Viewing, creates=True)
def begin(*, by: Any, lesson: Lesson) -> Viewing:
    invited = Participation.objects.due().filter(activity=lesson.activity_id, person=by.person_id).first()
    if lesson.state != "published" or invited is None:
        raise ValidationError(_("这一课现在不用您看。"))
    now = timezone.now()
    made = Viewing(lesson=lesson, person_id=by.person_id, unit_id=invited.unit_id, begun_at=now)

    def keep_progress() -> None:
        Progress.objects.create(viewing=made, reported_at=now)

    acts.once_saved(keep_progress)
    return made


@act(Viewing)
def finish(viewing: Viewing, *, by: Any) -> None:
    """Enough of it was watched; follows from the reports."""
    progress = viewing.progress
    viewing.finished_at = timezone.now()
    seconds = viewing.lesson.seconds
    acts.note(watched=round(rules.covered(progress.spans, seconds)), seconds=seconds, refused=progress.refused)


@dataclass(frozen=True)
class Told:
    """回应: the ticket for the next report, what came of this one, and how much is watched in basis points."""

    ticket: str
    verdict: str
    share: int
    is_finished: bool
    at: float  # where the server believes the film to stand


def open_window(lesson: Lesson, *, by: Any) -> Told:
    """This window watches now, and no other of this person; the first ticket."""
    viewing = queries.own(lesson, by) or begin(by=by, lesson=lesson)
    if lesson.state != "published":
        raise Refused(_("这一课已经撤下。"))
    window = secrets.token_hex(16)
    with as_system(), transaction.atomic():
        Seat.objects.update_or_create(person_id=by.person_id, defaults={"window": window, "viewing": viewing})
        progress = Progress.objects.select_for_update().get(viewing=viewing)
        progress.sequence, progress.saved, progress.reported_at = progress.sequence + 1, 0.0, timezone.now()
        progress.save()
    return _told(viewing, progress, window, "")


def report(ticket: str, *, by: Any, position: float, is_visible: bool = True, rate: float = 1.0) -> Told:
    """What the player says; credited as far as it can be true. A ticket is good for one report of its window."""
    try:
        said = signing.loads(ticket, salt=SALT)
    except signing.BadSignature:
        raise ValidationError({"ticket": _("票据不对，请刷新页面。")}) from None
    viewing = Viewing.objects.visible_to(by).select_related("lesson").filter(pk=said["viewing"]).first()
    reason = _("只能记本人的观看。") if viewing is None else not_own(viewing, by)
    if reason or viewing is None:
        raise Refused(reason)
    with as_system(), transaction.atomic():
        progress = Progress.objects.select_for_update().get(viewing=viewing)
        if not Seat.objects.filter(person_id=by.person_id, window=said["window"], viewing=viewing).exists():
            raise Refused(_("您在另一个窗口里打开了课程，这里不再记。"))
        if said["sequence"] != progress.sequence:
            return _told(viewing, progress, said["window"], "stale")
        verdict = _credit(
            progress, rules.Report(float(position), _since(progress), is_visible, rate), viewing.lesson.seconds
        )
        if viewing.state == "watching" and _is_enough(progress, viewing.lesson.seconds):
            finish(viewing, by=by)
    return _told(viewing, progress, said["window"], verdict)


def _since(progress: Progress) -> float:
    return (timezone.now() - progress.reported_at).total_seconds()


def _is_enough(progress: Progress, seconds: int) -> bool:
    return rules.share(progress.spans, seconds) >= queries.parameter("lesson.share") * 100


def _credit(progress: Progress, said: rules.Report, seconds: int) -> str:
    """Keep what the report is worth, and remember it for the next."""
    position = min(max(0.0, said.position), float(seconds))
    said = rules.Report(position, said.elapsed, said.is_visible, said.rate)
    span, mark, verdict = rules.judge(rules.Mark(progress.position, progress.saved), said, queries.limits())
    progress.spans = rules.union(progress.spans, span)
    if verdict:
        progress.refused = {**progress.refused, verdict: progress.refused.get(verdict, 0) + 1}
    progress.position, progress.saved, progress.reported_at = mark.position, mark.saved, timezone.now()
    progress.sequence += 1
    progress.save()
    return verdict


def _told(viewing: Viewing, progress: Progress, window: str, verdict: str) -> Told:
    ticket = signing.dumps({"viewing": str(viewing.pk), "window": window, "sequence": progress.sequence}, salt=SALT)
    share = rules.share(progress.spans, viewing.lesson.seconds)
    return Told(ticket, verdict, share, viewing.state == "finished", progress.position)


# Every lesson watched, every package learnt and the quiz passed: the course is taken

TAKEN = f"""
UPDATE education_participation SET state = 'attended', attended_at = %(moment)s::timestamptz, way = 'course',
       version = education_participation.version + 1
FROM (SELECT v.person_id, l.activity_id FROM education_viewing v JOIN education_lesson l ON l.id = v.lesson_id WHERE v.id IN ({Touched.IDS})
      UNION SELECT a.person_id, q.activity_id FROM education_attempt a JOIN education_quiz q ON q.id = a.quiz_id WHERE a.id IN ({Touched.IDS})
      UNION SELECT r.person_id, c.activity_id FROM education_run r JOIN education_courseware c ON c.id = r.courseware_id WHERE r.id IN ({Touched.IDS})) done
WHERE education_participation.person_id = done.person_id AND education_participation.activity_id = done.activity_id
  AND education_participation.state = 'invited'
  AND (EXISTS (SELECT FROM education_lesson l WHERE l.activity_id = done.activity_id AND l.state = 'published')
       OR EXISTS (SELECT FROM education_courseware c WHERE c.activity_id = done.activity_id AND c.state = 'published'))
  AND NOT EXISTS (SELECT FROM education_courseware c WHERE c.activity_id = done.activity_id AND c.state = 'published'
                  AND NOT EXISTS (SELECT FROM education_run r WHERE r.courseware_id = c.id AND r.person_id = done.person_id
                                  AND r.state = 'finished'))
  AND NOT EXISTS (SELECT FROM education_lesson l WHERE l.activity_id = done.activity_id AND l.state = 'published'
                  AND NOT EXISTS (SELECT FROM education_viewing v WHERE v.lesson_id = l.id AND v.person_id = done.person_id
                                  AND v.state = 'finished'))
  AND NOT EXISTS (SELECT FROM education_quiz q WHERE q.activity_id = done.activity_id AND q.stage = 'after' AND q.state = 'open'
                  AND NOT EXISTS (SELECT FROM education_attempt a WHERE a.quiz_id = q.id AND a.person_id = done.person_id
                                  AND a.is_passed))
"""  # noqa: S608 our own statement


def _taken(touched: Touched) -> None:
    attend(TAKEN, {**touched.params, "moment": touched.at}, by=touched.by)


acts.after(Viewing, "finish")(_taken)
acts.after(Run, "finish")(_taken)
for _step in ("hand_in", "collect"):
    acts.after(Attempt, _step)(_taken)
