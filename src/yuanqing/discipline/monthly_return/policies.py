"""Who may fill in, sign, review and lock returns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from yuanqing.discipline.monthly_return.models import MonthlyReturn
from yuanqing.org.account.policies import identities, lacking
from yuanqing.org.scope.rules import as_scope

REVIEWS = ("accept", "send_back")
SAME_RIGHT = {"submit_as_recorded": "submit", "accept_all": "accept"}


def refusal(step: str, record: Any, *, by: Any) -> str:
    capability = f"discipline.monthly_return.{SAME_RIGHT.get(step, step)}"
    if not isinstance(record, MonthlyReturn):
        return lacking(by, capability)
    missing = lacking(by, capability, record.unit)
    if missing:
        return missing
    if step in REVIEWS:
        return _not_above(record, capability, by) or closed(record.period)
    return closed(record.period)


def closed(period: Any) -> str:
    """A closed month takes nothing more."""
    if period.state != "closed":
        return ""
    return _("%(month)s已经结账，月报不能再改；更正请在以后月份办理。") % {"month": period.month.label}


def reviews_from_above(scopes: Iterable[str]) -> list[str]:
    """The subtrees in which this reviewer stands above every unit but the first; the top unit has nobody above it."""
    return [reach.path for reach in as_scope(scopes).reaches if reach.path.count("/") > 1]


def _not_above(record: MonthlyReturn, capability: str, by: Any) -> str:
    """Nobody reviews what he signed, nor the unit at which his own right begins; the top unit has nobody above it."""
    if record.signed_by_id in identities(by):
        return _("不能审核自己签报的月报。")
    path = record.unit.path
    reaches = [reach for reach in as_scope(by.scopes(capability)).reaches if reach.covers(path)]
    if record.unit.parent_id is not None and all(reach.path == path for reach in reaches):
        return _("%(unit)s的月报由上级单位审核。") % {"unit": record.unit}
    return ""


def may_fill(record: MonthlyReturn, *, by: Any) -> str:
    """Why this account may not type into the return's draft now; "" when it may."""
    missing = lacking(by, "discipline.monthly_return.fill", record.unit)
    if missing:
        return missing
    if record.state not in ("open", "returned"):
        return _("这份月报%(state)s，不能再填。") % {"state": record.get_state_display()}
    return closed(record.period)
