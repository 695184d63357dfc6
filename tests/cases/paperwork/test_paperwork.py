"""Working documents: complete or not at all, in both formats, from the opened file, and kept nowhere."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from docx import Document
from tests.cases.docket import Docket
from tests.cases.redress.test_redress import issue

from yuanqing.cases.paperwork import queries
from yuanqing.cases.paperwork.rules import PLACES, missing, written
from yuanqing.cases.sanction import actions as sanctions
from yuanqing.cases.trial import actions as trials
from yuanqing.kernel.packs.phrases import places
from yuanqing.norms.packs import shipped


def text_of(data: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs)


def test_every_place_has_a_name_and_every_document_has_text() -> None:
    pack = shipped("documents")
    used = {name for phrase in pack.of_kind("phrase") for name in places(phrase.text)}
    assert used - set(PLACES) == set()
    documents = {part.code for part in pack.of_kind("part")} - {"organ"}
    assert documents == {phrase.part for phrase in pack.of_kind("phrase") if phrase.part}
    assert set(queries.OF_A_CASE) < documents


@pytest.mark.parametrize(
    ("document", "wanted"),
    [
        ("decision", {"name", "unit", "post", "paper_facts", "evidence_count", "paper_decision", "sanction", "decided_on", "period", "appeal"}),
        ("filing_approval", {"name", "unit", "post", "level", "lead", "category", "paper_basis", "number", "filed_on"}),
        ("filing_notice", {"name", "unit", "post", "number", "filed_on", "announced_on"}),
        ("facts_shown", {"name", "paper_facts", "paper_answer", "facts_on"}),
        ("trial_report", {"name", "unit", "post", "level", "number", "filed_on", "submitted_on", "evidence_count", "paper_facts", "paper_case_report", "paper_trial_report", "proposal"}),
        ("delivery", {"document", "name", "unit", "delivered_on"}),
        ("execution", {"name", "unit", "document", "decided_on", "sanction", "period"}),
        ("catalogue", {"number", "filed_on", "document", "paper_list", "evidence_list"}),
        ("recommendation", {"addressee", "body", "due_on"}),
        ("opinion", {"addressee", "letter", "name", "unit", "answer", "checked_on", "periods"}),
        ("clearing", {"name", "unit", "body"}),
        ("sitting", {"meeting", "held", "place", "purpose", "number", "paper_question", "chair", "recorder", "attendance", "attendees", "absent", "recused", "opinions", "paper_minutes", "votes", "outcome", "paper_resolution", "later", "signatures"}),
        ("review", {"name", "unit", "sanction", "body", "answer", "reason", "document"}),
    ],
)  # fmt: skip
def test_what_each_document_must_say(document: str, wanted: set[str]) -> None:
    """By hand from the rules cited in the pack; whatever is missing alone keeps it from being printed."""
    phrases = [one for one in shipped("documents").of_kind("phrase") if one.part == document]
    assert {name for phrase in phrases for name in places(phrase.text)} == wanted
    whole = dict.fromkeys(wanted, "有")
    assert missing(phrases, whole) == []
    for name in wanted:
        assert missing(phrases, {**whole, name: ""}) == [str(PLACES[name])]


@pytest.mark.parametrize(
    ("value", "text"),
    [(date(2026, 1, 5), "2026年1月5日"), (None, ""), ("", ""), (12, "12"), (" 甲 ", "甲"), (0, "")],
)
def test_how_values_are_written(value: Any, text: str) -> None:
    assert written(value) == text


def test_a_decision_is_printed_once_everything_is_recorded(docket: Docket) -> None:
    manager = docket.client("manager", unlock=True)
    page = f"/cases/paperwork/case/{docket.case.pk}/"
    assert docket.client("manager").get(page).status_code == 302  # locked
    assert docket.client("staff").get(page).status_code == 404
    first = manager.get(page).content.decode()
    assert "处分决定书" in first
    assert "影响期" in first  # missing: no sanction is registered yet
    person = docket.person("staff")
    address = f"{page}{person.pk}/decision."
    refused = manager.get(f"{address}docx")
    assert (refused.status_code, "处分" in refused.content.decode()) == (409, True)
    case = docket.fresh()
    words = {"kind": "party_warning", "decided_on": timezone.localdate(), "document": case.document}
    sanctions.impose(by=docket.by("manager"), person=person, case=case, **words)
    data = manager.get(f"{address}docx")
    assert data.status_code == 200
    said = text_of(data.content)
    for part in (
        "受处分人基本情况",
        "违纪违法事实和证据",
        "处分的种类和依据",
        "党内警告",
        "申诉途径和期限",
        "提出申诉",
        person.name,
        "facts的内容",
    ):
        assert part in said
    assert "no-store" in data.headers["Cache-Control"]
    assert case.number in data.headers["Content-Disposition"]
    assert person.name not in data.headers["Content-Disposition"]
    assert manager.get(f"{address}pdf").content.startswith(b"%PDF")
    assert manager.get(f"{address}exe").status_code == 404
    assert manager.get(f"{page}{person.pk}/nonsense.docx").status_code == 404
    assert manager.get(f"{page}{docket.person('judge').pk}/decision.docx").status_code == 404
    assert manager.get(f"{page}{person.pk}/delivery.docx").status_code == 409
    trials.deliver(case, by=docket.by("manager"), on=timezone.localdate())
    for document in queries.OF_A_CASE:
        assert manager.get(f"{page}{person.pk}/{document}.docx").status_code == 200, document


def test_a_recommendation_is_for_the_unit_too(docket: Docket) -> None:
    row = issue(docket, kind="recommendation")
    leader = docket.client("leader")
    data = leader.get(f"/cases/paperwork/recommendation/{row.pk}.docx")
    assert data.status_code == 200
    said = text_of(data.content)
    assert "某分公司" in said
    assert docket.case.number not in said
    assert docket.client("staff").get(f"/cases/paperwork/recommendation/{row.pk}.docx").status_code == 404
    lesson = issue(docket, kind="lesson", type="", text="某单位把零星收入另记一本账，几年下来数额不小。")
    assert leader.get(f"/cases/paperwork/recommendation/{lesson.pk}.docx").status_code == 404
