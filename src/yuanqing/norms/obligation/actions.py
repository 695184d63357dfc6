"""Obligations open by the packs' rules, are met by the records of other nouns, and lapse at a close; all set-based."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from yuanqing.kernel import acts
from yuanqing.kernel.acts import act_many
from yuanqing.kernel.acts.steps import capability_of
from yuanqing.kernel.almanac import Month, moment_after, start_of
from yuanqing.kernel.ledger.models import Entry
from yuanqing.kernel.packs.calendar import calendar_in_force
from yuanqing.kernel.records import Record
from yuanqing.norms.clause.queries import clause
from yuanqing.norms.obligation import rules
from yuanqing.norms.obligation.models import Obligation
from yuanqing.norms.obligation.queries import Kind, kind, kinds
from yuanqing.norms.period.models import Extension, Period
from yuanqing.norms.period.queries import frozen_rule
from yuanqing.org.audience.queries import parameters
from yuanqing.org.audience.rules import Rule
from yuanqing.org.unit.models import Placement, Unit


@dataclass(frozen=True)
class Fulfilment:
    """履行方式: the step of a record by which a kind is met, and the capabilities of those who work towards it."""

    model: type[Record]
    capabilities: tuple[str, ...]
    unit: str
    person: str | None
    period: str | None
    subject: str | None = None
    begin: str = ""  # name of the page where one begins, while there is no record yet; "" when there is none


fulfilments: dict[str, Fulfilment] = {}  # by kind; only kinds that some noun fulfils are opened


@act_many(Obligation, creates=True, label=gettext_lazy("列出本月应履行事项"))
def open_for_period(many: acts.Many, name: str, period: Period, *, by: Any) -> int:
    """Everybody in the kind's audience owes it for the month; the day that counts is the last of the month."""
    one = kind(name)
    assert one.entry.due is not None
    window = one.entry.due.window(period.month, calendar_in_force())
    due = period.due_at if one.entry.due == frozen_rule(period) else window.due_at
    return _open(many, one, period.month.last_day, window.opens_at.date(), due, period)


@act_many(Obligation, creates=True, label=gettext_lazy("列出应履行事项"))
def open_due(many: acts.Many, on: date, *, by: Any) -> int:
    """The yearly obligations of the year of `on` (and those due in it for the year before) that have opened by then."""
    total = 0
    for one in kinds(on).values():
        rule = one.entry.due
        if one.name not in fulfilments or one.entry.schedule != "yearly" or rule is None:
            continue
        year = Month(on.year - rule.offset, 1)
        window = rule.window(year, calendar_in_force(on))
        opens = min(start_of(year.plus(12 * rule.offset).first_day), window.opens_at)
        if opens.date() <= on:
            total += _open(many, one, on, opens.date(), window.due_at, None)
    return total


def _open(many: acts.Many, one: Kind, day: date, opens_on: date, due: datetime, period: Period | None) -> int:
    audience = one.entry.audience
    who = Rule(ranks=audience.ranks, unit_kinds=audience.unit_kinds, key_posts_only=audience.key_posts_only)
    params = {
        "kind": one.name,
        "clause": clause(one.entry.basis[0]).pk,
        "period": period.pk if period else None,
        "opens_on": opens_on,
        "due": due,
        "unit_kinds": list(audience.unit_kinds),
        **parameters([who], day),
    }
    return many.insert(rules.OPEN[audience.who], params)


@act_many(Obligation, label=gettext_lazy("履行"))
def fulfil(many: acts.Many, statement: str, touched: acts.Touched, *, by: Any) -> int:
    return many.insert(statement, {**touched.params, "at": touched.at})


@act_many(Obligation, creates=True, label=gettext_lazy("产生应履行事项"))
def owe(many: acts.Many, statement: str, params: dict[str, Any], *, by: Any) -> int:
    return many.insert(statement, params)


@act_many(Obligation, label=gettext_lazy("认定未履行"))
def lapse(many: acts.Many, period: Period, *, by: Any) -> int:
    """What is still owed for the month and overdue is recorded as not fulfilled; a later record does not undo it."""
    now = timezone.now()
    return many.update(Obligation.objects.owed().filter(period=period, due_at__lt=now), lapsed_at=now)


@act_many(Obligation, label=gettext_lazy("延期"))
def prolong(many: acts.Many, touched: acts.Touched, *, by: Any) -> int:
    return many.insert(rules.PROLONG.format(ids=touched.IDS), touched.params)


