"""Numbers about returns themselves: due, reported, late, missing, nil, sent back, and how far they differ from records."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.figures import figure

PER_UNIT = _("每个单位每月一份。")


def _returns(t: Any) -> Any:
    returns, periods = t.discipline_monthlyreturn, t.norms_period
    joined = returns.join(periods, returns.period_id == periods.id)
    return joined.select(
        returns.unit_id, periods.month_on, returns.state, returns.first_submitted_at, returns.due_at, returns.is_nil,
        returns.returned_count, returns.override_count, returns.gap_total,
    )  # fmt: skip


@figure("return.due", label=_("应报"), unit=_("份"), definition=_("本月开启的月报份数。"), exclusions=PER_UNIT)
def due(t: Any) -> Any:
    return t.per_month(_returns(t), on="month_on")


@figure(
    "return.submitted", label=_("已报"), unit=_("份"), definition=_("至少报送过一次的月报份数。"), exclusions=PER_UNIT
)
def submitted(t: Any) -> Any:
    rows = _returns(t)
    return t.per_month(rows.filter(rows.first_submitted_at.notnull()), on="month_on")


@figure("return.on_time", label=_("按时报送"), unit=_("份"), definition=_("首次报送不晚于截止时间（含延期）的份数。"))
def on_time(t: Any) -> Any:
    rows = _returns(t)
    return t.per_month(rows.filter(rows.first_submitted_at <= rows.due_at), on="month_on")


@figure("return.late", label=_("迟报"), unit=_("份"), definition=_("首次报送晚于截止时间的份数。"))
def late(t: Any) -> Any:
    rows = _returns(t)
    return t.per_month(rows.filter(rows.first_submitted_at > rows.due_at), on="month_on")


@figure("return.missing", label=_("未报"), unit=_("份"), definition=_("结账时仍未报送的份数。"))
def missing(t: Any) -> Any:
    rows = _returns(t)
    return t.per_month(rows.filter(rows.first_submitted_at.isnull()), on="month_on")


@figure("return.nil", label=_("零报告"), unit=_("份"), definition=_("经负责人签署声明、各项均为零的份数。"))
def nil(t: Any) -> Any:
    rows = _returns(t)
    return t.per_month(rows.filter(rows.is_nil), on="month_on")


@figure("return.sent_back", label=_("退回"), unit=_("次"), definition=_("审核时退回修改的次数。"))
def sent_back(t: Any) -> Any:
    return t.per_month(_returns(t), on="month_on", value="returned_count")


@figure(
    "return.overrides", label=_("改动项数"), unit=_("项"), definition=_("填报数与系统数不同的项数，每项都写有理由。")
)
def overrides(t: Any) -> Any:
    return t.per_month(_returns(t), on="month_on", value="override_count")


@figure("return.gap", label=_("与记录差额"), unit=_("起"), definition=_("填报数与系统数之差的绝对值合计。"))
def gap(t: Any) -> Any:
    return t.per_month(_returns(t), on="month_on", value="gap_total")
