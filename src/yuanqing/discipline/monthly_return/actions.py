"""Opening a month, reporting, reviewing; every submission is kept as it was made."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.discipline.monthly_return import queries, rules
from yuanqing.discipline.monthly_return.models import MonthlyReturn, ReturnDraft, Submission
from yuanqing.discipline.monthly_return.policies import closed, may_fill, reviews_from_above
from yuanqing.kernel import acts
from yuanqing.kernel.acts import Conflict, Refused, act, act_many
from yuanqing.kernel.barriers import before
from yuanqing.kernel.database.prepared import prepared_cursor
from yuanqing.norms.obligation.actions import fulfils
from yuanqing.norms.period.models import Extension, Period
from yuanqing.org.account.models import Account
from yuanqing.org.account.policies import identities
from yuanqing.org.unit.models import Placement, Unit, within

FLOW = ("carried", "received_total", "concluded", "open")  # item codes of the form's flow section, kept as columns too
OPEN_MONTH = """
INSERT INTO discipline_monthlyreturn (id, version, period_id, unit_id, path, unit_name, peer_group, due_at, state,
    prefilled, cells, reasons, explanations, declared_gaps)
SELECT gen_random_uuid(), 1, %(period)s, u.id, p.path, p.name, p.peer_group, %(due_at)s, 'open',
    '{}', '{}', '{}', '{}', '[]'
FROM org_unit u JOIN org_placement p ON p.unit_id = u.id AND p.during @> %(day)s
WHERE u.is_reporting AND NOT EXISTS (
    SELECT FROM discipline_monthlyreturn r WHERE r.period_id = %(period)s AND r.unit_id = u.id)
"""


@dataclass(frozen=True)
class Filled:
    """填报内容: what a unit reports; see MonthlyReturn for the shapes."""

    cells: Mapping[str, int | str]
    reasons: Mapping[str, str] = field(default_factory=dict)
    explanations: Mapping[str, str] = field(default_factory=dict)
    declared_gaps: Sequence[Mapping[str, str]] = ()
    nil_statement: str = ""

    def as_content(self) -> dict[str, Any]:
        return {
            "cells": {code: value for code, value in self.cells.items() if value not in (0, "", None)},
            "reasons": dict(self.reasons),
            "explanations": dict(self.explanations),
            "declared_gaps": [dict(gap) for gap in self.declared_gaps],
            "nil_statement": self.nil_statement,
        }


class Blocked(ValidationError):
    """The gates hold the return back; `findings` says at which cell and why."""

    def __init__(self, found: Sequence[rules.Finding]) -> None:
        self.findings = list(found)
        super().__init__([finding.sentence for finding in found])


@act_many(MonthlyReturn)
def open_month(many: acts.Many, period: Period, *, by: Any) -> int:
    """A return for every reporting unit that stands on the last day of the month; opening twice adds none."""
    _still_open(period)
    return many.insert(OPEN_MONTH, {"period": period.pk, "due_at": period.due_at, "day": period.month.last_day})


@acts.after(Period, "open_period")
def _open_with_the_period(touched: acts.Touched) -> None:
    for period in touched.records():
        open_month(period, by=acts.SYSTEM)


@acts.after(Placement, "*")  # founded or imported: its place is written last
@acts.after(Unit, "set_reporting")
def _open_for_newcomers(touched: acts.Touched) -> None:
    """A unit that begins to report while a month can still be reported in time gets its return."""
    for period in Period.objects.still_due(queries.FORM):
        open_month(period, by=acts.SYSTEM)


@acts.after(Extension, "extend")
def _prolong_with_the_extension(touched: acts.Touched) -> None:
    for extension in touched.records():
        prolong(extension.period, extension.unit_id, extension.until, by=acts.SYSTEM)


@act_many(MonthlyReturn, label=gettext_lazy("延长期限"))
def prolong(many: acts.Many, period: Period, unit_id: UUID, until: Any, *, by: Any) -> int:
    _still_open(period)
    return many.update(MonthlyReturn.objects.filter(period=period, unit_id=unit_id), due_at=until)


def _still_open(period: Period) -> None:
    """For acts on many rows, whose policy is asked before the period is known."""
    reason = closed(period)
    if reason:
        raise Refused(reason)


@act(MonthlyReturn)
def submit(record: MonthlyReturn, *, by: Any, filled: Filled) -> None:
    """Report. Blocked when a gate does not hold; the server's clock counts, and the first time never changes."""
    grounds, content = queries.Grounds(record), filled.as_content()
    blocking = [finding for finding in examine(grounds, content, by=by) if finding.is_blocking]
    if blocking:
        raise Blocked(blocking)
    form, recorded = grounds.form, grounds.recorded
    changed = rules.overrides(form, content["cells"], recorded)
    _fill(record, content, recorded)
    record.override_count, record.gap_total = len(changed), sum(change.gap for change in changed)
    record.is_nil = rules.is_all_zero(form, content["cells"])
    record.signed_by = by if isinstance(by, Account) else None
    record.submitted_at = timezone.now()
    record.first_submitted_at = record.first_submitted_at or record.submitted_at
    acts.keep(_submission(record, content | {"prefilled": recorded}))
    ReturnDraft.objects.filter(monthly_return=record).delete()
    acts.note(overrides=len(changed), nil=record.is_nil)


