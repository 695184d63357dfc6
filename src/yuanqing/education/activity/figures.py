"""How many were invited to activities, and how many took part."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.figures import figure

DIMS = ("rank", "is_key")


def _rows(t: Any) -> Any:
    rows = t.education_participation
    rows = rows.filter(rows.state != "released")
    return rows.mutate(is_key=rows.is_key.cast("string"))


@figure(
    "education.activities_due",
    label=_("应参加教育活动"),
    unit=_("人次"),
    dims=DIMS,
    definition=_("最迟参加日期在当月的教育活动，每人每次计一；取消的不计。"),
    why=_("教育是否到人。"),
)
def invited(t: Any) -> Any:
    return t.per_month(_rows(t), on="due_at", by=DIMS)


@figure(
    "education.activities_attended",
    label=_("参加教育活动"),
    unit=_("人次"),
    dims=DIMS,
    definition=_("当月参加的教育活动，以签到、签到名单或学完课程为准，每人每次计一。"),
    why=_("到了没有，以记录为准。"),
)
def attended(t: Any) -> Any:
    rows = _rows(t)
    return t.per_month(rows.filter(rows.attended_at.notnull()), on="attended_at", by=DIMS)
