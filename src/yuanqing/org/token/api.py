"""Tokens for programs: which there are, and revoking one. Issuing needs a person who is signed in."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from ninja.pagination import paginate

from yuanqing.org.token import actions
from yuanqing.org.token.models import Token
from yuanqing.org.unit.api import TROUBLES

router = Router()


class TokenOut(Schema):
    id: UUID
    version: int
    account_id: UUID
    name: str
    scopes: list[str]
    hint: str
    expires_on: date
    revoked_on: date | None
    last_used_on: date | None

    @staticmethod
    def resolve_last_used_on(row: Any) -> date | None:
        return getattr(getattr(row, "use", None), "last_on", None)


@router.get("/", response={200: list[TokenOut]})
@paginate
def list_tokens(request: HttpRequest) -> Any:
    return Token.objects.visible_to(request.user).select_related("use").order_by("-expires_on", "pk")


@router.post("/{uuid:pk}/revoke/", response={200: TokenOut, **TROUBLES})
def revoke_token(request: HttpRequest, pk: UUID) -> Any:
    token = get_object_or_404(Token.objects.visible_to(request.user), pk=pk)
    return actions.revoke(token, by=request.user)
