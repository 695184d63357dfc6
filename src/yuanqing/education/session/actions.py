"""Scheduling and holding sessions; signing in by the code at the door or by a list; absences with their reasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.education.activity.actions import attend, unattend
from yuanqing.education.activity.models import Activity, Participation
from yuanqing.education.session import queries
from yuanqing.education.session.models import Attendance, Correction, Session
from yuanqing.kernel import acts
from yuanqing.kernel.acts import Many, Touched, act, act_many
from yuanqing.org.unit.models import Unit, within


@act(Session, creates=True)
def schedule(
    *, by: Any, activity: Activity, unit: Unit, place: str, begins_at: datetime, ends_at: datetime, host: str = ""
) -> Session:
    made = Session(activity=activity, unit=unit)
    _write(made, place, begins_at, ends_at, host)
    day = timezone.localtime(begins_at).strftime("%Y%m%d")
    made.code = f"{day}-{Session.objects.filter(code__startswith=day).count() + 1:02d}"
    return made


@act(Session)
def edit(session: Session, *, by: Any, place: str, begins_at: datetime, ends_at: datetime, host: str = "") -> None:
    _write(session, place, begins_at, ends_at, host)


def _write(one: Session, place: str, begins_at: datetime, ends_at: datetime, host: str) -> None:
    if ends_at <= begins_at:
        raise ValidationError({"ends_at": _("结束时间应晚于开始时间。")})
    one.place, one.begins_at, one.ends_at, one.host = place, begins_at, ends_at, host


@act(Session)
def begin(session: Session, *, by: Any) -> None:
    """The code goes up on the screen; not before the day."""
    if timezone.localtime(session.begins_at).date() > timezone.localdate():
        raise ValidationError(_("还没有到那一天，不能开始签到。"))


@act(Session)
def close(session: Session, *, by: Any) -> None:
    """Nobody signs in by code any more; lists and reasons can still be entered."""
    acts.note(**queries.counts(session, acts.SYSTEM))


@act(Session)
def minute(session: Session, *, by: Any, minutes: str) -> None:
    """What was said and decided."""
    if not minutes.strip():
        raise ValidationError({"minutes": _("记录还是空的。")})
    session.minutes, session.minuted_by_id = minutes.strip(), by.pk


@act(Session)
def cancel(session: Session, *, by: Any, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明取消的理由。")})
    acts.note(reason=reason.strip())


# One's own


@act(Attendance, creates=True)
def sign_in(*, by: Any, session: Session, code: str) -> Attendance:
    """By the code that the screen at the door shows now."""
    return Attendance(session=session, person_id=by.person_id, **_shown(session, code, by))


@act(Attendance)
def arrive(attendance: Attendance, *, by: Any, code: str) -> None:
    """Whoever had asked for leave, or was entered as away, and came after all."""
    shown = _shown(attendance.session, code, by)
    attendance.way, attendance.at, attendance.by_id = shown["way"], shown["at"], shown["by_id"]


def _shown(session: Session, code: str, by: Any) -> dict[str, Any]:
    if session.state != "open":
        raise ValidationError(_("现在不是签到时间。"))
    if not queries.is_fresh(session, code):
        raise ValidationError(_("二维码已经换了，请对着屏幕再扫一次。"))
    found = queries.expected(session).filter(person=by.person_id).first()
    if found is None:
        raise ValidationError(_("您不在这次活动的对象里，不用签到。"))
    return {"unit_id": found.unit_id, "way": "qr", "at": timezone.now(), "by_id": by.pk}


@act(Attendance, creates=True)
def ask_leave(*, by: Any, session: Session, reason: str, note: str = "") -> Attendance:
    """Say before or on the day why one cannot come; the activity is still owed."""
    if session.state not in ("scheduled", "open"):
        raise ValidationError(_("这一场已经结束，请由单位联络员登记缺席理由。"))
    _known_reason(reason)
    found = queries.expected(session).filter(person=by.person_id).first()
    if found is None:
        raise ValidationError(_("您不在这次活动的对象里，不用请假。"))
    return Attendance(
        session=session, person_id=by.person_id, unit_id=found.unit_id, way="list", at=timezone.now(), reason=reason, note=note,
        by_id=by.pk, state="absent",
    )  # fmt: skip


# Lists

INSERT = """
INSERT INTO education_attendance (id, version, session_id, person_id, unit_id, way, at, reason, note, by_id, state)
SELECT gen_random_uuid(), 1, %(session)s, p.person_id, p.unit_id, 'list', %(moment)s::timestamptz, %(reason)s, %(remark)s, %(entered_by)s::uuid,
       %(state)s
