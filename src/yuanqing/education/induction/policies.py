"""The person concerned studies, sits and promises himself; others record talks; an exception needs a second person."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.education.induction.models import Induction
from yuanqing.org.account.policies import lacking

OWN = ("draw", "sit", "promise", "declare")
DERIVED = ("study", "complete", "take_effect")
NOT_ONESELF = ("talk", "ask_exception", "approve_exception", "refuse_exception", "write_family", "cancel", "prepare")


def refusal(step: str, record: Any, *, by: Any) -> str:
    if step in DERIVED:
        return ""
    induction = record if isinstance(record, Induction | None) else record.induction
    if step in OWN:
        is_own = induction is not None and getattr(by, "person_id", None) == induction.person_id
        return "" if is_own else _("只能由拟任本人办理。")
    reason = lacking(by, f"education.induction.{step}", induction.unit if induction else None)
    if reason or induction is None:
        return reason
    if step in NOT_ONESELF and induction.person_id == getattr(by, "person_id", None):
        return _("涉及自己任职的事，须由别人办理。")
    if step == "approve_exception" and induction.exception_asked_by_id == by.pk:
        return _("例外须由申请人以外的人同意。")
    return ""
