"""What waits, and the rows of the year at a glance: nouns register functions here, the desk asks them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar

from yuanqing.kernel.almanac import Month
from yuanqing.kernel.duty import noun_modules
from yuanqing.kernel.lifecycle import Text
from yuanqing.kernel.packs.published import NotInForce
from yuanqing.norms.clause.models import Clause
from yuanqing.norms.clause.queries import clause as cited_clause


@dataclass(frozen=True)
class Waiting:
    """等候事项: one line of the desk: what, why (a citation such as speech.2.8), by when, and one button."""

    title: Text
    url: str
    button: Text
    clause: str = ""
    due: datetime | date | None = None
    count: int = 1

    @property
    def why(self) -> Clause | None:
        return cited(self.clause)


@dataclass(frozen=True)
class Row:
    """全景的一行: how far one thing is under a demand of the speech (1–5) within the reader's scope."""

    demand: int
    label: Text
    owed: int
    met: int
    on_time: int
    overdue: int
    url: str = ""
    clause: str = ""

    @property
    def why(self) -> Clause | None:
        return cited(self.clause)


def cited(citation: str) -> Clause | None:
    """The clause cited; None for an empty citation, or one that no pack in force holds."""
    try:
        return cited_clause(citation) if citation else None
    except (NotInForce, Clause.DoesNotExist):
        return None


Counted = tuple[str, str, str, Text]  # key of the count, title with %(count)d, query of the list, button


def counted(
    account: Any,
    counts: Mapping[str, int],
    lines: Iterable[Counted],
    address: str,
    clause: str,
    needs: Mapping[str, str] | None = None,
) -> list[Waiting]:
    """A line of the desk for each count that is not nothing; each leads to the list narrowed to what was counted.

    `needs` names the capability without which a count is not the account's business.
    """
    may = {key: account.can(capability) for key, capability in (needs or {}).items() if counts[key]}
    return [
        Waiting(title % {"count": counts[key]}, f"{address}{query}", button, clause=clause, count=counts[key])
        for key, title, query, button in lines
        if counts[key] and may.get(key, True)
    ]


WaitingSource = Callable[[Any], Sequence[Waiting]]
OverviewSource = Callable[[Any, Sequence[Month]], Sequence[Row]]
W = TypeVar("W", bound=WaitingSource)
O = TypeVar("O", bound=OverviewSource)
_waiting: dict[str, WaitingSource] = {}
_overview: dict[str, OverviewSource] = {}


def waiting_source(source: W) -> W:
    """Register `source(account)`: what waits for this account; one or two queries, whatever the number of records."""
    _waiting[f"{source.__module__}.{source.__qualname__}"] = source
    return source


def overview_source(source: O) -> O:
    """Register `source(account, months)`: rows of the year at a glance beyond obligations."""
    _overview[f"{source.__module__}.{source.__qualname__}"] = source
    return source


@cache
def _discover() -> None:
    list(noun_modules("actions"))
    list(noun_modules("pages"))


def waiting_for(account: Any) -> list[Waiting]:
    """Everything that waits for the account, the most urgent first; what has no due time comes last."""
    _discover()
    lines = [line for source in _waiting.values() for line in source(account) if line.count]
    return sorted(lines, key=lambda line: (line.due is None, str(line.due or "")))


def overview_rows(account: Any, months: Sequence[Month]) -> list[Row]:
    _discover()
    return [row for source in _overview.values() for row in source(account, months)]
