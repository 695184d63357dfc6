"""The line, from figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from yuanqing.cases.release.rules import hidden, shares
from yuanqing.cases.sanction.queries import Codes
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.figures.reading import totals
from yuanqing.kernel.figures.registry import get
from yuanqing.kernel.packs.published import current
from yuanqing.org.unit.queries import code_table

SANCTIONS = ("party", "office")  # families of the sanctions pack that are sanctions
LINE = ("petition.received", "leads.disposed", "leads.inquiries", "cases.filed", "sanctions.imposed")


@dataclass(frozen=True)
class Cell:
    """一格: a number, or that it is too small to be shown."""

    label: str
    value: int | None  # None: too small to be shown
    share: int | None = None  # basis points


@dataclass(frozen=True)
class Line:
    """公布口径: the numbers of the line in order, sanctions by level, and the four forms."""

    numbers: list[tuple[str, int, str]]
    levels: list[Cell]
    forms: list[Cell]
    forms_total: int


def summed(name: str, months: Sequence[Month], by: str = "") -> Counter[str]:
    found: Counter[str] = Counter()
    for value in totals(name, months, by=(by,) if by else ()):
        found[value.dims.get(by, "") if by else ""] += value.value
    return found


def sanctioned(months: Sequence[Month]) -> Counter[str]:
    """Sanctions by level; what the register holds beside them (admonitions, organisational measures) is none."""
    codes, found = Codes(), Counter[str]()
    proper = {kind for kind in codes.kinds if codes.value(kind, "family") in SANCTIONS}
    for value in totals("sanctions.imposed", months, by=("kind", "level")):
        found[value.dims["level"]] += value.value if value.dims["kind"] in proper else 0
    return found


def line(months: Sequence[Month]) -> Line:
    """Petitions, leads disposed of, inquiries, cases, sanctions; then levels and forms.

    Forms: reminders that ended leads are of the first; sanctions of theirs; a criminal transfer is of the fourth.
    """
    smallest = int(current("cases").entry("smallest_cell").value)
    by_level, forms = sanctioned(months), summed("sanctions.imposed", months, "form")
    counted = {"sanctions.imposed": sum(by_level.values())}
    numbers = [(str(get(n).label), counted.get(n, summed(n, months)[""]), str(get(n).unit)) for n in LINE]
    forms["1"] += summed("leads.ended", months, "outcome")["reminded"]
    forms["4"] += summed("cases.decided", months, "outcome")["sanction_and_transfer"]
    levels = [*code_table("level").items(), ("", _("其他人员"))]
    known = {code for code, _label in levels}
    by_level[""] += sum(count for code, count in by_level.items() if code not in known)
    names = (_("第一种形态"), _("第二种形态"), _("第三种形态"), _("第四种形态"))
    counts = [forms[str(n)] for n in range(1, 5)]
    return Line(
        numbers,
        cells([(label, by_level[code]) for code, label in levels], smallest),
        cells(list(zip(names, counts, strict=True)), smallest, with_shares=True),
        sum(counts),
    )


def cells(given: Sequence[tuple[str, int]], smallest: int, *, with_shares: bool = False) -> list[Cell]:
    counts = [count for _label, count in given]
    out, parts = hidden(counts, smallest), shares(counts)
    return [
        Cell(label, None if n in out else count, parts[n] * 10 if with_shares and n not in out else None)
        for n, (label, count) in enumerate(given)
    ]


def may_see(account: Any) -> bool:
    return bool(account.can("discipline.review.view") or account.can("cases.case.view"))
