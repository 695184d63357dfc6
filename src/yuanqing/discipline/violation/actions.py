"""Registering, routing, dealing with and correcting violations; nothing is overwritten, a later entry replaces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.discipline.violation.models import Involved, Measure, Violation
from yuanqing.discipline.violation.queries import Codes, clause_rows, next_numbers, own_matters, proposal
from yuanqing.kernel import acts
from yuanqing.kernel.acts import Many, Refused, act, act_many, again
from yuanqing.norms.clause.models import Clause
from yuanqing.org.account.policies import lacking
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit
from yuanqing.shell.search.index import searchable


@dataclass(frozen=True)
class Someone:
    """涉及人员: a person as entered; somebody on the rolls, or a name only."""

    level: str
    person: Person | None = None
    name: str = ""
    is_party_member: bool = False

    @property
    def shown_name(self) -> str:
        return self.name.strip() or (self.person.name if self.person else "")


@dataclass(frozen=True)
class Dealt:
    """A person with what was done about him: (measure, day, document), or why nothing was done."""

    someone: Someone
    measures: tuple[tuple[str, date, str], ...] = ()
    waiver: str = ""


@dataclass(frozen=True)
class Matter:
    """A violation as an import brings it: routed by the table, concluded when it says when."""

    unit: Unit
    type: str
    received_on: date
    source: str
    facts: str
    severity: str
    people: tuple[Dealt, ...]
    concluded_on: date | None = None
    outcome: str = ""
    transferred_to: str = ""
    transfer_receipt: str = ""
    transferred_on: date | None = None


@dataclass
class Wrong:
    """Collects what is wrong by field, so that a form shows everything at once."""

    found: dict[str, list[str]] = field(default_factory=dict)

    def say(self, where: str, sentence: str) -> None:
        self.found.setdefault(where, []).append(sentence)

    def stop(self) -> None:
        if self.found:
            raise ValidationError(dict(self.found))


@act(Violation, creates=True)
def record(
    *,
    by: Any,
    unit: Unit,
    type: str,
    received_on: date,
    source: str,
    facts: str,
    severity: str,
    people: Sequence[Someone],
) -> Violation:
    """A violation received, with the persons it concerns; its level is the highest of theirs."""
    codes, wrong = Codes.now(), Wrong()
    violation = Violation(
        unit=unit,
        type=type,
        source=source,
        facts=facts.strip(),
        severity=severity,
        received_on=received_on,
        recorded_by_id=by.pk,
    )
    look_at(codes, wrong, violation)
    look_at_people(codes, wrong, people)
    wrong.stop()
    keeps_out(by, people)
    violation.number = numbers_of(received_on.year, 1)[0]
    violation.clause, violation.rules = clause_rows(codes, [type])[type], codes.pack_of(type)
    violation.level = codes.highest(p.level for p in people)
    for position, someone in enumerate(people):
        acts.once_saved(partial(acts.keep, person_row(violation, someone, position)))
    return violation


def numbers_of(year: int, count: int) -> list[str]:
    """The next numbers of a year; two at once wait for each other, so that none is given twice."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO discipline_violation_series (year, last) VALUES (%(year)s, %(count)s) ON CONFLICT (year)"
            " DO UPDATE SET last = discipline_violation_series.last + excluded.last RETURNING last",
            {"year": year, "count": count},
        )
        return next_numbers(count, cursor.fetchone()[0], year)


def person_row(violation: Violation, someone: Someone, position: int) -> Involved:
    return Involved(
        violation=violation, person=someone.person, name=someone.shown_name, level=someone.level,
        is_party_member=someone.is_party_member, position=position,
    )  # fmt: skip


def look_at(codes: Codes, wrong: Wrong, given: Violation | Matter) -> None:
    """What every violation must say, however it comes in."""
    if given.type not in codes.types:
        wrong.say("type", _("没有“%(type)s”这个问题类型，请选到最下一级。") % {"type": given.type})
    if given.source not in codes.sources:
        wrong.say("source", _("没有“%(source)s”这个来源。") % {"source": given.source})
    if given.severity not in codes.severities:
        wrong.say("severity", _("没有“%(severity)s”这个情节。") % {"severity": given.severity})
    if given.received_on > timezone.localdate():
        wrong.say("received_on", _("受理日期不能晚于今天。"))
    if not given.facts.strip():
        wrong.say("facts", _("请写明主要事实。"))


