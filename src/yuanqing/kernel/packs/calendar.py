"""The calendar pack: read into the almanac, and regenerated from the public holiday table when a year is announced."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from uuid import UUID

import chinese_calendar
from chinese_calendar.constants import holidays, workdays

from yuanqing.kernel.almanac import Calendar
from yuanqing.kernel.packs.published import pack_of, version_in_force
from yuanqing.kernel.packs.schema import Pack, build

CALENDAR = "holidays"

NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


def calendar_of(pack: Pack) -> Calendar:
    """The working calendar a pack describes; it covers the years that its days name."""
    days = pack.of_kind("day")
    return Calendar(
        holidays=frozenset(day.on for day in days if not day.is_workday),
        workdays=frozenset(day.on for day in days if day.is_workday),
        covers=frozenset(day.on.year for day in days),
    )


def calendar_in_force(on: date | None = None) -> Calendar:
    """The working calendar of a day (today); an edition never changes, so each is read once in each process."""
    return _calendar(version_in_force(CALENDAR, on).pk)


@lru_cache(maxsize=16)
def _calendar(pk: UUID) -> Calendar:
    return calendar_of(pack_of(pk))


def regenerate() -> Pack:
    """The `holidays` pack for every year that chinesecalendar knows."""
    table = {**{day: (name, False) for day, name in holidays.items()}, **{d: (n, True) for d, n in workdays.items()}}
    years = sorted({day.year for day in table})
    head = {
        "name": CALENDAR,
        "title": "法定节假日与调休",
        "english": "Statutory holidays and make-up workdays",
        "kind": "calendar",
        "version": f"{years[-1]}.1",
        "effective_from": f"{years[0]}-01-01",
        "source": f"国务院办公厅历年节假日安排通知，由 chinesecalendar {chinese_calendar.__version__} 汇总",
        "mark": "V2",
        "text": "列出放假的日子和调休上班的周末；没有列出的日子按星期算，周一至周五上班。",
    }
    return build({**head, "entries": [_day(on, *table[on]) for on in sorted(table)]}, "holidays.yaml")


def _day(on: date, english: str, is_workday: bool) -> dict[str, str]:
    name = NAMES[english]
    return {
        "code": on.isoformat(),
        "title": f"{name}调休上班" if is_workday else f"{name}放假",
        "english": f"{english} (make-up workday)" if is_workday else english,
        "is_workday": "yes" if is_workday else "no",
    }
