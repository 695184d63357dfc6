"""第二因素: which an account has, whether a code fits and was not used before, and what is still owed."""

from __future__ import annotations

from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import transaction

from yuanqing.org.signin import queries

STEP = "last_step"  # the latest time step whose code was used; it and all before it are refused
REAL = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_factor(account: Any) -> bool:
    """Recovery codes alone do not count: they stand in for a factor that is lost."""
    return bool(Authenticator.objects.filter(user_id=account.pk, type__in=REAL).exists())


def owed(account: Any) -> list[str]:
    """What the account must do before anything else: enrol a `factor`, change its `password`."""
    found = []
    if settings.SECOND_FACTOR_FORCED and queries.demands_on(account).second_factor and not has_factor(account):
        found.append("factor")
    if queries.password_is_old(account):
        found.append("password")
    return found


def accepted(account: Any, code: str) -> Authenticator | None:
    """The factor this code belongs to; None when it fits none or was used before."""
    for factor in Authenticator.objects.filter(user_id=account.pk).exclude(type=Authenticator.Type.WEBAUTHN):
        is_totp = factor.type == Authenticator.Type.TOTP
        if _is_fresh(factor, code) if is_totp else factor.wrap().validate_code(code):
            factor.user = account
            return factor
    return None


def fitting_step(secret: str, code: str) -> int | None:
    """The time step whose code this is, a step of clock error either way allowed."""
    for step in yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            return int(step)
    return None


def _is_fresh(factor: Authenticator, code: str) -> bool:
    step = fitting_step(decrypt(factor.data["secret"]), code)
    return step is not None and use_step(factor, step)


@transaction.atomic
def use_step(factor: Authenticator, step: int) -> bool:
    """Use up a time step, once for all processes; False when it, or a later one, was used already."""
    row = Authenticator.objects.select_for_update().get(pk=factor.pk)
    if row.data.get(STEP, -1) >= step:
        return False
    row.data[STEP] = step
    row.save(update_fields=["data"])
    return True
