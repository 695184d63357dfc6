"""Finding the account behind a token; and what a token may be given."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.kernel.database.prepared import Lookup
from yuanqing.org.account.models import Account
from yuanqing.org.account.queries import NOUNS
from yuanqing.org.token import rules
from yuanqing.org.token.models import Token, TokenUse

BY_DIGEST = Lookup(
    Token, Account, TokenUse,
    where="""org_token JOIN org_account ON org_account.id = org_token.account_id AND org_account.is_active
        LEFT JOIN org_tokenuse ON org_tokenuse.token_id = org_token.id
        WHERE digest = %(digest)s AND revoked_on IS NULL AND expires_on >= %(today)s""",
)  # fmt: skip


def account_of(secret: str) -> Account | None:
    """The account that a token opens, limited to the token's scopes; None for anything else. Notes the day."""
    if not secret.startswith(rules.MARK) or len(secret) > 100:
        return None
    today = timezone.localdate()
    found = BY_DIGEST.first(digest=rules.digest_of(secret), today=today)
    if found is None:
        return None
    token, account, use = found
    if use is None or use.last_on != today:
        TokenUse.objects.update_or_create(token=token, defaults={"last_on": today})
    account.limits = tuple(token.scopes)
    opened: Account = account
    return opened


def choices(account: Any) -> list[tuple[str, str]]:
    """Pattern and words of what may be given to a token: what the account itself may see or do somewhere today."""
    found = []
    for noun, label in NOUNS.items():
        if account.can(f"{noun}.view"):
            found.append((f"{noun}.view", _("%(noun)s：查看") % {"noun": label}))
        if account.can_any(noun):
            found.append((f"{noun}.*", _("%(noun)s：查看和办理") % {"noun": label}))
    return found
