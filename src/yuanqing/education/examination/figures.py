"""How many examined themselves, and how many problems were found and remedied."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.figures import figure


@figure(
    "education.examinations_submitted", label=_("五个突出问题自查"), unit=_("人"), definition=_("当月首次提交的自查。"),
    why=_("领导干部是否对照检查。"),
)  # fmt: skip
def submitted(t: Any) -> Any:
    rows = t.education_examination
    return t.per_month(rows.filter(rows.submitted_at.notnull()), on="submitted_at")


@figure(
    "education.problems_remedied", label=_("整改到位的突出问题"), unit=_("个"), definition=_("当月经上级确认整改到位的突出问题。"),
    why=_("查了要改，改了要算。"),
)  # fmt: skip
def remedied(t: Any) -> Any:
    problems, examinations = t.education_problem, t.education_examination
    joined = problems.join(examinations, problems.examination_id == examinations.id)
    rows = joined.select(examinations.unit_id, problems.remedied_at)
    return t.per_month(rows.filter(rows.remedied_at.notnull()), on="remedied_at")
