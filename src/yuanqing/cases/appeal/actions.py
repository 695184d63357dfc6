"""Filing, accepting, reviewing and deciding appeals; a decision that does not uphold ends the sanction's effect."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.cases.appeal import queries
from yuanqing.cases.appeal.models import Appeal
from yuanqing.cases.petition.queries import clock
from yuanqing.cases.redress.queries import Remedies
from yuanqing.cases.sanction import actions as sanctions
from yuanqing.cases.sanction.models import Sanction
from yuanqing.kernel.acts import act, note, once_saved
from yuanqing.org.account.models import Account


@act(Appeal, creates=True)
def file(
    *, by: Any, sanction: Sanction, kind: str, known_on: date, grounds: str, filed_on: date | None = None
) -> Appeal:
    """The sanction goes on being carried out; whether the term was kept is reckoned, not decided."""
    codes, today = Remedies(), timezone.localdate()
    on, wrong = filed_on or today, dict[str, str]()
    if kind not in codes.table("appeal_kind"):
        raise ValidationError({"kind": _("请选择申诉种类。")})
    if sanction.state == "revoked":
        wrong["sanction"] = _("这项处分已经撤销。")
    elif not queries.fits(kind, sanction, codes):
        wrong["kind"] = _("对这种处分不能提出这种申诉。")
    first = codes.value("appeal_kind", kind, "after")
    earlier = queries.before(kind, sanction, codes)
    if first and earlier is None:
        wrong["kind"] = _("先要经过“%(first)s”。") % {"first": codes.label("appeal_kind", first)}
    earliest = earlier.decided_on if earlier and earlier.decided_on else sanction.decided_on
    if not earliest <= known_on <= on:
        wrong["known_on"] = _("日期应在 %(day)s 与提出日期之间。") % {"day": earliest.isoformat()}
    if on > today:
        wrong["filed_on"] = _("日期不能晚于今天。")
    if len(grounds.strip()) < 10:
        wrong["grounds"] = _("请写明不服的理由和请求。")
    if wrong:
        raise ValidationError(wrong)
    term = codes.value("appeal_kind", kind, "request")
    made = Appeal(
        sanction=sanction, person=sanction.person, unit=sanction.unit, against=sanction.kind, kind=kind, known_on=known_on, filed_on=on,
        grounds=grounds.strip(), is_late=bool(term) and on > clock(term, known_on), due="appeal.accept",
        due_on=clock("appeal.accept", on),
    )  # fmt: skip
    note(kind=kind, is_late=made.is_late)
    return made


@act(Appeal)
def accept(appeal: Appeal, *, by: Any, reviewer: Account, reason: str = "") -> None:
    """Somebody new reviews it; from today the term of its kind runs."""
    if reviewer not in queries.reviewers(appeal):
        raise ValidationError({"reviewer": _("这个人参加过原案，或者没有复查的角色。")})
    if appeal.is_late and not reason.strip():
        raise ValidationError({"reason": _("超过期限提出的，受理要写明理由。")})
    today = timezone.localdate()
    appeal.reviewer, appeal.accepted_on = reviewer, today
    appeal.due = Remedies().value("appeal_kind", appeal.kind, "answer")
    appeal.due_on = clock(appeal.due, today)
    note(reviewer=str(reviewer), reason=reason.strip())


@act(Appeal)
def review(appeal: Appeal, *, by: Any, proposal: str, report: str) -> None:
    if proposal not in Remedies().table("appeal_outcome"):
        raise ValidationError({"proposal": _("请选择建议。")})
    if len(report.strip()) < 10:
        raise ValidationError({"report": _("请写明复查的事实、证据和意见。")})
    appeal.proposal, appeal.report = proposal, report.strip()
    note(proposal=proposal)


@act(Appeal)
def return_review(appeal: Appeal, *, by: Any, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    note(reason=reason.strip())


@act(Appeal)
def decide(appeal: Appeal, *, by: Any, outcome: str, document: str, on: date, reason: str) -> None:
    """Upheld, or the sanction is revoked with this decision's number; a lighter one is registered anew."""
    codes, wrong = Remedies(), dict[str, str]()
    if outcome not in codes.table("appeal_outcome"):
        wrong["outcome"] = _("请选择复查结果。")
    if not document.strip():
        wrong["document"] = _("请填写决定文号。")
    if appeal.accepted_on is None or not appeal.accepted_on <= on <= timezone.localdate():
        wrong["on"] = _("决定日期应在受理日期与今天之间。")
    if not reason.strip():
        wrong["reason"] = _("请写明理由。")
    if wrong:
        raise ValidationError(wrong)
    appeal.outcome, appeal.document, appeal.reason = outcome, document.strip(), reason.strip()
    appeal.decided_by_id, appeal.decided_on = by.pk, on
    if codes.value("appeal_outcome", outcome, "ends") == "yes":
        ground = f"{codes.label('appeal_outcome', outcome)} {document.strip()}"
        once_saved(lambda: sanctions.revoke(appeal.sanction, by=by, reason=ground, on=on))
    note(outcome=outcome, differs=outcome != appeal.proposal)


@act(Appeal)
def tell(appeal: Appeal, *, by: Any, on: date) -> None:
    if appeal.decided_on is None or not appeal.decided_on <= on <= timezone.localdate():
        raise ValidationError({"on": _("告知日期应在决定日期与今天之间。")})
    appeal.told_on, appeal.ended_on = on, timezone.localdate()
    appeal.due, appeal.due_on = "", None


@act(Appeal)
def decline(appeal: Appeal, *, by: Any, reason: str) -> None:
    _end(appeal, reason)


@act(Appeal)
def withdraw(appeal: Appeal, *, by: Any, reason: str) -> None:
    """By the person, or registered for him from his written request."""
    _end(appeal, reason)


def _end(appeal: Appeal, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由。")})
    appeal.reason, appeal.ended_on = reason.strip(), timezone.localdate()
    appeal.due, appeal.due_on = "", None
    note(reason=reason.strip())
