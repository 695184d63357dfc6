"""屏障: denials that win over every grant; all `visible_to` and all acts obey them, without any noun saying so.

A package above registers one barrier (recusal does). `hide` narrows a queryset to what the account is not kept from,
`reason` says in a sentence why an act on a record is closed to it, "" when it is not. Neither may cost a query for an
account that nothing is denied to.
"""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from django.db import models

Q = TypeVar("Q", bound=models.QuerySet[Any])


class Barrier(Protocol):
    """屏障: what an account is kept from, as a narrowed queryset and as a sentence."""

    def hide(self, rows: models.QuerySet[Any], account: Any) -> models.QuerySet[Any]: ...

    def reason(self, record: models.Model, by: Any) -> str: ...


_barriers: list[Barrier] = []


def put_up(barrier: Barrier) -> None:
    """Register a barrier for the life of the process."""
    _barriers.append(barrier)


def before(rows: Q, account: Any) -> Q:
    """The rows that no barrier hides from the account."""
    found: Any = rows
    for barrier in _barriers:
        found = barrier.hide(found, account)
    return found  # type: ignore[no-any-return]


def barred(record: models.Model | None, by: Any) -> str:
    """Why this account must keep off the record; "" when it need not."""
    if record is None:
        return ""
    return next((reason for barrier in _barriers if (reason := barrier.reason(record, by))), "")
