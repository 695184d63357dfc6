"""Issuing a token, whose secret is told once, and revoking it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.kernel import acts
from yuanqing.kernel.acts import act
from yuanqing.org.account.models import Account
from yuanqing.org.token import queries, rules
from yuanqing.org.token.models import Token


def issue(*, by: Any, account: Account, name: str, scopes: Sequence[str], expires_on: date) -> tuple[Token, str]:
    """The token and its secret, which is kept nowhere."""
    secret = rules.new_secret()
    token: Token = _issue(by=by, account=account, name=name, scopes=scopes, expires_on=expires_on, secret=secret)
    return token, secret


@act(Token, creates=True, step="issue", label=gettext_lazy("发放接口令牌"))
def _issue(*, by: Any, account: Account, name: str, scopes: Sequence[str], expires_on: date, secret: str) -> Token:
    today = timezone.localdate()
    if not today <= expires_on <= today + timedelta(days=rules.LONGEST_DAYS):
        raise ValidationError({"expires_on": _("到期日要在今天以后，一年以内。")})
    allowed = {pattern for pattern, _label in queries.choices(account)}
    beyond = [pattern for pattern in scopes if pattern not in allowed]
    if beyond or not scopes:
        raise ValidationError({"scopes": _("令牌的范围至少一项，并且不能超出账号自己的权限。")})
    acts.note(scopes=list(scopes), until=expires_on)
    return Token(
        account=account,
        name=name.strip(),
        scopes=list(scopes),
        digest=rules.digest_of(secret),
        hint=secret[:8],
        expires_on=expires_on,
    )


@act(Token, label=gettext_lazy("撤销接口令牌"))
def revoke(token: Token, *, by: Any) -> None:
    """From this moment it opens nothing."""
    if token.revoked_on:
        raise ValidationError(_("这个令牌已经撤销了。"))
    token.revoked_on = timezone.localdate()
