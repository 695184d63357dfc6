"""The page of corrections: who may open it, what it counts, and that every number opens to its rows."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.discipline.violation.test_pages import Reader, text

from yuanqing.discipline.correction import queries
from yuanqing.discipline.correction.actions import correct

PAGE = "/discipline/correction/"


@pytest.fixture
def corrected(register):
    for number in range(6):
        old = register.concluded(facts=f"第{number}件。")
        correct(old, by=register.third, reason="复查", lowering="decision_changed", severity="minor")
    for number in range(6):
        old = register.concluded(facts=f"又一件{number}。")
        correct(old, by=register.second, reason="补充", facts=f"补充事实{number}。")
    return register


def test_counts_by_account_and_asks_about_one(corrected):
    found = {one.name: one for one in queries.handlers(queries.corrections(corrected.officer))}
    third, second = found["丙纪检"], found["乙纪检"]
    assert (third.count.made, third.count.lowered, second.count.lowered) == (6, 6, 0)
    assert third.reading.chance == 22  # 2 × 1/924, rounded up in basis points before doubling
    assert (third.reading.is_question, second.reading.is_question) == (True, False)


def test_the_page_asks_and_its_numbers_open(corrected):
    reader = Reader(corrected.secretary)
    page = text(reader.get(reverse("correction:list")))
    assert "这是需要问一问的问题，不是结论" in page
    assert "丙纪检办理的 6 件更正中有 6 件改轻" in page
    rows = reader.get(f"{PAGE}?by={corrected.third.pk}&lowered=yes").context["listing"].rows
    assert (rows.count(), set(rows.values_list("amended_by", flat=True))) == (6, {corrected.third.pk})
    assert reader.get(f"{PAGE}?format=xlsx").status_code == 200


def test_it_is_not_for_everybody(corrected):
    for role, status in (("unit_contact", 409), ("auditor", 409), ("system_administrator", 409)):
        assert Reader(corrected.account(role, role)).get(PAGE).status_code == status


def test_nothing_corrected_yet(register):
    page = text(Reader(register.officer).get(PAGE))
    assert "还没有更正" in page
    assert "谁的更正更常改轻" not in page
