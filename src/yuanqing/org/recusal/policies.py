"""Who declares, asks for, orders and decides a recusal."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.org.account import rules
from yuanqing.org.account.policies import lacking
from yuanqing.org.recusal.models import Recusal
from yuanqing.org.scope.rules import as_scope


def refusal(step: str, record: Any, *, by: Any) -> str:
    if not isinstance(record, Recusal):
        return "" if step in ("declare", "request") else lacking(by, f"org.recusal.{step}")
    if step == "declare":
        return "" if record.account_id == by.pk else _("只能声明自己回避；请别人回避的，用“申请回避”。")
    if step == "request":
        return "" if record.account_id != by.pk else _("自己回避的，用“声明回避”。")
    if record.account_id == by.pk:
        return _("自己的回避由别人决定和解除。")
    return _deciding(f"org.recusal.{step}", record, by)


def _deciding(capability: str, record: Recusal, by: Any) -> str:
    """The head of the unit decides; the head's own recusal the superior, who stands above the unit."""
    person = record.account.person
    unit = person.unit if person else None
    missing = lacking(by, capability, unit)
    if missing or unit is None or unit.parent is None:
        return missing
    heads = any(  # asked of the grants alone: the recusal itself must not hide who heads the unit
        rules.allows(right.role, capability, right.purpose) and right.reach.covers(unit.path)
        for right in record.account.rights.held
    )
    if heads and not as_scope(by.scopes(capability)).covers(unit.parent.path):
        return _("%(unit)s负责人的回避由上级单位决定。") % {"unit": unit}
    return ""
