"""Preparing quizzes; drawing, answering and handing in; the server marks, and collects what is not handed in in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from yuanqing.education.activity.models import Activity, Participation
from yuanqing.education.activity.queries import citations
from yuanqing.education.question.queries import drawable
from yuanqing.education.question.rules import is_right, score
from yuanqing.education.quiz import queries, rules
from yuanqing.education.quiz.models import STAGES, Attempt, Quiz
from yuanqing.kernel import acts
from yuanqing.kernel.acts import Refused, act


@act(Quiz, creates=True)
def prepare(*, by: Any, activity: Activity, stage: str, title: str, **terms: Any) -> Quiz:
    """`terms`: length, pass_mark, tries, minutes, clauses."""
    if stage not in dict(STAGES):
        raise ValidationError({"stage": _("没有这一种测验。")})
    quiz = Quiz(activity=activity, unit=activity.unit, stage=stage)
    _write(quiz, title=title, **terms)
    return quiz


@act(Quiz)
def edit(quiz: Quiz, *, by: Any, title: str, **terms: Any) -> None:
    _write(quiz, title=title, **terms)


def _write(quiz: Quiz, *, title: str, length: int, pass_mark: int, tries: int, minutes: int, clauses: str = "") -> None:
    limits = {
        "length": (length, 1, 100),
        "pass_mark": (pass_mark, 0, 100),
        "tries": (tries, 1, 20),
        "minutes": (minutes, 1, 300),
    }
    for name, (value, least, most) in limits.items():
        if not least <= value <= most:
            raise ValidationError({name: _("应在 %(least)s 到 %(most)s 之间。") % {"least": least, "most": most}})
    cited, wrong = citations(clauses)
    if wrong:
        raise ValidationError({"clauses": _("规则库里没有这些条款：%(codes)s。") % {"codes": _("、").join(wrong)}})
    quiz.title, quiz.length, quiz.pass_mark, quiz.tries, quiz.minutes = title, length, pass_mark, tries, minutes
    quiz.clauses = cited


@act(Quiz)
def offer(quiz: Quiz, *, by: Any) -> None:
    """Open to everybody invited; the bank must hold enough questions."""
    there = drawable(quiz.unit, quiz.clauses).count()
    if there < quiz.length:
        words = {"there": there, "length": quiz.length}
        raise ValidationError(_("题库里合用的题只有 %(there)s 道，不够抽 %(length)s 道。") % words)


@act(Quiz)
def close(quiz: Quiz, *, by: Any) -> None:
    """Nobody begins any more; papers under way are collected when their time is up."""


@act(Attempt, creates=True)
def begin(*, by: Any, quiz: Quiz) -> Attempt:
    """Draw the questions of one try; its time runs from now on, whether the page stays open or not."""
    if quiz.state != "open":
        raise ValidationError(_("这个测验现在不能作答。"))
    invited = Participation.objects.due().filter(activity=quiz.activity_id, person=by.person_id).first()
    if invited is None:
        raise ValidationError(_("您不在这次活动的对象里，不用作答。"))
    before = list(queries.own(quiz, by))
    if any(one.state == "sitting" for one in before):
        raise ValidationError(_("上一份答卷还没有交。"))
    if any(one.is_passed for one in before):
        raise ValidationError(_("您已经合格。"))
    if len(before) >= quiz.tries:
        raise ValidationError(_("最多作答 %(n)s 次，已经用完。") % {"n": quiz.tries})
    bank = {str(pk): options for pk, options in drawable(quiz.unit, quiz.clauses).values_list("pk", "options")}
    chosen = [[pk, rules.shuffled(len(bank[pk]))] for pk in rules.drawn(sorted(bank), quiz.length)]
    now = timezone.now()
    return Attempt(
        quiz=quiz, person_id=by.person_id, unit_id=invited.unit_id, number=len(before) + 1, questions=chosen, begun_at=now,
        ends_at=now + timedelta(minutes=quiz.minutes),
    )  # fmt: skip


SAVE = """
INSERT INTO education_answer (attempt_id, position, choice, saved_at)
SELECT a.id, %(position)s, %(choice)s, %(now)s FROM education_attempt a
WHERE a.id = %(attempt)s AND a.state = 'sitting' AND a.ends_at >= %(until)s FOR SHARE OF a
ON CONFLICT (attempt_id, position) DO UPDATE SET choice = excluded.choice, saved_at = excluded.saved_at
"""


def save(attempt: Attempt, *, by: Any, position: int, shown: Sequence[int]) -> None:
    """Keep the answer to one question as it is given; numbers of options as shown. It lives on the server from now on."""
    if getattr(by, "person_id", None) != attempt.person_id:
        raise Refused(_("只能由本人作答。"))
    if not 0 <= position < len(attempt.questions):
        raise ValidationError(_("答卷上没有这道题。"))
    try:
        choice = rules.as_authored(attempt.questions[position][1], shown)
    except ValueError:
        raise ValidationError(_("没有这个选项。")) from None
    now = timezone.now()
    params: dict[str, Any] = {
        "attempt": attempt.pk,
        "position": position,
        "choice": Jsonb(choice),
        "now": now,
        "until": now - queries.grace(),
    }
    with connection.cursor() as cursor:
        cursor.execute(SAVE, params)
        if not cursor.rowcount:
            raise Refused(_("已经交卷，或者时间到了，不能再改。"))


@act(Attempt)
def hand_in(attempt: Attempt, *, by: Any) -> None:
    """What is saved is marked; what has no answer is wrong."""
    _mark(attempt)


@act(Attempt)
def collect(attempt: Attempt, *, by: Any) -> None:
    """The time is up: what is saved is marked as if it had been handed in."""
    if attempt.ends_at > timezone.now():
        raise ValidationError(_("还没有到时。"))
    _mark(attempt)


def _mark(attempt: Attempt) -> None:
    marks = {
        str(line.question.pk): is_right(line.question.kind, line.question.answer, line.chosen)
        for line in queries.lines(attempt)
    }
    attempt.results, attempt.marked_at = marks, timezone.now()
    attempt.score = score(sum(marks.values()), len(marks))
    attempt.is_passed = attempt.score >= attempt.quiz.pass_mark
    acts.note(score=attempt.score, passed=attempt.is_passed, number=attempt.number)
