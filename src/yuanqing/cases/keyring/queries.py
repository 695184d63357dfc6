"""The unlocked key of a request, and the directory."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from yuanqing.kernel.acts import refusal
from yuanqing.kernel.sealing import unlocking
from yuanqing.kernel.sealing.models import Ceremony, Holder, SealingKey
from yuanqing.kernel.sealing.unlocking import COOKIE, Unlocking


def unlocked(request: HttpRequest) -> Unlocking | None:
    """The reader's unlocked key, or None while the files are locked."""
    return unlocking.current(request.user, request.COOKIES.get(COOKIE, ""))


def unlock_address(back: str) -> str:
    """Where the reader unlocks, and from where she comes back to this address."""
    return f"{reverse('keyring:unlock')}?{urlencode({'next': back})}"


def own_key(account: Any) -> dict[str, bool]:
    """Whether the account has a key to the files, and whether it may get one."""
    return {
        "has_key": unlocking.holder_of(account) is not None,
        "may_enrol": not refusal("enrol", None, by=account, model=Holder),
    }


def readers(key: SealingKey) -> list[Holder]:
    """Who can open what is sealed to this key."""
    return list(Holder.objects.filter(pk__in=key.recipients).order_by("kind", "name"))


def directory() -> list[Holder]:
    return list(Holder.objects.order_by("retired_on", "kind", "name"))


def ceremonies() -> Any:
    return Ceremony.objects.select_related("escrow", "to")[:50]
