"""The bank: what makes a question sound, how it is marked, and how a list of them is taken over."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from openpyxl import load_workbook
from tests.education.school import Reader, School, text

from yuanqing.education.question import actions, rules
from yuanqing.education.question.actions import Asked
from yuanqing.education.question.forms import numbers
from yuanqing.education.question.models import Question
from yuanqing.education.question.queries import drawable
from yuanqing.education.question_import.forms import SHEET, check, take_over
from yuanqing.kernel.acts import Refused
from yuanqing.shell.importing.file import import_file
from yuanqing.shell.importing.sheet import Rejected
from yuanqing.shell.importing.template import template

AB, ABC = ["甲", "乙"], ["甲", "乙", "丙"]


def a_question(school: School, stem: str = "能收购物卡吗？", code: str = "0", **words: Any) -> Question:
    asked = Asked(
        **{"kind": "single", "stem": stem, "options": ["能", "不能"], "answer": [2], "clauses": "B1b", **words}
    )
    made: Question = actions.write(by=school.office, unit=school.units[code], asked=asked)
    actions.activate(made, by=school.office)
    return made


@pytest.mark.parametrize(
    ("kind", "options", "answer", "field"),
    [
        ("single", AB, [1], ""),
        ("single", AB, [1, 2], "answer"),
        ("single", AB, [3], "answer"),
        ("single", AB, [], "answer"),
        ("single", ["甲"], [1], "options"),
        ("single", ["甲", "甲"], [1], "options"),
        ("single", list("一二三四五六七八九"), [1], "options"),
        ("true_false", ["对", "错"], [1], ""),
        ("true_false", ABC, [1], "options"),
        ("multiple", ABC, [1, 3], ""),
        ("multiple", ABC, [1], "answer"),
        ("multiple", ABC, [1, 1], "answer"),
        ("ordering", ABC, [2, 1, 3], ""),
        ("ordering", ABC, [2, 1], "answer"),
    ],
)
def test_what_makes_a_question_sound(kind, options, answer, field):
    assert rules.fault(kind, options, answer)[0] == field


@pytest.mark.parametrize(
    ("kind", "answer", "given", "right"),
    [
        ("single", [2], [2], True),
        ("single", [2], [1], False),
        ("single", [2], [], False),
        ("single", [2], [1, 2], False),
        ("multiple", [1, 3], [3, 1], True),
        ("multiple", [1, 3], [1], False),
        ("multiple", [1, 3], [1, 2, 3], False),
        ("ordering", [2, 1, 3], [2, 1, 3], True),
        ("ordering", [2, 1, 3], [1, 2, 3], False),
        ("ordering", [2, 1, 3], [2, 1], False),
    ],
)
def test_marking_is_all_or_nothing(kind, answer, given, right):
    assert rules.is_right(kind, answer, given) is right


@pytest.mark.parametrize(
    ("right", "asked", "points"), [(0, 10, 0), (10, 10, 100), (1, 3, 33), (2, 3, 67), (1, 8, 13), (0, 0, 0)]
)
def test_points_of_a_hundred(right, asked, points):
    assert rules.score(right, asked) == points


@pytest.mark.parametrize(
    ("text", "found"), [("2", [2]), ("1、3", [1, 3]), ("AC", [1, 3]), ("b a", [2, 1]), ("BAC", [2, 1, 3]), ("", [])]
)
def test_answers_as_they_are_typed(text, found):
    assert numbers(text) == found


def test_a_question_in_use_does_not_change_and_is_asked_once(school):
    question = a_question(school)
    with pytest.raises(Refused, match="使用中"):
        actions.edit(question, by=school.office, asked=Asked("single", "另一题", AB, [1]))
    with pytest.raises(Exception, match="已经有这道题"):
        a_question(school)
    with pytest.raises(Refused):
        actions.write(by=school.east, unit=school.units["01"], asked=Asked("single", "东部", AB, [1]))


def test_quizzes_draw_from_the_own_bank_and_those_above(school):
    a_question(school, "全集团", "0")
    a_question(school, "东部", "01", clauses="B2a")
    a_question(school, "西部", "02")
    stems = lambda code, *clauses: set(drawable(school.units[code], clauses).values_list("stem", flat=True))  # noqa: E731
    assert stems("0101") == {"全集团", "东部"}
    assert stems("0") == {"全集团"}
    assert stems("0101", "eight_points.B2a") == {"东部"}


def book(*rows: tuple[Any, ...]) -> bytes:
    found = load_workbook(BytesIO(template((SHEET,))))
    for row in rows:
        found["试题"].append(row)
    out = BytesIO()
    found.save(out)
    return out.getvalue()


def row(unit: str, kind: str, stem: str, options: str, answer: str, clauses: str = "") -> tuple[Any, ...]:
    return (unit, kind, stem, *options, *("",) * (8 - len(options)), answer, clauses)


def test_a_workbook_is_taken_over_once(school, tmp_path):
    path = tmp_path / "bank.xlsx"
    path.write_bytes(book(row("0", "单选", "一", "能否", "B", "B1b"), row("0", "排序", "二", "甲乙丙", "CAB")))
    counts = import_file(str(path), (SHEET,), check=check, apply=take_over, by=school.office)
    assert counts.created == 2
    assert Question.objects.get(stem="二").answer == [3, 1, 2]
    assert import_file(str(path), (SHEET,), check=check, apply=take_over, by=school.office).unchanged == 2


def test_what_is_wrong_with_a_workbook_is_told_by_cell(school, tmp_path):
    path = tmp_path / "bank.xlsx"
    path.write_bytes(
        book(row("99", "单选", "一", "能否", "B"), row("0", "单选", "二", "能", "A"), row("0", "多选", "三", "能否", "A"), row("0", "单选", "四", "能否", "B", "Z9"))
    )  # fmt: skip
    with pytest.raises(Rejected) as caught:
        import_file(str(path), (SHEET,), check=check, apply=take_over, by=school.office)
    said = "".join(str(one) for one in caught.value.problems)
    assert all(
        word in said
        for word in ("“单位代码”", "二到八个" if "二到八个" in said else "两到八个", "至少有两个", "没有这些条款")
    )
    assert not Question.objects.exists()


def test_by_form_and_through_the_api(school):
    office = Reader(school.office)
    data = {
        "unit": "0",
        "kind": "multiple",
        "stem": "哪些不能收？",
        "options": "购物卡\n红包\n锦旗",
        "answer": "AB",
        "clauses": "B1b",
    }
    assert office.post(reverse("question:write"), {**data, "answer": "A"}).status_code == 422
    assert office.post(reverse("question:write"), {**data, "answer": "？"}).status_code == 422
    office.post(reverse("question:write"), data)
    question = Question.objects.get()
    assert question.answer == [1, 2]
    office.post(reverse("question:edit", args=[question.pk]), {**data, "stem": "哪些不能收下？"})
    office.post(reverse("question:activate", args=[question.pk]))
    assert "使用中" in text(office.get(question.get_absolute_url()))
    assert "哪些不能收下" in text(office.get(reverse("question:list")))
    office.client.get("/")
    words = {"content_type": "application/json", "headers": {"X-CSRFToken": office.client.cookies["csrftoken"].value}}
    given = {"unit": "0", "kind": "true_false", "stem": "可以代收。", "options": ["对", "错"], "answer": [3]}
    assert office.client.post("/api/education/question/", given, **words).status_code == 422
    made = office.client.post("/api/education/question/", {**given, "answer": [2]}, **words).json()
    one = f"/api/education/question/{made['id']}"
    assert office.client.post(f"{one}/activate/", **words).json()["state"] == "active"
    assert office.client.post(f"{one}/retire/", **words).json()["state"] == "retired"
    assert Reader(school.worker).get(question.get_absolute_url()).status_code == 404


def test_what_is_wrong_is_said_at_the_field(school):
    with pytest.raises(ValidationError) as caught:
        actions.write(by=school.office, unit=school.units["0"], asked=Asked("riddle", "？", AB, [1]))
    assert list(caught.value.message_dict) == ["kind"]
