"""Delegations for programs: both sides of one's own, lending a grant, ending it."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status
from ninja.pagination import paginate

from yuanqing.org.account.api import AnswerIn
from yuanqing.org.delegation import actions, queries
from yuanqing.org.delegation.models import Delegation
from yuanqing.org.unit.api import TROUBLES, Code, Reason, Trouble

router = Router()


class DelegationOut(Schema):
    id: UUID
    version: int
    grant_id: UUID
    role: str = Field(alias="grant.role")
    unit_id: UUID | None = Field(alias="grant.unit_id")
    account_id: UUID = Field(alias="grant.account_id")
    delegate_id: UUID
    starts_on: date
    ends_on: date
    reason: str
    state: str


class DelegationIn(Schema):
    """Which of one's own grants, to whom (an account), from the first to the last day."""

    grant_id: UUID
    to: UUID
    starts_on: date
    ends_on: date
    reason: Reason


def _visible(request: HttpRequest) -> Any:
    return Delegation.objects.visible_to(request.user).select_related("grant")


@router.get("/", response={200: list[DelegationOut], 422: Trouble})
@paginate
def list_delegations(request: HttpRequest, state: Code = "") -> Any:
    rows = _visible(request)
    return (rows.filter(state=state) if state else rows).order_by("-starts_on", "pk")


@router.post("/", response={201: DelegationOut, **TROUBLES})
def delegate(request: HttpRequest, given: DelegationIn) -> Any:
    grant = next((one for one in queries.lendable(request.user) if one.pk == given.grant_id), None)
    if grant is None:
        raise ValidationError({"grant_id": _("您现在没有可以委托代理的授权。三员的授权和别人委托给您的授权不能委托。")})
    to = queries.possible_delegates(request.user).filter(pk=given.to).first()
    if to is None:
        raise ValidationError({"to": _("找不到这个账号，或有同名的账号。请填用户名。")})
    values = given.dict(exclude={"grant_id", "to"})
    return Status(201, actions.delegate(by=request.user, grant=grant, to=to, **values))


@router.post("/{pk}/revoke/", response={200: DelegationOut, **TROUBLES})
def revoke(request: HttpRequest, pk: UUID, given: AnswerIn) -> Any:
    """Either side, or whoever looks after the unit's delegations, ends it at once."""
    one = get_object_or_404(_visible(request), pk=pk)
    return actions.revoke(one, by=request.user, expected_version=given.version, reason=given.reason)
