"""Which obligation gives a form its window, and why a due day lies where it lies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from yuanqing.kernel.almanac import Calendar, DuePolicy

# form pack → the obligation whose due rule opens and closes it
UNDER = {"return_form": "speech.monthly_report"}


def weekday(day: date) -> str:
    names = (_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日"))
    return names[day.weekday()]


def nature(day: date, calendar: Calendar, titles: Mapping[date, str]) -> str:
    """What kind of day it is, in words: the holiday's title, else the weekday."""
    if day in titles:
        return titles[day]
    return weekday(day) if calendar.is_workday(day) else _("%(weekday)s，休息日") % {"weekday": weekday(day)}


def reason(nominal: date, due: date, policy: DuePolicy, calendar: Calendar, titles: Mapping[date, str]) -> str:
    """Why the due day is where it is, as a sentence; `nominal` is the day the rule names."""
    facts = {"day": nominal, "nature": nature(nominal, calendar, titles), "due": due, "weekday": weekday(due)}
    if calendar.is_workday(nominal):
        return _("%(day)s 是工作日（%(nature)s）。") % facts
    if policy is DuePolicy.FIXED:
        return _("%(day)s 不是工作日（%(nature)s）；规则是固定日期，不顺延。") % facts
    if policy is DuePolicy.NEXT_WORKDAY:
        return _("%(day)s 不是工作日（%(nature)s），顺延到 %(due)s（%(weekday)s）。") % facts
    return _("%(day)s 不是工作日（%(nature)s），提前到 %(due)s（%(weekday)s）。") % facts
