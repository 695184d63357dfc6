"""Partner bodies for programs; a body is registered with the text of its card."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema, Status

from yuanqing.cases.partner import actions
from yuanqing.cases.partner.models import Partner
from yuanqing.org.unit.api import TROUBLES
from yuanqing.org.unit.models import Unit
from yuanqing.shell.record_api import ReasonIn, RecordApi, StepIn


class PartnerOut(Schema):
    id: UUID
    version: int
    name: str
    relation: str
    origin: str
    is_inside: bool
    confirmed_on: date | None
    retired_on: date | None
    state: str


class PartnerProposeIn(Schema):
    relation: str
    card: str = ""
    unit: str = ""  # code of a unit of this organisation, instead of a card


class PartnerConfirmIn(StepIn):
    fingerprint: str = ""
    compared: str


API = RecordApi(Partner, PartnerOut, ("unit",), ("name", "pk"))
router = API.router
API.lists("List partner bodies")
API.reads("One partner body")


@router.post("/", response={201: PartnerOut, **TROUBLES})
def propose_partner(request: HttpRequest, given: PartnerProposeIn) -> Any:
    unit = Unit.objects.visible_to(request.user).filter(code=given.unit).first() if given.unit else None
    if given.unit and unit is None:
        raise ValidationError({"unit": _("没有这个单位。")})
    return Status(201, actions.propose(by=request.user, relation=given.relation, card=given.card, unit=unit))


API.acts("confirm", actions.confirm, PartnerConfirmIn)
API.acts("retire", actions.retire, ReasonIn)
