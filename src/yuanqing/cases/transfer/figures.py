"""Figures of transfers; counted where this installation's root stands."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.figures import Tables, figure


def _at_the_root(t: Tables, rows: Any) -> Any:
    root = t.org_unit
    return rows.cross_join(root.filter(root.parent_id.isnull()).select(unit_id=root.id))


@figure(
    "transfers.sent",
    label=_("发出往来材料"),
    unit=_("批次"),
    dims=("way",),
    definition=_("发出日期在当月的转送、交办、移送、报送上级，按方式分列；含本系统内的交办，不含收到的。"),
)
def sent(t: Tables) -> Any:
    rows = t.cases_transfer
    return t.per_month(_at_the_root(t, rows.filter(rows.course != "in")), on="sent_on", by=("way",))


@figure(
    "transfers.received",
    label=_("收到往来材料"),
    unit=_("批次"),
    dims=("way",),
    definition=_("当月拆封登记的别的机关发来的材料包，按方式分列。"),
)
def received(t: Tables) -> Any:
    rows = t.cases_transfer
    came = rows.filter((rows.course == "in") & rows.received_on.notnull())
    return t.per_month(_at_the_root(t, came), on="received_on", by=("way",))
