"""Figures of findings on false accusations."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.figures import Tables, figure


@figure(
    "slander.found",
    label=_("诬告陷害认定"),
    unit=_("件"),
    dims=("state",),
    definition=_("认定日期在当月的，按认定诬告、错告不追究分列。"),
)
def found(t: Tables) -> Any:
    rows = t.cases_slander
    return t.per_month(rows.filter(rows.decided_on.notnull()), on="decided_on", by=("state",))
