"""Addresses of records; Django's `reverse` takes longer over the hundred links of a page than the database over the page."""

from __future__ import annotations

from functools import cache
from uuid import UUID

from django.urls import reverse

NOWHERE = UUID(int=0)


@cache
def page(name: str) -> str:
    """The address of a page without arguments."""
    return reverse(name)


def address(name: str, pk: UUID) -> str:
    """The address of the record with this key; `name` as `reverse` takes it, of a page whose only argument is the key."""
    before, after = _around(name)
    return f"{before}{pk}{after}"


@cache
def _around(name: str) -> tuple[str, str]:
    """What stands before and after the key, found once in a process."""
    before, _key, after = reverse(name, args=[NOWHERE]).partition(str(NOWHERE))
    return before, after
