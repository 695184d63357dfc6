"""Reminders as plain values: whom a due day concerns, and what the digest says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from yuanqing.org.scope.rules import DEEPEST, line

NAMED = 5  # units named in one line; the rest are counted
ABOVE = "superior_"  # roles so named look at a unit from above: their own unit's matters are not theirs to press


@dataclass(frozen=True)
class Owed:
    """One thing owed on a day: its title, whose it is, and when it is due."""

    title: str
    unit_path: str
    unit_name: str
    person_id: Any
    due_on: date


@dataclass(frozen=True)
class Line:
    """One line of a digest: things of one title and due day."""

    title: str
    due_on: date
    days: int
    units: tuple[str, ...]
    count: int


def prefixes(path: str) -> Iterator[str]:
    """The unit itself, then each unit above it, then the whole organisation."""
    yield from line(path)
    yield ""


def holders(role: str, path: str, granted: Mapping[str, Mapping[Any, Sequence[Any]]]) -> Sequence[Any]:
    """The accounts nearest to the unit that hold the role: at the unit itself, else at the next one above it.

    `granted` is role → path → accounts; a grant that ends after some levels stands under (path, levels).
    """
    own_first = prefixes(path)
    if role.startswith(ABOVE):
        next(own_first)
    at = granted.get(role, {})
    for prefix in own_first:
        levels = path.count("/", len(prefix))
        keys: list[Any] = [prefix, *((prefix, depth) for depth in range(levels, DEEPEST + 1))]
        found = [account for key in keys for account in at.get(key, ())]
        if found:
            return found
    return ()


def lines(owed: Iterable[Owed], today: date) -> list[Line]:
    """Things of one title and due day together, the first due first."""
    groups: dict[tuple[date, str], list[Owed]] = {}
    for one in owed:
        groups.setdefault((one.due_on, one.title), []).append(one)
    return [
        Line(title, due, (due - today).days, tuple(dict.fromkeys(o.unit_name for o in found)), len(found))
        for (due, title), found in sorted(groups.items())
    ]


def title_of(found: Sequence[Line]) -> str:
    """The subject of the digest: how many things, never whose."""
    late = sum(line.count for line in found if line.days < 0)
    soon = sum(line.count for line in found if line.days >= 0)
    if late and soon:
        return _("提醒：%(late)s 件已经逾期，%(soon)s 件快要到期") % {"late": late, "soon": soon}
    if late:
        return ngettext("提醒：%(late)s 件已经逾期", "提醒：%(late)s 件已经逾期", late) % {"late": late}
    return ngettext("提醒：%(soon)s 件快要到期", "提醒：%(soon)s 件快要到期", soon) % {"soon": soon}


def body_of(found: Sequence[Line]) -> str:
    return "\n".join(_sentence(line) for line in found)


def _sentence(line: Line) -> str:
    day = dateformat.format(line.due_on, pgettext("date format", "Y年n月j日"))
    names = _("、").join(line.units[:NAMED])
    if len(line.units) > NAMED:
        names = _("%(names)s等 %(count)s 家单位") % {"names": names, "count": len(line.units)}
    return _("%(title)s：%(units)s，%(day)s到期（%(when)s）") % {
        "title": line.title, "units": names, "day": day, "when": _when(line.days),
    }  # fmt: skip


def _when(days: int) -> str:
    if days == 0:
        return _("今天")
    if days > 0:
        return ngettext("还有 %(days)s 天", "还有 %(days)s 天", days) % {"days": days}
    return ngettext("已逾期 %(days)s 天", "已逾期 %(days)s 天", -days) % {"days": -days}
