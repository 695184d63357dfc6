"""The limits in force, what an account must meet, and how a typed name is counted."""

from __future__ import annotations

import hmac
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yuanqing.kernel.ledger.models import Entry
from yuanqing.kernel.packs.published import NotInForce, current
from yuanqing.org.account.models import Account
from yuanqing.org.signin import rules
from yuanqing.org.signin.models import Link

SHORTEST_NAME = 3
FRESH = 300.0  # seconds after which a publication of another process is looked for
PASSWORD_ACTS = ("choose_password", "change_own_password", "reset_password", "open_account")

_known: tuple[float, rules.Limits] | None = None


def limits() -> rules.Limits:
    """The published security pack, looked for every five minutes at most; the shipped one until there is one."""
    global _known
    now = time.monotonic()
    if _known is None or now - _known[0] > FRESH:
        try:
            pack = current("security")
            found = rules.Limits.of(pack.of_kind("parameter"), pack.of_kind("demand"))
        except NotInForce:
            found = rules.shipped_limits()
        _known = (now, found)
    return _known[1]


def forget() -> None:
    """Look again at the next occasion: a new edition was published."""
    global _known
    _known = None


def demands_on(account: Any) -> rules.Demands:
    return limits().demands(account.roles)


def link_of(token: str, at: datetime | None = None) -> Link | None:
    """The link with this token if it may still be used."""
    return (
        Link.objects.usable(at or timezone.now()).filter(token_hash=token_hash(token)).select_related("account").first()
    )


def token_hash(token: str) -> str:
    return sha256(f"link:{token}".encode()).hexdigest()


def is_new_installation() -> bool:
    return not Account.objects.exists()


def password_is_old(account: Account) -> bool:
    """Whether the pack sets a term for passwords and this one has passed it; the ledger knows when it was set."""
    days = limits()["password_days"]
    if not days or not account.has_usable_password():
        return False
    names = [f"org.account.{step}" for step in PASSWORD_ACTS]
    set_at = (
        Entry.objects.filter(record_id=account.pk, act__in=names).order_by("-seq").values_list("at", flat=True).first()
    )
    return set_at is not None and set_at < timezone.now() - timedelta(days=days)


@dataclass(frozen=True)
class Counted:
    """What one attempt to sign in is counted under; the typed name itself is not kept."""

    person: str  # the account, or this browser of it if the account has signed in here before
    source: str

    @property
    def keys(self) -> Sequence[str]:
        return sorted({self.person, self.source})


def counted(username: str, source: str | None, browser: str = "") -> Counted:
    """Names that exist and names that do not are counted alike, so waiting tells nothing about them."""
    name = username.strip().casefold()
    return Counted(_key("browser", browser, name) if browser else _key("account", name), _key("source", source or "-"))


def counted_second(account: Account, source: str | None) -> Counted:
    """Codes of the second factor and confirmations are counted by account: who gets there knows the password."""
    return Counted(_key("factor", str(account.pk)), _key("source", source or "-"))


def _key(*parts: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), "\0".join(parts).encode(), sha256).hexdigest()


def matching(rows: QuerySet[Any], account: Any, happening: str, since: datetime | None) -> QuerySet[Any]:
    """The record narrowed as programs ask for it."""
    rows = rows.filter(account=account) if account else rows
    rows = rows.filter(happening=happening) if happening else rows
    return rows.filter(at__gte=since) if since else rows


class LengthValidator:
    """The least length of a password, as the security pack says."""

    def validate(self, password: str, user: Any = None) -> None:
        least = limits()["password_length"]
        if len(password) < least:
            raise ValidationError(_("密码太短，至少 %(n)s 个字符。") % {"n": least}, code="password_too_short")

    def get_help_text(self) -> str:
        least = limits()["password_length"]
        return ngettext("至少 %(n)s 个字符。", "至少 %(n)s 个字符。", least) % {"n": least}


class NameValidator:
    """No password with one's own user name in it, however much is put around it."""

    def validate(self, password: str, user: Any = None) -> None:
        name = str(getattr(user, "username", "") or "").casefold()
        if len(name) >= SHORTEST_NAME and name in password.casefold():
            raise ValidationError(_("密码里不要有用户名。"), code="password_holds_name")

    def get_help_text(self) -> str:
        return _("密码里不要有用户名。")
