"""Who may see what, for programs: the readers of a record, what an account may do and why, who holds a role."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema

from yuanqing.kernel.acts import Refused
from yuanqing.org.access import forms, queries
from yuanqing.org.account import queries as accounts
from yuanqing.org.account import rules
from yuanqing.org.account.models import Account, Grant
from yuanqing.org.account.policies import lacking
from yuanqing.org.unit.api import TROUBLES, Code
from yuanqing.org.unit.models import Unit

router = Router()


class ReaderOut(Schema):
    account_id: UUID
    username: str
    display_name: str
    because: list[str]
    sees: bool
    recused: bool

    @staticmethod
    def resolve_account_id(row: Any) -> Any:
        return row.account.pk

    @staticmethod
    def resolve_username(row: Any) -> Any:
        return row.account.username

    @staticmethod
    def resolve_display_name(row: Any) -> Any:
        return row.account.display_name


class RecordOut(Schema):
    model: str
    id: UUID
    unit_id: UUID | None
    readers: list[ReaderOut]
    is_cut: bool  # more accounts have a grant that reaches it than are looked at


class AnswerOut(Schema):
    allowed: bool
    reasons: list[str]


class HolderOut(Schema):
    grant_id: UUID
    account_id: UUID
    display_name: str
    unit_id: UUID | None
    depth: int | None
    purpose: str
    starts_on: date
    ends_on: date | None


class RoleOut(Schema):
    code: str
    label: str
    capabilities: list[str]
    count: int
    holders: list[HolderOut]


@router.get("/record/{model}/{pk}/", response={200: RecordOut, **TROUBLES})
def record(request: HttpRequest, model: Code, pk: UUID) -> Any:
    """Who may see this record today, and why; those who are barred by a recusal too."""
    one = queries.readership(model, pk, by=request.user)
    unit_id = one.unit.pk if one.unit else None
    return {"model": model, "id": pk, "unit_id": unit_id, "readers": one.readers, "is_cut": one.is_cut}


@router.get("/account/{pk}/", response={200: AnswerOut, **TROUBLES})
def account(request: HttpRequest, pk: UUID, capability: Code, unit_id: UUID | None = None) -> Any:
    """Whether the account may do this today, for the unit or at all, and every reason for or against."""
    one = get_object_or_404(Account.objects.visible_to(request.user).select_related("person__unit"), pk=pk)
    if one.pk != request.user.pk and (reason := lacking(request.user, "org.access.view")):
        raise Refused(reason)
    if capability not in dict(forms.capabilities()):
        raise ValidationError({"capability": _("没有这项权限。")})
    unit = Unit.objects.visible_to(request.user).filter(pk=unit_id).first() if unit_id else None
    if unit_id and unit is None:
        raise ValidationError({"unit_id": _("找不到这个单位。")})
    return queries.explain(one, capability, unit)


@router.get("/role/{code}/", response={200: RoleOut, **TROUBLES})
def role(request: HttpRequest, code: Code) -> Any:
    """Who holds a role today, how far, and what it allows."""
    card = accounts.role_cards().get(code)
    if card is None:
        raise Http404
    if reason := lacking(request.user, "org.access.view"):
        raise Refused(reason)
    rows = Grant.objects.visible_to(request.user).on(timezone.localdate()).filter(role=code)
    rows = rows.select_related("account").order_by("unit__path", "account__display_name")
    holders = [
        {"grant_id": g.pk, "account_id": g.account_id, "display_name": str(g.account), "unit_id": g.unit_id,
         "depth": g.depth, "purpose": g.purpose, "starts_on": g.starts_on, "ends_on": g.ends_on}
        for g in rows[: queries.MOST]
    ]  # fmt: skip
    patterns = list(rules.patterns_of(code))
    return {"code": code, "label": card.label, "capabilities": patterns, "count": rows.count(), "holders": holders}
