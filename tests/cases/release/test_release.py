"""The published line: shares as published, small cells hidden, numbers from records."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from tests.cases.case.test_case import Court

from yuanqing.cases.petition import actions as petitions
from yuanqing.cases.petition.models import Petition
from yuanqing.cases.release import queries, rules
from yuanqing.cases.sanction import actions
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.almanac import Month
from yuanqing.org.person.models import Person
from yuanqing.org.recusal import actions as recusals

# Published lines: counts of the four forms, and the shares printed beside them.
PUBLISHED = [
    ("nation 2021", (1487, 494, 70, 74), (700, 232, 33, 35)),
    ("province A, first half of 2022", (33650, 13315, 1430, 2649), (659, 261, 28, 52)),
    ("Guangdong 2019", (37170, 17958, 4020, 3754), (591, 285, 64, 60)),
    ("province B 2021", (92598, 46032, 5096, 6531), (616, 306, 34, 44)),
]


@pytest.mark.parametrize(("name", "counts", "published"), PUBLISHED)
def test_shares_as_published(name: str, counts: tuple[int, ...], published: tuple[int, ...]) -> None:
    assert tuple(rules.shares(counts)) == published
    assert sum(published) == 1000


@pytest.mark.parametrize(
    ("counts", "expected"),
    [((0, 0), [0, 0]), ((1, 0), [1000, 0]), ((1, 1, 1), [334, 333, 333]), ((2, 1), [667, 333]), ((), [])],
)
def test_shares_at_the_edges(counts: tuple[int, ...], expected: list[int]) -> None:
    assert rules.shares(counts) == expected


@pytest.mark.parametrize(
    ("cells", "out"),
    [
        ((0, 0, 0), set()),
        ((10, 20, 30), set()),
        ((3, 20, 30), {0, 1}),  # alone it would follow from the total
        ((3, 2, 30), {0, 1}),
        ((3, 0, 0), {0}),
        ((0, 4, 9, 9), {1, 2}),
        ((5, 6), set()),
    ],
)
def test_small_cells_point_at_nobody(cells: tuple[int, ...], out: set[int]) -> None:
    assert rules.hidden(cells, 5) == out


@pytest.mark.parametrize(("part", "first", "last"), [("q3", 7, 9), ("h2", 7, 12), ("year", 1, 12)])
def test_months_of_a_part(part: str, first: int, last: int) -> None:
    found = rules.months_of(2026, part)
    assert (found[0], found[-1]) == (Month(2026, first), Month(2026, last))


def test_the_line_counts_records(bureau: Any) -> None:
    today = timezone.localdate()
    bureau.closed()
    bureau.verified("check_file")
    person = Person.objects.select_related("unit").get(pk=bureau.people["staff"].pk)
    for number in range(6):
        actions.impose(
            by=SYSTEM, person=person, kind="demerit", decided_on=date(today.year, 1, 1 + number), document=f"{number}"
        )
    found = queries.line(today.year, "year")
    assert [value for _label, value, _unit in found.numbers] == [0, 2, 0, 0, 6]
    assert [(cell.value, cell.share) for cell in found.forms] == [(0, 0), (6, 10_000), (0, 0), (0, 0)]
    actions.impose(by=SYSTEM, person=person, kind="admonition", decided_on=today, document="诫")
    found = queries.line(today.year, "year")
    assert [cell.value for cell in found.forms] == [None, None, 0, 0]
    assert found.forms_total == 7
    assert found.numbers[-1][1] == 6  # an admonition is no sanction


@pytest.mark.parametrize(
    ("year", "part", "today", "is_settled"),
    [
        (2026, "q3", date(2026, 10, 31), False),
        (2026, "q3", date(2026, 11, 1), True),
        (2026, "year", date(2027, 1, 31), False),
        (2026, "year", date(2027, 2, 1), True),
        (2026, "q1", date(2026, 4, 30), False),
        (2027, "q1", date(2026, 12, 31), False),
    ],
)
def test_what_is_over_for_a_month(year: int, part: str, today: date, is_settled: bool) -> None:
    assert rules.is_settled(year, part, today) == is_settled


@pytest.mark.parametrize(
    ("today", "found"),
    [
        (date(2026, 11, 26), (2026, "q3")),
        (date(2026, 10, 31), (2026, "h1")),  # the half and its second quarter ended together: the longer one
        (date(2027, 1, 15), (2026, "q3")),
        (date(2027, 2, 1), (2026, "year")),
    ],
)
def test_the_span_that_is_shown_first(today: date, found: tuple[int, str]) -> None:
    assert rules.latest_settled(today) == found


EVERY = {"q1", "q2", "q3", "q4", "h1", "h2", "year"}


@pytest.mark.parametrize(
    ("quarters", "told"),
    [
        ((0, 0, 0, 0), EVERY),
        ((6, 9, 5, 0), EVERY),
        ((6, 3, 9, 9), {"q1", "q3", "q4", "h2"}),  # the half and the year would tell of the three
        ((6, 3, 9, 2), {"q1", "q3", "year"}),  # the year tells of five in two quarters
        ((2, 3, 9, 9), {"h1", "q3", "q4", "h2", "year"}),
        ((2, 3, 1, 9), {"h1", "q4"}),
        ((1, 1, 1, 1), set()),
    ],
)
def test_what_may_be_told_of_a_year(quarters: tuple[int, ...], told: set[str]) -> None:
    assert rules.told(quarters, 5) == told


def test_no_small_number_follows_from_what_is_told() -> None:
    """Every number from one to four of some quarters together, against every sum and difference of what is told."""
    parts = {"q1": 1, "q2": 2, "q3": 4, "q4": 8, "h1": 3, "h2": 12, "year": 15}
    for quarters in product((0, 1, 2, 4, 5, 7), repeat=4):
        told = rules.told(quarters, 5)
        signs = product((-1, 0, 1), repeat=len(told))
        bits = [[parts[name] >> n & 1 for n in range(4)] for name in told]
        for choice in signs:
            made = [sum(sign * row[n] for sign, row in zip(choice, bits, strict=True)) for n in range(4)]
            if set(made) <= {0, 1}:
                assert not 0 < sum(n for n, is_in in zip(quarters, made, strict=True) if is_in) < 5, (quarters, made)


def seen(bureau: Any, name: str) -> list[Any]:
    """What programs and pages tell of this year."""
    client, query = bureau.client(name), f"?year={timezone.localdate().year}&part=year"
    numbers = [client.get(f"/api/cases/{noun}/{query}").json() for noun in ("release", "rates")]
    pages = [client.get(f"/cases/{noun}/{query}").content.decode() for noun in ("release", "rates")]
    return [*numbers, *(page[page.index("<main") : page.index("</main>")] for page in pages)]


def letter_about(bureau: Any, name: str) -> None:
    content = petitions.sealed({"text": "来信", "answers": {}, "files": []}, [bureau.holders["intake"]])
    petition: Petition = petitions.register(
        by=bureau.by("intake"), content=content, channel="letter", kind="accusation", level="level_staff", is_named=False,
        received_on=timezone.localdate(),
    )  # fmt: skip
    secret = bureau.secret("intake", petition)
    petitions.bar(petition, by=bureau.by("intake"), person=bureau.people[name], secret=secret)


def test_who_is_reported_counts_as_if_nothing_had_come_in(bureau: Any) -> None:
    """The boss is a head of the discipline body himself: his list and his numbers agree, and neither has what is about him."""
    bureau.closed()
    before = {name: seen(bureau, name) for name in ("boss", "manager2", "clerk", "detective", "chief")}
    letter_about(bureau, "boss")
    bureau.answered(bureau.lead("boss"))
    Court(bureau).decided("boss")
    told = {name: seen(bureau, name) for name in before}
    assert [told[name] for name in ("boss", "manager2")] == [before[name] for name in ("boss", "manager2")]
    assert [told[name] for name in ("clerk", "detective")] == [before[name] for name in ("clerk", "detective")]
    numbers = [[one["value"] for one in each["chief"][0]["numbers"]] for each in (before, told)]
    assert numbers == [[0, 1, 0, 0, 0], [1, 3, 1, 1, 0]]
    assert told["detective"][0]["detail"].startswith("统计期结束满一个月")
    assert queries.line(timezone.localdate().year, "year").numbers[0][1] == 1


def test_what_one_is_recused_from_is_not_counted(bureau: Any) -> None:
    lead = bureau.closed()
    recusals.declare(by=bureau.by("chief2"), ground="relative", reason="亲属", subject=lead)
    counts = {name: seen(bureau, name)[0]["numbers"][1]["value"] for name in ("chief", "chief2")}
    assert counts == {"chief": 1, "chief2": 0}


def test_a_small_number_of_a_quarter_is_not_told_to_others(bureau: Any) -> None:
    """Six leads were disposed of in the first quarter of last year, two in the second, nine in the third."""
    leads = [bureau.lead() for _ in range(17)]
    year = timezone.localdate().year - 1
    for number, lead in enumerate(leads):
        month = 2 if number < 6 else 5 if number < 8 else 8
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE cases_lead SET disposed_on = %s, received_on = %s WHERE id = %s",
                [date(year, month, 9), date(year, month, 1), lead.pk],
            )

    def told(name: str) -> dict[str, Any]:
        pages = {part: f"/api/cases/release/?year={year}&part={part}" for part in rules.PARTS}
        answers = {part: bureau.client(name).get(page) for part, page in pages.items()}
        return {part: one.json()["numbers"][1]["value"] for part, one in answers.items() if one.status_code == 200}

    assert told("chief") == {"q1": 6, "q2": 2, "q3": 9, "q4": 0, "h1": 8, "h2": 9, "year": 17}
    shown = told("detective")
    assert {part: shown[part] for part in ("q1", "q2", "q3", "h1")} == {"q1": 6, "q2": None, "q3": 9, "h1": None}
    assert shown.get("year") is None


GUANGDONG = (  # kind, form, level, how many: a year's published sanctions by level and by form, put together by hand
    ("admonition", 1, "county", 37_170),
    (
        "adjustment",
        2,
        "county",
        1_569,
    ),  # measures that are no sanctions: 37,170 + 25,732 of the other forms less 24,163
    ("demerit", 2, "bureau", 135),
    ("demerit", 2, "county", 1_223),
    ("demerit", 2, "township_and_below", 7_074),  # 3,652 of the township level and 3,422 below it
    ("demerit", 2, "", 7_957),
    ("removal_from_office", 3, "", 4_020),
    ("discharge", 4, "", 3_754),
)


def test_a_published_line_from_as_many_records(bureau: Any) -> None:
    """Guangdong 2019: 24,163 sanctioned; of four forms 37,170, 17,958, 4,020 and 3,754 of 62,902."""
    person = bureau.people["staff"]
    year = timezone.localdate().year - 1
    with connection.cursor() as cursor:
        for number, (kind, form, level, count) in enumerate(GUANGDONG):
            cursor.execute(
                """INSERT INTO cases_sanction (id, version, person_id, unit_id, level, kind, form, is_for_removal, decided_on, document,
                                               revocation, state)
                   SELECT gen_random_uuid(), 1, %s, %s, %s, %s, %s, false, %s, %s || n, '', 'in_force' FROM generate_series(1, %s) n""",
                [person.pk, bureau.units["H"].pk, level, kind, form, date(year, 5, 6), f"{number}-", count],
            )
    found = queries.line(year, "year")
    assert found.numbers[-1][1] == 24_163
    assert [cell.value for cell in found.levels] == [0, 135, 1_223, 7_074, 15_731]
    assert [(cell.value, cell.share) for cell in found.forms] == [
        (37170, 5910),
        (17958, 2850),
        (4020, 640),
        (3754, 600),
    ]
    assert found.forms_total == 62_902
    shown = bureau.client("detective").get(f"/api/cases/release/?year={year}&part=h1").json()
    assert [cell["share"] for cell in shown["forms"]] == [5910, 2850, 640, 600]


def test_who_sees_it_and_how(bureau: Any) -> None:
    client = bureau.client("chief")
    for query in ("", "?year=2026&part=q1", "?year=nonsense&part=nonsense", "?year=٢٠٢٦"):
        assert client.get(f"/cases/release/{query}").status_code == 200
    assert bureau.client("staff").get("/cases/release/").status_code == 404
    year = timezone.localdate().year
    assert client.get(f"/api/cases/release/?year={year}").json()["forms_total"] == 0
    assert client.get(f"/api/cases/release/?year={year}&part=q9").status_code == 422
    assert bureau.client("staff").get(f"/api/cases/release/?year={year}").status_code == 404
    detective = bureau.client("detective")
    assert "满一个月以后才显示" in detective.get(f"/cases/release/?year={year}&part=year").content.decode()
    assert "满一个月以后才显示" not in detective.get("/cases/release/").content.decode()
    assert detective.get(f"/api/cases/release/?year={year}&part=year").status_code == 409
    assert detective.get(f"/api/cases/rates/?year={year}&part=year").status_code == 422
    assert detective.get(f"/api/cases/rates/?year={year - 1}&part=h1").status_code == 200
