"""Putting the team together, writing and signing the report, sending it up with one of five proposals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.cases.inquiry.actions import conclude
from yuanqing.cases.lead.actions import hold, let_in, must_have, put_in, start
from yuanqing.cases.lead.models import Lead, Paper
from yuanqing.cases.lead.queries import Codes, Draft
from yuanqing.cases.verification.models import Member
from yuanqing.kernel.acts import act, again, condition, keep, note, once_saved
from yuanqing.kernel.sealing.models import Holder
from yuanqing.org.account.models import Account


@act(Lead)
def join(lead: Lead, *, by: Any, member: Account, holder: Holder, secret: str) -> None:
    """One more member, who need not keep out; the file is sealed to him."""
    if not member.can("cases.lead.sign", lead.unit):
        raise ValidationError({"member": _("这个账号没有核实线索的角色。")})
    if Member.objects.filter(lead=lead, account=member).exists():
        raise ValidationError({"member": _("这个人已经在核查组里。")})
    let_in(lead, by, secret, holder)
    row = Member(lead=lead, account=member, joined_on=timezone.localdate())
    once_saved(lambda: keep(row))
    note(member=str(member))


def team(lead: Lead) -> list[Member]:
    return list(Member.objects.filter(lead=lead).select_related("account", "signed"))


def last_report(lead: Lead) -> Paper | None:
    found: Paper | None = lead.papers.filter(kind="check_report").order_by("-position").first()
    return found


@again(Lead, "join")
def _team_is_complete(lead: Lead, by: Any) -> bool:
    return not _too_few(lead)


@condition(Lead, "write_report")
def _too_few(lead: Lead) -> str:
    needed = Codes().number("team_people")
    return _("核查组至少 %(n)d 人，请先让成员加入。") % {"n": needed} if len(team(lead)) < needed else ""


@again(Lead, "write_report")
def _is_written(lead: Lead, by: Any) -> bool:
    return last_report(lead) is not None


@act(Lead)
def write_report(lead: Lead, *, by: Any, drafts: Sequence[Draft]) -> None:
    """A new wording; whoever signed the former one signs anew."""
    must_have(drafts, "check_report")
    put_in(lead, drafts, by)


def unsigned(lead: Lead, report: Paper | None) -> list[Member]:
    """Members who have yet to sign this wording; all of them while there is none."""
    return [m for m in team(lead) if report is None or m.signed_id != report.pk]


@condition(Lead, "sign")
def _nothing_to_sign(lead: Lead) -> str:
    return _("还没有核实报告，请先起草。") if last_report(lead) is None else ""


@again(Lead, "sign")
def _is_signed(lead: Lead, by: Any) -> bool:
    return all(member.account_id != by.pk for member in unsigned(lead, last_report(lead)))


@act(Lead)
def sign(lead: Lead, *, by: Any) -> None:
    """A member puts his name under the last wording."""
    report = last_report(lead)
    own = next((m for m in team(lead) if m.account_id == by.pk), None)
    if own is None:
        raise ValidationError(_("您不是核查组成员，不能签署。"))
    assert report is not None
    if own.signed_id == report.pk:
        raise ValidationError(_("您已经签署过这一稿。"))
    own.signed, own.signed_on = report, timezone.localdate()
    keep(own)


@condition(Lead, "report_check")
def _not_signed_by_all(lead: Lead) -> str:
    report = last_report(lead)
    if report is None:
        return _("还没有核实报告，请先起草。")
    names = _("、").join(str(m.account) for m in unsigned(lead, report))
    return _("核实报告要由每一名成员签署；还没有签署的：%(names)s。") % {"names": names} if names else ""


@act(Lead)
def report_check(
    lead: Lead, *, by: Any, proposal: str, ground: str = "", measure: str = "", restart_when: str = "",
    restart_on: date | None = None, passed_to: str = "",
) -> None:  # fmt: skip
    """One of the five proposals, with a report under which every member has signed."""
    codes = Codes()
    if proposal not in codes.table("after_check"):
        raise ValidationError({"proposal": _("请选择五种建议中的一种。")})
    step = codes.value("after_check", proposal, "step")
    conclude(lead, by, codes, step, ground, measure)
    if step == "shelve":
        hold(lead, restart_when, restart_on)
    if step == "pass_on" and not passed_to.strip():
        raise ValidationError({"passed_to": _("请写明移送哪个党组织。")})
    lead.passed_to = passed_to.strip() if step == "pass_on" else ""
    start(lead, "verified")
