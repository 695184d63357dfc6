"""Figures of clearings."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.figures import Tables, figure


@figure(
    "clearings.done",
    label=_("澄清正名"),
    unit=_("人次"),
    dims=("way",),
    definition=_("澄清日期在当月的，按澄清方式分列。"),
)
def done(t: Tables) -> Any:
    rows = t.cases_clearing
    return t.per_month(rows.filter(rows.done_on.notnull()), on="done_on", by=("way",))
