"""Figures of cases, counted where they are handled."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.figures import Tables, figure


@figure(
    "cases.filed",
    label=_("立案"),
    unit=_("件"),
    dims=("level",),
    definition=_("立案日期在当月的案件，按被审查人级别分列。"),
    why=_("公开统计的“立案”一项。"),
)
def filed(t: Tables) -> Any:
    return t.per_month(t.cases_case, on="filed_on", by=("level",))


@figure(
    "cases.decided",
    label=_("作出决定的案件"),
    unit=_("件"),
    dims=("outcome",),
    definition=_("决定日期在当月的案件，按处理结果分列。"),
)
def decided(t: Tables) -> Any:
    rows = t.cases_case
    return t.per_month(rows.filter(rows.decided_on.notnull()), on="decided_on", by=("outcome",))


@figure(
    "cases.open",
    label=_("在办案件"),
    unit=_("件"),
    accumulates=False,
    definition=_("当月结束时已经立案、还没有归档或撤案的案件。"),
)
def still_open(t: Tables) -> Any:
    return t.open_in_month(t.cases_case, began="filed_on", ended="ended_on", at="end")