def _fill(record: MonthlyReturn, content: Mapping[str, Any], recorded: Mapping[str, int]) -> None:
    record.cells, record.prefilled = content["cells"], dict(recorded)
    record.reasons, record.explanations = content["reasons"], content["explanations"]
    record.declared_gaps, record.nil_statement = content["declared_gaps"], content["nil_statement"]
    carried, received, concluded, still_open = (int(content["cells"].get(item, 0)) for item in FLOW)
    record.carried_count, record.received_count = carried, received
    record.concluded_count, record.open_count = concluded, still_open


def examine(grounds: queries.Grounds, content: Mapping[str, Any], *, by: Any) -> list[rules.Finding]:
    """What the gates find in this content now, if this account reported it."""
    found = rules.findings(grounds.form, queries.filing(grounds, content, by))
    return [*_gap_findings(grounds.below, content), *found]


def _gap_findings(below: Mapping[str, str], content: Mapping[str, Any]) -> list[rules.Finding]:
    """A unit above waits for the units below, or declares with a reason which it does not wait for."""
    declared = {gap["unit"]: gap.get("reason", "") for gap in content["declared_gaps"]}
    return [
        rules.Finding("scope", "soft", f"gap@{code}", sentence, explanation_needed=True)
        for code, name in below.items()
        if not declared.get(code, "").strip()
        for sentence in [_("%(unit)s的月报还没有审核通过，请等待，或声明缺报并说明原因。") % {"unit": name}]
    ]


def _submission(record: MonthlyReturn, content: dict[str, Any]) -> Submission:
    """The next link of the return's chain: what was reported, when, by whom, and the digest of the one before."""
    last = record.submissions.order_by("-number").first()
    number, previous = (last.number + 1, last.digest) if last else (1, "")
    assert record.submitted_at is not None
    return Submission(
        monthly_return=record,
        number=number,
        at=record.submitted_at,
        by=record.signed_by,
        content=content,
        previous_digest=previous,
        digest=rules.submission_digest(previous, number, record.submitted_at, content),
    )


@act(MonthlyReturn)
def send_back(record: MonthlyReturn, *, by: Any, note: str) -> None:
    """Return for correction; the unit is told what to mend."""
    if not note.strip():
        raise ValidationError({"note": _("请写明要改什么。")})
    record.returned_count += 1
    _reviewed(record, by, note)


@act(MonthlyReturn)
def accept(record: MonthlyReturn, *, by: Any, note: str = "") -> None:
    _reviewed(record, by, note)


def _reviewed(record: MonthlyReturn, by: Any, note: str) -> None:
    record.review_note, record.reviewed_at = note, timezone.now()
    record.reviewed_by = by if isinstance(by, Account) else None
    acts.note(**({"reason": note} if note else {}))


@act_many(MonthlyReturn, label=gettext_lazy("批量审核通过"), step="accept_all")
def accept_all(many: acts.Many, period: Period, *, by: Any) -> int:
    """Accept every submitted return below the reviewer that agrees with the records and explains nothing."""
    _still_open(period)
    return many.step("accept", agreeing(period, by=by), reviewed_by_id=by.pk, reviewed_at=timezone.now())


