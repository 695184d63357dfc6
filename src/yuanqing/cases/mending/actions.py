"""Ordering a correction, its report, and what was found."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.cases.mending.models import Mending
from yuanqing.cases.redress.queries import Remedies
from yuanqing.kernel.acts import Refused, act, note
from yuanqing.org.person.models import Person


@act(Mending, creates=True)
def order(*, by: Any, person: Person, kind: str, matter: str, document: str, due_on: date) -> Mending:
    wrong = dict[str, str]()
    if getattr(by, "person_id", None) == person.pk:
        raise Refused(_("关于您本人的改正由别人办理。"))
    if kind not in Remedies().table("mending_kind"):
        wrong["kind"] = _("请选择种类。")
    if len(matter.strip()) < 10:
        wrong["matter"] = _("请写明要改正什么、改到什么程度。")
    if not document.strip():
        wrong["document"] = _("请填写依据文号。")
    if due_on <= timezone.localdate():
        wrong["due_on"] = _("期限应在今天之后。")
    if wrong:
        raise ValidationError(wrong)
    note(kind=kind)
    return Mending(
        person=person, unit=person.unit, kind=kind, matter=matter.strip(), document=document.strip(), due_on=due_on,
        ordered_by_id=by.pk, ordered_on=timezone.localdate(),
    )  # fmt: skip


@act(Mending)
def report(mending: Mending, *, by: Any, report: str) -> None:
    """By the person himself, or entered for him."""
    if len(report.strip()) < 10:
        raise ValidationError({"report": _("请写明怎样改正的，有什么凭证。")})
    mending.report, mending.reported_by_id, mending.reported_on = report.strip(), by.pk, timezone.localdate()


@act(Mending)
def accept(mending: Mending, *, by: Any, finding: str) -> None:
    """Somebody has looked at it, not only read the report."""
    _end(mending, by, "finding", finding)


@act(Mending)
def send_back(mending: Mending, *, by: Any, reason: str, until: date) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    if until <= timezone.localdate():
        raise ValidationError({"until": _("期限应在今天之后。")})
    mending.returns, mending.due_on, mending.reported_by = mending.returns + 1, until, None
    note(reason=reason.strip(), until=until.isoformat())


@act(Mending)
def prolong(mending: Mending, *, by: Any, until: date, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    if mending.due_on is None or until <= max(mending.due_on, timezone.localdate()):
        raise ValidationError({"until": _("请选择更晚的日期。")})
    mending.due_on, mending.prolonged = until, mending.prolonged + 1
    note(reason=reason.strip(), until=until.isoformat())


@act(Mending)
def fail(mending: Mending, *, by: Any, reason: str) -> None:
    """The window is closed: what was slight is so no longer, and is registered as a lead again."""
    _end(mending, by, "reason", reason)


def _end(mending: Mending, by: Any, name: str, words: str) -> None:
    if not words.strip():
        raise ValidationError({name: _("请写明核实情况。")})
    mending.finding, mending.checked_by_id = words.strip(), by.pk
    mending.ended_on, mending.due_on = timezone.localdate(), None
    note(reason=words.strip())
