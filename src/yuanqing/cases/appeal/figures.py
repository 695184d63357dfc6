"""Figures of appeals, counted where the person worked when he was sanctioned."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.figures import Tables, figure


@figure(
    "appeals.filed",
    label=_("收到申诉"),
    unit=_("件"),
    dims=("kind",),
    definition=_("提出日期在当月的申诉，按种类分列。"),
)
def filed(t: Tables) -> Any:
    return t.per_month(t.cases_appeal, on="filed_on", by=("kind",))


@figure(
    "appeals.decided",
    label=_("作出复查决定的申诉"),
    unit=_("件"),
    dims=("outcome",),
    definition=_("决定日期在当月的申诉，按复查结果分列。"),
    why=_("改变、撤销得多，说明原来办得不扎实。"),
)
def decided(t: Tables) -> Any:
    rows = t.cases_appeal
    return t.per_month(rows.filter(rows.decided_on.notnull()), on="decided_on", by=("outcome",))
