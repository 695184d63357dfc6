"""Recusals for programs: declaring one's own, asking for and ordering somebody else's, deciding, lifting."""

from typing import Annotated, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status
from ninja.pagination import paginate

from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.org.recusal import actions, queries
from yuanqing.org.recusal.models import Recusal
from yuanqing.org.unit.api import NO_NUL, TROUBLES, Code, Trouble
from yuanqing.org.unit.models import Unit

router = Router()
Why = Annotated[str, Field(min_length=1, max_length=300, pattern=NO_NUL)]


class RecusalOut(Schema):
    id: UUID
    version: int
    account_id: UUID
    ground: str
    about: str
    person_id: UUID | None
    unit_id: UUID | None
    record_model: str
    record_id: UUID | None
    state: str
    asked_by_id: UUID | None
    decided_by_id: UUID | None


class SubjectIn(Schema):
    """About a person, a unit with everything below, or one record (`record_model` such as cases.lead): exactly one."""

    ground: Code
    reason: Why
    person_id: UUID | None = None
    unit_id: UUID | None = None
    record_model: Code = ""
    record_id: UUID | None = None


class OtherIn(SubjectIn):
    account_id: UUID


class RecusalDecisionIn(Schema):
    reason: Annotated[str, Field(max_length=300, pattern=NO_NUL)] = ""
    version: int | None = None


class ReasonedIn(RecusalDecisionIn):
    reason: Why


def _visible(request: HttpRequest) -> Any:
    return Recusal.objects.visible_to(request.user).select_related("account__person")


def _subject(request: HttpRequest, given: SubjectIn) -> Any:
    """What it is about, when the reader may see it; ValidationError otherwise."""
    named = [given.person_id, given.unit_id, given.record_id]
    if len([one for one in named if one is not None]) != 1:
        raise ValidationError(_("人员、单位、记录，只写明一个。"))
    found: Any = None
    if given.person_id:
        found = Person.objects.visible_to(request.user).filter(pk=given.person_id).first()
    elif given.unit_id:
        found = Unit.objects.visible_to(request.user).filter(pk=given.unit_id).first()
    else:
        rows: Any = getattr(queries.kept_model(given.record_model), "_default_manager", None)
        found = rows.visible_to(request.user).filter(pk=given.record_id).first() if rows is not None else None
    if found is None:
        raise ValidationError(_("找不到要回避的人员、单位或记录。"))
    return found


def _somebody(request: HttpRequest, given: OtherIn, capability: str = "") -> Account:
    found: Account | None = queries.nameable(request.user, capability).filter(pk=given.account_id).first()
    if found is None:
        raise ValidationError({"account_id": _("找不到这个账号。")})
    return found


@router.get("/", response={200: list[RecusalOut], 422: Trouble})
@paginate
def list_recusals(request: HttpRequest, state: Code = "") -> Any:
    rows = _visible(request)
    return (rows.filter(state=state) if state else rows).order_by("state", "pk")


@router.post("/declare/", response={201: RecusalOut, **TROUBLES})
def declare(request: HttpRequest, given: SubjectIn) -> Any:
    """One's own: it holds at once."""
    about = {"ground": given.ground, "reason": given.reason, "subject": _subject(request, given)}
    return Status(201, actions.declare(by=request.user, **about))


@router.post("/request/", response={201: RecusalOut, **TROUBLES})
def request_recusal(request: HttpRequest, given: OtherIn) -> Any:
    """Somebody else's: it holds once it is decided."""
    about = {"ground": given.ground, "reason": given.reason, "subject": _subject(request, given)}
    return Status(201, actions.request(by=request.user, account=_somebody(request, given), **about))


@router.post("/order/", response={201: RecusalOut, **TROUBLES})
def order(request: HttpRequest, given: OtherIn) -> Any:
    """Somebody else's, ordered ex officio: it holds at once."""
    about = {"ground": given.ground, "reason": given.reason, "subject": _subject(request, given)}
    account = _somebody(request, given, "org.recusal.order")
    return Status(201, actions.order(by=request.user, account=account, **about))


@router.get("/{pk}/", response={200: RecusalOut, 404: Trouble})
def get_recusal(request: HttpRequest, pk: UUID) -> Any:
    return get_object_or_404(_visible(request), pk=pk)


@router.post("/{pk}/uphold/", response={200: RecusalOut, **TROUBLES})
def uphold(request: HttpRequest, pk: UUID, given: RecusalDecisionIn) -> Any:
    one = get_object_or_404(_visible(request), pk=pk)
    return actions.uphold(one, by=request.user, expected_version=given.version, reason=given.reason)


@router.post("/{pk}/decline/", response={200: RecusalOut, **TROUBLES})
def decline(request: HttpRequest, pk: UUID, given: ReasonedIn) -> Any:
    one = get_object_or_404(_visible(request), pk=pk)
    return actions.decline(one, by=request.user, expected_version=given.version, reason=given.reason)


@router.post("/{pk}/lift/", response={200: RecusalOut, **TROUBLES})
def lift(request: HttpRequest, pk: UUID, given: ReasonedIn) -> Any:
    one = get_object_or_404(_visible(request), pk=pk)
    return actions.lift(one, by=request.user, expected_version=given.version, reason=given.reason)
