"""Attempts with their questions, and what they say: results, items, before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Avg, Count, Max, Q, QuerySet
from django.utils import timezone

from yuanqing.education.activity.models import Activity
from yuanqing.education.question.models import Question
from yuanqing.education.quiz import rules
from yuanqing.education.quiz.models import Attempt, Quiz
from yuanqing.kernel.packs.published import current


def parameter(code: str) -> int:
    return int(current("education").entry(code).value)


def grace() -> timedelta:
    """How long after the time is up an answer that was on its way is still taken."""
    return timedelta(seconds=parameter("quiz.grace"))


@dataclass(frozen=True)
class Line:
    """One question of an attempt as it is shown."""

    position: int
    question: Question
    options: list[tuple[int, str, bool]]  # number as shown, words, whether chosen
    ranks: list[str]  # ordering: the rank typed beside each option as shown
    chosen: list[int]

    @property
    def ranked(self) -> list[tuple[str, list[tuple[int, bool]]]]:
        """Ordering: each option with the ranks it may be given, and which it is given."""
        places = range(1, len(self.options) + 1)
        return [
            (words, [(place, str(place) == rank) for place in places])
            for (_n, words, _is_chosen), rank in zip(self.options, self.ranks, strict=True)
        ]


def lines(attempt: Attempt) -> list[Line]:
    """The questions drawn, each with its options in the order of this attempt and what is chosen so far."""
    found = Question.objects.in_bulk([one for one, _order in attempt.questions])
    known = {str(pk): question for pk, question in found.items()}
    given = {answer.position: answer.choice for answer in attempt.answers.all()}
    return [_line(n, known[pk], order, given.get(n, [])) for n, (pk, order) in enumerate(attempt.questions)]


def _line(position: int, question: Question, order: list[int], chosen: list[int]) -> Line:
    options = [(n, question.options[one - 1], one in chosen) for n, one in enumerate(order, 1)]
    ranks = [str(chosen.index(one) + 1) if one in chosen else "" for one in order]
    return Line(position, question, options, ranks, chosen)


def own(quiz: Quiz, account: Any) -> QuerySet[Any]:
    return Attempt.objects.filter(quiz=quiz, person=getattr(account, "person_id", None)).order_by("-number")


def overdue() -> QuerySet[Any]:
    """Attempts whose time is up."""
    return Attempt.objects.filter(state="sitting", ends_at__lt=timezone.now() - grace())


def summary(attempts: QuerySet[Any]) -> dict[str, Any]:
    """How many sat it, passed it, and the mean of their best."""
    best = (
        attempts.filter(state="marked")
        .order_by()
        .values("person")
        .annotate(best=Max("score"), right=Count("pk", filter=Q(is_passed=True)))
    )
    whole = best.aggregate(people=Count("person"), mean=Avg("best"), passed=Count("person", filter=Q(right__gt=0)))
    return {"people": whole["people"], "passed": whole["passed"], "mean": round(whole["mean"] or 0)}


def items(attempts: QuerySet[Any]) -> list[tuple[Question | None, rules.ItemStatistics]]:
    """One line a question asked in these attempts, the hardest first."""
    marked = attempts.filter(state="marked").values_list("score", "results")
    found = rules.item_statistics([(score or 0, results) for score, results in marked])
    known = Question.objects.in_bulk([one.question for one in found])
    by_id = {str(pk): question for pk, question in known.items()}
    return [(by_id.get(one.question), one) for one in sorted(found, key=lambda one: one.share)]


def effect(activity: Activity, attempts: QuerySet[Any]) -> rules.Effect:
    """The first score before and the best score after of everybody who sat both."""
    marked = attempts.filter(quiz__activity=activity, state="marked").order_by("person", "number")
    before: dict[Any, int] = {}
    after: dict[Any, int] = {}
    for person, stage, score in marked.values_list("person", "quiz__stage", "score"):
        if stage == "before":
            before.setdefault(person, score)
        else:
            after[person] = max(score, after.get(person, 0))
    return rules.effect([(before[person], after[person]) for person in before.keys() & after.keys()])
