"""The arithmetic of the official statistics table (查处违反中央八项规定精神问题统计表): integers throughout.

Shares are tenths of a percent, changes are basis points; both are rounded half up from the counts themselves, never
from a rounded number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

Key = tuple[str, str, str]  # measure, type, level
Counts = Mapping[Key, int]
TOTAL = "total"
NO_BASE = "—"


def half_up(numerator: int, denominator: int) -> int:
    """The nearest integer to the quotient; a half goes up, also below zero."""
    return (2 * numerator + denominator) // (2 * denominator)


def tenths_of(part: int, whole: int) -> int | None:
    """The share of the part in tenths of a percent (810 is 81.0 %); None when there is no whole."""
    return half_up(1000 * part, whole) if whole else None


def largest_remainder_shares(counts: Sequence[int], places: int = 1) -> list[int]:
    """Shares that sum to exactly 100 %, in units of 10^-places percent; all 0 when nothing was counted.

    What rounding down leaves over goes to the largest remainders; among equals to the larger count, then the first.
    """
    whole, unit = sum(counts), 100 * 10**places
    if whole == 0:
        return [0] * len(counts)
    shares = [count * unit // whole for count in counts]
    order = sorted(range(len(counts)), key=lambda n: (-(counts[n] * unit % whole), -counts[n], n))
    for n in order[: unit - sum(shares)]:
        shares[n] += 1
    return shares


def decimal_text(value: int, places: int, *, signed: bool = False) -> str:
    """An integer count of 10^-places as a decimal number: 923 with one place is 92.3."""
    sign = "-" if value < 0 else "+" if signed and value > 0 else ""
    whole, rest = divmod(abs(value), 10**places)
    return f"{sign}{whole}.{rest:0{places}d}" if places else f"{sign}{whole}"


def percent_text(tenths: int | None) -> str:
    return NO_BASE if tenths is None else f"{decimal_text(tenths, 1)}%"


@dataclass(frozen=True, slots=True)
class Change:
    """增减: a number beside the one it is compared with, last month's or last year's."""

    now: int
    base: int

    @property
    def delta(self) -> int:
        return self.now - self.base

    @property
    def basis_points(self) -> int | None:
        """The change in basis points of the base; None when the base is 0, because nothing grows from nothing."""
        return half_up(10_000 * self.delta, self.base) if self.base else None

    @property
    def text(self) -> str:
        """+12.5 %, or a dash when there is no base."""
        return f"{decimal_text(half_up(1000 * self.delta, self.base), 1, signed=True)}%" if self.base else NO_BASE


@dataclass(frozen=True)
class Layout:
    """表式: what the pack says of the table: measures, levels, and types with their parents ("" at the top)."""

    measures: tuple[str, ...]
    levels: tuple[str, ...]
    parents: Mapping[str, str]
    shares: tuple[tuple[str, str], ...] = ()  # (part, whole): A2 of A, B1 of B …
    subsets: tuple[tuple[str, str], ...] = ()  # (measure, the measure it is part of): sanctioned of handled

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """Types that are no other type's parent: the only ones that records bear."""
        inner = set(self.parents.values())
        return tuple(code for code in self.parents if code not in inner)

    @cached_property
    def tops(self) -> tuple[str, ...]:
        return self.children("")

    def children(self, code: str) -> tuple[str, ...]:
        return tuple(child for child, parent in self.parents.items() if parent == code)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """总计, the levels, then each type before its sub-types."""
        return (TOTAL, *self.levels, *(code for top in self.tops for code in self._with_children(top)))

    def _with_children(self, code: str) -> Iterator[str]:
        yield code
        for child in self.children(code):
            yield from self._with_children(child)

    def depth(self, code: str) -> int:
        parent = self.parents.get(code, "")
        return 1 + self.depth(parent) if parent else 0


@dataclass(frozen=True)
class Row:
    """统计表的一行: one measure of the month or of the year so far, a number in every column."""

    span: str  # "month" or "year"
    measure: str
    cells: Mapping[str, int]

    @property
    def total(self) -> int:
        return self.cells[TOTAL]

    def share(self, part: str, whole: str = TOTAL) -> int | None:
        """Tenths of a percent of another column of the same row."""
        return tenths_of(self.cells[part], self.cells[whole])

    def shares(self, columns: Sequence[str]) -> dict[str, int]:
        """Shares of columns that make up a whole, summing to 100.0 %."""
        return dict(zip(columns, largest_remainder_shares([self.cells[c] for c in columns]), strict=True))


def row_of(span: str, measure: str, counts: Counts, layout: Layout) -> Row:
    """Sum the counts of one measure into every column; refuses a type or level that the table does not have."""
    cells = dict.fromkeys(layout.columns, 0)
    for (counted, kind, level), count in counts.items():
        if counted != measure or not count:
            continue
        if kind not in layout.leaves or level not in layout.levels:
            raise ValueError(_("统计表没有“%(type)s / %(level)s”这一栏。") % {"type": kind, "level": level})
        cells[TOTAL] += count
        cells[level] += count
        while kind:
            cells[kind] += count
            kind = layout.parents[kind]
    return Row(span, measure, cells)


def statistics_table(month: Counts, year: Counts, layout: Layout) -> list[Row]:
    """The official table: the measures of the month (当月), then of the year so far (本年累计)."""
    blocks = (("month", month), ("year", year))
    return [row_of(span, measure, counts, layout) for span, counts in blocks for measure in layout.measures]


def changes(rows: Sequence[Row], base: Sequence[Row]) -> list[dict[str, Change]]:
    """Column → change, for each row beside the same row of another month's table."""
    known = {(row.span, row.measure): row for row in base}
    return [
        {column: Change(now, known[row.span, row.measure].cells[column]) for column, now in row.cells.items()}
        for row in rows
    ]


def discrepancies(rows: Sequence[Row], layout: Layout) -> list[str]:
    """Sentences for everything that does not add up; an empty list is a sound table."""
    by_place = {(row.span, row.measure): row for row in rows}
    return [sentence for row in rows for sentence in (*_sums(row, layout), *_bounds(row, by_place, layout))]


def _sums(row: Row, layout: Layout) -> Iterator[str]:
    wholes = [(TOTAL, layout.levels), (TOTAL, layout.tops)]
    wholes += [(code, layout.children(code)) for code in layout.parents if layout.children(code)]
    for whole, parts in wholes:
        if parts and row.cells[whole] != sum(row.cells[part] for part in parts):
            yield _("%(row)s：%(parts)s 之和不等于 %(whole)s。") % {
                "row": f"{row.span}/{row.measure}", "parts": "、".join(parts), "whole": whole,
            }  # fmt: skip


def _bounds(row: Row, by_place: Mapping[tuple[str, str], Row], layout: Layout) -> Iterator[str]:
    above = [by_place.get(("year", row.measure))] if row.span == "month" else []
    above += [by_place.get((row.span, whole)) for part, whole in layout.subsets if part == row.measure]
    for other in above:
        for column in layout.columns if other else ():
            if other and row.cells[column] > other.cells[column]:
                yield _("%(row)s 的 %(column)s 大于 %(other)s 的。") % {
                    "row": f"{row.span}/{row.measure}", "column": column, "other": f"{other.span}/{other.measure}",
                }  # fmt: skip
