"""Corrections for programs: what is given replaces what the entry said; the rest stays."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Status

from yuanqing.discipline.correction.actions import Kept, correct
from yuanqing.discipline.violation.api import SomeoneIn, StepIn, ViolationOut, someone, visible
from yuanqing.discipline.violation.models import Violation
from yuanqing.org.unit.api import TROUBLES
from yuanqing.org.unit.models import Unit

router = Router()


class KeptIn(SomeoneIn):
    was: UUID | None = None  # the person as registered
    measures: list[UUID] | None = None  # those that stay; left out: all of them
    waiver: str = ""


class CorrectIn(StepIn):
    reason: str
    lowering: str = ""
    is_unfounded: bool = False
    unit: str | None = None
    type: str | None = None
    severity: str | None = None
    source: str | None = None
    facts: str | None = None
    received_on: date | None = None
    route: str | None = None
    transferred_to: str | None = None
    transferred_on: date | None = None
    transfer_receipt: str | None = None
    concluded_on: date | None = None
    outcome: str | None = None
    people: list[KeptIn] | None = None


@router.post("/{pk}/", response={201: ViolationOut, **TROUBLES})
def correct_violation(request: HttpRequest, pk: UUID, given: CorrectIn) -> Any:
    """The later entry that replaces this one."""
    record = visible(request, pk)
    changes = given.model_dump(exclude={"version", "people", "unit"}, exclude_none=True)
    if given.unit is not None:
        changes["unit"] = _unit(request, given.unit)
    people = None if given.people is None else [_kept(request, record, one) for one in given.people]
    correct(record, by=request.user, expected_version=given.version, people=people, **changes)
    return Status(201, visible(request, record.corrected_by.pk))


def _unit(request: HttpRequest, code: str) -> Unit:
    unit: Unit | None = Unit.objects.visible_to(request.user).filter(code=code).first()
    if unit is None:
        raise ValidationError({"unit": _("没有代码是“%(code)s”的单位。") % {"code": code}})
    return unit


def _kept(request: HttpRequest, record: Violation, given: KeptIn) -> Kept:
    was = record.involved.filter(pk=given.was).first() if given.was else None
    if given.was and was is None:
        raise ValidationError({"people": _("这个人不在这件问题里。")})
    rows = list(was.measures.values_list("pk", flat=True)) if was else []
    kept = rows if given.measures is None else [pk for pk in rows if pk in given.measures]
    return Kept(someone(request, given), was, tuple(kept), given.waiver)
