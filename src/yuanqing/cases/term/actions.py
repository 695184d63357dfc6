"""Terms arise from events as the pack says, are begun by hand, done, prolonged, and end with their matter."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.cases.case.models import Case
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.petition.actions import bring_above
from yuanqing.cases.petition.queries import clock
from yuanqing.cases.sanction.models import Sanction
from yuanqing.cases.term import queries, rules
from yuanqing.cases.term.models import Term
from yuanqing.kernel.acts import SYSTEM, Touched, act, after, note
from yuanqing.kernel.almanac import SHANGHAI
from yuanqing.kernel.packs.published import NotInForce


@act(Term, creates=True)
def arise(*, by: Any, kind: str, code: str, starts_on: date, matter: Any = None, quarter: str = "") -> Term:
    """Because of an event, as the pack says."""
    place = {queries.name_of(matter): matter} if matter is not None else {}
    return Term(**place, kind=kind, clock=code, starts_on=starts_on, due_on=clock(code, starts_on), quarter=quarter)


@act(Term, creates=True)
def begin(*, by: Any, matter: Any, kind: str, starts_on: date, at: time | None = None) -> Term:
    """What the system cannot know by itself: somebody says what happened, and when; to the minute where hours count."""
    offered = queries.by_hand(queries.name_of(matter))
    if kind not in offered:
        raise ValidationError({"kind": _("请选择事项。")})
    if starts_on > timezone.localdate():
        raise ValidationError({"starts_on": _("起算日期不能在今天之后。")})
    code = queries.value(offered[kind], "clock")
    note(kind=kind, starts_on=starts_on.isoformat())
    made = Term(
        **{queries.name_of(matter): matter}, kind=kind, clock=code, starts_on=starts_on, due_on=clock(code, starts_on),
        begun_by_id=by.pk,
    )  # fmt: skip
    if queries.counts_hours(code):
        _to_the_minute(made, at)
    return made


def _to_the_minute(term: Term, at: time | None) -> None:
    """Hours run from the instant of the event, not from the end of its day."""
    if at is None:
        raise ValidationError({"at": _("这一期限按小时计算，请写明时刻。")})
    term.starts_at = datetime.combine(term.starts_on, at, SHANGHAI)
    if term.starts_at > timezone.now():
        raise ValidationError({"at": _("起算时刻不能在现在之后。")})
    term.due_at = queries.moment(term.clock, term.starts_at)
    term.due_on = timezone.localdate(term.due_at)


@act(Term)
def fulfil(term: Term, *, by: Any, on: date, how: str) -> None:
    """Done: when, and how (no names, no facts of the case)."""
    if not term.starts_on <= on <= timezone.localdate():
        raise ValidationError({"on": _("办理日期应在起算日期与今天之间。")})
    if not how.strip():
        raise ValidationError({"how": _("请写明怎样办的。")})
    term.done_on, term.how, term.done_by_id = on, how.strip(), by.pk
    note(on=on.isoformat(), due_on=str(term.due_on))


@act(Term)
def prolong(term: Term, *, by: Any, until: date, approval: str) -> None:
    """As far as the pack allows for this deadline, and no further."""
    last = queries.latest(term)
    if not approval.strip():
        raise ValidationError({"approval": _("请写明批准人和批准文号。")})
    if term.due_on is None or not term.due_on < until <= last:
        sentence = _("延到的日期应在 %(first)s 之后、%(last)s 以前。")
        raise ValidationError({"until": sentence % {"first": term.due_on, "last": last.isoformat()}})
    term.due_on, term.due_at = until, None
    term.extensions += 1
    note(approval=approval, until=until.isoformat())


@act(Term)
def end(term: Term, *, by: Any) -> None:
    """The matter was revoked: nothing is due any more."""
    term.due_on, term.due_at = None, None


@act(Term)
def escalate(term: Term, *, by: Any) -> None:
    bring_above(term, "term", _("限期事项 %(number)s 已经过期"), queries.above)


# Events


def _is(case_or_sanction: Any, listed: str) -> bool:
    """Whether this record is one of those that the pack lists for the event."""
    if isinstance(case_or_sanction, Sanction):
        return rules.named(listed, case_or_sanction.kind)
    if isinstance(case_or_sanction, Lead):
        return rules.named(listed, case_or_sanction.source)
    words = {"soe"} if queries.applies_soe() else set()
    if case_or_sanction.outcome.startswith("sanction") and case_or_sanction.measures.filter(kind="keep").exists():
        words.add("kept")
    return not listed or bool(words & set(listed.split(",")))


def _begins(record: Any) -> date:
    """The day of the event."""
    day: date | None = (
        record.decided_on if isinstance(record, Sanction)
        else record.received_on if isinstance(record, Lead)
        else record.decided_on or record.filed_on
    )  # fmt: skip
    return day or timezone.localdate()


def _known(kind: str, matter: Any) -> bool:
    return Term.objects.filter(**{queries.name_of(matter): matter}, kind=kind).exists()


def _happened(touched: Touched) -> None:
    """What the event makes due, and what it fulfils."""
    name = f"cases.{touched.model.__name__.lower()}.{touched.step}"
    try:
        entries = queries.events()
    except NotInForce:  # an installation that has not published the pack yet
        return
    for entry in entries:
        if queries.value(entry, "on") == name:
            for record in touched.records():  # with those of others that the act kept on the way
                if _is(record, queries.value(entry, "is")) and not _known(entry.code, record):
                    code = queries.value(entry, "clock")
                    arise(by=SYSTEM, kind=entry.code, code=code, starts_on=_begins(record), matter=record)
        if rules.named(queries.value(entry, "done") or "-", name):
            field = touched.model.__name__.lower()
            rows = Term.objects.filter(**{f"{field}__in": touched.records()}, kind=entry.code, state="running")
            for term in rows:
                fulfil(term, by=SYSTEM, on=timezone.localdate(), how=_("随办理步骤完成"))


for _model, _steps in ((Sanction, ("impose",)), (Lead, ("register",)), (Case, ("open", "decide", "drop", "deliver"))):
    for _step in _steps:
        after(_model, _step)(_happened)


@after(Sanction, "revoke")
def _revoked(touched: Touched) -> None:
    revoked = touched.records().filter(state="revoked")  # the act keeps other decisions about the person too
    for term in Term.objects.filter(sanction__in=revoked, state="running"):
        end(term, by=SYSTEM)


def open_quarter(today: date) -> int:
    """In the first days of a quarter: the results of the last one are to be told; returns how many terms began."""
    quarter, _first, last = rules.last_quarter(today)
    made = 0
    for entry in queries.events():
        known = Term.objects.filter(kind=entry.code, quarter=quarter).exists()
        if queries.value(entry, "on") == "quarter" and not known:
            arise(by=SYSTEM, kind=entry.code, code=queries.value(entry, "clock"), starts_on=last, quarter=quarter)
            made += 1
    return made
