"""A report and its letters are there for those whose key opens them; nobody else may answer."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from tests.hotline.conftest import House, Visitor

from yuanqing.hotline.report import actions, policies
from yuanqing.hotline.report.models import Letter, Report
from yuanqing.hotline.window import queries
from yuanqing.kernel.acts import SYSTEM


@dataclass(frozen=True)
class Official:
    """Somebody whose role may take every step."""

    pk: UUID

    def can(self, capability: str, unit: object = None) -> bool:
        return True


@pytest.fixture
def report(house: House) -> Report:
    Visitor().report()
    found: Report = Report.objects.select_related("key").get()
    letter, pieces = queries.sealed_letter(found, {"text": "？", "files": []})
    actions.answer(found, by=SYSTEM, values=[letter], pieces=pieces)
    return found


def test_who_sees_it_and_what_was_written_back(house: House, report: Report) -> None:
    receiver, stranger = Official(house.receivers[0].account_id), Official(uuid4())
    for kept in (Report, Letter):
        assert [kept.objects.visible_to(one).count() for one in (receiver, stranger)] == [1, 0]


def test_who_may_answer(house: House, report: Report) -> None:
    receiver, stranger = Official(house.receivers[0].account_id), Official(uuid4())
    for record in (report, Letter.objects.select_related("report").get()):
        assert policies.refusal("answer", record, by=receiver) == ""
        assert "能打开这份卷宗的人" in policies.refusal("answer", record, by=stranger)
