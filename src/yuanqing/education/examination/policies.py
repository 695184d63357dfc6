"""One examines oneself; the superior comments and confirms, and never about himself."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.education.examination.models import Examination
from yuanqing.org.account.policies import lacking

OWN = ("begin", "answer", "submit", "report")
SUPERIOR = ("comment", "send_back", "confirm", "reject")
DERIVED = ("close",)


def refusal(step: str, record: Any, *, by: Any) -> str:
    if step in DERIVED:
        return ""
    found = record if isinstance(record, Examination | None) else record.examination
    person = getattr(by, "person_id", None)
    if step in OWN:
        if person is None:
            return _("您的账号没有对应的人员，不能自查。")
        return "" if found is None or found.person_id == person else _("只能由本人办理。")
    reason = lacking(by, f"education.examination.{step}", found.unit if found else None)
    if not reason and step in SUPERIOR and found is not None and found.person_id == person:
        return _("不能点评自己的自查，请上级办理。")
    return reason
