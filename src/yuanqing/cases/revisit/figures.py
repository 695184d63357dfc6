"""Figures of return visits."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.figures import Tables, figure


@figure(
    "revisits.held",
    label=_("回访受处分人员"),
    unit=_("人次"),
    dims=("impression",),
    definition=_("回访日期在当月的回访，按总的情况分列。"),
)
def held(t: Tables) -> Any:
    rows = t.cases_revisit
    return t.per_month(rows.filter(rows.held_on.notnull()), on="held_on", by=("impression",))
