"""A correction replaces an entry by a later one; what it makes lighter needs a ground and somebody else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from yuanqing.discipline.correction.actions import Kept, correct
from yuanqing.discipline.violation.actions import Someone
from yuanqing.discipline.violation.models import Involved, Measure, Violation
from yuanqing.kernel import acts, figures
from yuanqing.kernel.acts import Conflict, Refused
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.ledger.models import Entry

MEMBER = Someone("county", name="某处长", is_party_member=True)
OTHER = Someone("township_and_below", name="某乙", is_party_member=True)
OCTOBER = Month(2026, 10)


def kept(record: Violation, *, drop: str = "", **changes: Any) -> list[Kept]:
    """Everybody as before, with all measures but `drop`, and these changes to the first."""
    rows = []
    for n, person in enumerate(record.involved.all()):
        words = {
            "level": person.level,
            "person": person.person,
            "name": person.name,
            "is_party_member": person.is_party_member,
        }
        measures = tuple(m.pk for m in person.measures.all() if m.code != drop)
        rows.append(Kept(Someone(**{**words, **(changes if n == 0 else {})}), person, measures, person.waiver))
    return rows


def test_a_correction_is_a_new_entry_and_the_old_one_stays(register):
    old = register.concluded(MEMBER, facts="十月宴请。")
    correct(old, by=register.officer, reason="日期写错", facts="十月八日宴请。")
    new = old.corrected_by
    assert (old.state, old.facts) == ("superseded", "十月宴请。")
    assert (new.state, new.facts, new.corrected_on) == ("concluded", "十月八日宴请。", timezone.localdate())
    assert (new.number, new.correction_reason, new.lowering) == ("WG-2026-000002", "日期写错", "")
    assert (new.recorded_by, new.amended_by) == (register.officer, register.officer)
    assert [(p.name, p.form, p.is_sanctioned) for p in new.involved.all()] == [("某处长", 2, True)]
    assert Measure.objects.filter(involved__violation=new).get().code == "party_warning"
    assert [e.act for e in Entry.objects.filter(record_id=new.pk)] == ["discipline.violation.correct"]
    assert acts.history(old)[0].note == {"number": "WG-2026-000002"}


def test_figures_count_the_new_entry_only(register):
    old = register.concluded(MEMBER, type="B2a")
    correct(old, by=register.second, reason="归错类", lowering="reclassified", type="B1a")
    assert {v.dims["type"]: v.value for v in figures.totals("violation.problems", [OCTOBER], by=("type",))} == {
        "B1a": 1
    }
    assert figures.total("violation.received", OCTOBER) == 1
    assert figures.total("violation.people_handled", OCTOBER) == 1
    assert figures.total("violation.lowerings", Month.of(timezone.localdate())) == 1
    assert figures.total("violation.corrections", Month.of(timezone.localdate())) == 1


LIGHTER = [
    ("level", lambda r: {"people": kept(r, level="township_and_below")}),
    ("severity", lambda r: {"severity": "minor"}),
    ("type", lambda r: {"type": "B1a"}),
    ("route", lambda r: {"route": "office_party_organisation"}),
    ("measure", lambda r: {"people": [*kept(r, drop="admonition")]}),
    ("person", lambda r: {"people": kept(r)[:1]}),
    ("unfounded", lambda r: {"is_unfounded": True, "people": [Kept(k.someone, k.was) for k in kept(r)]}),
]


@pytest.mark.parametrize(("what", "changes"), LIGHTER, ids=[what for what, _changes in LIGHTER])
def test_making_it_lighter_needs_a_ground_and_somebody_else(register, what, changes):
    from yuanqing.discipline.violation import actions

    old = register.concluded(MEMBER, OTHER)
    actions.measure(
        old, by=register.officer, involved=old.involved.first(), code="admonition", decided_on=date(2026, 10, 20)
    )
    before = Entry.objects.count()
    with pytest.raises(ValidationError, match="请选择从轻更正的情形"):
        correct(old, by=register.second, reason="复核", **changes(old))
    with pytest.raises(Refused, match="您经手过"):
        correct(old, by=register.officer, reason="复核", lowering="decision_changed", **changes(old))
    assert (Entry.objects.count(), Violation.objects.count()) == (before, 1)
    old.refresh_from_db()
    correct(old, by=register.second, reason="复核", lowering="decision_changed", **changes(old))
    assert old.corrected_by.lowering == "decision_changed"
    assert what in acts.history(old)[0].note["lighter"]


def test_making_it_heavier_needs_neither(register):
    old = register.concluded(OTHER)
    correct(old, by=register.officer, reason="级别写错", people=kept(old, level="county"), severity="grave")
    new = old.corrected_by
    assert (new.level, new.severity, new.lowering) == ("county", "grave", "")
    assert new.route_basis == "routing.grave_breach@1.0"


def test_who_corrected_it_belongs_to_its_line(register):
    """Otherwise two officers could lower in turns what neither may lower alone."""
    old = register.concluded(OTHER)
    correct(old, by=register.second, reason="级别写错", people=kept(old, level="county"))
    new = Violation.objects.get(corrects=old)
    for handler in (register.officer, register.second):
        with pytest.raises(Refused, match="您经手过"):
            correct(
                new, by=handler, reason="改回", lowering="wrong_level", people=kept(new, level="township_and_below")
            )
    correct(new, by=register.third, reason="改回", lowering="wrong_level", people=kept(new, level="township_and_below"))
    assert new.corrected_by.level == "township_and_below"


def test_corrections_that_cannot_be(register):
    old = register.concluded(MEMBER)
    before = (Violation.objects.count(), Involved.objects.count(), Entry.objects.count())
    for words, why in [
        ({"reason": " ", "facts": "别的"}, "请写明更正理由"),
        ({"reason": "改"}, "没有任何改动"),
        ({"reason": "改", "route": "nowhere"}, "没有“nowhere”这个去向"),
        ({"reason": "改", "route": ""}, "这个去向"),
        ({"reason": "改", "type": "B2"}, "请选到最下一级"),
        ({"reason": "改", "people": []}, "至少登记一名"),
        ({"reason": "改", "lowering": "typing_error", "people": kept(old, drop="party_warning")}, "要有处理措施"),
        ({"reason": "改", "lowering": "typing_error", "is_unfounded": True}, "查否的问题不能保留处理措施"),
        ({"reason": "改", "concluded_on": date(2026, 1, 1)}, "不能早于受理日期"),
    ]:
        with pytest.raises(ValidationError, match=why):
            correct(old, by=register.second, **words)
    assert (Violation.objects.count(), Involved.objects.count(), Entry.objects.count()) == before


def test_an_entry_is_corrected_once_and_only_by_who_may(register):
    old = register.record(MEMBER)
    elsewhere = register.account("西部纪检", "discipline_officer", "02")
    east = register.account("东部纪检", "discipline_officer", "01")
    with pytest.raises(Refused, match="不在您的管辖范围"):
        correct(old, by=elsewhere, reason="改", facts="别的")
    with pytest.raises(Refused, match="不在您的管辖范围"):
        correct(old, by=east, reason="改", unit=register.units["02"])
    correct(old, by=east, reason="改", facts="别的")
    with pytest.raises(Conflict, match="已更正"):
        correct(Violation.objects.get(pk=old.pk), by=east, reason="再改", facts="又是别的")


def test_who_was_named_by_mistake_stays_recused(register):
    person = register.person("被误登的人", "01")
    named = register.account("被误登", "discipline_officer", person=person)
    old = register.record(Someone("township_and_below", person), MEMBER)
    correct(old, by=register.second, reason="张冠李戴", lowering="wrong_person", people=kept(old)[1:])
    assert Violation.objects.visible_to(register.officer).count() == 2
    assert Violation.objects.visible_to(named).count() == 0
