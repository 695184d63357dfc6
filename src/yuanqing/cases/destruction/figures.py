"""Figures of destructions."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.figures import Tables, figure


@figure(
    "destructions.carried_out",
    label=_("销毁封存内容"),
    unit=_("件"),
    dims=("subject", "ground"),
    definition=_("决定日期在当月、已经销毁的，按对象和依据分列。"),
)
def carried_out(t: Tables) -> Any:
    rows = t.cases_destruction
    return t.per_month(rows.filter(rows.state == "destroyed"), on="decided_on", by=("subject", "ground"))
