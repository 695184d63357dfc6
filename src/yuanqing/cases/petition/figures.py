"""Figures of the register; petitions belong to no unit, so each is counted where this installation's root stands."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.figures import Tables, figure


def _at_the_root(t: Tables, rows: Any) -> Any:
    """Petitions with the unit that has no superior: which body received them."""
    root = t.org_unit
    return rows.cross_join(root.filter(root.parent_id.isnull()).select(unit_id=root.id))


@figure(
    "petition.received",
    label=_("接收信访举报"),
    unit=_("件次"),
    dims=("channel", "kind"),
    definition=_("收到日期在当月的信访举报，按来源渠道和类别分列；重复件照计。"),
    why=_("公开统计的“接收信访举报”一项。"),
)
def received(t: Tables) -> Any:
    return t.per_month(_at_the_root(t, t.cases_petition), on="received_on", by=("channel", "kind"))


@figure(
    "petition.named",
    label=_("实名举报"),
    unit=_("件次"),
    definition=_("收到日期在当月、有真实姓名或单位名称并且能联系上的信访举报。"),
)
def named(t: Tables) -> Any:
    rows = t.cases_petition
    return t.per_month(_at_the_root(t, rows.filter(rows.is_named)), on="received_on")


@figure(
    "petition.concluded",
    label=_("办结信访举报"),
    unit=_("件次"),
    dims=("outcome",),
    definition=_("当月办结的信访举报，按办理结果分列。"),
)
def concluded(t: Tables) -> Any:
    rows = t.cases_petition
    return t.per_month(_at_the_root(t, rows.filter(rows.concluded_on.notnull())), on="concluded_on", by=("outcome",))


@figure(
    "petition.open",
    label=_("在办信访举报"),
    unit=_("件次"),
    accumulates=False,
    definition=_("当月结束时已经收到、还没有结束的信访举报。"),
)
def still_open(t: Tables) -> Any:
    return t.open_in_month(_at_the_root(t, t.cases_petition), began="received_on", ended="closed_on", at="end")
