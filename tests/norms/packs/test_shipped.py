"""The packs that ship: whole, consistent with each other, and saying what the speech and the official table say."""

from __future__ import annotations

from datetime import date
from fnmatch import fnmatchcase
from itertools import product

import pytest

from yuanqing.kernel.packs.calendar import regenerate
from yuanqing.kernel.packs.check import check
from yuanqing.kernel.packs.form import Form
from yuanqing.kernel.packs.load import from_yaml, load_folder, to_yaml
from yuanqing.kernel.packs.routing import route, routing_is_total
from yuanqing.kernel.packs.schema import Pack, as_data, build
from yuanqing.norms.packs import FOLDER, shipped, shipped_packs

PACKS = shipped_packs()
EIGHT = shipped("eight_points")
SPEECH = shipped("speech")


def test_nothing_is_wrong() -> None:
    assert check(PACKS) == []


def test_every_file_is_loaded_under_its_name() -> None:
    wanted = {"speech", "eight_points", "ten_disciplines", "deadlines", "weights", "holidays", "glossary"}
    wanted |= {"return_form", "routing", "roles", "bulletin", "organisation"}
    assert wanted <= set(PACKS) == {path.stem for path in FOLDER.glob("*.yaml")} == set(load_folder(FOLDER))


@pytest.mark.parametrize("pack", PACKS.values(), ids=lambda pack: pack.name)
def test_every_pack_survives_yaml_and_plain_data(pack: Pack) -> None:
    assert from_yaml(to_yaml(pack)) == pack
    assert build(as_data(pack), "again") == pack


@pytest.mark.parametrize("pack", PACKS.values(), ids=lambda pack: pack.name)
def test_every_entry_says_source_mark_and_english(pack: Pack) -> None:
    for entry in pack.entries:
        assert pack.source_of(entry), entry.code
        assert pack.mark_of(entry) in {"V", "V2", "R", "own"}
        assert entry.english, entry.code


class TestSpeech:
    COUNTS = {"0": 3, "1": 9, "2": 9, "3": 8, "4": 8, "5": 7}

    def test_demands_are_numbered_as_the_requirements_are(self) -> None:
        clauses = [entry.code for entry in SPEECH.of_kind("clause")]
        numbered = [[top, *(f"{top}.{n}" for n in range(1, count + 1))] for top, count in self.COUNTS.items()]
        assert clauses == [code for codes in numbered for code in codes]

    def test_every_demand_quotes_the_speech(self) -> None:
        assert all(entry.quote for entry in SPEECH.of_kind("clause") if "." in entry.code)

    def test_every_obligation_cites_the_demand_it_comes_from(self) -> None:
        for entry in SPEECH.of_kind("obligation"):
            name, _dot, code = entry.basis[0].partition(".")
            assert name == "speech"
            assert SPEECH.entry(code).kind == "clause"

    def test_whom_the_speech_names(self) -> None:
        ranks = {code: SPEECH.entry(code).audience.ranks for code in ("party_group_summary", "mid_level_reflection")}
        assert ranks == {"party_group_summary": ("party_group_member",), "mid_level_reflection": ("mid_level_leader",)}
        known = {line.code for line in shipped("organisation").table("rank")}
        assert {rank for entry in SPEECH.of_kind("obligation") for rank in entry.audience.ranks} <= known

    def test_days_that_the_speech_does_not_say_are_marked_as_our_own(self) -> None:
        said = {entry.code for entry in SPEECH.of_kind("obligation") if SPEECH.mark_of(entry) == "V"}
        assert said == {"monthly_report", "ten_disciplines_state"}


class TestEightPoints:
    def test_fifteen_leaves_under_two_heads(self) -> None:
        leaves = [line.code for line in EIGHT.leaves("problem_type")]
        assert leaves == [
            "A1",
            "A2",
            "A3",
            "A4",
            "A5",
            "B1a",
            "B1b",
            "B2a",
            "B2b",
            "B3",
            "B4",
            "B5a",
            "B5b",
            "B5c",
            "B6",
        ]
        assert [line.code for line in EIGHT.table("problem_type") if line.parent is None] == ["A", "B"]

    def test_levels_from_the_highest(self) -> None:
        levels = [(line.order, line.title) for line in EIGHT.table("level")]
        assert levels == [(1, "省部级"), (2, "地厅级"), (3, "县处级"), (4, "乡科级及以下")]

    def test_twelve_measures_of_the_first_form(self) -> None:
        measures = EIGHT.table("measure")
        assert len(measures) == 12
        assert {line.form for line in measures} == {1}

    def test_every_measure_belongs_to_one_of_the_four_forms(self) -> None:
        tables = ("measure", "party_sanction", "administrative_sanction", "organisational_measure", "transfer_measure")
        forms = {table: {line.form for line in EIGHT.table(table)} for table in tables}
        assert forms == {
            "measure": {1},
            "party_sanction": {2, 3},
            "administrative_sanction": {2, 3},
            "organisational_measure": {2, 3},
            "transfer_measure": {4},
        }

    def test_restriction_periods_of_sanctions(self) -> None:
        months = {code: EIGHT.entry(code).months for code in ("party_warning", "party_serious_warning", "demerit")}
        assert months == {"party_warning": 12, "party_serious_warning": 18, "demerit": 12}

    def test_codes_differ_from_those_of_the_ten_disciplines(self) -> None:
        assert not set(EIGHT.by_code) & set(shipped("ten_disciplines").by_code)