def fulfils(
    name: str,
    model: type[Record],
    step: str,
    *,
    unit: str = "unit_id",
    person: str | None = None,
    period: str | None = "period_id",
    subject: str | None = None,
    where: str = "TRUE",
    at: str = "",
    begin: str = "",
    also: tuple[str, ...] = (),
) -> None:
    """Declare that this step of a record fulfils obligations of this kind of the same unit (and person, and month).

    `unit`, `person`, `period`, `subject` and `at` are columns of the model's table, `where` a condition on its rows m.
    Only the first record counts: an obligation is fulfilled once. Whoever may take the step, or one of the steps in
    `also`, finds the obligation on the desk; `begin` names the page where a person without a record starts one.
    """
    statement = rules.fulfilling(model._meta.db_table, name, unit, person, period, subject, where, at)
    stem = capability_of(model)
    known = fulfilments[name].capabilities if name in fulfilments else ()
    capabilities = tuple(dict.fromkeys([*known, *(f"{stem}.{one}" for one in (step, *also))]))
    fulfilments[name] = Fulfilment(model, capabilities, unit, person, period, subject, begin)
    acts.after(model, step)(lambda touched: fulfil(statement, touched, by=touched.by))


def owes(
    name: str,
    model: type[Record],
    step: str,
    *,
    unit: str = "unit_id",
    person: str | None = None,
    period: str | None = None,
    subject: str | None = None,
    about: str = "''",
    due: str = "",
    where: str = "TRUE",
) -> None:
    """Declare that this step of a record makes its unit (or person) owe the kind within the term the pack gives it.

    The names are columns of the model's table; with `period` what is owed belongs to that month, with `subject` it is
    about that, `about` being an expression that names it. A column `due` that is set overrides the pack's term.
    """
    statement = rules.owing(model._meta.db_table, unit, person, period, subject, about, due, where)

    def hook(touched: acts.Touched) -> None:
        entry = kind(name).entry
        assert entry.within is not None, f"{name} is no obligation that starts with an event"
        by_when = moment_after(touched.at, entry.within.amount, entry.within.unit, calendar_in_force())
        opens_on = timezone.localtime(touched.at).date()
        params = {"kind": name, "clause": clause(entry.basis[0]).pk, "opens_on": opens_on, "due": by_when}
        owe(statement, {**touched.params, **params}, by=touched.by)

    acts.after(model, step)(hook)


@act_many(Obligation, label=gettext_lazy("不再要求"))
def excuse(many: acts.Many, subjects: list[Any], *, by: Any, reason: str) -> int:
    """What is still owed about these is no longer asked for: the thing itself was withdrawn or replaced."""
    acts.note(reason=reason)
    return many.update(Obligation.objects.owed().filter(subject__in=subjects), excused_at=timezone.now())


@act_many(Obligation, label=gettext_lazy("履行有误，重新列出"))
def reopen(many: acts.Many, records: list[Any], *, by: Any) -> int:
    """What these records were thought to fulfil is owed again: a later entry says that they do not."""
    met = Obligation.objects.filter(fulfilled_by__in=records)
    return many.update(met, fulfilled_at=None, fulfilled_by=None)


@acts.after(Period, "open_period")
def _month_opened(touched: acts.Touched) -> None:
    """A month that opens makes everybody owe its monthly obligations."""
    for period in Period.objects.filter(pk__in=touched_ids(touched)):
        _open_monthly(period, by=touched.by)


@acts.after(Placement, "*")  # founded or imported: its place is written last
@acts.after(Unit, "set_reporting")
def _unit_began(touched: acts.Touched) -> None:
    """A unit that begins to report while a month is open owes what the others owe for it."""
    for period in Period.objects.still_due():
        _open_monthly(period, by=acts.SYSTEM)


def _open_monthly(period: Period, *, by: Any) -> None:
    for one in kinds().values():
        if one.entry.schedule == "monthly" and one.name in fulfilments:
            open_for_period(one.name, period, by=by)


@acts.after(Extension, "extend")
def _extended(touched: acts.Touched) -> None:
    prolong(touched, by=touched.by)


def touched_ids(touched: acts.Touched) -> Any:
    entries = Entry.objects.filter(seq__gte=touched.batch.first_seq, seq__lte=touched.batch.last_seq)
    return entries.values("record_id")
