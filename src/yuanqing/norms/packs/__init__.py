"""随产品提供的规则包: the packs that ship, read from the files beside this one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import MappingProxyType

from yuanqing.kernel.almanac import Calendar
from yuanqing.kernel.packs.calendar import calendar_of
from yuanqing.kernel.packs.load import load_folder
from yuanqing.kernel.packs.schema import Pack

FOLDER = Path(__file__).resolve().parent


@cache
def shipped_packs() -> MappingProxyType[str, Pack]:
    """Every shipped pack by name; an installation's own packs stand in the database."""
    return MappingProxyType(load_folder(FOLDER))


def shipped(name: str) -> Pack:
    """The shipped pack of this name; KeyError when there is none."""
    return shipped_packs()[name]


@cache
def shipped_calendar() -> Calendar:
    return calendar_of(shipped("holidays"))
