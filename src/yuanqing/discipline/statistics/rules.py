"""How the official table is laid out: three rows of heads over one row of columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from yuanqing.discipline.violation.rules import TOTAL, Layout, Row, largest_remainder_shares


@dataclass(frozen=True)
class Head:
    """One heading: what it says and how many columns and rows it spans."""

    text: str
    columns: int = 1
    rows: int = 1
    help: str = ""


def heads(layout: Layout, name: Callable[[str], str], words: dict[str, str]) -> list[list[Head]]:
    """Three rows of headings; a column without sub-columns reaches down to the numbers."""
    top = [Head(words["total"], rows=3), Head(words["levels"], len(layout.levels))]
    middle = [Head(name(level), rows=2) for level in layout.levels]
    bottom: list[Head] = []
    for whole in layout.tops:
        width = 1
        middle.append(Head(words["subtotal"], rows=2))
        for part in layout.children(whole):
            leaves = layout.children(part)
            width += 1 + len(leaves)
            if leaves:
                middle.append(Head(name(part), 1 + len(leaves)))
                bottom += [Head(words["subtotal"]), *(Head(name(leaf)) for leaf in leaves)]
            else:
                middle.append(Head(name(part), rows=2))
        top.append(Head(name(whole), width))
    return [top, middle, bottom]


def shares_of(row: Row, layout: Layout) -> dict[str, int]:
    """Column → tenths of a percent; what makes up a whole sums to exactly 100.0."""
    found: dict[str, int] = {}
    groups: list[Sequence[str]] = [layout.levels, layout.tops, *(layout.children(top) for top in layout.tops)]
    for columns in groups:
        counts = [row.cells[column] for column in columns]
        if sum(counts):
            found |= dict(zip(columns, largest_remainder_shares(counts), strict=True))
    return found if row.cells[TOTAL] else {}


@dataclass(frozen=True)
class Rate:
    """每百人问题数: problems per hundred people and the range that chance alone could explain, in hundredths."""

    problems: int
    people: int
    value: int
    low: int
    high: int

    def differs_from(self, whole: int) -> bool:
        """Whether everybody's rate lies outside the range."""
        return not self.low <= whole <= self.high


def rate_of(problems: int, people: int) -> int:
    """Problems per hundred people, in hundredths, rounded half up."""
    return (problems * 20_000 + people) // (2 * people)


def rates(counts: Sequence[tuple[int, int]], *, confidence: int) -> list[Rate]:
    """(problems, people) of each unit → its rate with Jeffreys' interval for a Poisson count; people are at least one.

    Among four people one problem is 25 in a hundred, and its range reaches from almost none to nearly all: the
    picture must show that a small unit on top need not be the worst.
    """
    from scipy.special import gammaincinv

    tail = (10_000 - confidence) / 20_000
    found = []
    for problems, people in counts:
        low, high = (gammaincinv(problems + 0.5, share) * 10_000 / people for share in (tail, 1 - tail))
        low = 0 if problems == 0 else low
        found.append(Rate(problems, people, rate_of(problems, people), int(low + 0.5), int(high + 0.5)))
    return found
