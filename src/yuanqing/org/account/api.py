"""Accounts and their grants for programs; passwords are never read or written here."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status
from ninja.pagination import paginate

from yuanqing.org.account import actions, queries
from yuanqing.org.account.models import Account, Grant
from yuanqing.org.scope.rules import DEEPEST
from yuanqing.org.unit.api import TROUBLES, ChangeIn, Code, Reason, Trouble, Words
from yuanqing.org.unit.models import Unit

router = Router()


class AccountOut(Schema):
    id: UUID
    version: int
    username: str
    display_name: str
    person_id: UUID | None
    is_active: bool


class GrantOut(Schema):
    id: UUID
    version: int
    account_id: UUID
    role: str
    unit_id: UUID | None
    starts_on: date
    ends_on: date | None
    depth: int | None
    purpose: str
    state: str
    reason: str
    proposed_by_id: UUID | None
    confirmed_by_id: UUID | None
    waiver: str


class AccountWithGrants(AccountOut):
    grants: list[GrantOut]

    @staticmethod
    def resolve_grants(row: Account) -> Any:
        return row.grants.order_by("starts_on", "role")


class GrantIn(Schema):
    role: Code
    unit_id: UUID | None = None
    starts_on: date
    ends_on: date | None = None
    depth: Annotated[int, Field(ge=0, le=DEEPEST)] | None = None
    purpose: Code = ""
    reason: Reason


class ConfirmIn(Schema):
    version: int | None = None


class AnswerIn(ConfirmIn):
    reason: Reason


def _visible(request: HttpRequest) -> Any:
    return Account.objects.visible_to(request.user)


@router.get("/", response={200: list[AccountOut], 422: Trouble})
@paginate
def list_accounts(request: HttpRequest, q: Words = "", is_active: bool | None = None) -> Any:
    rows = queries.matching(_visible(request), q)
    return (rows if is_active is None else rows.filter(is_active=is_active)).order_by("username")


@router.get("/{pk}/", response={200: AccountWithGrants, 404: Trouble})
def get_account(request: HttpRequest, pk: UUID) -> Any:
    return get_object_or_404(_visible(request), pk=pk)


@router.post("/{pk}/grants/", response={201: GrantOut, **TROUBLES})
def grant(request: HttpRequest, pk: UUID, given: GrantIn) -> Any:
    account = get_object_or_404(_visible(request), pk=pk)
    unit = Unit.objects.visible_to(request.user).filter(pk=given.unit_id).first() if given.unit_id else None
    if given.unit_id and unit is None:
        raise ValidationError({"unit_id": _("找不到这个单位。")})
    return Status(201, actions.grant(by=request.user, account=account, unit=unit, **given.dict(exclude={"unit_id"})))


@router.post("/grants/{pk}/confirm/", response={200: GrantOut, **TROUBLES})
def confirm_grant(request: HttpRequest, pk: UUID, given: ConfirmIn) -> Any:
    """The second administrator agrees; only then does the grant count."""
    held = get_object_or_404(Grant.objects.visible_to(request.user), pk=pk)
    return actions.confirm_grant(held, by=request.user, expected_version=given.version)


@router.post("/grants/{pk}/decline/", response={200: GrantOut, **TROUBLES})
def decline_grant(request: HttpRequest, pk: UUID, given: AnswerIn) -> Any:
    held = get_object_or_404(Grant.objects.visible_to(request.user), pk=pk)
    return actions.decline_grant(held, by=request.user, expected_version=given.version, reason=given.reason)


@router.post("/grants/{pk}/withdraw/", response={200: GrantOut, **TROUBLES})
def withdraw_grant(request: HttpRequest, pk: UUID, given: AnswerIn) -> Any:
    held = get_object_or_404(Grant.objects.visible_to(request.user), pk=pk)
    return actions.withdraw_grant(held, by=request.user, expected_version=given.version, reason=given.reason)


@router.post("/grants/{pk}/end/", response={200: GrantOut, **TROUBLES})
def end_grant(request: HttpRequest, pk: UUID, given: ChangeIn) -> Any:
    held = get_object_or_404(Grant.objects.visible_to(request.user), pk=pk)
    values = given.dict(exclude={"version"})
    return actions.end_grant(held, by=request.user, expected_version=given.version, **values)
