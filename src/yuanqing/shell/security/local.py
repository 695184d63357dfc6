"""本地账号: the accounts kept here, whose passwords and passkeys are kept here too."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from yuanqing.kernel.database.prepared import Lookup
from yuanqing.org.account.models import Account

BY_ID = Lookup(Account, where="org_account WHERE id = %(pk)s AND is_active")

_at_hand: ContextVar[Account | None] = ContextVar("at_hand", default=None)  # set while Django asks who a session is of


class Local(ModelBackend):
    """As Django's own; the account of a session, which every request asks for, was read together with the session."""

    def get_user(self, user_id: UUID) -> Any:
        known = _at_hand.get()
        if known is not None and known.pk == user_id:
            return known
        found = BY_ID.first(pk=user_id)
        return found and found[0]


class SessionAccountMiddleware(AuthenticationMiddleware):
    """As Django's own: it decides who is signed in, and is handed the account that came with the session."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = cast(Any, SimpleLazyObject(lambda: _account_of(request)))


def _account_of(request: HttpRequest) -> Any:
    session: Any = request.session
    token = _at_hand.set(session.account)
    try:
        return get_user(request)
    finally:
        _at_hand.reset(token)
