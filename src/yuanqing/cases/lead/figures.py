"""Figures of leads, counted where they are handled, never where the person reported works."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.figures import Tables, figure

WHERE = _("按办理的单位统计，不按被反映人所在单位，以免数字透露谁被反映。")


@figure(
    "leads.received",
    label=_("收到问题线索"),
    unit=_("件"),
    dims=("source",),
    definition=_("入册日期在当月的问题线索，按来源分列。"),
    why=WHERE,
)
def received(t: Tables) -> Any:
    return t.per_month(t.cases_lead, on="received_on", by=("source",))


@figure(
    "leads.disposed",
    label=_("处置问题线索"),
    unit=_("件"),
    dims=("method",),
    definition=_("当月第一次批准处置方式的问题线索，按四种处置方式分列。"),
    why=_("公开统计的“处置问题线索”一项。"),
    exclusions=_("分办以前并案、报上级的。"),
)
def disposed(t: Tables) -> Any:
    rows = t.cases_lead
    return t.per_month(rows.filter(rows.disposed_on.notnull()), on="disposed_on", by=("method",))


@figure(
    "leads.ended",
    label=_("办结问题线索"),
    unit=_("件"),
    dims=("outcome",),
    definition=_("结束日期在当月的问题线索，按结果分列；三种了结分开。"),
)
def ended(t: Tables) -> Any:
    rows = t.cases_lead
    return t.per_month(rows.filter(rows.ended_on.notnull()), on="ended_on", by=("outcome",))


@figure(
    "leads.open",
    label=_("在办问题线索"),
    unit=_("件"),
    accumulates=False,
    definition=_("当月结束时已经入册、还没有结束的问题线索。"),
)
def still_open(t: Tables) -> Any:
    return t.open_in_month(t.cases_lead, began="received_on", ended="ended_on", at="end")