def agreeing(period: Period, *, by: Any) -> Any:
    """Submitted returns that this account may accept, where nothing differs and nothing had to be explained."""
    scopes = by.scopes("discipline.monthly_return.accept")
    rows = MonthlyReturn.objects.filter(period=period, state="submitted", override_count=0, explanations={})
    rows = rows.filter(within(scopes, "unit__path"), declared_gaps=[])
    rows = before(rows.exclude(unit__path__in=reviews_from_above(scopes)), by)
    return rows.exclude(signed_by__in=identities(by)) if by.pk else rows


SUBMIT_AS_RECORDED = """
UPDATE discipline_monthlyreturn SET state = 'submitted', version = version + 1,
    prefilled = q.prefilled, cells = q.prefilled || %(states)s::jsonb, reasons = '{{}}', declared_gaps = '[]',
    explanations = q.explanations,
    carried_count = coalesce((q.prefilled ->> 'carried')::int, 0),
    received_count = coalesce((q.prefilled ->> 'received_total')::int, 0),
    concluded_count = coalesce((q.prefilled ->> 'concluded')::int, 0),
    open_count = coalesce((q.prefilled ->> 'open')::int, 0), override_count = 0, gap_total = 0,
    is_nil = q.prefilled = '{{}}', nil_statement = CASE WHEN q.prefilled = '{{}}' THEN %(statement)s ELSE '' END,
    signed_by_id = %(by)s, submitted_at = %(at)s, first_submitted_at = coalesce(first_submitted_at, %(at)s)
FROM (
    SELECT r.id, coalesce(p.prefilled, '{{}}') AS prefilled,
        coalesce(%(explained)s::jsonb -> r.id::text, '{{}}') ||
            CASE WHEN %(at)s > r.due_at THEN %(late)s::jsonb ELSE '{{}}' END AS explanations
    FROM discipline_monthlyreturn r LEFT JOIN recorded_month p ON p.unit_id = r.unit_id
    WHERE r.period_id = %(period)s AND r.state IN ('open', 'returned') AND r.id IN ({chosen})
        AND NOT r.id = ANY(%(blocked)s::uuid[]) AND (%(at)s <= r.due_at OR %(words)s <> '')
) q
WHERE discipline_monthlyreturn.id = q.id
"""
CHAIN = """
INSERT INTO discipline_submission (id, version, monthly_return_id, number, at, by_id, content, previous_digest, digest)
SELECT gen_random_uuid(), 1, n.id, n.number, %(at)s, %(by)s, n.content, n.previous,
    encode(sha256(convert_to(
        jsonb_build_array(n.previous, n.number, %(moment)s::text, n.content)::text, 'UTF8')), 'hex')
FROM (
    SELECT r.id, coalesce(last.number, 0) + 1 AS number, coalesce(last.digest, '') AS previous,
        jsonb_build_object('cells', r.cells, 'reasons', r.reasons, 'explanations', r.explanations, 'declared_gaps',
            r.declared_gaps, 'nil_statement', r.nil_statement, 'prefilled', r.prefilled) AS content
    FROM discipline_monthlyreturn r LEFT JOIN LATERAL (
        SELECT s.number, s.digest, s.at FROM discipline_submission s
        WHERE s.monthly_return_id = r.id ORDER BY s.number DESC LIMIT 1) last ON TRUE
    WHERE r.period_id = %(period)s AND r.state = 'submitted' AND r.submitted_at = %(at)s
        AND last.at IS DISTINCT FROM %(at)s
) n
"""