FROM education_participation p WHERE p.id = ANY(%(rows)s::uuid[])
ON CONFLICT (session_id, person_id) DO NOTHING
"""


@act_many(Attendance, creates=True)
def register(many: Many, session: Session, numbers: Sequence[str], *, by: Any) -> int:
    """People who signed a sheet, by their numbers; all or nothing. Whoever is entered as present stays so."""
    if session.state not in ("open", "held"):
        raise ValidationError(_("还没有开始签到。"))
    rows = _listed(session, numbers, by, "register")
    params = {
        "session": session.pk,
        "moment": session.begins_at,
        "reason": "",
        "remark": "",
        "entered_by": by.pk,
        "state": "present",
    }
    away = Attendance.objects.filter(
        session=session, state__in=("absent", "voided"), person__in=[row.person_id for row in rows]
    )
    there = many.update(away, state="present", way="list", at=session.begins_at, by_id=by.pk)
    return there + many.insert(INSERT, {**params, "rows": [row.pk for row in rows]})


@act_many(Attendance, creates=True)
def excuse(many: Many, session: Session, numbers: Sequence[str], *, by: Any, reason: str, note: str = "") -> int:
    """People who were away, and why; whoever is entered already stays as entered."""
    _known_reason(reason)
    rows = _listed(session, numbers, by, "excuse")
    params = {
        "session": session.pk,
        "moment": timezone.now(),
        "reason": reason,
        "remark": note,
        "entered_by": by.pk,
        "state": "absent",
    }
    wrong = Attendance.objects.filter(session=session, state="voided", person__in=[row.person_id for row in rows])
    words = {"way": "list", "at": params["moment"], "reason": reason, "note": note, "by_id": by.pk}
    corrected = many.update(wrong, state="absent", **words)
    return corrected + many.insert(INSERT, {**params, "rows": [row.pk for row in rows]})


@act(Attendance)
def correct(attendance: Attendance, *, by: Any, reason: str) -> None:
    """Entered as present by mistake. What was entered is kept beside the reason; the activity is owed again, unless
    another session or a course proves it."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明怎么知道没有到场。")})
    acts.keep(
        Correction(
            attendance=attendance, was_way=attendance.way, was_at=attendance.at, reason=reason.strip(), at=timezone.now(), by_id=by.pk
        )
    )  # fmt: skip
    acts.once_saved(lambda: _no_longer_proved(attendance, by))


def _no_longer_proved(attendance: Attendance, by: Any) -> None:
    activity = attendance.session.activity_id
    rows = Participation.objects.filter(activity=activity, person=attendance.person_id, state="attended")
    if not unattend(rows.exclude(way="course"), by=by):
        return
    others = Attendance.objects.filter(session__activity=activity, person=attendance.person_id, state="present")
    ids = list(others.order_by("at").values_list("pk", flat=True)[:1])
    attend(STILL_PRESENT, {"rows": ids}, by=by)


def _known_reason(reason: str) -> None:
    if reason not in queries.reasons():
        raise ValidationError({"reason": _("没有这种缺席理由。")})


def _listed(session: Session, numbers: Sequence[str], by: Any, step: str) -> list[Participation]:
    """Those of the numbers who are expected and within the account's scope; the first that is not is told."""
    if not numbers:
        raise ValidationError({"numbers": _("请填人员编号，每行一个。")})
    scope = within(by.scopes(f"education.session.{step}"), "unit__path")
    rows = queries.expected(session).filter(scope, person__number__in=set(numbers)).select_related("person")
    known = {row.person.number: row for row in rows}
    for number in numbers:
        if number not in known:
            raise ValidationError({"numbers": _("“%(n)s”不是这一场的对象，或者不归您管。") % {"n": number}})
    return list(known.values())


PROVED = """
UPDATE education_participation SET state = 'attended', attended_at = m.at, way = m.way, version = education_participation.version + 1
FROM education_attendance m JOIN education_session s ON s.id = m.session_id
WHERE {which} AND m.state = 'present' AND education_participation.activity_id = s.activity_id
  AND education_participation.person_id = m.person_id AND education_participation.state = 'invited'
"""
PRESENT = PROVED.format(which=f"m.id IN ({Touched.IDS})")
STILL_PRESENT = PROVED.format(which="m.id = ANY(%(rows)s::uuid[])")


def _was_there(touched: Touched) -> None:
    attend(PRESENT, touched.params, by=touched.by)


for _step in ("sign_in", "register", "arrive"):
    acts.after(Attendance, _step)(_was_there)
