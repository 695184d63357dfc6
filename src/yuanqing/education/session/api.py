"""Sessions for programs: scheduling, signing in, lists, minutes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from ninja.pagination import paginate

from yuanqing.education.activity.models import Activity
from yuanqing.education.session import actions, queries
from yuanqing.education.session.models import Attendance, Session
from yuanqing.kernel.acts import insist
from yuanqing.org.person.api import OfPerson
from yuanqing.org.unit.api import TROUBLES, Moment, OfUnit
from yuanqing.org.unit.models import Unit

router = Router()


class SessionOut(OfUnit):
    id: UUID
    version: int
    activity: UUID
    code: str
    unit: str
    place: str
    host: str
    begins_at: datetime
    ends_at: datetime
    minutes: str
    state: str

    @staticmethod
    def resolve_activity(row: Any) -> UUID:
        found: UUID = row.activity_id
        return found


class PresenceOut(OfPerson):
    person: str
    unit: str
    presence: str
    way: str
    at: datetime | None
    reason: str

    @staticmethod
    def resolve_way(row: Any) -> str:
        return str(row.presented)


class SessionChange(Schema):
    place: str
    begins_at: Moment
    ends_at: Moment
    host: str = ""


class SessionIn(SessionChange):
    activity: UUID
    unit: str


class CodeIn(Schema):
    code: str


class NumbersIn(Schema):
    numbers: list[str]


class ExcuseIn(NumbersIn):
    reason: str
    note: str = ""


class AttendanceCorrectIn(Schema):
    number: str
    reason: str


class MinutesIn(Schema):
    minutes: str


class SessionReason(Schema):
    reason: str = ""


ANSWERS: dict[int, Any] = {200: SessionOut, **TROUBLES}
COUNTED: dict[int, Any] = {200: dict[str, int], **TROUBLES}


def _rows(request: HttpRequest) -> Any:
    return Session.objects.visible_to(request.user).select_related("unit", "activity")


def _one(request: HttpRequest, pk: UUID) -> Any:
    return get_object_or_404(_rows(request), pk=pk)


@router.get("/", response=list[SessionOut])
@paginate
def list_sessions(request: HttpRequest, activity: UUID | None = None, state: str = "") -> Any:
    """The sessions the account may see."""
    rows = _rows(request).order_by("-begins_at", "pk")
    rows = rows.filter(activity=activity) if activity is not None else rows
    return rows.filter(state=state) if state else rows


@router.post("/", response={201: SessionOut, **ANSWERS})
def schedule_session(request: HttpRequest, given: SessionIn) -> Any:
    activity = get_object_or_404(Activity.objects.visible_to(request.user), pk=given.activity)
    unit = Unit.objects.visible_to(request.user).filter(code=given.unit).first()
    if unit is None:
        raise ValidationError({"unit": _("找不到这个单位。")})
    words = given.dict(exclude={"activity", "unit"})
    made = actions.schedule(by=request.user, activity=activity, unit=unit, **words)
    return Status(201, _one(request, made.pk))


@router.get("/{uuid:pk}/", response=ANSWERS)
def get_session(request: HttpRequest, pk: UUID) -> Any:
    return _one(request, pk)


@router.put("/{uuid:pk}/", response=ANSWERS)
def edit_session(request: HttpRequest, pk: UUID, given: SessionChange) -> Any:
    actions.edit(_one(request, pk), by=request.user, **given.dict())
    return _one(request, pk)


@router.put("/{uuid:pk}/minutes/", response=ANSWERS)
def write_minutes(request: HttpRequest, pk: UUID, given: MinutesIn) -> Any:
    actions.minute(_one(request, pk), by=request.user, minutes=given.minutes)
    return _one(request, pk)


@router.get("/{uuid:pk}/roster/", response=list[PresenceOut])
@paginate
def list_roster(request: HttpRequest, pk: UUID) -> Any:
    """Everybody expected, within the account's scope: present, absent, elsewhere or missing."""
    return queries.roster(_one(request, pk), request.user).order_by("unit__path", "pk")


@router.post("/{uuid:pk}/begin/", response=ANSWERS)
def begin_session(request: HttpRequest, pk: UUID) -> Any:
    actions.begin(_one(request, pk), by=request.user)
    return _one(request, pk)


@router.post("/{uuid:pk}/close/", response=ANSWERS)
def close_session(request: HttpRequest, pk: UUID) -> Any:
    actions.close(_one(request, pk), by=request.user)
    return _one(request, pk)


@router.post("/{uuid:pk}/cancel/", response=ANSWERS)
def cancel_session(request: HttpRequest, pk: UUID, given: SessionReason) -> Any:
    actions.cancel(_one(request, pk), by=request.user, reason=given.reason)
    return _one(request, pk)


@router.post("/{uuid:pk}/sign-in/", response=ANSWERS)
def sign_in_at_session(request: HttpRequest, pk: UUID, given: CodeIn) -> Any:
    """For oneself, with the code that the screen shows."""
    found = _one(request, pk)
    actions.sign_in(by=request.user, session=found, code=given.code[:80])
    return found


@router.post("/{uuid:pk}/register/", response=COUNTED)
def register_list(request: HttpRequest, pk: UUID, given: NumbersIn) -> Any:
    """People who signed a sheet, by their numbers."""
    return {"registered": actions.register(_one(request, pk), given.numbers, by=request.user)}


@router.post("/{uuid:pk}/excuse/", response=COUNTED)
def excuse_list(request: HttpRequest, pk: UUID, given: ExcuseIn) -> Any:
    """People who were away, and why."""
    words = {"reason": given.reason, "note": given.note[:300]}
    return {"registered": actions.excuse(_one(request, pk), given.numbers, by=request.user, **words)}


@router.post("/{uuid:pk}/correct/", response=COUNTED)
def correct_attendance(request: HttpRequest, pk: UUID, given: AttendanceCorrectIn) -> Any:
    """Somebody entered as present was not there; the entry before stays, and the activity is owed again."""
    session = _one(request, pk)
    insist("correct", None, by=request.user, model=Attendance)
    found = queries.attended_by(session, request.user, given.number)
    if found is None:
        raise ValidationError({"number": _("“%(n)s”这一场没有登记为到场，或者不归您管。") % {"n": given.number}})
    actions.correct(found, by=request.user, reason=given.reason[:300])
    return {"corrected": 1}
