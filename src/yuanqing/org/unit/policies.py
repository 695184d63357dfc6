"""Who may shape the tree of units."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.org.account.policies import lacking
from yuanqing.org.unit.models import Unit

PART_OF = {"carry": "move"}  # acts that only happen inside another


def refusal(step: str, record: Any, *, by: Any) -> str:
    capability = f"org.unit.{PART_OF.get(step, step)}"
    if isinstance(record, Unit) and record._state.adding:
        return place_refusal(step, record.parent, by=by)
    return lacking(by, capability, record if isinstance(record, Unit) else None)


def place_refusal(step: str, parent: Unit | None, *, by: Any) -> str:
    """Why no unit may be put below `parent`; a root needs a grant over the whole tree."""
    capability = f"org.unit.{step}"
    if parent is None and by.can(capability) and "" not in by.scopes(capability):
        return _("没有上级的单位只能由管辖全部单位的账号设立。")
    return lacking(by, capability, parent)
