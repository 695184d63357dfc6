"""Who begins a term by hand, who does it, who prolongs it; only where the matter is theirs to see."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.cases.term.models import Term
from yuanqing.kernel.acts.steps import System
from yuanqing.kernel.records import Record
from yuanqing.org.account.policies import lacking

AUTOMATIC = ("arise", "end", "escalate")


def refusal(step: str, record: Record | None, *, by: Any) -> str:
    if step in AUTOMATIC:
        return "" if isinstance(by, System) else _("由系统自动办理。")
    if not isinstance(record, Term):
        return lacking(by, f"cases.term.{step}")
    reason = lacking(by, f"cases.term.{step}", getattr(record.matter, "unit", None))
    if reason or record._state.adding or isinstance(by, System):
        return reason
    if not Term.objects.visible_to(by).filter(pk=record.pk).exists():
        return _("您看不到这件事项。")
    return ""
