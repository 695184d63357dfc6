"""Who registers bodies, who confirms them, who founds the mailroom; never both hands of one step."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from yuanqing.cases.partner.models import Mailroom, Partner
from yuanqing.kernel.acts.steps import System
from yuanqing.kernel.records import Record
from yuanqing.kernel.sealing.models import SealingKey
from yuanqing.org.account.policies import identities, lacking


def refusal(step: str, record: Record | None, *, by: Any) -> str:
    reason = lacking(by, f"cases.partner.{step}")
    if reason or record is None or record._state.adding or isinstance(by, System):
        return reason
    if isinstance(record, Partner) and step == "confirm" and record.proposed_by_id in identities(by):
        return _("指纹由登记人以外的人核对。")
    if isinstance(record, Mailroom) and step == "let_in" and not opens(record, by):
        return _("只有能打开收件室的人才能让别人进来。")
    return ""


def opens(mailroom: Mailroom, by: Any) -> bool:
    return bool(SealingKey.objects.visible_to(by).filter(pk=mailroom.key_id).exists())
