"""Figures of correction windows."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.figures import Tables, figure


@figure(
    "mendings.ordered",
    label=_("责令限期改正"),
    unit=_("人次"),
    dims=("kind",),
    definition=_("责令日期在当月的限期改正，按种类分列。"),
)
def ordered(t: Tables) -> Any:
    return t.per_month(t.cases_mending, on="ordered_on", by=("kind",))


@figure(
    "mendings.ended",
    label=_("限期改正结束"),
    unit=_("人次"),
    dims=("state",),
    definition=_("结束日期在当月的限期改正，按已改正、没有改正分列。"),
)
def ended(t: Tables) -> Any:
    rows = t.cases_mending
    return t.per_month(rows.filter(rows.ended_on.notnull()), on="ended_on", by=("state",))
