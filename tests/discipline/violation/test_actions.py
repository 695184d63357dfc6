"""Each act on a violation: what it does, when it refuses, and that a refusal changes nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from tests.discipline.violation.register import Register, matter

from yuanqing.discipline.violation import actions
from yuanqing.discipline.violation.actions import Dealt, Matter, Someone
from yuanqing.discipline.violation.models import Involved, Measure, Violation
from yuanqing.kernel import acts
from yuanqing.kernel.acts import Conflict, Refused
from yuanqing.kernel.ledger.models import Entry

DAY = date(2026, 10, 20)
MEMBER = Someone("township_and_below", name="某甲", is_party_member=True)
OUTSIDER = Someone("township_and_below", name="某乙")
CHIEF = Someone("county", name="某处长", is_party_member=True)


class Untouched:
    """Everything of the register as it is now, to be compared after a refusal."""

    def __init__(self) -> None:
        self.rows = self._rows()

    def _rows(self) -> list[Any]:
        models = (Violation, Involved, Measure)
        rows = [sorted(model._base_manager.values_list(), key=str) for model in models]
        return [*rows, Entry.objects.count()]

    def assert_so(self) -> None:
        assert self._rows() == self.rows


@pytest.fixture
def refused() -> Any:
    """A block that must refuse, for this reason, and change nothing."""

    class Refusing:
        def __call__(self, reason: str, error: Any = (Refused, ValidationError)) -> Any:
            self.before, self.raises = Untouched(), pytest.raises(error, match=reason)
            return self

        def __enter__(self) -> Any:
            return self.raises.__enter__()

        def __exit__(self, *error: Any) -> Any:
            result = self.raises.__exit__(*error)
            self.before.assert_so()
            return result

    return Refusing()


# Registering


def test_a_violation_has_the_next_number_of_its_year_and_the_highest_level(register):
    first = register.record(MEMBER, CHIEF)
    second = register.record(received_on=date(2025, 12, 31))
    third = register.record()
    assert [first.number, second.number, third.number] == ["WG-2026-000001", "WG-2025-000001", "WG-2026-000002"]
    assert first.level == "county"
    assert first.state == "received"
    assert [p.name for p in first.involved.all()] == ["某甲", "某处长"]


def test_it_cites_the_clause_in_force(register):
    assert register.record(type="B2a").clause.cite == "eight_points.B2a@1.0"
    discipline = register.record(type="D3")
    assert (discipline.rules, discipline.clause.pack.name) == ("ten_disciplines", "ten_disciplines")


def test_who_has_no_right_does_not_register(register, refused):
    outsider = register.account("旁人", "staff")
    elsewhere = register.account("西部纪检", "discipline_officer", "02")
    with refused("没有这项权限"):
        register.record(by=outsider)
    with refused("不在您的管辖范围"):
        register.record(by=elsewhere)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"type": "B2"}, "type"),
        ({"type": "Z9"}, "type"),
        ({"source": "rumour"}, "source"),
        ({"severity": "terrible"}, "severity"),
        ({"facts": "  "}, "facts"),
        ({"received_on": date(2999, 1, 1)}, "received_on"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(register, refused, changes, field):
    with refused(None, ValidationError) as caught:
        register.record(**changes)
    assert list(caught.value.message_dict) == [field]


def test_somebody_is_involved_and_only_once(register, refused):
    person = register.person("某丙")
    officer = register.officer
    twice = [Someone("county", person), Someone("county", person)]
    with refused("只登记一次"):
        register.record(*twice, by=officer)
    with refused("至少登记一名"):
        actions.record(
            by=officer, unit=register.units["0101"], type="B2a", received_on=DAY, source="petition", facts="有", severity="light", people=[]
        )  # fmt: skip
    with refused("姓名"):
        register.record(Someone("county"), by=officer)


def test_two_at_once_never_get_the_same_number(register):
    given = [actions.numbers_of(2026, 3), actions.numbers_of(2026, 2)]
    assert given == [
        ["WG-2026-000001", "WG-2026-000002", "WG-2026-000003"],
        ["WG-2026-000004", "WG-2026-000005"],
    ]


# Routing

CASES = [
    # severity, people, where it goes, the row that says so
    ("criminal", [OUTSIDER], "criminal_transfer", "routing.crime@1.0"),
    ("grave", [MEMBER], "discipline_body", "routing.grave_breach@1.0"),
    ("light", [CHIEF], "discipline_body", "routing.lesser_county_and_above@1.0"),
    ("minor", [MEMBER, CHIEF], "discipline_body", "routing.lesser_county_and_above@1.0"),
    ("light", [MEMBER], "office_party_organisation", "routing.lesser_of_member@1.0"),
    ("minor", [OUTSIDER, MEMBER], "office_party_organisation", "routing.lesser_of_member@1.0"),
    ("minor", [OUTSIDER], "discipline_body", "routing.lesser_of_non_member@1.0"),
]


@pytest.mark.parametrize(("severity", "people", "to", "row"), CASES)
def test_the_table_decides_the_route(register, severity, people, to, row):
    record = register.routed(*people, severity=severity)
    assert (record.state, record.route, record.route_basis, record.route_deviation) == ("routed", to, row, "")


def test_another_route_needs_a_reason_that_stays(register, refused):
    record = register.record(MEMBER)
    with refused("请写明理由"):
        actions.route(record, by=register.officer, to="discipline_body")
    actions.route(record, by=register.officer, to="discipline_body", reason="涉及面广")
    assert (record.route, record.route_basis) == ("discipline_body", "routing.lesser_of_member@1.0")
    assert record.route_deviation == "涉及面广"
    note = acts.history(record)[0].note
    assert note == {
        "deviates": True, "proposed": "office_party_organisation", "row": "routing.lesser_of_member@1.0", "to": "discipline_body",
    }  # fmt: skip


def test_an_unknown_route_or_a_second_routing_is_refused(register, refused):
    record = register.record(MEMBER)
    with refused("没有“nowhere”这个去向"):
        actions.route(record, by=register.officer, to="nowhere", reason="试")
    actions.route(record, by=register.officer)
    with refused("只有在“已受理”时才能“分流”", Conflict):
        actions.route(record, by=register.officer)


# Transfer, measures, conclusion


def test_a_criminal_matter_is_concluded_with_a_receipt_only(register, refused):
    record = register.routed(MEMBER, severity="criminal")
    person = record.involved.get()
    actions.measure(record, by=register.officer, involved=person, code="judicial_transfer", decided_on=DAY)
    with refused("先登记移送回执"):
        actions.conclude(record, by=register.officer, on=DAY, outcome="移送。")
    with refused("请填写移送回执编号"):
        actions.transfer(record, by=register.officer, authority="某机关", on=DAY, receipt="")
    actions.transfer(record, by=register.officer, authority="某机关", on=DAY, receipt="移2026-7")
    with refused("回执已经登记"):
        actions.transfer(record, by=register.officer, authority="某机关", on=DAY, receipt="移2026-8")
    actions.conclude(record, by=register.officer, on=DAY, outcome="移送。")
    assert record.state == "concluded"


def test_other_matters_are_not_transferred(register, refused):
    record = register.routed(MEMBER)
    with refused("去向不是移送"):
        actions.transfer(record, by=register.officer, authority="某机关", on=DAY, receipt="1")


def test_measures_set_the_heaviest_form_and_the_sanction(register):
    record = register.routed(MEMBER, OUTSIDER)
    member, outsider = record.involved.all()
    actions.measure(record, by=register.officer, involved=member, code="admonition", decided_on=DAY)
    assert (member.form, member.is_sanctioned) == (1, False)
    actions.measure(record, by=register.officer, involved=member, code="party_serious_warning", decided_on=DAY)
    assert (member.form, member.is_sanctioned) == (2, True)
    actions.measure(record, by=register.officer, involved=outsider, code="demotion", decided_on=DAY)
    assert (outsider.form, outsider.is_sanctioned) == (3, False)
    assert Measure.objects.filter(involved=member).count() == 2


def test_measures_that_cannot_be(register, refused):
    record, other, fresh = register.routed(MEMBER, OUTSIDER), register.routed(MEMBER), register.record()
    member, outsider = record.involved.all()
    officer = register.officer
    actions.measure(record, by=officer, involved=member, code="admonition", decided_on=DAY)
    with refused("不是中共党员"):
        actions.measure(record, by=officer, involved=outsider, code="party_warning", decided_on=DAY)
    with refused("已经登记过"):
        actions.measure(record, by=officer, involved=member, code="admonition", decided_on=DAY)
    with refused("没有“fine”"):
        actions.measure(record, by=officer, involved=member, code="fine", decided_on=DAY)
    with refused("不在这件问题里"):
        actions.measure(other, by=officer, involved=member, code="criticism", decided_on=DAY)
    with refused("不能早于受理日期 2026-10-08"):
        actions.measure(record, by=officer, involved=member, code="criticism", decided_on=date(2026, 10, 7))
    with refused("只有在“已分流”“已查处”时"):
        actions.measure(fresh, by=officer, involved=member, code="criticism", decided_on=DAY)


def test_everybody_has_a_measure_or_a_reason(register, refused):
    record = register.routed(MEMBER, OUTSIDER)
    member, outsider = record.involved.all()
    actions.measure(record, by=register.officer, involved=member, code="criticism", decided_on=DAY)
    with refused("某乙还没有处理措施"):
        actions.conclude(record, by=register.officer, on=DAY, outcome="查实。")
    with refused("请写明查处情况"):
        actions.conclude(record, by=register.officer, on=DAY, outcome=" ", waivers={outsider.pk: "仅陪同"})
    with refused("不能早于受理日期"):
        actions.conclude(
            record, by=register.officer, on=date(2026, 10, 1), outcome="查实。", waivers={outsider.pk: "仅陪同"}
        )
    actions.conclude(record, by=register.officer, on=DAY, outcome="查实。", waivers={outsider.pk: "仅陪同"})
    outsider.refresh_from_db()
    assert (record.state, record.concluded_on, outsider.waiver) == ("concluded", DAY, "仅陪同")


def test_who_registered_or_routed_it_does_not_dismiss_it(register, refused):
    record = register.record(MEMBER, by=register.officer)
    actions.route(record, by=register.second)
    for handler in (register.officer, register.second):
        with refused("须由登记、分流以外的人办理"):
            actions.dismiss(record, by=handler, reason="查无实据")
    with refused("请写明查否的理由"):
        actions.dismiss(record, by=register.third, reason=" ")
    actions.dismiss(record, by=register.third, reason="查无实据")
    assert (record.state, record.concluded_on, record.outcome) == ("unfounded", timezone.localdate(), "查无实据")


def test_what_has_a_measure_is_not_dismissed(register, refused):
    record = register.routed(MEMBER)
    actions.measure(record, by=register.officer, involved=record.involved.get(), code="criticism", decided_on=DAY)
    with refused("已经登记了处理措施"):
        actions.dismiss(record, by=register.third, reason="查无实据")


# Importing


def test_many_are_taken_over_at_once(register):
    unit = register.units["0101"]
    rows = [
        matter(unit, "B1a", ["county", "township_and_below"], on=DAY, measures=["party_warning"]),
        Matter(unit, "D2", DAY, "petition", "待查。", "grave", (Dealt(Someone("bureau", name="待查")),)),
    ]
    first, second = actions.record_many(rows, by=register.officer)
    assert (first.number, first.state, first.level, first.route) == (
        "WG-2026-000001",
        "concluded",
        "county",
        "discipline_body",
    )
    assert (second.state, second.route_basis) == ("routed", "routing.grave_breach@1.0")
    assert [(p.form, p.is_sanctioned) for p in first.involved.all()] == [(2, True), (1, False)]
    assert [e.act for e in Entry.objects.filter(record_id=first.pk)] == ["discipline.violation.import"]


def test_one_wrong_row_stops_all(register, refused):
    unit, officer = register.units["0101"], register.officer
    good = matter(unit, "B1a", ["county"], on=DAY)
    for bad, why in [
        (matter(unit, "B1", ["county"], on=DAY), "第2件：没有“B1”"),
        (matter(unit, "B1a", ["county"], on=DAY, outcome=""), "第2件：请写明查处情况"),
        (matter(unit, "B1a", ["county"], on=DAY, severity="criminal"), "第2件：移送司法"),
        (
            Matter(unit, "B1a", DAY, "media", "有", "light", (Dealt(MEMBER),), concluded_on=DAY, outcome="有"),
            "第2件：已办结",
        ),
    ]:
        with refused(why):
            actions.record_many([good, bad], by=officer)


def test_a_contact_brings_in_what_is_received_but_not_what_is_concluded(register, refused):
    contact = register.account("联络员", "unit_contact", "01")
    unit = register.units["0101"]
    fresh = Matter(unit, "B1a", DAY, "media", "有", "light", (Dealt(MEMBER),))
    assert actions.record_many([fresh], by=contact)[0].state == "routed"
    with refused("没有这项权限"):
        actions.record_many([matter(unit, "B1a", ["county"], on=DAY)], by=contact)
    elsewhere = Matter(register.units["02"], "B1a", DAY, "media", "有", "light", (Dealt(MEMBER),))
    with refused("不在您的管辖范围"):
        actions.record_many([elsewhere], by=contact)


# Recusal


def test_who_is_involved_neither_sees_nor_handles_nor_counts_it(register, refused):
    person = register.person("某纪检", "01", level="county")
    recused = register.account("被涉及的纪检", "discipline_officer", person=person)
    own = register.routed(Someone("county", person, is_party_member=True))
    register.routed(MEMBER)
    assert Violation.objects.visible_to(recused).count() == 1
    assert Involved.objects.visible_to(recused).count() == 1
    assert not Violation.objects.visible_to(recused).filter(pk=own.pk).exists()
    assert Violation.objects.visible_to(register.officer).count() == 2
    with refused("您应当回避"):
        actions.dismiss(own, by=recused, reason="没有的事")
    with refused("您应当回避"):
        actions.conclude(own, by=recused, on=DAY, outcome="没有的事")
    with refused("涉及您本人"):
        register.record(Someone("county", person), by=recused)
    assert all("回避" in reason for _step, _label, reason in acts.open_steps(own, by=recused))


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_never_get_the_same_number():
    from threading import Barrier, Thread

    from django.db import connection

    register = Register()
    start = Barrier(2)

    def clerk() -> None:
        start.wait()
        for _n in range(5):
            register.record(MEMBER)
        connection.close()

    clerks = [Thread(target=clerk) for _n in range(2)]
    for each in clerks:
        each.start()
    for each in clerks:
        each.join()
    numbers = sorted(Violation.objects.values_list("number", flat=True))
    assert numbers == [f"WG-2026-{n:06d}" for n in range(1, 11)]