@act_many(MonthlyReturn, label=gettext_lazy("按记录批量报送"), step="submit_as_recorded")
def submit_as_recorded(
    many: acts.Many,
    period: Period,
    *,
    by: Any,
    states: Mapping[str, str],
    statement: str,
    rows: Any = None,
    explanation: str = "",
) -> int:
    """Report for many units exactly what their records say; returns how many were reported.

    `states` answers the ten disciplines for all of them, `statement` is the signed nil statement of those that have
    nothing, `explanation` says why they are late and why a soft check does not hold. The gates hold here too: what
    they block (a broken chain, an unexplained finding) is left for the unit's own people.
    """
    _still_open(period)
    now = timezone.now()
    if now < period.opens_at:
        opens = timezone.localdate(period.opens_at).isoformat()
        raise Refused(_("填报尚未开始，%(day)s起可以报送。") % {"day": opens})
    if now > period.locks_at:
        raise Refused(_("填报已经锁定，需要延期请向上级申请。"))
    chosen = (MonthlyReturn.objects.all() if rows is None else rows).filter(
        within(by.scopes("discipline.monthly_return.submit"), "unit__path")
    )
    chosen = before(chosen, by)
    trial = queries.Trial(period, dict(states), statement, explanation)
    stopped = [finding for finding in trial.of_nothing() if finding.is_blocking]
    if stopped:
        raise Blocked(stopped)
    with queries.recorded(trial.form, period.month):
        blocked, explained = queries.tried(trial, chosen)
        picked = queries.named_ids(chosen)
        values = {
            "period": period.pk, "states": json.dumps(trial.states), "statement": statement, "at": now, "by": by.pk,
            "explained": json.dumps(explained), "late": json.dumps({"late": explanation}),
            "words": explanation, "blocked": blocked,
        }  # fmt: skip
        done = many.insert(SUBMIT_AS_RECORDED.format(chosen=picked.text), {**picked.params, **values})
    moment = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")
    many.insert(CHAIN, {"period": period.pk, "at": now, "moment": moment, "by": by.pk}, model=Submission)
    ReturnDraft.objects.filter(monthly_return__period=period, monthly_return__state="submitted").delete()
    return done


@act_many(MonthlyReturn)
def declare_missing(many: acts.Many, period: Period, *, by: Any) -> int:
    """At the close, what was never reported, or sent back and not mended, is recorded as missing."""
    _still_open(period)
    return many.step("declare_missing", MonthlyReturn.objects.filter(period=period))


KEEP_DRAFT = """
INSERT INTO discipline_returndraft AS kept (monthly_return_id, content, revision, saved_by_id, saved_at)
VALUES (%(pk)s, %(content)s::jsonb, 1, %(by)s, %(at)s)
ON CONFLICT (monthly_return_id) DO UPDATE
SET content = excluded.content, revision = kept.revision + 1, saved_by_id = excluded.saved_by_id, saved_at = excluded.saved_at
WHERE kept.content ->> 'editor' = %(editor)s::text OR kept.revision = %(revision)s::int
RETURNING revision
"""


def save_draft(record: MonthlyReturn, *, by: Account, content: Mapping[str, Any], editor: str, revision: int) -> int:
    """Keep what is being typed; returns the new revision. No act: a draft is nobody's word yet.

    `editor` names the page that types. It may go on when it saved last, or when nobody saved since it was opened at
    `revision`; otherwise Conflict says who did.
    """
    reason = may_fill(record, by=by)
    if reason:
        raise Refused(reason)
    kept = json.dumps({**content, "editor": editor})
    values: dict[str, Any] = {
        "pk": record.pk, "by": by.pk, "at": timezone.now(), "content": kept, "editor": editor, "revision": revision,
    }  # fmt: skip
    with prepared_cursor() as cursor:
        cursor.execute(KEEP_DRAFT, values)
        row = cursor.fetchone()
    if row is None:
        raise Conflict(_saved_by(ReturnDraft.objects.select_related("saved_by").get(monthly_return=record)))
    return int(row[0])


def _saved_by(draft: ReturnDraft) -> str:
    at = timezone.localtime(draft.saved_at).strftime("%H:%M:%S")
    words = {"who": draft.saved_by, "at": at}
    return _("%(who)s在 %(at)s 保存了这份月报，您这里的改动没有存上。请刷新页面，核对后再填。") % words


fulfils("speech.monthly_report", MonthlyReturn, "submit", also=("fill",))
fulfils("speech.monthly_report", MonthlyReturn, "submit_as_recorded")


def _findable() -> None:
    """The shell stands above: it is told, and never asked, what can be found here."""
    from yuanqing.shell.search.index import searchable

    searchable(
        MonthlyReturn,
        label=gettext_lazy("月报"),
        text=lambda record: f"{record.unit_name} {record.unit.code} {record.period.month.label}",
        path=lambda record: record.path,
        capability="discipline.monthly_return.view",
        select=("unit", "period"),
        steps=("open_month",),  # a month's name and its unit's never change
    )


_findable()
