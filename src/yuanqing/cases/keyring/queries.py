"""The unlocked key of a request, and the directory."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from yuanqing.kernel.sealing import unlocking
from yuanqing.kernel.sealing.models import Ceremony, Holder
from yuanqing.kernel.sealing.unlocking import COOKIE, Unlocking


def unlocked(request: HttpRequest) -> Unlocking | None:
    """The reader's unlocked key, or None while the files are locked."""
    return unlocking.current(request.user, request.COOKIES.get(COOKIE, ""))


def directory() -> list[Holder]:
    return list(Holder.objects.order_by("retired_on", "kind", "name"))


def ceremonies() -> Any:
    return Ceremony.objects.select_related("escrow", "to")[:50]
