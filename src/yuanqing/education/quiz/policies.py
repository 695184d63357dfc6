"""Who prepares quizzes; whoever is invited to the activity sits them himself."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.education.quiz.models import Attempt, Quiz
from yuanqing.org.account.policies import lacking

OWN = ("begin", "hand_in")
DERIVED = ("collect",)


def refusal(step: str, record: Any, *, by: Any) -> str:
    if step in DERIVED:
        return ""
    if step in OWN:
        return _not_own(record, by)
    if isinstance(record, Quiz) and step == "prepare" and record.activity.state in ("ended", "cancelled"):
        return _("活动已经结束，不能再准备测验。")
    return lacking(by, f"education.quiz.{step}", record.unit if record is not None else None)


def _not_own(attempt: Attempt | None, by: Any) -> str:
    person = getattr(by, "person_id", None)
    if person is None:
        return _("您的账号没有对应的人员，不能作答。")
    return "" if attempt is None or attempt.person_id == person else _("只能由本人作答。")
