"""Examining oneself against five problems, the superior's comments, and the remedies until each is confirmed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.education.examination import queries
from yuanqing.education.examination.models import Examination, Problem
from yuanqing.kernel import acts
from yuanqing.kernel.acts import act
from yuanqing.norms.obligation.actions import fulfils
from yuanqing.norms.obligation.models import Obligation
from yuanqing.org.person.models import Person

OWED = "speech.five_problem_examination"


@act(Examination, creates=True)
def begin(*, by: Any, year: int) -> Examination:
    """One's own for a year, with the five problems to answer."""
    if not 2000 <= year <= 2100:
        raise ValidationError({"year": _("年度写错了。")})
    person = Person.objects.select_related("unit").filter(pk=by.person_id).first()
    if person is None:
        raise ValidationError(_("您的账号没有对应的人员，不能自查。"))
    owed = Obligation.objects.filter(kind=OWED, person=person, due_at__year=year).select_related("unit").first()
    made = Examination(person=person, unit=owed.unit if owed else person.unit, year=year, begun_at=timezone.now())

    def keep_problems() -> None:
        for position, entry in enumerate(queries.five()):
            acts.keep(Problem(examination=made, code=entry.code, position=position))

    acts.once_saved(keep_problems)
    return made


@act(Examination)
def answer(
    examination: Examination, *, by: Any, code: str, is_found: bool, evidence: str = "", cause: str = "", remedy: str = "",
    due_on: date | None = None,
) -> None:  # fmt: skip
    """One of the five: what there is of it, or why there is nothing. Whatever is missing is told when it is submitted."""
    problem = _problem(examination, code)
    problem.is_found, problem.evidence = is_found, evidence.strip()
    problem.cause, problem.remedy = (cause.strip(), remedy.strip()) if is_found else ("", "")
    problem.due_on = due_on if is_found else None
    acts.keep(problem)


def _problem(examination: Examination, code: str) -> Problem:
    found = Problem.objects.filter(examination=examination, code=code).first()
    if found is None:
        raise ValidationError({"code": _("没有这一条。")})
    return found


def gaps(problem: Problem) -> dict[str, str]:
    """Field → what is missing or too short before it can be submitted."""
    least = queries.parameter("examination.least")
    if problem.is_found is None:
        return {"is_found": _("“%(what)s”还没有对照。") % {"what": problem.label}}
    short = _("“%(what)s”的%(field)s太短，至少 %(least)s 字，写具体的事。")
    wrong = {}
    for name, label in (("evidence", _("具体表现")), ("cause", _("原因")), ("remedy", _("整改措施"))):
        if (problem.is_found or name == "evidence") and len(getattr(problem, name)) < least:
            wrong[name] = short % {"what": problem.label, "field": label, "least": least}
    if problem.is_found and problem.due_on is None:
        wrong["due_on"] = _("“%(what)s”还没有写整改期限。") % {"what": problem.label}
    elif problem.due_on is not None and problem.due_on < timezone.localdate():
        wrong["due_on"] = _("“%(what)s”的整改期限已经过了。") % {"what": problem.label}
    return wrong


@act(Examination)
def submit(examination: Examination, *, by: Any) -> None:
    """Whole, and not all five without anything: a superior reads it."""
    problems = list(examination.problems.all())
    wrong = [sentence for problem in problems for sentence in gaps(problem).values()]
    if wrong:
        raise ValidationError(wrong)
    examination.submitted_at = examination.submitted_at or timezone.now()
    acts.note(found=sum(bool(problem.is_found) for problem in problems))


@act(Examination)
def send_back(examination: Examination, *, by: Any, reason: str) -> None:
    """Too general, or something known is missing."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明哪里要重查。")})
    examination.opinion, examination.commented_by_id, examination.commented_at = reason.strip(), by.pk, timezone.now()
    acts.note(reason=_("见上级点评"))


@act(Examination)
def comment(examination: Examination, *, by: Any, opinion: str, remarks: dict[str, str] | None = None) -> None:
    """What the superior says of the whole and of single problems; from now on the remedies are followed up."""
    if len(opinion.strip()) < 10:
        raise ValidationError({"opinion": _("点评太短，请写明认不认可、还要注意什么。")})
    examination.opinion, examination.commented_by_id, examination.commented_at = opinion.strip(), by.pk, timezone.now()
    problems = list(examination.problems.all())
    for problem in problems:
        said = (remarks or {}).get(problem.code, "").strip()
        if said:
            problem.remark = said
            acts.keep(problem)
    if not any(problem.is_found for problem in problems):
        acts.once_saved(lambda: close(examination, by=by) and None)


@act(Examination)
def report(examination: Examination, *, by: Any, code: str, text: str) -> None:
    """What was done about one problem."""
    problem = _problem(examination, code)
    if not problem.is_open:
        raise ValidationError({"code": _("这一条不用报告整改，或者已经确认。")})
    if len(text.strip()) < queries.parameter("examination.least"):
        raise ValidationError({"text": _("太短，请写明做了什么、现在怎么样。")})
    problem.report, problem.reported_at = text.strip(), timezone.now()
    acts.keep(problem)


@act(Examination)
def confirm(examination: Examination, *, by: Any, code: str) -> None:
    """The superior finds it remedied; the last one closes the examination."""
    problem = _problem(examination, code)
    if not problem.is_open or problem.reported_at is None:
        raise ValidationError({"code": _("本人还没有报告整改。")})
    problem.remedied_at, problem.remedied_by_id = timezone.now(), by.pk
    acts.keep(problem)
    if not any(one.is_open for one in examination.problems.exclude(pk=problem.pk)):
        acts.once_saved(lambda: close(examination, by=by) and None)


@act(Examination)
def reject(examination: Examination, *, by: Any, code: str, reason: str) -> None:
    """Not remedied yet: it has to be reported again."""
    problem = _problem(examination, code)
    if not problem.is_open or problem.reported_at is None:
        raise ValidationError({"code": _("本人还没有报告整改。")})
    if not reason.strip():
        raise ValidationError({"reason": _("请写明哪里不到位。")})
    problem.reported_at, problem.remark = None, reason.strip()
    acts.keep(problem)


@act(Examination)
def close(examination: Examination, *, by: Any) -> None:
    examination.closed_at = timezone.now()


fulfils(
    OWED, Examination, "submit", person="person_id", period=None, at="submitted_at", begin="examination:mine",
    where="EXTRACT(year FROM o.due_at AT TIME ZONE 'Asia/Shanghai') = m.year", also=("begin", "answer"),
)  # fmt: skip