def look_at_people(codes: Codes, wrong: Wrong, people: Sequence[Someone]) -> None:
    if not people:
        wrong.say("people", _("至少登记一名涉及人员；姓名不清楚的，写“待查”并选级别。"))
    seen: set[Any] = set()
    for someone in people:
        if someone.level not in codes.levels:
            wrong.say("people", _("没有“%(level)s”这个级别。") % {"level": someone.level})
        if not someone.shown_name:
            wrong.say("people", _("请填写涉及人员的姓名；不清楚的写“待查”。"))
        if someone.person is not None and someone.person.pk in seen:
            wrong.say("people", _("同一个人在一件问题里只登记一次。"))
        seen.add(someone.person.pk if someone.person else None)


def keeps_out(by: Any, people: Iterable[Someone]) -> None:
    own = getattr(by, "person_id", None)
    if own is not None and any(p.person is not None and p.person.pk == own for p in people):
        raise Refused(_("涉及您本人的问题不能由您登记，请交由其他人办理。"))


@act(Violation)
def route(violation: Violation, *, by: Any, to: str = "", reason: str = "") -> None:
    """Send it where the routing table says, or elsewhere with a reason, which stays beside it."""
    codes = Codes.now()
    proposed = proposal(violation, codes)
    chosen = to or proposed.to
    if chosen not in codes.routes:
        raise ValidationError({"to": _("没有“%(route)s”这个去向。") % {"route": chosen}})
    if chosen != proposed.to and not reason.strip():
        raise ValidationError({"reason": _("与建议的去向不同，请写明理由。")})
    violation.route, violation.route_basis, violation.routed_by_id = chosen, proposed.basis, by.pk
    violation.route_deviation = reason.strip() if chosen != proposed.to else ""
    acts.note(
        row=proposed.basis, proposed=proposed.to, to=chosen, **({"deviates": True} if chosen != proposed.to else {})
    )


@act(Violation)
def transfer(violation: Violation, *, by: Any, authority: str, on: date, receipt: str) -> None:
    """The receipt of the judicial authority that took the matter over."""
    wrong = Wrong()
    if not authority.strip():
        wrong.say("authority", _("请填写接收机关。"))
    if not receipt.strip():
        wrong.say("receipt", _("请填写移送回执编号。"))
    _within(wrong, "on", on, violation)
    wrong.stop()
    violation.transferred_to, violation.transferred_on = authority.strip(), on
    violation.transfer_receipt = receipt.strip()
    acts.note(on=on)


@again(Violation, "measure")
def _everybody_was_dealt_with(violation: Violation, by: Any) -> bool:
    return all(person.form or person.waiver for person in violation.involved.all())


@act(Violation)
def measure(
    violation: Violation, *, by: Any, involved: Involved, code: str, decided_on: date, document: str = ""
) -> None:
    """What was done about one person; withdrawn only by a correction."""
    codes, wrong = Codes.now(), Wrong()
    known = codes.measures.get(code)
    if involved.violation_id != violation.pk:
        wrong.say("involved", _("这个人不在这件问题里。"))
    if known is None:
        wrong.say("code", _("没有“%(code)s”这项措施。") % {"code": code})
    elif known.table == "party_sanction" and not involved.is_party_member:
        wrong.say("code", _("这个人不是中共党员，不能给予党纪处分。"))
    elif Measure.objects.filter(involved=involved, code=code).exists():
        wrong.say("code", _("这项措施已经登记过了。"))
    _within(wrong, "decided_on", decided_on, violation)
    wrong.stop()
    assert known is not None
    acts.keep(
        Measure(involved=involved, code=code, form=known.form or 1, decided_on=decided_on, document=document.strip())
    )
    involved.form = max(involved.form, known.form or 1)
    involved.is_sanctioned = involved.is_sanctioned or codes.is_sanction(code)
    involved.waiver = ""
    acts.keep(involved)
    acts.note(measure=code, form=known.form)


