"""Inductions completed, and exceptions."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.figures import figure


@figure(
    "education.inductions_completed",
    label=_("完成的任前教育"),
    unit=_("人次"),
    definition=_("当月完成全部必须项目的任前教育，按拟任岗位所在单位计。"),
    why=_("上任前、上岗前的廉洁教育是否做了。"),
)
def completed(t: Any) -> Any:
    rows = t.education_induction
    return t.per_month(rows.filter(rows.completed_at.notnull()), on="completed_at")


@figure(
    "education.inductions_excepted",
    label=_("任前教育例外"),
    unit=_("人次"),
    definition=_("当月经第二人同意、没有完成任前教育先任职的人次。"),
    why=_("例外多了，机制就空了。"),
)
def excepted(t: Any) -> Any:
    rows = t.education_induction
    return t.per_month(rows.filter(rows.excepted_at.notnull()), on="excepted_at")
