"""Figures of integrity opinions."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.figures import Tables, figure


@figure(
    "opinions.answered",
    label=_("回复廉政意见"),
    unit=_("人次"),
    dims=("answer",),
    definition=_("回复日期在当月的廉政意见，按意见分列。"),
)
def answered(t: Tables) -> Any:
    rows = t.cases_opinion
    return t.per_month(rows.filter(rows.signed_on.notnull()), on="signed_on", by=("answer",))
