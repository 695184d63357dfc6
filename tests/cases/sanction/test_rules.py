"""Periods of sanctions by hand-checked dates; the example of 2016 is the Central Commission's own."""

from __future__ import annotations

from datetime import date

import pytest

from yuanqing.cases.sanction.rules import (
    FOR_GOOD,
    Bar,
    Decision,
    Term,
    barred,
    ends_before,
    for_several,
    last_day,
    left,
    prolonged,
    running,
)


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        ("2026-01-15", 6, "2026-07-14"),
        ("2026-01-15", 12, "2027-01-14"),
        ("2026-01-15", 18, "2027-07-14"),
        ("2026-01-15", 24, "2028-01-14"),
        ("2026-01-15", 48, "2030-01-14"),
        ("2026-01-15", 60, "2031-01-14"),
        ("2026-01-01", 6, "2026-06-30"),
        ("2026-01-01", 12, "2026-12-31"),
        ("2026-03-01", 12, "2027-02-28"),
        ("2027-03-01", 12, "2028-02-29"),  # the next February is a leap one
        ("2026-12-31", 6, "2027-06-30"),  # June has no 31st: its last day ends the term
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-08-30", 6, "2027-02-28"),
        ("2026-08-29", 6, "2027-02-28"),
        ("2026-08-28", 6, "2027-02-27"),
        ("2027-08-29", 6, "2028-02-28"),
        ("2027-08-30", 6, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-28"),  # a leap day again: the 28th is the day before it
        ("2026-02-28", 12, "2027-02-27"),
        ("2027-02-28", 12, "2028-02-27"),
        ("2026-05-31", 1, "2026-06-30"),
        ("2026-06-30", 1, "2026-07-29"),
        ("2026-10-31", 18, "2028-04-30"),
        ("2026-07-01", 1, "2026-07-31"),
        ("2026-11-05", 0, "2026-11-04"),
    ],
)
def test_the_last_day_of_a_term(start, months, last):
    assert last_day(d(start), Term(months)) == d(last)
    assert (ends_before(d(start), months) - d(last)).days == 1


@pytest.mark.parametrize(
    ("day", "ends", "months", "days"),
    [
        ("2016-07-15", "2017-01-14", 6, 0),
        ("2016-07-20", "2017-01-14", 5, 26),
        ("2016-07-10", "2017-01-14", 6, 5),
        ("2017-01-14", "2017-01-14", 0, 1),
        ("2017-01-15", "2017-01-14", 0, 0),
        ("2018-01-01", "2017-01-14", 0, 0),
        ("2026-01-31", "2026-02-28", 1, 0),  # the whole of a month that has no 31st
        ("2026-01-31", "2026-02-27", 0, 28),
        ("2026-02-01", "2026-02-28", 1, 0),
        ("2026-02-28", "2026-03-27", 1, 0),
        ("2026-02-28", "2026-03-31", 1, 4),
        ("2026-01-01", "2026-12-31", 12, 0),
        ("2026-01-02", "2026-12-31", 11, 30),
        ("2026-12-31", "2027-06-30", 6, 0),
        ("2026-12-31", "2027-06-29", 5, 30),
        ("2028-02-29", "2029-02-28", 12, 0),
    ],
)
def test_what_is_left_of_a_period(day, ends, months, days):
    assert left(d(day), d(ends)) == Term(months, days)


