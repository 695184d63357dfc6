"""Issuing what a case asks of a unit, its answer, the re-visit, and the lesson that goes into the column."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.cases.case.actions import persons_of
from yuanqing.cases.case.models import Case
from yuanqing.cases.petition.queries import clock
from yuanqing.cases.redress.models import Redress
from yuanqing.cases.redress.queries import Remedies, clauses
from yuanqing.cases.redress.rules import identifying
from yuanqing.education.column import actions as column
from yuanqing.kernel.acts import act, note
from yuanqing.kernel.almanac import after
from yuanqing.kernel.packs.calendar import calendar_in_force
from yuanqing.norms.obligation.actions import fulfils, owes
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit


@act(Redress, creates=True)
def issue(
    *, by: Any, case: Case, secret: str, kind: str, title: str, text: str, unit: Unit, owner: Person | None = None,
    type: str = "", due_on: date | None = None,
) -> Redress:  # fmt: skip
    """After the decision; whoever reads it may not open the file, so it names nobody whom the case is about."""
    codes, today, wrong = Remedies(), timezone.localdate(), dict[str, str]()
    if case.decided_on is None:
        raise ValidationError(_("案件作出决定以后才能提出以案促改事项。"))
    if kind not in codes.table("redress_kind"):
        wrong["kind"] = _("请选择种类。")
    if len(text.strip()) < 10:
        wrong["text"] = _("请写明问题、原因和要做什么。")
    if type and type not in clauses():
        wrong["type"] = _("请从列出的选项中选择。")
    if due_on is not None and due_on <= today:
        wrong["due_on"] = _("期限应在今天之后。")
    if owner is not None and not owner.unit.path.startswith(unit.path):
        wrong["owner"] = _("责任人不在责任单位。")
    persons = persons_of(case, secret)
    found = identifying([title, text], [w for p in persons for w in (p.name, p.number)])
    if kind == "lesson":
        found += identifying([title, text], [w for p in persons for w in (p.unit.name, p.unit.short_name)])
    if found:
        wrong["text"] = _("还写着 %(names)s；阅读的人不能打开案卷，请先脱敏。") % {"names": _("、").join(found)}
    if wrong:
        raise ValidationError(wrong)
    note(kind=kind, case=case.number)
    return Redress(
        case=case, kind=kind, title=title.strip(), text=text.strip(), unit=unit, owner=owner, type=type,
        issued_by_id=by.pk, issued_on=today, due_on=due_on or clock("redress.answer", today),
        watched_until=after(today, codes.number("watch_months"), "months", calendar_in_force()) if type else None,
    )  # fmt: skip


@act(Redress)
def answer(redress: Redress, *, by: Any, answer: str, is_accepted: bool) -> None:
    """What the unit has done, or why it does not follow the advice: to refuse without reasons is not open."""
    if len(answer.strip()) < 10:
        raise ValidationError({"answer": _("请写明做了什么、谁负责；不采纳的写明理由。")})
    redress.answer, redress.is_accepted = answer.strip(), is_accepted
    redress.answered_by_id, redress.answered_on = by.pk, timezone.localdate()
    redress.due_on = clock("redress.revisit", timezone.localdate())
    note(is_accepted=is_accepted)


@act(Redress)
def send_back(redress: Redress, *, by: Any, reason: str) -> None:
    """The re-visit found it not mended: the unit's clock begins anew."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    redress.returns += 1
    redress.finding = reason.strip()
    redress.due_on = clock("redress.answer", timezone.localdate())
    note(reason=reason.strip())


@act(Redress)
def verify(redress: Redress, *, by: Any, on: date, effect: str, finding: str) -> None:
    """回头看: somebody went and looked; what was seen is written down."""
    codes = Remedies()
    if effect not in codes.table("effect"):
        raise ValidationError({"effect": _("请选择回访结果。没有整改的请退回。")})
    if redress.answered_on is None or not redress.answered_on <= on <= timezone.localdate():
        raise ValidationError({"on": _("回访日期应在答复日期与今天之间。")})
    if not finding.strip():
        raise ValidationError({"finding": _("请写明看到的情况。")})
    redress.effect, redress.finding = effect, finding.strip()
    redress.verified_by_id, redress.verified_on = by.pk, on
    redress.ended_on, redress.due_on = timezone.localdate(), None
    note(effect=effect)


@act(Redress)
def teach(redress: Redress, *, by: Any, kind: str, is_deidentified: bool) -> None:
    """A second person has read that nobody can be recognised; it enters the column as a draft, edited there."""
    if not is_deidentified:
        raise ValidationError({"is_deidentified": _("请核对：看不出是谁、哪个单位、哪个项目。")})
    redress.article = column.draft(by=by, unit=redress.case.unit, kind=kind, title=redress.title, body=redress.text)
    redress.ended_on, redress.due_on = timezone.localdate(), None


@act(Redress)
def withdraw(redress: Redress, *, by: Any, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    redress.withdrawal = reason.strip()
    redress.ended_on, redress.due_on = timezone.localdate(), None
    note(reason=reason.strip())


OWED = "casework.redress_answer"
for _step in ("issue", "send_back"):
    owes(OWED, Redress, _step, subject="id", about="m.title", due="due_on + 1", where="m.kind <> 'lesson'")
fulfils(OWED, Redress, "answer", period=None, subject="id")
