"""Decisions on leads. Whoever decides is not the one who proposed; what eases a matter leaves an easing behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.cases.disposal.models import Easing
from yuanqing.cases.lead.actions import must_have, put_in, start
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.lead.queries import Codes, Draft, due
from yuanqing.cases.lead.rules import LIGHTER, METHODS
from yuanqing.kernel.acts import act, keep, note, once_saved


def _reasoned(reason: str) -> str:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    return reason.strip()


def _decide(lead: Lead, by: Any, step: str, reason: str, secretary_on: date | None = None) -> None:
    """What every decision writes: who, when, why; a lighter one is an easing and can be drawn to be read again."""
    today, text = timezone.localdate(), _reasoned(reason)
    if step in ("verify", "file") and lead.level in Codes().table("needs_secretary"):
        if secretary_on is None or not lead.received_on <= secretary_on <= today:
            raise ValidationError(
                {"secretary_on": _("对这一级干部，要先经同级党委（党组）主要负责人同意，请填写同意的日期。")}
            )
        lead.secretary_on = secretary_on
    lead.decided_by_id = by.pk
    if step in METHODS and lead.state == "proposed" and lead.disposed_on is None:
        lead.disposed_on = today
    if step in LIGHTER:
        row = Easing(
            lead=lead, kind=f"easing_{step}", ground=lead.ground, asked_by_id=lead.proposed_by_id, asked_on=today,
            decided_by_id=by.pk, decided_on=today, reason=text, state="granted",
        )  # fmt: skip
        once_saved(lambda: keep(row))
    note(reason=text, outcome=lead.outcome or step)


def _end(lead: Lead, reason: str, outcome: str = "") -> None:
    lead.closing_reason, lead.ended_on = reason.strip(), timezone.localdate()
    lead.outcome = outcome or lead.outcome
    lead.due, lead.due_on = "", None
    for open_one in Easing.objects.filter(lead=lead, state="asked"):
        raise ValidationError(_("还有一项申请（%(day)s）等待审批，请先审批。") % {"day": open_one.asked_on.isoformat()})


# The four methods, and what follows an inquiry or a check


@act(Lead)
def inquire(lead: Lead, *, by: Any, reason: str) -> None:
    _decide(lead, by, "inquire", reason)
    lead.method = "inquire"
    start(lead, "inquiring")


@act(Lead)
def verify(lead: Lead, *, by: Any, reason: str, secretary_on: date | None = None) -> None:
    _decide(lead, by, "verify", reason, secretary_on)
    lead.method = "verify"
    start(lead, "verifying")


@act(Lead)
def shelve(lead: Lead, *, by: Any, reason: str) -> None:
    """Held over until the day and for the condition that were proposed; they are the clock."""
    _decide(lead, by, "shelve", reason)
    if lead.restart_on is None or lead.restart_on <= timezone.localdate():
        raise ValidationError(_("报来的重启日期已经过去，请退回。"))
    lead.due, lead.due_on = "lead.hold", lead.restart_on


@act(Lead)
def close(lead: Lead, *, by: Any, reason: str) -> None:
    """One of the three kinds of closing, kept apart: at disposal, after an inquiry, after a check."""
    lead.outcome = {"proposed": "direct", "inquired": "credited", "verified": "unfounded"}[lead.state]
    _decide(lead, by, "close", reason)
    _end(lead, reason)


@act(Lead)
def remind(lead: Lead, *, by: Any, reason: str) -> None:
    """A measure of the first of the four forms, instead of a case."""
    if lead.measure not in Codes().table("measure"):
        raise ValidationError(_("没有写明采取哪一种措施，请退回。"))
    _decide(lead, by, "remind", reason)
    _end(lead, reason, "reminded")


@act(Lead)
def pass_on(lead: Lead, *, by: Any, reason: str) -> None:
    _decide(lead, by, "pass_on", reason)
    _end(lead, reason, "passed_on")


@act(Lead)
def file(lead: Lead, *, by: Any, reason: str, secretary_on: date | None = None) -> None:
    """Part of the facts and evidence is in hand: a case begins."""
    _decide(lead, by, "file", reason, secretary_on)
    _end(lead, reason, "filed")


@act(Lead)
def send_back(lead: Lead, *, by: Any, reason: str) -> None:
    """The month goes on from where it began."""
    note(reason=_reasoned(reason))
    lead.proposal, lead.outcome, lead.ground = "", "", ""
    start(lead, "screening", lead.assigned_on)


@act(Lead)
def return_inquiry(lead: Lead, *, by: Any, reason: str) -> None:
    note(reason=_reasoned(reason))
    lead.proposal, lead.outcome, lead.ground = "", "", ""
    start(lead, "inquiring", code="inquiry.report")


@act(Lead)
def return_check(lead: Lead, *, by: Any, reason: str) -> None:
    note(reason=_reasoned(reason))
    lead.proposal, lead.outcome, lead.ground = "", "", ""
    start(lead, "verifying", code="lead.opinion")


@act(Lead)
def reopen(lead: Lead, *, by: Any, reason: str) -> None:
    """What was closed is taken up again, for instance after a re-reading that would have been stricter."""
    note(reason=_reasoned(reason), was=lead.outcome)
    lead.proposal, lead.outcome, lead.ground, lead.closing_reason, lead.measure = "", "", "", "", ""
    lead.ended_on, lead.proposed_by, lead.decided_by = None, None, None
    lead.owner = lead.handler
    start(lead, "screening")


# Requests: delay, merge, lower, send up


@act(Lead)
def request(
    lead: Lead, *, by: Any, kind: str, ground: str, drafts: Sequence[Draft], until: date | None = None, level: str = "",
    into: Lead | None = None, passed_to: str = "",
) -> None:  # fmt: skip
    """Ask for a second person's decision; until then nothing changes and the clock runs on."""
    codes, wrong = Codes(), dict[str, str]()
    if kind not in CHECKS:
        raise ValidationError({"kind": _("请选择要申请的事项。")})
    if ground not in codes.table("ground"):
        wrong["ground"] = _("请选择情形。")
    row = Easing(
        lead=lead, kind=kind, ground=ground, until=until, level=level, into=into, passed_to=passed_to.strip(),
        asked_by_id=by.pk, asked_on=timezone.localdate(),
    )  # fmt: skip
    wrong |= CHECKS[kind](lead, row, codes)
    if wrong:
        raise ValidationError(wrong)
    must_have(drafts, "easing_reason")
    put_in(lead, drafts, by)
    once_saved(lambda: keep(row))
    note(easing=kind, ground=ground)