@pytest.mark.parametrize(
    ("start", "months", "rest", "ceiling", "last"),
    [
        ("2016-07-15", 18, Term(6), None, "2018-07-14"),  # two years, the Commission's example
        ("2016-07-20", 18, Term(5, 26), None, "2018-07-15"),
        ("2026-03-01", 12, Term(0, 10), None, "2027-03-10"),
        ("2026-03-01", 12, Term(), None, "2027-02-28"),
        ("2026-03-01", 24, Term(23, 30), 48, "2030-02-28"),  # 2028-02-01 and 30 days would be 2030-03-02
        ("2026-03-01", 24, Term(30), 48, "2030-02-28"),
        ("2026-03-01", 6, Term(11), 48, "2027-07-31"),
        ("2026-03-01", 18, Term(30), 48, "2030-02-28"),
        ("2026-03-01", 18, Term(31), 48, "2030-02-28"),
        ("2026-03-01", 18, Term(29), 48, "2030-01-31"),
    ],
)
def test_a_new_period_takes_the_rest_of_an_earlier_one(start, months, rest, ceiling, last):
    assert prolonged(d(start), months, rest, ceiling) == d(last)


@pytest.mark.parametrize(
    ("months", "count", "least", "most"),
    [
        (6, 1, 6, 6),
        (6, 2, 6, 12),
        (6, 3, 6, 18),
        (6, 8, 6, 48),
        (6, 9, 6, 48),
        (12, 1, 12, 12),
        (12, 2, 12, 24),
        (12, 3, 12, 36),
        (12, 4, 12, 48),
        (12, 5, 12, 48),
        (18, 2, 18, 36),
        (18, 3, 18, 48),
        (24, 1, 24, 24),
        (24, 2, 24, 48),
        (24, 3, 24, 48),
    ],
)
def test_several_identical_sanctions_at_once(months, count, least, most):
    assert for_several(months, count, 48) == (least, most)


@pytest.mark.parametrize(("months", "count"), [(6, 0), (0, 2), (-6, 1)])
def test_several_needs_sanctions_with_a_period(months, count):
    with pytest.raises(ValueError):
        for_several(months, count, 48)


PARTY = [
    Bar("party_warning", "promotion", 12, family="party"),
    Bar("party_serious_warning", "promotion", 18, family="party"),
    Bar("removal_from_party_posts", "equal_or_higher_post", 24, family="party"),
    Bar("party_probation", "member_rights", None),
    Bar("party_probation", "equal_or_higher_post", 24, start="restoration", family="party"),
    Bar("expulsion_from_party", "readmission", 60),
]
OFFICE = [
    Bar("admin_warning", "promotion", 6, family="office", ceiling=48),
    Bar("demerit", "promotion", 12, family="office", ceiling=48),
    Bar("demerit", "pay_grade", 12, family="office", ceiling=48),
    Bar("major_demerit", "promotion", 18, family="office", ceiling=48),
    Bar("major_demerit", "pay_grade", 18, family="office", ceiling=48),
    Bar("removal_from_office", "promotion", 24, family="office", ceiling=48),
]
ADMONITION = [Bar("admonition", "promotion", 6)]
ORGANISATION = [  # measures of the organisation prolong nothing
    Bar("adjustment", "promotion", 12),
    Bar("ordered_resignation", "equal_or_higher_post", 12),
    Bar("ordered_resignation", "higher_post", 24),
    Bar("dismissal_from_post", "equal_or_higher_post", 12),
    Bar("dismissal_from_post", "higher_post", 24),
    Bar("demotion", "promotion", 24),
]
BARS = [*PARTY, *OFFICE, *ADMONITION, *ORGANISATION]