def _within(wrong: Wrong, where: str, day: date, violation: Violation) -> None:
    if day > timezone.localdate():
        wrong.say(where, _("日期不能晚于今天。"))
    elif day < violation.received_on:
        wrong.say(where, _("日期不能早于受理日期 %(day)s。") % {"day": violation.received_on.isoformat()})


@act(Violation)
def conclude(
    violation: Violation, *, by: Any, on: date, outcome: str, waivers: Mapping[UUID, str] | None = None
) -> None:
    """Dealt with: everybody involved has a measure, or a reason why there is none."""
    wrong, reasons = Wrong(), {pk: text.strip() for pk, text in (waivers or {}).items()}
    if not outcome.strip():
        wrong.say("outcome", _("请写明查处情况。"))
    _within(wrong, "on", on, violation)
    without = [person for person in violation.involved.all() if not person.form]
    for person in without:
        if not reasons.get(person.pk):
            sentence = _("%(name)s还没有处理措施：请先登记措施，或者写明不予处理的理由。") % {"name": person.name}
            wrong.say(f"waiver-{person.pk}", sentence)
    wrong.stop()
    for person in without:
        person.waiver = reasons[person.pk]
        acts.keep(person)
    violation.concluded_on, violation.outcome, violation.concluded_by_id = on, outcome.strip(), by.pk
    acts.note(on=on, **({"waived": len(without)} if without else {}))


@act(Violation)
def dismiss(violation: Violation, *, by: Any, reason: str, on: date | None = None) -> None:
    """Found to be unfounded, by somebody who neither registered nor routed it."""
    wrong, day = Wrong(), on or timezone.localdate()
    if not reason.strip():
        wrong.say("reason", _("请写明查否的理由。"))
    _within(wrong, "on", day, violation)
    if violation.involved.filter(form__gt=0).exists():
        wrong.say("reason", _("已经登记了处理措施，不能查否；登记有误的，请用“更正”。"))
    wrong.stop()
    violation.concluded_on, violation.outcome, violation.concluded_by_id = day, reason.strip(), by.pk
    acts.note(on=day)


# Importing


@act_many(Violation, step="import", creates=True, label=gettext_lazy("批量登记"))
def record_many(many: Many, matters: Sequence[Matter], *, by: Any) -> list[Violation]:
    """Take over a register: each violation is routed by the table and, where it says when, concluded; all or none."""
    codes = Codes.now()
    _stop_at_first_wrong(codes, by, matters)
    clauses = clause_rows(codes)
    violations, people, measures = [], [], []
    for matter, number in zip(matters, _numbers_for(matters), strict=True):
        violation = _taken_over(matter, number, codes, clauses[matter.type], by)
        violations.append(violation)
        for position, dealt in enumerate(matter.people):
            person = person_row(violation, dealt.someone, position)
            rows = [
                Measure(
                    involved=person, code=code, form=codes.measures[code].form or 1, decided_on=day, document=document
                )
                for code, day, document in dealt.measures
            ]
            person.form = max((row.form for row in rows), default=0)
            person.is_sanctioned = any(codes.is_sanction(row.code) for row in rows)
            person.waiver = "" if rows else dealt.waiver.strip()
            people.append(person)
            measures += rows
    many.create([*violations, *people, *measures])
    return violations


def _taken_over(matter: Matter, number: str, codes: Codes, clause: Clause, by: Any) -> Violation:
    level = codes.highest(d.someone.level for d in matter.people)
    proposed = codes.propose(matter.severity, level, any(d.someone.is_party_member for d in matter.people))
    texts = ("facts", "outcome", "transferred_to", "transfer_receipt")
    as_given = ("unit", "type", "source", "severity", "received_on", "transferred_on", "concluded_on")
    return Violation(
        **{name: getattr(matter, name).strip() for name in texts},
        **{name: getattr(matter, name) for name in as_given},
        number=number,
        clause=clause,
        rules=codes.pack_of(matter.type),
        level=level,
        route=proposed.to,
        route_basis=proposed.basis,
        recorded_by_id=by.pk,
        routed_by_id=by.pk,
        concluded_by_id=by.pk if matter.concluded_on else None,
        state="concluded" if matter.concluded_on else "routed",
    )


