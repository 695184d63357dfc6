"""Visits are planned when a sanction is registered, held by two, and no longer asked for when it is revoked."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.cases.redress.queries import Remedies
from yuanqing.cases.revisit.models import Revisit
from yuanqing.cases.revisit.queries import due_days
from yuanqing.cases.sanction.models import Sanction
from yuanqing.kernel.acts import SYSTEM, Touched, act, after, note


@act(Revisit, creates=True)
def plan(*, by: Any, sanction: Sanction, due_on: date) -> Revisit:
    """One more visit; those of the pack are planned by the system."""
    if due_on < timezone.localdate():
        raise ValidationError({"due_on": _("日期不能在今天以前。")})
    if sanction.state == "revoked":
        raise ValidationError({"sanction": _("这项处分已经撤销。")})
    return Revisit(sanction=sanction, person=sanction.person, unit=sanction.unit, kind=sanction.kind, due_on=due_on)


@act(Revisit)
def hold(revisit: Revisit, *, by: Any, on: date, people: int, impression: str, record: str, help: str = "") -> None:
    """What was said and seen; difficulties and what would help are written down to be followed up."""
    codes, wrong = Remedies(), dict[str, str]()
    if not revisit.sanction.decided_on < on <= timezone.localdate():
        wrong["on"] = _("回访日期应在处分决定之后、今天以前。")
    if people < codes.number("visit_people"):
        wrong["people"] = _("回访至少 %(n)d 人。") % {"n": codes.number("visit_people")}
    if impression not in codes.table("impression"):
        wrong["impression"] = _("请选择总的情况。")
    if len(record.strip()) < 10:
        wrong["record"] = _("请写明谈了什么、看到什么。")
    if impression == "in_difficulty" and not help.strip():
        wrong["help"] = _("有困难的写明需要什么帮助。")
    if wrong:
        raise ValidationError(wrong)
    revisit.held_on, revisit.people, revisit.impression = on, people, impression
    revisit.record, revisit.help, revisit.held_by_id = record.strip(), help.strip(), by.pk
    revisit.ended_on = timezone.localdate()
    note(impression=impression)


@act(Revisit)
def put_off(revisit: Revisit, *, by: Any, until: date, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    if until <= revisit.due_on or until <= timezone.localdate():
        raise ValidationError({"until": _("请选择更晚的日期。")})
    revisit.due_on, revisit.put_off = until, revisit.put_off + 1
    note(reason=reason.strip(), until=until.isoformat())


@act(Revisit)
def excuse(revisit: Revisit, *, by: Any, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    revisit.reason, revisit.ended_on = reason.strip(), timezone.localdate()
    note(reason=reason.strip())


@after(Sanction, "impose")
def _planned(touched: Touched) -> None:
    """Earlier decisions about the person, whose periods were reckoned anew, are touched too; they have their visits."""
    rows = touched.records().filter(revisits__isnull=True).select_related("person", "unit")
    for sanction in rows:
        for day in due_days(sanction, timezone.localdate()):
            plan(by=SYSTEM, sanction=sanction, due_on=day)


@after(Sanction, "revoke")
def _revoked(touched: Touched) -> None:
    for sanction in touched.records().filter(state="revoked"):
        for revisit in Revisit.objects.filter(sanction=sanction, state="planned").select_related("unit"):
            excuse(revisit, by=SYSTEM, reason=_("处分已撤销"))