def test_ten_disciplines_are_ten_empty_places_and_say_so() -> None:
    clauses = shipped("ten_disciplines").of_kind("clause")
    assert len(clauses) == 10
    assert all(clause.is_template and "由本单位填写" in clause.title for clause in clauses)


class TestReturnForm:
    FORM = Form(shipped("return_form"), PACKS)

    def test_asks_every_leaf_level_and_measure_once(self) -> None:
        assert len(self.FORM.cells_of("eight_points")) == 15 * 4 * 4
        assert len(self.FORM.cells_of("ten_disciplines")) == 10 * 4
        assert len({cell.code for cell in self.FORM.cells}) == 240 + 40 + 4

    def test_every_number_has_a_figure(self) -> None:
        assert all(cell.figure for cell in self.FORM.cells if cell.item.value == "count")
        assert dict(self.FORM.cell("problems.B1a.county").where) == {"type": "B1a", "level": "county"}
        assert dict(self.FORM.cell("breaches.D3").where) == {"type": "D3"}

    def test_a_nil_return_breaks_nothing(self) -> None:
        assert self.FORM.breaches({}) == []

    def test_a_whole_return_adds_up(self) -> None:
        values = {"carried": 2, "received_total": 3, "concluded": 4, "open": 1}
        values |= {"received.B2a.county": 2, "problems.B2a.county": 2, "people_handled.B2a.county": 3}
        values |= {"people_sanctioned.B2a.county": 1, "breaches.D1": 1, "breaches_handled.D1": 1}
        assert self.FORM.breaches({**values, "state.D1": "enforced"}, {"open": 2}) == []

    @pytest.mark.parametrize(
        ("change", "found"),
        [
            ({"open": 2}, ["chain"]),
            ({"carried": 3, "open": 2}, ["chained_to_last_month"]),
            ({"people_sanctioned.B2a.county": 4}, ["sanctioned_among_handled@B2a.county"]),
            ({"received.A1.bureau": 2}, ["received_total_covers_grid"]),
            ({"problems.B2a.county": 4}, ["concluded_covers_problems"]),
            ({"people_handled.B2a.county": 0, "people_sanctioned.B2a.county": 0}, ["problem_without_people@B2a"]),
            ({"people_handled.A1.bureau": 1}, ["people_without_problem@A1", "many_people_per_problem@A1"]),
            ({"state.D1": "not_started"}, ["breaches_need_a_state@D1"]),
            ({"state.D2": "problem"}, ["problem_needs_description@D2"]),
            ({"breaches_handled.D2": 1}, ["handled_only_with_breaches@D2"]),
        ],
    )
    def test_each_relation_is_found_alone(self, change: dict[str, int | str], found: list[str]) -> None:
        values: dict[str, int | str] = {"carried": 2, "received_total": 3, "concluded": 4, "open": 1}
        values |= {"received.B2a.county": 2, "problems.B2a.county": 2, "people_handled.B2a.county": 3}
        values |= {"people_sanctioned.B2a.county": 1, "breaches.D1": 1, "breaches_handled.D1": 1}
        values |= {"state.D1": "enforced", **change}
        assert [breach.key for breach in self.FORM.breaches(values, {"open": 2})] == found


class TestRouting:
    TABLE = shipped("routing")

    def test_every_combination_is_decided_once(self) -> None:
        assert routing_is_total(self.TABLE) == []

    def test_the_table_in_full(self) -> None:
        severities, levels = self.TABLE.entry("severity").values, self.TABLE.entry("level").values
        decided = {
            (severity, level, member): route(
                self.TABLE, {"severity": severity, "level": level, "party_member": member}
            ).to
            for severity, level, member in product(severities, levels, ("yes", "no"))
        }
        assert len(decided) == 32
        criminal = {key for key, to in decided.items() if to == "criminal_transfer"}
        assert criminal == {key for key in decided if key[0] == "criminal"}
        office = {key for key, to in decided.items() if to == "office_party_organisation"}
        assert office == {("minor", "township_and_below", "yes"), ("light", "township_and_below", "yes")}

    def test_its_levels_are_those_of_the_official_table(self) -> None:
        assert list(self.TABLE.entry("level").values) == [line.code for line in EIGHT.table("level")]
        assert list(self.TABLE.entry("severity").values) == [line.code for line in self.TABLE.table("severity")]