def periods(*decisions: tuple[str, str]) -> list[tuple[str, str, str, str]]:
    found = running([Decision(code, d(day)) for code, day in decisions], BARS)
    return [(p.sanction, p.bars, p.starts_on.isoformat(), p.ends_on.isoformat()) for p in found]


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        ([("party_warning", "2026-01-15")], [("party_warning", "promotion", "2026-01-15", "2027-01-14")]),
        (
            [("party_warning", "2016-01-15"), ("party_serious_warning", "2016-07-15")],
            [
                ("party_warning", "promotion", "2016-01-15", "2016-07-14"),
                ("party_serious_warning", "promotion", "2016-07-15", "2018-07-14"),
            ],
        ),
        (  # told in the other order: the dates decide
            [("party_serious_warning", "2016-07-15"), ("party_warning", "2016-01-15")],
            [
                ("party_warning", "promotion", "2016-01-15", "2016-07-14"),
                ("party_serious_warning", "promotion", "2016-07-15", "2018-07-14"),
            ],
        ),
        (  # over on the day before: nothing is left
            [("party_warning", "2025-01-15"), ("party_warning", "2026-01-15")],
            [
                ("party_warning", "promotion", "2025-01-15", "2026-01-14"),
                ("party_warning", "promotion", "2026-01-15", "2027-01-14"),
            ],
        ),
        (  # on its last day one day is left
            [("party_warning", "2025-01-15"), ("party_warning", "2026-01-14")],
            [
                ("party_warning", "promotion", "2025-01-15", "2026-01-13"),
                ("party_warning", "promotion", "2026-01-14", "2027-01-14"),
            ],
        ),
        (  # three in a row: each takes what the one before had left
            [("party_warning", "2026-01-01"), ("party_warning", "2026-07-01"), ("party_serious_warning", "2027-01-01")],
            [
                ("party_warning", "promotion", "2026-01-01", "2026-06-30"),
                ("party_warning", "promotion", "2026-07-01", "2026-12-31"),
                ("party_serious_warning", "promotion", "2027-01-01", "2029-06-30"),  # 18 and the 12 that were left
            ],
        ),
        (  # a Party and an administrative sanction for the same matter run beside one another
            [("party_warning", "2026-01-15"), ("demerit", "2026-01-15")],
            [
                ("party_warning", "promotion", "2026-01-15", "2027-01-14"),
                ("demerit", "promotion", "2026-01-15", "2027-01-14"),
                ("demerit", "pay_grade", "2026-01-15", "2027-01-14"),
            ],
        ),
        (
            [("admin_warning", "2026-01-01"), ("demerit", "2026-04-01")],
            [
                ("admin_warning", "promotion", "2026-01-01", "2026-03-31"),
                ("demerit", "promotion", "2026-04-01", "2027-06-30"),  # 12 and 3 that were left
                ("demerit", "pay_grade", "2026-04-01", "2027-03-31"),  # a warning does not bar the pay grade
            ],
        ),
        (  # the ceiling of 48 months holds
            [("removal_from_office", "2026-01-01"), ("removal_from_office", "2026-01-02")],
            [
                ("removal_from_office", "promotion", "2026-01-01", "2026-01-01"),
                ("removal_from_office", "promotion", "2026-01-02", "2029-12-31"),  # 24 and 23 months, 30 days
            ],
        ),
        (
            [("major_demerit", "2026-01-01"), ("major_demerit", "2026-02-01"), ("major_demerit", "2026-03-01")],
            [
                ("major_demerit", "promotion", "2026-01-01", "2026-01-31"),
                ("major_demerit", "pay_grade", "2026-01-01", "2026-01-31"),
                ("major_demerit", "promotion", "2026-02-01", "2026-02-28"),
                ("major_demerit", "pay_grade", "2026-02-01", "2026-02-28"),
                ("major_demerit", "promotion", "2026-03-01", "2030-02-28"),  # 18 and 34 are more than 48
                ("major_demerit", "pay_grade", "2026-03-01", "2030-02-28"),
            ],
        ),
        (  # an admonition is no sanction: it neither adds nor is added
            [("admonition", "2026-01-01"), ("party_warning", "2026-03-01")],
            [
                ("admonition", "promotion", "2026-01-01", "2026-06-30"),
                ("party_warning", "promotion", "2026-03-01", "2027-02-28"),
            ],
        ),
        (  # removal bars something else than a warning does
            [("party_warning", "2026-01-01"), ("removal_from_party_posts", "2026-02-01")],
            [
                ("party_warning", "promotion", "2026-01-01", "2026-12-31"),
                ("removal_from_party_posts", "equal_or_higher_post", "2026-02-01", "2028-01-31"),
            ],
        ),
        (
            [("expulsion_from_party", "2026-05-20")],
            [("expulsion_from_party", "readmission", "2026-05-20", "2031-05-19")],
        ),
        ([("oral_reproof", "2026-05-20")], []),
    ],
)
def test_decisions_about_one_person(decisions, expected):
    assert periods(*decisions) == expected


