"""Preparing an induction, doing its items, exceptions; the appointment itself is made in the organisation's pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.education.induction import queries, rules
from yuanqing.education.induction.models import STANDING, Induction, InductionItem, Sitting
from yuanqing.education.notice import actions as notices
from yuanqing.education.notice.models import Notice, Receipt
from yuanqing.kernel import acts
from yuanqing.kernel.acts import Many, Touched, act, act_many
from yuanqing.norms.obligation.actions import excuse, fulfils, owes
from yuanqing.org.person.models import Person
from yuanqing.org.post.models import Appointment, Post
from yuanqing.org.post.policies import stands_in_the_way

STUDY, EXAM, TALK, PROMISE, AVOIDANCE, FAMILY = (
    f"induction.{name}" for name in ("study", "exam", "talk", "promise", "avoidance", "family")
)
stands_in_the_way(queries.obstacles)


@act(Induction, creates=True)
def prepare(
    *, by: Any, person: Person, post: Post, planned_on: date | None = None, notice: Notice | None = None
) -> Induction:
    """Open what the pack asks for; with a notice the person receives it, and studying it is one of the items."""
    if post.ended_on:
        raise ValidationError({"post": _("岗位已于 %(day)s 撤销。") % {"day": post.ended_on}})
    if notice is not None and notice.state != "issued":
        raise ValidationError({"notice": _("学习材料应是已发出的告知。")})
    if Induction.objects.filter(person=person, post=post, state__in=STANDING).exists():
        raise ValidationError({"person": _("已经为这个人准备过这个岗位的任前教育。")})
    made = Induction(
        person=person, post=post, unit=post.unit, planned_on=planned_on, notice=notice, prepared_at=timezone.now(),
        prepared_by_id=by.pk,
    )  # fmt: skip
    acts.once_saved(lambda: _open_items(made, by))
    return made


def _open_items(induction: Induction, by: Any) -> None:
    for position, entry in enumerate(queries.items()):
        if entry.code == STUDY and induction.notice is None:
            continue
        required = entry.values.get("required") == "yes"
        acts.keep(InductionItem(induction=induction, code=entry.code, position=position, is_required=required))
    if induction.notice is not None:
        notices.deliver_to(induction.notice, [induction.person], by=by)
        if Receipt.objects.filter(notice=induction.notice, person=induction.person, state="signed").exists():
            _done(induction, STUDY, by)


def _done(induction: Induction, code: str, by: Any, *, record: str = "", score: int | None = None) -> None:
    item = induction.items.filter(code=code).first()
    if item is None:
        raise ValidationError(_("这份任前教育没有这一项。"))
    if item.done_at is not None and code != FAMILY:
        raise ValidationError(_("这一项已经完成。"))
    item.done_at, item.done_by_id, item.record, item.score = timezone.now(), by.pk, record, score
    acts.keep(item)
    if induction.state == "open" and not queries.missing(list(induction.items.all())):
        acts.once_saved(lambda: complete(induction, by=by) and None)


@act(Induction)
def complete(induction: Induction, *, by: Any) -> None:
    """Everything required is done: the appointment may take effect."""
    induction.completed_at = timezone.now()


@act(Induction)
def study(induction: Induction, *, by: Any) -> None:
    """The material was read to the end and signed; follows from the receipt."""
    _done(induction, STUDY, by)


@act(Induction)
def draw(induction: Induction, *, by: Any) -> None:
    """A fresh set of questions; an attempt that was begun must be handed in first."""
    if induction.items.filter(code=EXAM, done_at__isnull=False).exists():
        raise ValidationError(_("考试已经合格。"))
    last = induction.sittings.first()
    if last is not None and last.sat_at is None:
        raise ValidationError(_("上一份卷子还没有交。"))
    today = timezone.localdate()
    tries = sum(timezone.localtime(one.drawn_at).date() == today for one in induction.sittings.all())
    if tries >= queries.parameter("induction.tries"):
        raise ValidationError(_("今天已经考了 %(n)s 次，请明天再考。") % {"n": tries})
    chosen = rules.drawn(sorted(queries.questions()), queries.parameter(queries.EXAM_LENGTH))
    number = last.number + 1 if last else 1
    acts.keep(Sitting(induction=induction, number=number, questions=chosen, drawn_at=timezone.now()))


@act(Induction)
def sit(induction: Induction, *, by: Any, answers: dict[str, str]) -> None:
    """Hand in: marked on the server; from the pass mark on the item is done."""
    sitting = induction.sittings.filter(sat_at__isnull=True).first()
    if sitting is None:
        raise ValidationError(_("请先开始考试。"))
    right = {code: entry.values["right"] for code, entry in queries.questions().items()}
    sitting.answers = {code: answers[code] for code in sitting.questions if code in answers}
    sitting.score, sitting.sat_at = rules.score(right, sitting.questions, sitting.answers), timezone.now()
    acts.keep(sitting)
    acts.note(score=sitting.score, sitting=sitting.number)
    if sitting.score >= queries.parameter("induction.pass"):
        _done(induction, EXAM, by, score=sitting.score)


@act(Induction)
def promise(induction: Induction, *, by: Any) -> None:
    """The text of the pack, as shown, is what was promised; it is kept with the item."""
    _done(induction, PROMISE, by, record=queries.pack().entry(PROMISE).text)


@act(Induction)
def declare(induction: Induction, *, by: Any, has_relatives: bool, statement: str = "") -> None:
    """Relatives in the same unit or in a post that calls for avoidance, or that there are none."""
    if has_relatives and not statement.strip():
        raise ValidationError({"statement": _("请写明亲属的姓名、关系和岗位。")})
    _done(induction, AVOIDANCE, by, record=statement.strip() if has_relatives else _("没有应回避的亲属关系。"))


@act(Induction)
def talk(induction: Induction, *, by: Any, on: date, summary: str) -> None:
    """A talk before taking up the post, with its record."""
    if on > timezone.localdate():
        raise ValidationError({"on": _("日期不能晚于今天。")})
    if len(summary.strip()) < 20:
        raise ValidationError({"summary": _("谈话记录太短，请写明谈了什么、本人表态。")})
    _done(induction, TALK, by, record=f"{on}\n{summary.strip()}")


@act(Induction)
def write_family(induction: Induction, *, by: Any, note: str) -> None:
    _done(induction, FAMILY, by, record=note)


@act(Induction)
def ask_exception(induction: Induction, *, by: Any, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("例外须写明理由。")})
    induction.exception_reason, induction.exception_asked_by_id = reason.strip(), by.pk
    acts.note(reason=reason.strip())


@act(Induction)
def approve_exception(induction: Induction, *, by: Any) -> None:
    """A second person lets the appointment take effect first; statistics show it, and the obligation stays."""
    induction.excepted_by_id, induction.excepted_at = by.pk, timezone.now()


@act(Induction)
def refuse_exception(induction: Induction, *, by: Any, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明不同意的理由。")})
    acts.note(reason=reason.strip())


@act(Induction)
def cancel(induction: Induction, *, by: Any, reason: str) -> None:
    """The appointment is not going to be made."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明取消的理由。")})
    acts.note(reason=reason.strip())
    acts.once_saved(lambda: excuse([induction.pk], by=by, reason=reason.strip()) and None)