def _numbers_for(matters: Sequence[Matter]) -> list[str]:
    by_year = Counter(matter.received_on.year for matter in matters)
    given = {year: iter(numbers_of(year, count)) for year, count in sorted(by_year.items())}
    return [next(given[matter.received_on.year]) for matter in matters]


def _stop_at_first_wrong(codes: Codes, by: Any, matters: Sequence[Matter]) -> None:
    units = {("import", m.unit.pk): m.unit for m in matters}
    units |= {("conclude", m.unit.pk): m.unit for m in matters if m.concluded_on}
    for (step, _pk), unit in units.items():
        reason = lacking(by, f"discipline.violation.{step}", unit)
        if reason:
            raise Refused(reason)
    keeps_out(by, [d.someone for m in matters for d in m.people])
    for number, matter in enumerate(matters, 1):
        for sentence in faults(codes, matter).values():
            raise ValidationError(_("第%(number)d件：%(sentence)s") % {"number": number, "sentence": sentence})


def faults(codes: Codes, matter: Matter) -> dict[str, str]:
    """Field → the first thing wrong with it; empty for a matter that may be taken over."""
    wrong = Wrong()
    look_at(codes, wrong, matter)
    look_at_people(codes, wrong, [d.someone for d in matter.people])
    for dealt in matter.people:
        _look_at_measures(codes, wrong, matter, dealt)
    if matter.concluded_on:
        _look_at_end(codes, wrong, matter)
    return {where: said[0] for where, said in wrong.found.items()}


def _look_at_measures(codes: Codes, wrong: Wrong, matter: Matter, dealt: Dealt) -> None:
    for code, day, _document in dealt.measures:
        known = codes.measures.get(code)
        if known is None:
            wrong.say("measure", _("没有“%(code)s”这项措施。") % {"code": code})
        elif known.table == "party_sanction" and not dealt.someone.is_party_member:
            wrong.say("measure", _("这个人不是中共党员，不能给予党纪处分。"))
        if not matter.received_on <= day <= timezone.localdate():
            wrong.say("decided_on", _("决定日期要在受理日期以后，今天以前。"))
    if matter.concluded_on and not dealt.measures and not dealt.waiver.strip():
        wrong.say("waiver", _("已办结的问题，每名涉及人员要有处理措施，或者写明不予处理的理由。"))


def _look_at_end(codes: Codes, wrong: Wrong, matter: Matter) -> None:
    assert matter.concluded_on is not None
    if not matter.received_on <= matter.concluded_on <= timezone.localdate():
        wrong.say("concluded_on", _("查处日期要在受理日期以后，今天以前。"))
    if not matter.outcome.strip():
        wrong.say("outcome", _("请写明查处情况。"))
    if wrong.found or matter.transfer_receipt.strip():
        return
    level = codes.highest(d.someone.level for d in matter.people)
    has_member = any(d.someone.is_party_member for d in matter.people)
    if codes.propose(matter.severity, level, has_member).to == "criminal_transfer":
        wrong.say("transfer_receipt", _("移送司法的问题必须登记移送回执编号后才能办结。"))


searchable(
    Violation,
    label=gettext_lazy("违规问题"),
    title=lambda v: f"{v.number} {v.unit.name}",
    text=lambda v: f"{v.clause.code} {v.clause.title}",
    excerpt=lambda v: f"{v.clause.code} {v.clause.title}",
    path=lambda v: v.unit.path,
    capability="discipline.violation.view",
    select=("unit", "clause"), hidden=own_matters,
    steps=("record", "import", "correct"),  # what is done about it changes neither its clause nor its unit
)  # fmt: skip
