"""Fills the home in the environment for the crash drill: a group with units that report, months to report in and months to close.

    python -m tests.drills.crash_house      prints what the drill needs to know as JSON

Run as a process of its own beside `yuanqing serve`, whose database it writes to.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

UNITS, TO_WRITE, TO_CLOSE = 12, ("2026-09", "2026-10"), [f"2025-{n:02d}" for n in range(1, 11)]
BEGAN = date(2020, 1, 1)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "yuanqing.settings"
    import django

    from yuanqing.kernel.database.cluster import ensure_started
    from yuanqing.kernel.database.connection import home
    from yuanqing.kernel.database.scope import become_system

    ensure_started(home())
    become_system()
    django.setup()
    from yuanqing.kernel.duty import noun_modules

    list(noun_modules("actions"))
    json.dump(build(), sys.stdout)


def build() -> dict[str, Any]:
    from tests.discipline.monthly_return.house import STATEMENT, STATES

    from yuanqing.discipline.monthly_return.models import MonthlyReturn
    from yuanqing.kernel.acts import SYSTEM
    from yuanqing.norms.clause.actions import publish_shipped
    from yuanqing.org.unit import actions as units

    publish_shipped(SYSTEM)
    group = units.found(by=SYSTEM, code="0", name="示范集团", parent=None, began_on=BEGAN)
    for number in range(1, UNITS + 1):
        units.found(by=SYSTEM, code=f"{number:02d}", name=f"第{number}公司", parent=group, began_on=BEGAN)
    for month in (*TO_CLOSE, *TO_WRITE):
        open_month(month, may_still_report=month in TO_WRITE)
    rows = MonthlyReturn.objects.filter(period__month_on__year=2026).exclude(unit=group)
    return {
        "returns": [str(pk) for pk in rows.order_by("period__month_on", "path").values_list("pk", flat=True)],
        "months": list(TO_CLOSE),
        "filled": {
            "cells": STATES, "nil_statement": STATEMENT, "explanations": {"late": "演练"},
            "reasons": {}, "declared_gaps": [],
        },
        "leader": _token("leader", "unit_leader", group),
        "reviewer": _token("reviewer", "superior_reviewer", group),
        "office": _token("office", "party_group_office", group),
    }  # fmt: skip


def open_month(month: str, *, may_still_report: bool) -> None:
    """The month with windows of our own: due already, locked yesterday or in a month."""
    from django.utils import timezone

    from yuanqing.discipline.monthly_return.queries import FORM
    from yuanqing.kernel.acts import SYSTEM
    from yuanqing.kernel.almanac import DueRule, Month, Window
    from yuanqing.norms.period.actions import open_period

    now = timezone.now()
    due, locks = now - timedelta(days=3), now + timedelta(days=30 if may_still_report else -1)
    window = Window(now - timedelta(days=20), due, due, locks)
    with patch.object(DueRule, "window", lambda *_given: window):
        open_period(by=SYSTEM, form=FORM, month=Month.parse(month))


def _token(name: str, role: str, unit: Any) -> str:
    from django.utils import timezone

    from yuanqing.kernel.acts import SYSTEM
    from yuanqing.org.account import actions as accounts
    from yuanqing.org.account.models import Account
    from yuanqing.org.token import actions as tokens
    from yuanqing.org.token import queries

    account = accounts.open_account(by=SYSTEM, username=name, display_name=name)
    accounts.grant(by=SYSTEM, account=account, role=role, unit=unit, starts_on=BEGAN, reason="演练")
    account = Account.objects.get(pk=account.pk)
    scopes = [pattern for pattern, _label in queries.choices(account)]
    until = timezone.localdate() + timedelta(days=30)
    _token, secret = tokens.issue(by=account, account=account, name=name, scopes=scopes, expires_on=until)
    return secret


if __name__ == "__main__":
    main()
