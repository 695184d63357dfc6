"""Who adds packages; whoever is invited to the activity learns with them himself."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.education.courseware.models import Courseware, Run
from yuanqing.org.account.policies import lacking
from yuanqing.shell.file.registry import purpose

OWN = ("begin",)
DERIVED = ("mark", "finish")
PACKAGE = "courseware.package"
LIMIT = 500 << 20


def refusal(step: str, record: Any, *, by: Any) -> str:
    if step in DERIVED:
        return ""
    if step in OWN:
        return not_own(record, by)
    if isinstance(record, Courseware) and step == "add" and record.activity.state in ("ended", "cancelled"):
        return _("活动已经结束，不能再添加课件。")
    return lacking(by, f"education.courseware.{step}", record.unit if record is not None else None)


def not_own(run: Run | None, by: Any) -> str:
    person = getattr(by, "person_id", None)
    if person is None:
        return _("您的账号没有对应的人员，不能记学习。")
    return "" if run is None or run.person_id == person else _("只能记本人的学习。")


def _is_fixed(by: Any, courseware: Any) -> str:
    if courseware is not None and courseware.state != "draft":
        return _("课件已经发布，不能再换。")
    return ""


purpose(
    PACKAGE, label=gettext_lazy("课件包"), model=Courseware, capability="education.courseware.edit", families=("archive",), limit=LIMIT,
    refuses=_is_fixed, holds_pages=True,
)  # fmt: skip
