"""Every row of the requirements that is said to be built is named by the code, and what the code cites exists."""

from __future__ import annotations

import pytest

from yuanqing.norms.packs import shipped_packs
from yuanqing.reference.nouns import nouns
from yuanqing.reference.traceability import ACROSS, rows

ROWS = rows()
# Education and the monthly cycle: these rows are built. A row joins the list when its duty is.
BUILT = (
    "0.1", "0.3", *(f"1.{n}" for n in range(1, 10)), "2.1", "2.5", "2.7", "2.8", "2.9",
    "4.1", "4.2", "4.4", "4.5", "4.6", "4.7", "4.8",
)  # fmt: skip
BUILT_ACROSS = (
    "history",
    "roles",
    "recusal",
    "excel",
    "documents",
    "reminders",
    "search",
    "api",
    "audit",
    "language",
    "laptop",
)
STEPS = [(noun.path, step) for noun in nouns() for lifecycle in noun.lifecycles for step in lifecycle.steps]


def is_shipped(citation: str) -> bool:
    pack, _, code = citation.partition(".")
    packs = shipped_packs()
    return pack in packs and code in packs[pack].by_code


@pytest.mark.parametrize("number", BUILT)
def test_a_built_row_has_a_page_and_a_noun(number):
    row = ROWS[f"speech.{number}"]
    assert row.nouns
    assert row.pages


@pytest.mark.parametrize("name", BUILT_ACROSS)
def test_a_row_across_all_demands_is_named(name):
    assert ROWS[f"across.{name}"].is_served


@pytest.mark.parametrize("number", ["2.5", "2.7", "2.8"])
def test_what_changes_a_state_is_a_step(number):
    assert ROWS[f"speech.{number}"].steps


def test_the_monthly_report_is_owed_and_measured():
    row = ROWS["speech.2.8"]
    assert "speech.monthly_report" in row.obligations
    assert {"return.on_time", "return.late", "return.missing", "violation.problems"} <= set(row.figures)


def test_every_row_of_the_requirements_is_listed():
    parts = {"0": 3, "1": 9, "2": 9, "3": 8, "4": 8, "5": 7}
    numbers = [row.number for row in ROWS.values() if row.cite.startswith("speech.")]
    assert numbers == [f"{part}.{n}" for part, count in parts.items() for n in range(1, count + 1)]


@pytest.mark.parametrize(("noun", "step"), STEPS, ids=[f"{noun}.{step.name}" for noun, step in STEPS])
def test_the_basis_of_a_step_is_a_clause_of_a_shipped_pack(noun, step):
    assert is_shipped(step.basis), f"{noun}.{step.name} cites {step.basis!r}"


@pytest.mark.parametrize(
    ("noun", "cited"), [(noun.path, cited) for noun in nouns() for cited in noun.serves], ids=lambda value: str(value)
)
def test_what_a_noun_says_it_serves_exists(noun, cited):
    assert cited in ACROSS or is_shipped(cited)