TAKEN = """
UPDATE education_induction SET state = 'used', version = education_induction.version + 1
FROM org_appointment a
WHERE a.id IN (SELECT record_id FROM kernel_entry WHERE seq BETWEEN %(first_seq)s AND %(last_seq)s)
  AND a.post_id = education_induction.post_id AND a.person_id = education_induction.person_id
  AND education_induction.state IN ('complete', 'excepted')
"""


@act_many(Induction)
def take_effect(many: Many, touched: Touched, *, by: Any) -> int:
    """The appointments were made: their inductions are used up."""
    return many.insert(TAKEN, touched.params)


@acts.after(Appointment, "appoint")
@acts.after(Appointment, "import_appointments")
def _appointed(touched: Touched) -> None:
    take_effect(touched, by=touched.by)


@acts.after(Receipt, "sign")
def _signed(touched: Touched) -> None:
    for receipt in touched.records():
        for one in Induction.objects.filter(person=receipt.person_id, notice=receipt.notice_id, state="open"):
            if one.items.filter(code=STUDY, done_at__isnull=True).exists():
                study(one, by=touched.by)


owes(
    "speech.induction", Induction, "prepare", person="person_id", subject="id",
    about="(SELECT p.name FROM org_post p WHERE p.id = m.post_id)",
)  # fmt: skip
fulfils("speech.induction", Induction, "complete", person="person_id", period=None, subject="id")
