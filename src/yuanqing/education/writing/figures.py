"""How many wrote, and how many of those were asked about shared words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.figures import figure


@figure(
    "education.writings_submitted",
    label=_("提交的总结报告和感受体会"),
    unit=_("篇"),
    dims=("kind",),
    definition=_("当月首次提交的篇数，退回修改后再提交的不重复计。"),
    why=_("该写的人是否写了。"),
)
def submitted(t: Any) -> Any:
    rows = t.education_writing
    return t.per_month(rows.filter(rows.submitted_at.notnull()), on="submitted_at", by=("kind",))


@figure(
    "education.writing_questions",
    label=_("请作者说明的相同文字"),
    unit=_("处"),
    definition=_("当月发现并请作者说明的相同文字处数；只是询问，不是结论。"),
    exclusions=_("改稿以后已经不相同的不计。"),
)
def questions(t: Any) -> Any:
    found, writings = t.education_match, t.education_writing
    standing = found.filter(found.state != "cleared")
    joined = standing.join(writings, standing.writing_id == writings.id)
    return t.per_month(joined.select(writings.unit_id, standing.asked_at), on="asked_at")
