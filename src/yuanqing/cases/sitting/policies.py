"""Who convenes and records, who speaks and signs: members for themselves alone, and whoever withdrew not at all."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.cases.sitting import rules
from yuanqing.cases.sitting.models import Sitting
from yuanqing.kernel.acts.steps import System
from yuanqing.kernel.packs.published import current
from yuanqing.kernel.records import Record
from yuanqing.norms.packs import shipped
from yuanqing.org.account.policies import lacking

AUTOMATIC = ("conclude", "lapse")


def refusal(step: str, record: Record | None, *, by: Any) -> str:
    if step in AUTOMATIC:
        return "" if isinstance(by, System) else _("由系统自动办理。")
    if not isinstance(record, Sitting):
        return lacking(by, f"cases.sitting.{step}")
    reason = lacking(by, f"cases.sitting.{step}", record.unit)
    if reason or record._state.adding or isinstance(by, System):
        return reason
    if not Sitting.objects.visible_to(by).filter(pk=record.pk).exists():
        return _("您的钥匙打不开这次审议。")
    if step == "correct" and record.key.is_destroyed:
        return _("内容已经销毁，不能更正。")
    if step == "close_minutes":
        return _too_early(record)
    return _not_his_part(step, record, by)


def records(by: Any, sitting: Sitting) -> bool:
    """Whether he keeps the minutes, and writes down what others say."""
    return bool(by.can("cases.sitting.resolve", sitting.unit))


def _not_his_part(step: str, record: Sitting, by: Any) -> str:
    """A vote and a signature are one's own: nobody gives them for somebody he stands in for."""
    if step == "speak" and records(by, record):
        return ""
    if step not in ("speak", "sign", "object_to"):
        return ""
    own = record.attendees.filter(account=by.pk, part="present").first()
    if own is None:
        return _("您没有出席这次审议。")
    if step == "sign" and own.signed_on is not None:
        return _("您已经签字。")
    return ""


def _too_early(record: Sitting) -> str:
    """Nobody's signature is passed over while he may still give it, nor where most have not given theirs."""
    if record.state != "resolved":
        return ""  # the lifecycle says so
    signed = record.attendees.filter(part="present", signed_on__isnull=False).count()
    if not rules.enough("majority", signed, record.present):
        sentence = _("到会 %(number)d 人，签字 %(signed)d 人：超过半数签字以后，才能缺签审结。")
        return sentence % {"number": record.present, "signed": signed}
    first = closable_on(record)
    if timezone.localdate() < first:
        return _("先催签：到 %(day)s 还没有签字的，才能缺签审结。") % {"day": first.isoformat()}
    return ""


def closable_on(record: Sitting) -> date:
    """The first day on which minutes may be closed without a signature, counted from what was written into them last."""
    last: date = Sitting.objects.with_last_written().values_list("last_written_on", flat=True).get(pk=record.pk)
    return rules.closable_on(last, patience())


def patience() -> int:
    """Days that minutes wait for signatures; where the edition in force is older than this rule, those of the shipped one."""
    editions = (current("sittings"), shipped("sittings"))
    entry: Any = next(found for pack in editions if (found := pack.by_code.get("unsigned_days")))
    return int(entry.value)
