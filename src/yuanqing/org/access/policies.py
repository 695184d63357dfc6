"""Who may know who sees a record: the security and audit administrators, and who heads the record's unit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.org.account.policies import lacking
from yuanqing.org.unit.models import Unit
from yuanqing.org.unit.queries import covers_all


def refusal(step: str, unit: Unit | None, *, by: Any) -> str:
    capability = f"org.access.{step}"
    missing = lacking(by, capability, unit)
    if missing or unit is not None or covers_all(by.scopes(capability)):
        return missing
    return _("这不在您的管辖范围之内（%(unit)s）。") % {"unit": _("全部单位")}