def _delay_fits(lead: Lead, row: Easing, codes: Codes) -> dict[str, str]:
    assert lead.due_on is not None
    latest = due("lead.hold" if lead.state == "held" else "check.report", max(lead.due_on, timezone.localdate()))
    if row.until is None or not lead.due_on < row.until <= latest:
        first, last = lead.due_on.isoformat(), latest.isoformat()
        return {"until": _("延到的日期应在 %(first)s 之后、%(last)s 以前。") % {"first": first, "last": last}}
    return {}


def _merge_fits(lead: Lead, row: Easing, codes: Codes) -> dict[str, str]:
    if row.into is None or row.into.pk == lead.pk or not row.into.is_running:
        return {"into": _("请填写另一件还在办理的线索的编号。")}
    return {}


def _lower_fits(lead: Lead, row: Easing, codes: Codes) -> dict[str, str]:
    if row.level not in codes.ranks or codes.ranks.index(row.level) >= codes.ranks.index(lead.level):
        return {"level": _("请选择比现在低的级别。")}
    return {}


def _way_up_fits(lead: Lead, row: Easing, codes: Codes) -> dict[str, str]:
    return {} if row.passed_to else {"passed_to": _("请写明报送哪个上级机关。")}


CHECKS: dict[str, Callable[[Lead, Easing, Codes], dict[str, str]]] = {
    "easing_delay": _delay_fits,
    "easing_merge": _merge_fits,
    "easing_lower": _lower_fits,
    "easing_send_up": _way_up_fits,
}


def _answered(lead: Lead, by: Any, reason: str, state: str = "granted") -> Easing:
    row = Easing.objects.get(lead=lead, state="asked")
    row.state, row.decided_by_id, row.decided_on = state, by.pk, timezone.localdate()
    row.reason = _reasoned(reason)
    keep(row)
    note(easing=row.kind, reason=row.reason)
    return row


@act(Lead)
def deny(lead: Lead, *, by: Any, reason: str) -> None:
    _answered(lead, by, reason, "denied")


@act(Lead)
def delay(lead: Lead, *, by: Any, reason: str) -> None:
    row = _answered(lead, by, reason)
    if row.until is None or lead.due_on is None or row.until <= lead.due_on:
        raise ValidationError(_("期限已经另行变动，这项申请不再合适，请不同意后重新申请。"))
    lead.due_on = row.until
    if lead.state == "held":
        lead.restart_on = row.until


@act(Lead)
def lower(lead: Lead, *, by: Any, reason: str) -> None:
    row = _answered(lead, by, reason)
    note(was=lead.level, becomes=row.level)
    lead.level = row.level


@act(Lead)
def merge(lead: Lead, *, by: Any, reason: str) -> None:
    """The other lead goes on with both; this one keeps its number and its papers."""
    row = _answered(lead, by, reason)
    if row.into is None or not row.into.is_running:
        raise ValidationError(_("要并入的线索已经结束，请不同意后重新申请。"))
    lead.into, lead.ground = row.into, row.ground
    _stop(lead, row, by, "merged")


@act(Lead)
def send_up(lead: Lead, *, by: Any, reason: str) -> None:
    row = _answered(lead, by, reason)
    lead.passed_to, lead.ground = row.passed_to, row.ground
    _stop(lead, row, by, "sent_up")


def _stop(lead: Lead, row: Easing, by: Any, outcome: str) -> None:
    lead.proposed_by_id, lead.decided_by_id = row.asked_by_id, by.pk
    _end(lead, row.reason, outcome)
