"""The record of sign-ins, and sessions, for programs: looking through them, and ending what an account is signed in with."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from ninja.pagination import paginate

from yuanqing.org.account.api import AnswerIn
from yuanqing.org.account.models import Account
from yuanqing.org.session.models import Session
from yuanqing.org.signin import actions, policies, queries
from yuanqing.org.signin.models import SignIn
from yuanqing.org.unit.api import TROUBLES, Code, Trouble

router = Router()


class SignInOut(Schema):
    id: UUID
    at: datetime
    account_id: UUID | None
    happening: str
    method: str
    device: str
    source: str | None
    count: int
    reason: str


class SignInSessionOut(Schema):
    handle: UUID
    account_id: UUID
    started_at: datetime
    seen_at: datetime
    device: str
    source: str | None


@router.get("/", response={200: list[SignInOut], 422: Trouble})
@paginate
def list_sign_ins(
    request: HttpRequest, account: UUID | None = None, happening: Code = "", since: datetime | None = None
) -> Any:
    """One's own; all of them for the audit administrator."""
    rows = queries.matching(SignIn.objects.visible_to(request.user), account, happening, since)
    return rows.order_by("-at", "pk")


@router.get("/sessions/", response={200: list[SignInSessionOut], 422: Trouble})
@paginate
def list_sessions(request: HttpRequest, account: UUID | None = None) -> Any:
    """Where one is signed in, and where those are whose sessions one may end."""
    rows = Session.objects.visible_to(request.user)
    return (rows.filter(account=account) if account else rows).order_by("-seen_at", "handle")


@router.post("/accounts/{pk}/end-sessions/", response={200: SignInOut, **TROUBLES})
def end_sessions(request: HttpRequest, pk: UUID, given: AnswerIn) -> Any:
    """Ends everything the account is signed in with, at once; one's own too."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    if account.pk != request.user.pk and policies.about(account, "end_sessions", request.user):
        raise Http404
    return actions.end_sessions(by=request.user, account=account, reason=given.reason)
