"""Finding the account behind a token; and what a token may be given."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.org.account.models import Account
from yuanqing.org.account.queries import NOUNS
from yuanqing.org.token import rules
from yuanqing.org.token.models import Token, TokenUse


def account_of(secret: str) -> Account | None:
    """The account that a token opens, limited to the token's scopes; None for anything else. Notes the day."""
    if not secret.startswith(rules.MARK) or len(secret) > 100:
        return None
    today = timezone.localdate()
    token = Token.objects.on(today).select_related("account", "use").filter(digest=rules.digest_of(secret)).first()
    if token is None:
        return None
    use = getattr(token, "use", None)
    if use is None or use.last_on != today:
        TokenUse.objects.update_or_create(token=token, defaults={"last_on": today})
    account: Account = token.account
    account.limits = tuple(token.scopes)
    return account


def choices(account: Any) -> list[tuple[str, str]]:
    """Pattern and words of what may be given to a token: what the account itself may see or do somewhere today."""
    found = []
    for noun, label in NOUNS.items():
        if account.can(f"{noun}.view"):
            found.append((f"{noun}.view", _("%(noun)s：查看") % {"noun": label}))
        if account.can_any(noun):
            found.append((f"{noun}.*", _("%(noun)s：查看和办理") % {"noun": label}))
    return found