class TestWeights:
    PACK = shipped("weights")

    def test_items_make_one_hundred(self) -> None:
        points = {entry.code: entry.points for entry in self.PACK.of_kind("weight")}
        assert sum(points.values()) == 10_000
        assert set(points) == {"timeliness", "completeness", "corrections", "agreement", "obligations"}

    def test_having_nothing_to_report_neither_gains_nor_loses(self) -> None:
        for code in ("nothing_to_compare", "nothing_due"):
            assert self.PACK.entry(code).value == 10_000
        assert self.PACK.entry("own_correction").value == 0

    def test_five_grades_down_to_zero(self) -> None:
        grades = [(band.title, band.at_least) for band in self.PACK.of_kind("band")]
        assert grades == [("优秀", 9000), ("良好", 8000), ("合格", 7000), ("基本合格", 6000), ("不合格", 0)]

    def test_everything_is_explained(self) -> None:
        assert all(entry.why for kind in ("weight", "parameter") for entry in self.PACK.of_kind(kind))


class TestDeadlines:
    PACK = shipped("deadlines")

    @pytest.mark.parametrize(
        ("code", "amount", "unit", "mark"),
        [
            ("lead.opinion", 1, "months", "V2"),
            ("inquiry.reply", 15, "workdays", "V2"),
            ("trial.review", 1, "months", "V"),
            ("assets.execute", 60, "days", "V2"),
            ("petition.up", 5, "workdays", "V"),
            ("petition.named_ack", 15, "workdays", "V2"),
            ("xinfang.close", 60, "days", "V"),
            ("incident", 24, "hours", "V"),
            ("personal.change", 30, "days", "R"),
        ],
    )
    def test_rows_of_the_master_table(self, code: str, amount: int, unit: str, mark: str) -> None:
        entry = self.PACK.entry(code)
        assert (entry.amount, entry.unit, self.PACK.mark_of(entry)) == (amount, unit, mark)

    def test_the_monthly_report_has_one_due_rule(self) -> None:
        assert self.PACK.entry("seed.monthly_report").due == SPEECH.entry("monthly_report").due

    def test_reminders_climb_from_contact_to_leader_to_superior(self) -> None:
        reminders = {entry.days: entry.roles for entry in self.PACK.of_kind("reminder")}
        assert list(reminders) == [-3, -1, 0, 1]
        assert reminders[-3] == ("unit_contact",)
        assert reminders[1] == ("unit_contact", "unit_leader", "superior_reviewer")
        roles = set(shipped("roles").by_code)
        assert {role for named in reminders.values() for role in named} <= roles


class TestRoles:
    PACK = shipped("roles")

    THREE = ("system_administrator", "security_administrator", "auditor")

    def test_the_roles_of_the_duties_and_the_three_administrators(self) -> None:
        wanted = "unit_contact unit_leader superior_reviewer discipline_officer party_group_office secretary staff"
        assert {role.code for role in self.PACK.of_kind("role")} >= {*wanted.split(), *self.THREE}
        assert [self.PACK.entry(code).administrator for code in self.THREE] == ["system", "security", "audit"]

    def test_no_administrator_reaches_the_content_of_a_duty(self) -> None:
        for code in self.THREE:
            assert {one.partition(".")[0] for one in self.PACK.entry(code).capabilities} <= {
                "kernel", "org", "norms", "shell",
            }  # fmt: skip

    def test_the_three_exclude_one_another_and_every_role_that_handles_business(self) -> None:
        business = {r.code for r in self.PACK.of_kind("role") if not r.administrator and r.code != "staff"}
        for code in self.THREE:
            assert set(self.PACK.entry(code).incompatible) == business | set(self.THREE) - {code}

    def test_the_audit_administrator_changes_nothing(self) -> None:
        assert {one.rpartition(".")[2] for one in self.PACK.entry("auditor").capabilities} == {"view"}

    def test_only_the_security_administrator_grants_and_only_the_system_administrator_opens_accounts(self) -> None:
        holding = {
            step: [
                r.code
                for r in self.PACK.of_kind("role")
                if any(fnmatchcase(f"org.account.{step}", p) for p in r.capabilities)
            ]
            for step in ("grant", "confirm_grant", "open_account")
        }
        assert holding == {
            "grant": ["security_administrator"],
            "confirm_grant": ["security_administrator"],
            "open_account": ["system_administrator"],
        }


class TestGlossary:
    PACK = shipped("glossary")

    def test_at_least_120_terms_each_once(self) -> None:
        terms = self.PACK.of_kind("term")
        assert len(terms) >= 120
        assert len({term.title for term in terms}) == len(terms)

    def test_roles_are_called_as_the_glossary_says(self) -> None:
        for role in shipped("roles").of_kind("role"):
            assert self.PACK.entry(role.code).title == role.title


class TestHolidays:
    def test_are_as_generated_and_not_typed(self) -> None:
        assert (FOLDER / "holidays.yaml").read_text(encoding="utf-8") == to_yaml(regenerate())

    def test_name_their_festivals(self) -> None:
        holidays = shipped("holidays")
        assert holidays.entry("2026-10-01").title == "国庆节放假"
        assert holidays.entry("2026-10-10").title == "国庆节调休上班"
        assert holidays.entry("2015-09-03").title == "抗战胜利纪念日放假"
        assert holidays.entry("2026-02-17").on == date(2026, 2, 17)
