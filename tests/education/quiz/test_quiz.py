"""A quiz: drawing, saving every answer, time and tries, marking, collecting, what the answers say; certificates."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from tests.education.activity.test_activity import an_activity
from tests.education.question.test_question import a_question
from tests.education.school import Reader, School, text

from yuanqing.education.certificate import actions as certificates
from yuanqing.education.certificate.models import Certificate
from yuanqing.education.certificate.rules import masked, new_code, tidied
from yuanqing.education.quiz import actions, queries, rules
from yuanqing.education.quiz.models import Answer, Attempt, Quiz
from yuanqing.education.quiz.tasks import collect
from yuanqing.kernel.acts import Refused
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.figures import total

TERMS = {"length": 5, "pass_mark": 80, "tries": 2, "minutes": 20}


def a_bank(school: School) -> None:
    for n in range(6):
        a_question(school, f"第{n}题", options=["甲", "乙", "丙"], answer=[n % 3 + 1])
    a_question(school, "多选", kind="multiple", options=["甲", "乙", "丙"], answer=[1, 3])
    a_question(school, "排序", kind="ordering", options=["先", "中", "后"], answer=[2, 1, 3])


def a_quiz(school: School, stage: str = "after", offered: bool = True, activity: Any = None, **terms: Any) -> Quiz:
    activity = activity or an_activity(school)
    made: Quiz = actions.prepare(by=school.office, activity=activity, stage=stage, title="测一测", **{**TERMS, **terms})
    if offered:
        actions.offer(made, by=school.office)
    return made


@pytest.fixture
def quiz(school):
    a_bank(school)
    return a_quiz(school)


def answer(attempt: Attempt, by: Any, right: int, only: int = 100) -> None:
    """The first `right` questions rightly, the others wrongly, up to `only` of them."""
    for line in queries.lines(attempt)[:only]:
        order = attempt.questions[line.position][1]
        shown = [order.index(one) + 1 for one in line.question.answer]
        if line.position >= right:
            shown = shown[::-1] if line.question.kind == "ordering" else [next(n for n in range(1, 4) if [n] != shown)]
        actions.save(attempt, by=by, position=line.position, shown=shown)


def test_every_answer_lives_on_the_server_until_the_paper_is_handed_in(school, quiz):
    attempt = actions.begin(by=school.cashier, quiz=quiz)
    assert len({pk for pk, _order in attempt.questions}) == 5
    answer(attempt, school.cashier, right=4, only=4)
    again = Attempt.objects.get(pk=attempt.pk)  # the browser was closed meanwhile
    assert sum(bool(line.chosen) for line in queries.lines(again)) == 4
    actions.hand_in(again, by=school.cashier)
    assert (again.score, again.is_passed, again.state) == (80, True, "marked")
    assert sum(again.results.values()) == 4
    assert total("education.quizzes_sat", Month(2026, 11)) == total("education.quizzes_passed", Month(2026, 11)) == 1


def test_answers_may_be_changed_until_then_and_not_afterwards(school, quiz):
    attempt = actions.begin(by=school.cashier, quiz=quiz)
    answer(attempt, school.cashier, right=0)
    answer(attempt, school.cashier, right=5)
    assert Answer.objects.count() == 5
    actions.hand_in(attempt, by=school.cashier)
    assert attempt.score == 100
    before = list(Answer.objects.values_list())
    with pytest.raises(Refused, match="已经交卷"):
        actions.save(attempt, by=school.cashier, position=0, shown=[1])
    with pytest.raises(Refused):
        actions.hand_in(attempt, by=school.cashier)
    assert list(Answer.objects.values_list()) == before


def test_tries_and_time_are_limited_on_the_server(school, quiz, clock):
    first = actions.begin(by=school.cashier, quiz=quiz)
    with pytest.raises(ValidationError, match="还没有交"):
        actions.begin(by=school.cashier, quiz=quiz)
    clock("2026-11-02 09:20")
    answer(first, school.cashier, right=5, only=1)  # at the last moment
    clock("2026-11-02 09:21")
    with pytest.raises(Refused, match="时间到了"):
        actions.save(first, by=school.cashier, position=1, shown=[1])
    assert collect() == "1 collected"
    first.refresh_from_db()
    assert (first.state, first.score, first.is_passed) == ("marked", 20, False)
    second = actions.begin(by=school.cashier, quiz=quiz)
    actions.hand_in(second, by=school.cashier)
    with pytest.raises(ValidationError, match="已经用完"):
        actions.begin(by=school.cashier, quiz=quiz)
    assert collect() == "0 collected"


def test_who_may_not_sit_it(school, quiz):
    outsider = school.learner("借调", "02")
    with pytest.raises(ValidationError, match="不在这次活动的对象里"):
        actions.begin(by=outsider, quiz=quiz)
    attempt = actions.begin(by=school.cashier, quiz=quiz)
    with pytest.raises(Refused, match="本人"):
        actions.save(attempt, by=school.worker, position=0, shown=[1])
    with pytest.raises(Refused, match="本人"):
        actions.hand_in(attempt, by=school.worker)
    for position, shown in ((9, [1]), (-1, [1]), (0, [4]), (0, [1, 1])):
        with pytest.raises(ValidationError):
            actions.save(attempt, by=school.cashier, position=position, shown=shown)
    actions.close(quiz, by=school.office)
    with pytest.raises(ValidationError, match="不能作答"):
        actions.begin(by=school.worker, quiz=quiz)


def test_a_bank_too_small_opens_nothing(school):
    a_question(school)
    quiz = a_quiz(school, offered=False)
    with pytest.raises(ValidationError, match="只有 1 道"):
        actions.offer(quiz, by=school.office)
    with pytest.raises(ValidationError, match="1 到 100"):
        a_quiz(school, "before", activity=quiz.activity, length=0)
    with pytest.raises(Exception, match="已经有一个"):
        a_quiz(school, activity=quiz.activity)


def test_drawing_is_random_and_options_are_shuffled():
    chance = random.Random(7)
    ids = [str(n) for n in range(20)]
    draws = {tuple(rules.drawn(ids, 5, chance)) for _n in range(50)}
    assert len(draws) == 50
    assert {tuple(rules.shuffled(3, chance)) for _n in range(200)} == {
        (1, 2, 3),
        (1, 3, 2),
        (2, 1, 3),
        (2, 3, 1),
        (3, 1, 2),
        (3, 2, 1),
    }
    assert rules.drawn(["a"], 5, chance) == ["a"]


@pytest.mark.parametrize(
    ("order", "shown", "authored"), [([3, 1, 2], [1], [3]), ([3, 1, 2], [2, 3], [1, 2]), ([2, 1], [], [])]
)
def test_options_as_shown_become_options_as_written(order, shown, authored):
    assert rules.as_authored(order, shown) == authored


@pytest.mark.parametrize(("ranks", "found"), [(["2", "1", "3"], [2, 1, 3]), (["3", "1", "2"], [2, 3, 1])])
def test_ranks_typed_beside_options_become_an_order(ranks, found):
    assert rules.ranked(ranks) == found


@pytest.mark.parametrize("ranks", [["1", "1"], ["1", ""], ["0", "1"], ["1", "3"]])
def test_ranks_that_are_no_order(ranks):
    with pytest.raises(ValueError, match=r".*"):
        rules.ranked(ranks)


def test_item_statistics_by_hand():
    # three attempts: 100, 50, 0 points; the one in the middle belongs to neither half
    attempts = [(0, {"a": False, "b": True}), (100, {"a": True, "b": True}), (50, {"a": True, "b": False})]
    found = {one.question: one for one in rules.item_statistics(attempts)}
    assert (found["a"].asked, found["a"].right, found["a"].share) == (3, 2, 6666)
    assert (found["a"].upper, found["a"].lower, found["a"].discrimination) == (10_000, 0, 10_000)
    assert (found["b"].upper, found["b"].lower, found["b"].discrimination) == (10_000, 10_000, 0)
    assert rules.item_statistics([]) == []


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [([], (0, 0, 0, 0)), ([(60, 80), (40, 80), (90, 80)], (3, 6333, 8000, 2))],
)
def test_before_and_after_by_hand(pairs, expected):
    found = rules.effect(pairs)
    assert (found.people, found.before, found.after, found.better) == expected


def test_the_same_people_before_and_after(school, quiz):
    before = a_quiz(school, "before", activity=quiz.activity, tries=1)
    for account, first, last in ((school.cashier, 1, 5), (school.worker, 2, 3)):
        for one, right in ((before, first), (quiz, last)):
            attempt = actions.begin(by=account, quiz=one)
            answer(attempt, account, right=right)
            actions.hand_in(attempt, by=account)
    assert queries.effect(quiz.activity, Attempt.objects.all()) == rules.Effect(2, 3000, 8000, 2)
    assert queries.summary(Attempt.objects.filter(quiz=quiz)) == {"people": 2, "passed": 1, "mean": 80}
    assert Certificate.objects.count() == 1  # what is known beforehand earns none


# Certificates


def passed(school: School, quiz: Quiz) -> Certificate:
    attempt = actions.begin(by=school.cashier, quiz=quiz)
    answer(attempt, school.cashier, right=5)
    actions.hand_in(attempt, by=school.cashier)
    found: Certificate = Certificate.objects.get(attempt=attempt)
    return found


def test_a_certificate_can_be_checked_by_anybody_without_whole_names(school, quiz, client):
    certificate = passed(school, quiz)
    page = text(client.get(reverse("certificate:verify"), {"code": certificate.code.lower().replace("-", " ")}))
    assert "这张证书是真的" in page
    assert "出○" in page
    assert "出纳" not in page
    assert "没有这个编号" in text(client.get(reverse("certificate:verify"), {"code": "AAAA-BBBB-CCCC"}))
    assert client.get(certificate.get_absolute_url()).status_code == 302
    with pytest.raises(ValidationError, match="理由"):
        certificates.revoke(certificate, by=school.office, reason="")
    office, revoke = Reader(school.office), reverse("certificate:revoke", args=[certificate.pk])
    silent = office.post(revoke, {"note": " "})
    assert (silent.status_code, "请写明撤销的理由" in text(silent)) == (409, True)
    assert "这张证书是真的" in text(client.get(reverse("certificate:verify"), {"code": certificate.code}))
    office.post(revoke, {"note": "代考"})
    assert "已经撤销" in text(client.get(reverse("certificate:verify"), {"code": certificate.code}))
    assert "合格证书" in text(Reader(school.cashier).get(certificate.get_absolute_url()))
    assert certificate.code in text(Reader(school.cashier).get(reverse("certificate:mine")))
    assert certificate.code in text(Reader(school.contact).get(reverse("certificate:list")))
    assert Reader(school.worker).get(certificate.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("abcd-efgh-jkmn", "ABCD-EFGH-JKMN"),
        (" ABCD EFGH JKMN ", "ABCD-EFGH-JKMN"),
        ("ABCD", ""),
        ("", ""),
        ("A" * 40, ""),
    ],
)
def test_codes_as_they_are_typed(typed, code):
    assert tidied(typed) == code
    assert tidied(new_code())
    assert masked("欧阳某某") == "欧○○○"


# Pages


def test_from_the_preparation_to_the_result_by_form(school):
    a_bank(school)
    film = an_activity(school)
    office = Reader(school.office)
    assert (
        office.post(reverse("quiz:prepare", args=[film.pk]), {"stage": "after", "title": "", **TERMS}).status_code
        == 422
    )
    office.post(reverse("quiz:prepare", args=[film.pk]), {"stage": "after", "title": "测一测", **TERMS})
    quiz = Quiz.objects.get()
    office.post(reverse("quiz:edit", args=[quiz.pk]), {"title": "测一测", **TERMS, "length": "8"})
    office.post(reverse("quiz:offer", args=[quiz.pk]))
    assert "测一测" in text(office.get(film.get_absolute_url()))
    reader = Reader(school.cashier)
    assert "开始作答" in text(reader.get(quiz.get_absolute_url()))
    reader.post(reverse("quiz:begin", args=[quiz.pk]))
    attempt = Attempt.objects.get()
    page, save = attempt.get_absolute_url(), reverse("quiz:save", args=[attempt.pk])
    for line in queries.lines(attempt):
        order = attempt.questions[line.position][1]
        if line.question.kind == "ordering":
            wrong = reader.post(save, {f"q{line.position}": ["1", "1", "2"]})
            assert (wrong.status_code, wrong.headers["Content-Type"]) == (422, "text/plain; charset=utf-8")
            given = [str(line.question.answer.index(one) + 1) for one in order]
        else:
            given = [str(order.index(one) + 1) for one in line.question.answer]
        assert "已保存" in text(reader.post(save, {f"q{line.position}": given}))
    assert "已答 8 / 8 题" in text(reader.get(page))
    assert office.get(page).status_code == 409  # not while it is being answered
    reader.post(reverse("quiz:hand_in", args=[attempt.pk]))
    assert "100 分" in text(reader.get(page))
    assert "正确答案" in text(reader.get(page))
    assert "出纳" in text(office.get(reverse("quiz:results", args=[quiz.pk])))
    assert queries.summary(Attempt.objects.all()) == {"people": 1, "passed": 1, "mean": 100}
    assert "平均" in text(office.get(quiz.get_absolute_url()))
    assert "答对率" in text(office.get(reverse("quiz:items", args=[quiz.pk])))
    assert "测一测" in text(office.get(reverse("quiz:list")))
    assert queries.summary(Attempt.objects.all()) == {"people": 1, "passed": 1, "mean": 100}
    assert office.get(quiz.get_absolute_url()).status_code == 200
    assert Reader(school.worker).get(page).status_code == 404
    assert reader.post(save, {"q0": "1"}).status_code == 409
    assert reader.get(reverse("quiz:items", args=[quiz.pk])).status_code == 409


def test_answers_are_not_told_while_tries_are_left(school, quiz):
    reader = Reader(school.cashier)
    reader.post(reverse("quiz:begin", args=[quiz.pk]))
    attempt = Attempt.objects.get()
    reader.post(reverse("quiz:hand_in", args=[attempt.pk]), {"then": "save"})
    assert Attempt.objects.get().state == "sitting"
    asked = reader.post(reverse("quiz:hand_in", args=[attempt.pk]), follow=True)
    assert "第 1、2、3、4、5 题还没有答" in text(asked)
    assert "就这样交卷" in text(asked)
    assert Attempt.objects.get().state == "sitting"  # a slip costs no try
    reader.post(reverse("quiz:hand_in", args=[attempt.pk]), {"sure": "yes"})
    assert Attempt.objects.get().state == "marked"
    assert "正确答案：" not in text(reader.get(attempt.get_absolute_url()))


def test_through_the_api(school, quiz):
    reader = Reader(school.cashier)
    reader.client.get("/")
    words = {"content_type": "application/json", "headers": {"X-CSRFToken": reader.client.cookies["csrftoken"].value}}
    api = "/api/education/quiz"
    paper = reader.client.post(f"{api}/{quiz.pk}/begin/", **words)
    assert paper.status_code == 201
    made = paper.json()
    assert "answer" not in made["questions"][0]
    one = f"{api}/attempts/{made['id']}"
    saved = reader.client.put(
        f"{one}/answer/",
        {"position": 0, "shown": [1, 2] if made["questions"][0]["kind"] == "multiple" else [1]},
        **words,
    )
    assert saved.json()["questions"][0]["chosen"]
    assert reader.client.put(f"{one}/answer/", {"position": 77, "shown": [1]}, **words).status_code == 422
    assert reader.client.post(f"{one}/hand-in/", **words).json()["state"] == "marked"
    assert reader.client.put(f"{one}/answer/", {"position": 0, "shown": [1]}, **words).status_code == 409
    listed = Reader(school.office).client.get(f"{api}/{quiz.pk}/attempts/").json()["items"]
    assert [row["person"] for row in listed] == ["N004"]
    assert Reader(school.worker).client.get(f"{one}/").status_code == 404
