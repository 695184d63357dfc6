"""How many attempts were marked, and how many of them were passed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.figures import figure


def _marked(t: Any) -> Any:
    rows = t.education_attempt
    return rows.filter(rows.marked_at.notnull())


@figure(
    "education.quizzes_sat", label=_("测验人次"), unit=_("人次"), definition=_("当月交卷（含到时收卷）的答卷。"),
    why=_("学了没有，考一考。"),
)  # fmt: skip
def sat(t: Any) -> Any:
    return t.per_month(_marked(t), on="marked_at")


@figure(
    "education.quizzes_passed", label=_("测验合格"), unit=_("人次"), definition=_("当月交卷并且合格的答卷。"),
    why=_("看教育的效果。"),
)  # fmt: skip
def passed(t: Any) -> Any:
    rows = _marked(t)
    return t.per_month(rows.filter(rows.is_passed), on="marked_at")
