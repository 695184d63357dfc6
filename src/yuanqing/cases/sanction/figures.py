"""Figures of sanctions, counted where the person worked when it was decided."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.figures import Tables, figure


@figure(
    "sanctions.imposed",
    label=_("处分"),
    unit=_("人次"),
    dims=("kind", "form", "level"),
    definition=_("决定日期在当月的处分，按种类、形态和受处分人级别分列。"),
    exclusions=_("已撤销的处分。"),
)
def imposed(t: Tables) -> Any:
    rows = t.cases_sanction
    return t.per_month(rows.filter(rows.state != "revoked"), on="decided_on", by=("kind", "form", "level"))
