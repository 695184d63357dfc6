"""How much is owed, met, and met in time."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.figures import figure

WHICH = _("按月的事项算在所属月份，其他事项算在到期的月份。")


def _obligations(t: Any) -> Any:
    import ibis

    owed, periods = t.norms_obligation, t.norms_period
    owed = owed.filter(owed.excused_at.isnull())
    joined = owed.left_join(periods, owed.period_id == periods.id)
    return joined.select(
        owed.unit_id,
        owed.kind,
        owed.due_at,
        owed.fulfilled_at,
        counted_on=ibis.coalesce(periods.month_on, owed.due_at.date()),
    )


@figure(
    "obligation.owed",
    label=_("应履行事项"),
    unit=_("件"),
    dims=("kind",),
    definition=_("单位及其人员在这个月应履行的事项件数，不论是否履行。"),
    exclusions=WHICH,
)
def owed(t: Any) -> Any:
    return t.per_month(_obligations(t), on="counted_on", by=("kind",))


@figure(
    "obligation.met",
    label=_("已履行"),
    unit=_("件"),
    dims=("kind",),
    definition=_("其中有记录证明已经履行的件数，不论是否逾期。"),
    exclusions=WHICH,
)
def met(t: Any) -> Any:
    rows = _obligations(t)
    return t.per_month(rows.filter(rows.fulfilled_at.notnull()), on="counted_on", by=("kind",))


@figure(
    "obligation.met_on_time",
    label=_("按时履行"),
    unit=_("件"),
    dims=("kind",),
    definition=_("其中在截止时间（含延期）以前履行的件数。"),
    exclusions=WHICH,
)
def met_on_time(t: Any) -> Any:
    rows = _obligations(t)
    return t.per_month(rows.filter(rows.fulfilled_at <= rows.due_at), on="counted_on", by=("kind",))
