"""Correcting a violation: a later entry replaces it; what becomes lighter needs a ground and a second person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.discipline.violation.actions import (
    Someone,
    Wrong,
    keeps_out,
    look_at,
    look_at_people,
    numbers_of,
    person_row,
)
from yuanqing.discipline.violation.models import Involved, Measure, Violation
from yuanqing.discipline.violation.queries import Codes, clause_rows, measures_of
from yuanqing.kernel import acts
from yuanqing.kernel.acts import Refused, act
from yuanqing.org.account.policies import lacking
from yuanqing.org.unit.models import Unit


@dataclass(frozen=True)
class Kept:
    """A person after a correction: as entered, who it was before, and the measures that stay."""

    someone: Someone
    was: Involved | None = None
    measures: tuple[UUID, ...] = ()
    waiver: str = ""


CORRECTABLE = (
    *("unit", "type", "severity", "source", "facts", "received_on", "route"),
    *("transferred_to", "transfer_receipt", "transferred_on", "concluded_on", "outcome"),
)
COPIED = (
    *CORRECTABLE,
    *(
        "clause",
        "rules",
        "level",
        "route_basis",
        "route_deviation",
        "recorded_by",
        "routed_by",
        "concluded_by",
        "state",
    ),
)


@act(Violation)
def correct(
    violation: Violation,
    *,
    by: Any,
    reason: str,
    lowering: str = "",
    people: Sequence[Kept] | None = None,
    is_unfounded: bool = False,
    **changes: Any,
) -> None:
    """A later entry replaces this one (`violation.corrected_by`); what it makes lighter needs a ground and a second person.

    `changes` are any of CORRECTABLE; `people` is everybody involved afterwards, None leaves them as they are.
    """
    codes, wrong = Codes.now(), Wrong()
    before = list(violation.involved.all())
    measures = measures_of(before)
    after = list(people) if people is not None else [_as_it_was(p, measures.get(p.pk, [])) for p in before]
    new = _replacement(violation, codes, after, changes, is_unfounded)
    look_at(codes, wrong, new)
    if new.route != violation.route and new.route not in codes.routes:
        wrong.say("route", _("没有“%(route)s”这个去向。") % {"route": new.route})
    look_at_people(codes, wrong, [k.someone for k in after])
    if not reason.strip():
        wrong.say("reason", _("请写明更正理由。"))
    wrong.stop()
    _can_end_like_this(new, after, measures)
    new.clause, new.rules = clause_rows(codes, [new.type])[new.type], codes.pack_of(new.type)
    if not _differs(violation, new, before, after, measures):
        raise ValidationError(_("没有任何改动。"))
    _allowed_in(by, new.unit, violation.unit)
    keeps_out(by, [k.someone for k in after])
    lighter = lowered(codes, violation, new, before, after, measures)
    _second_person(violation, by, lowering, lighter, codes)
    new.number = numbers_of(new.received_on.year, 1)[0]
    new.corrects, new.correction_reason, new.corrected_on = violation, reason.strip(), timezone.localdate()
    new.lowering, new.amended_by_id = lowering if lighter else "", by.pk
    acts.keep(new)
    _keep_people(new, after, measures, codes)
    acts.note(number=new.number, **({"lowering": lowering, "lighter": lighter} if lighter else {}))


def _as_it_was(person: Involved, measures: Sequence[Measure]) -> Kept:
    someone = Someone(person.level, person.person, person.name, person.is_party_member)
    return Kept(someone, person, tuple(m.pk for m in measures), person.waiver)


def _replacement(
    old: Violation, codes: Codes, after: Sequence[Kept], changes: Mapping[str, Any], is_unfounded: bool
) -> Violation:
    unknown = set(changes) - set(CORRECTABLE)
    if unknown:
        raise TypeError(f"cannot correct {sorted(unknown)}")
    new = Violation(**{name: getattr(old, name) for name in COPIED})
    for name, value in changes.items():
        setattr(new, name, value.strip() if isinstance(value, str) else value)
    new.level = codes.highest([k.someone.level for k in after] or [old.level])
    if new.severity != old.severity or new.level != old.level or "route" in changes:
        members = any(k.someone.is_party_member for k in after)
        if new.route and new.severity in codes.severities and new.level in codes.levels:
            new.route_basis = codes.propose(new.severity, new.level, members).basis
    if is_unfounded and new.state in ("routed", "concluded"):
        new.state, new.concluded_on = "unfounded", new.concluded_on or timezone.localdate()
    return new


def _can_end_like_this(new: Violation, after: Sequence[Kept], measures: Mapping[Any, Sequence[Measure]]) -> None:
    if new.state not in ("concluded", "unfounded") and new.concluded_on:
        raise ValidationError({"concluded_on": _("还没有办结，不能更正查处日期。")})
    if new.concluded_on and new.concluded_on > timezone.localdate():
        raise ValidationError({"concluded_on": _("日期不能晚于今天。")})
    if new.state == "unfounded" and any(kept.measures for kept in after):
        raise ValidationError({"people": _("查否的问题不能保留处理措施。")})
    if new.state == "concluded" and any(not kept.measures and not kept.waiver.strip() for kept in after):
        raise ValidationError({"people": _("已办结的问题，每名涉及人员要有处理措施，或者写明不予处理的理由。")})


def _differs(
    old: Violation,
    new: Violation,
    before: Sequence[Involved],
    after: Sequence[Kept],
    measures: Mapping[Any, Sequence[Measure]],
) -> bool:
    if any(getattr(old, name) != getattr(new, name) for name in (*CORRECTABLE, "state")):
        return True
    return [_as_it_was(p, measures.get(p.pk, [])) for p in before] != list(after)


def _allowed_in(by: Any, unit: Unit, former: Unit) -> None:
    reason = "" if unit == former else lacking(by, "discipline.violation.correct", unit)
    if reason:
        raise Refused(reason)


def lowered(
    codes: Codes,
    old: Violation,
    new: Violation,
    before: Sequence[Involved],
    after: Sequence[Kept],
    measures: Mapping[Any, Sequence[Measure]],
) -> list[str]:
    """What the correction makes lighter, in codes; a change of type counts, since no table ranks the types."""
    severities, routes = [*codes.severities], [*codes.routes]
    kept = {pk for k in after for pk in k.measures}
    was = {k.was.pk: k for k in after if k.was}
    found = {
        "unfounded": new.state == "unfounded" != old.state,
        "type": new.type != old.type,
        "severity": severities.index(new.severity) < severities.index(old.severity),
        "route": bool(old.route) and routes.index(new.route) != routes.index(old.route),
        "person": any(p.pk not in was for p in before),
        "level": any(p.pk in was and codes.rank(was[p.pk].someone.level) > codes.rank(p.level) for p in before),
        "measure": any(m.pk not in kept for rows in measures.values() for m in rows),
    }
    return [what for what, is_so in found.items() if is_so]


def _second_person(old: Violation, by: Any, lowering: str, lighter: Sequence[str], codes: Codes) -> None:
    if not lighter:
        return
    if lowering not in codes.lowerings:
        raise ValidationError({"lowering": _("这次更正把认定改轻了，请选择从轻更正的情形。")})
    if by.pk is not None and by.pk in old.handlers:
        raise Refused(_("从轻更正须由登记、分流、办结以外的人办理：这件问题您经手过。"))


def _keep_people(
    new: Violation, after: Sequence[Kept], measures: Mapping[Any, Sequence[Measure]], codes: Codes
) -> None:
    for position, kept in enumerate(after):
        person = person_row(new, kept.someone, position)
        rows = [m for m in measures.get(kept.was.pk, []) if m.pk in kept.measures] if kept.was else []
        person.form = max((m.form for m in rows), default=0)
        person.is_sanctioned = any(codes.is_sanction(m.code) for m in rows)
        person.waiver = "" if rows else kept.waiver.strip()
        acts.keep(person)
        for row in rows:
            acts.keep(
                Measure(involved=person, code=row.code, form=row.form, decided_on=row.decided_on, document=row.document)
            )
