"""Sanctions for programs: the register, its acts, and what is barred for a person on a day."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from ninja.pagination import paginate

from yuanqing.cases.case.models import Case
from yuanqing.cases.sanction import actions, queries
from yuanqing.cases.sanction.models import Sanction
from yuanqing.cases.sanction.rules import FOR_GOOD, barred
from yuanqing.org.person.api import OfPerson
from yuanqing.org.person.models import Person
from yuanqing.org.unit.api import TROUBLES, Trouble

router = Router()


class SanctionOut(OfPerson):
    id: UUID
    version: int
    person: str  # number on the rolls
    unit: str
    kind: str
    form: int
    months: int | None
    decided_on: date
    restored_on: date | None
    ends_on: date | None
    revoked_on: date | None
    state: str


class BarredOut(Schema):
    kind: str
    bars: str
    starts_on: date
    ends_on: date | None
    added_months: int
    added_days: int


class ImposeIn(Schema):
    person: str  # number on the rolls
    kind: str
    decided_on: date
    document: str
    months: int | None = None
    is_for_removal: bool = False
    case: str = ""  # number


class RestoreIn(Schema):
    version: int | None = None
    on: date


class SanctionRevokeIn(RestoreIn):
    reason: str


def found(request: HttpRequest, pk: UUID) -> Sanction:
    rows = Sanction.objects.visible_to(request.user).select_related("person", "unit")
    sanction: Sanction = get_object_or_404(rows, pk=pk)
    return sanction


@router.get("/", response={200: list[SanctionOut], 422: Trouble}, summary="List sanctions")
@paginate
def list_sanctions(request: HttpRequest, kind: str = "", state: str = "") -> Any:
    """Newest first; `kind` and `state` narrow it."""
    given = {name: value for name, value in (("kind", kind), ("state", state)) if value}
    rows = Sanction.objects.visible_to(request.user).select_related("person", "unit")
    return rows.filter(**given).order_by("-decided_on", "pk")


@router.post("/", response={201: SanctionOut, **TROUBLES})
def impose_sanction(request: HttpRequest, given: ImposeIn) -> Any:
    person = Person.objects.visible_to(request.user).filter(number=given.person).first()
    if person is None:
        raise ValidationError({"person": _("名册里没有编号是“%(number)s”的人。") % {"number": given.person}})
    case = Case.objects.visible_to(request.user).filter(number=given.case).first() if given.case else None
    if given.case and case is None:
        raise ValidationError({"case": _("没有这个编号。")})
    words = given.model_dump(exclude={"person", "case"})
    return Status(201, actions.impose(by=request.user, person=person, case=case, **words))


@router.get("/barred/", response={200: list[BarredOut], 404: Trouble, 422: Trouble}, summary="What is barred")
def barred_for(request: HttpRequest, person: str, on: date | None = None) -> Any:
    """For the person with this number on a day (today), the longest first."""
    row = get_object_or_404(Person.objects.visible_to(request.user), number=person)
    periods = queries.periods(queries.about(row, request.user), queries.Codes())
    return [
        {
            "kind": p.sanction, "bars": p.bars, "starts_on": p.starts_on, "ends_on": None if p.ends_on == FOR_GOOD else p.ends_on,
            "added_months": p.added.months, "added_days": p.added.days,
        }
        for p in barred(periods, on or timezone.localdate())
    ]  # fmt: skip


@router.get("/{pk}/", response={200: SanctionOut, 404: Trouble, 422: Trouble}, summary="One sanction")
def read_sanction(request: HttpRequest, pk: UUID) -> Any:
    return found(request, pk)


@router.post("/{pk}/restore/", response={200: SanctionOut, **TROUBLES})
def restore_member(request: HttpRequest, pk: UUID, given: RestoreIn) -> Any:
    row = found(request, pk)
    actions.restore(row, by=request.user, expected_version=given.version, on=given.on)
    return row


@router.post("/{pk}/revoke/", response={200: SanctionOut, **TROUBLES})
def revoke_sanction(request: HttpRequest, pk: UUID, given: SanctionRevokeIn) -> Any:
    row = found(request, pk)
    actions.revoke(row, by=request.user, expected_version=given.version, on=given.on, reason=given.reason)
    return row
