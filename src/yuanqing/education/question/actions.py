"""Writing questions, putting them in use, retiring them; a whole list at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.education.activity.queries import citations
from yuanqing.education.question import rules
from yuanqing.education.question.models import KINDS, Question
from yuanqing.kernel import acts
from yuanqing.kernel.acts import Many, act, act_many
from yuanqing.org.unit.models import Unit


@dataclass(frozen=True)
class Asked:
    """What a question consists of, as somebody typed it."""

    kind: str
    stem: str
    options: Sequence[str]
    answer: Sequence[int]
    clauses: str = ""
    explanation: str = ""
    cited: list[str] = field(default_factory=list)


def faults(asked: Asked) -> dict[str, str]:
    """Field → what is wrong with it, in a sentence."""
    if asked.kind not in dict(KINDS):
        return {"kind": _("没有这种题型。")}
    if not asked.stem.strip():
        return {"stem": _("请写题干。")}
    where, what = rules.fault(asked.kind, asked.options, asked.answer)
    sentences = {
        "": "",
        "twice": _("有两个选项一样。"),
        "two": _("判断题只有两个选项。"),
        "number": _("选项应有两到八个，每行一个。"),
        "unknown": _("答案里有没有的选项，或者重复了。"),
        "one": _("这种题只有一个正确选项。"),
        "several": _("多选题至少有两个正确选项。"),
        "order": _("请按正确顺序写出每一个选项的号码。"),
    }
    if where:
        return {where: sentences[what]}
    _cited, wrong = citations(asked.clauses)
    return {"clauses": _("规则库里没有这些条款：%(codes)s。") % {"codes": _("、").join(wrong)}} if wrong else {}


def _write(question: Question, asked: Asked) -> None:
    wrong = faults(asked)
    if wrong:
        raise ValidationError(wrong)
    question.kind, question.stem, question.explanation = asked.kind, asked.stem.strip(), asked.explanation.strip()
    question.options, question.answer = list(asked.options), list(asked.answer)
    question.clauses = citations(asked.clauses)[0]


@act(Question, creates=True)
def write(*, by: Any, unit: Unit, asked: Asked) -> Question:
    question = Question(unit=unit)
    _write(question, asked)
    return question


@act(Question)
def edit(question: Question, *, by: Any, asked: Asked) -> None:
    _write(question, asked)


@act(Question)
def activate(question: Question, *, by: Any) -> None:
    """From now on quizzes draw it; its words do not change any more."""


@act(Question)
def retire(question: Question, *, by: Any, reason: str) -> None:
    """No quiz draws it any more; attempts under way keep it."""
    acts.note(reason=reason.strip())


@act_many(Question, creates=True, label=gettext_lazy("导入试题"))
def import_questions(many: Many, unit: Unit, listed: Sequence[Asked], *, by: Any) -> int:
    """A list of questions, in use at once; those that the bank has already are left out. Returns how many were new."""
    if not by.can("education.question.import_questions", unit):
        raise ValidationError({"unit": _("这不在您的管辖范围之内（%(unit)s）。") % {"unit": unit}})
    known = set(
        Question.objects.filter(unit=unit, stem__in=[one.stem for one in listed]).values_list("stem", flat=True)
    )
    fresh = []
    for asked in listed:
        if asked.stem.strip() in known:
            continue
        question = Question(unit=unit, state="active")
        _write(question, asked)
        fresh.append(question)
    return many.create(fresh)
