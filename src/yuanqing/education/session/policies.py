"""Who schedules and holds sessions; one signs in for oneself, lists are entered by those who answer for the unit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.education.session.models import Attendance, Session
from yuanqing.org.account.policies import lacking

OWN = ("sign_in", "ask_leave")


def refusal(step: str, record: Any, *, by: Any) -> str:
    if step in OWN or (step == "arrive" and isinstance(record, Attendance)):
        return _not_own(record, by)
    if isinstance(record, Session) and step == "schedule" and record.activity.state != "announced":
        return _("活动发布以后、结束以前才能安排场次。")
    reason = lacking(by, f"education.session.{step}", record.unit if record is not None else None)
    if not reason and step == "correct" and record is not None and record.person_id == getattr(by, "person_id", None):
        return _("涉及自己的到场，请别人更正。")
    return reason


def _not_own(record: Any, by: Any) -> str:
    person = getattr(by, "person_id", None)
    if person is None:
        return _("您的账号没有对应的人员，不能签到。")
    if isinstance(record, Attendance) and record.person_id != person:
        return _("只能为自己签到、请假。")
    return ""
