"""Who adds lessons; whoever is invited to the activity watches himself."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.education.lesson.models import Lesson, Viewing
from yuanqing.org.account.policies import lacking
from yuanqing.shell.file.registry import purpose

OWN = ("begin",)
DERIVED = ("finish",)
VIDEO = "lesson.video"


def refusal(step: str, record: Any, *, by: Any) -> str:
    if step in DERIVED:
        return ""
    if step in OWN:
        return not_own(record, by)
    if isinstance(record, Lesson) and step == "add" and record.activity.state in ("ended", "cancelled"):
        return _("活动已经结束，不能再添加课程。")
    return lacking(by, f"education.lesson.{step}", record.unit if record is not None else None)


def not_own(viewing: Viewing | None, by: Any) -> str:
    person = getattr(by, "person_id", None)
    if person is None:
        return _("您的账号没有对应的人员，不能记观看。")
    return "" if viewing is None or viewing.person_id == person else _("只能记本人的观看。")


def _is_fixed(by: Any, lesson: Any) -> str:
    if lesson is not None and lesson.state != "draft":
        return _("课程已经发布，片子不能再换。")
    return ""


purpose(
    VIDEO, label=gettext_lazy("课程视频"), model=Lesson, capability="education.lesson.edit", families=("video",), limit=2 << 30,
    refuses=_is_fixed,
)  # fmt: skip