def test_probation_lasts_as_long_as_was_decided_and_bars_posts_from_the_restoration():
    before = running([Decision("party_probation", d("2026-01-15"), months=12)], BARS)
    assert [(p.bars, p.ends_on) for p in before] == [("member_rights", d("2027-01-14"))]
    after = running([Decision("party_probation", d("2026-01-15"), months=12, restored_on=d("2027-01-20"))], BARS)
    assert [(p.bars, p.starts_on, p.ends_on) for p in after] == [
        ("member_rights", d("2026-01-15"), d("2027-01-14")),
        ("equal_or_higher_post", d("2027-01-20"), d("2029-01-19")),
    ]


def test_what_has_no_term_bars_until_somebody_decides():
    found = running([Decision("party_probation", d("2026-01-15"))], BARS)
    assert found[0].ends_on == FOR_GOOD


def test_a_revoked_decision_bars_nothing_and_adds_nothing():
    gone = Decision("party_warning", d("2016-01-15"), is_revoked=True)
    found = running([gone, Decision("party_serious_warning", d("2016-07-15"))], BARS)
    assert [(p.sanction, p.ends_on) for p in found] == [("party_serious_warning", d("2018-01-14"))]


def test_two_decisions_of_one_day_bar_as_long_as_the_longer():
    found = running(
        [Decision("party_warning", d("2026-01-15")), Decision("party_serious_warning", d("2026-01-15"))], BARS
    )
    assert max(p.ends_on for p in found) == d("2027-07-14")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2016-01-14", []),
        ("2016-01-15", ["party_warning"]),
        ("2016-07-14", ["party_warning"]),
        ("2016-07-15", ["party_serious_warning"]),
        ("2018-07-14", ["party_serious_warning"]),
        ("2018-07-15", []),
    ],
)
def test_what_is_barred_on_a_day(day, expected):
    found = running(
        [Decision("party_warning", d("2016-01-15")), Decision("party_serious_warning", d("2016-07-15"))], BARS
    )
    assert [p.sanction for p in barred(found, d(day))] == expected


@pytest.mark.parametrize(
    ("measure", "on", "ends"),
    [
        ("adjustment", "2026-01-15", {"promotion": "2027-01-14"}),
        ("adjustment", "2028-02-29", {"promotion": "2029-02-28"}),
        ("ordered_resignation", "2026-01-15", {"equal_or_higher_post": "2027-01-14", "higher_post": "2028-01-14"}),
        ("ordered_resignation", "2026-03-01", {"equal_or_higher_post": "2027-02-28", "higher_post": "2028-02-29"}),
        ("dismissal_from_post", "2026-08-31", {"equal_or_higher_post": "2027-08-30", "higher_post": "2028-08-30"}),
        ("demotion", "2026-12-31", {"promotion": "2028-12-30"}),
        ("suspension", "2026-01-15", {}),
        ("early_retirement", "2026-01-15", {}),
    ],
)
def test_measures_of_the_organisation(measure, on, ends):
    found = running([Decision(measure, d(on))], BARS)
    assert {p.bars: p.ends_on.isoformat() for p in found} == ends


def test_a_measure_and_a_sanction_run_side_by_side():
    found = running([Decision("party_warning", d("2026-01-15")), Decision("adjustment", d("2026-02-01"))], BARS)
    assert [(p.sanction, p.ends_on.isoformat()) for p in found] == [
        ("party_warning", "2027-01-14"),
        ("adjustment", "2027-01-31"),
    ]
