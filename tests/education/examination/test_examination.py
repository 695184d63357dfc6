"""A self-examination from the first answer to the last remedy; what it must say; who may read and who may comment."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from tests.education.school import Reader, School, text

from yuanqing.education.examination import actions, queries
from yuanqing.education.examination.models import Examination, Problem
from yuanqing.kernel.acts import SYSTEM, Refused
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.figures import total
from yuanqing.norms.obligation.actions import open_due
from yuanqing.norms.obligation.models import Obligation
from yuanqing.shell.worklist.queries import demands, year_so_far

CODES = ("problem.drive", "problem.style", "problem.delivery", "problem.purpose", "problem.integrity")
LONG = "三月的设备招标拖了两个月才开，主要是怕得罪人，不敢拍板。"
FOUND: dict[str, Any] = {
    "is_found": True, "evidence": LONG, "cause": "遇事先想自己的得失，担当精神不够，学习也不够。",
    "remedy": "每周一列出要定的事，三天内给出答复，月底向班子报告。", "due_on": date(2026, 12, 1),
}  # fmt: skip
NONE: dict[str, Any] = {"is_found": False, "evidence": "全年收到礼品两件，都在当天登记上交，有记录可查。"}


@pytest.fixture
def reviewer(school):
    return school.account("superior_reviewer", "0", name="reviewer")


def answered(school: School, found: int = 2, by: Any = None) -> Examination:
    made: Examination = actions.begin(by=by or school.east, year=2026)
    for n, code in enumerate(CODES):
        actions.answer(made, by=by or school.east, code=code, **(FOUND if n < found else NONE))
    return made


def submitted(school: School, found: int = 2) -> Examination:
    made = answered(school, found)
    actions.submit(made, by=school.east)
    return made


def state() -> list[Any]:
    return [sorted(m._base_manager.values_list(), key=str) for m in (Examination, Problem, Obligation)]


def test_it_is_owed_by_leading_cadres_and_met_by_submitting(school):
    open_due(date(2026, 11, 2), by=SYSTEM)
    owed = Obligation.objects.filter(kind="speech.five_problem_examination")
    assert set(owed.values_list("person__name", flat=True)) == {"某书记", "东主任", "西主任"}
    made = submitted(school)
    one = owed.get(person__name="东主任")
    assert (one.fulfilled_by, made.unit.code) == (made.pk, "01")
    assert owed.owed().count() == 2
    assert total("education.examinations_submitted", Month(2026, 11)) == 1


def test_one_of_another_year_meets_nothing_of_this(school):
    open_due(date(2026, 11, 2), by=SYSTEM)
    last = actions.begin(by=school.east, year=2025)
    for code in CODES:
        actions.answer(last, by=school.east, code=code, **NONE)
    actions.submit(last, by=school.east)
    assert Obligation.objects.owed().filter(kind="speech.five_problem_examination", person__name="东主任").exists()


def test_the_overview_no_longer_lists_it_as_absent(school):
    counted = year_so_far(school.secretary, 2026).kinds
    absent = {kind.name for demand in demands(school.secretary, 2026, counted) for kind in demand.absent}
    assert "speech.five_problem_examination" not in absent
    assert "speech.education_attendance" not in absent


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"evidence": "有。"}, "“闯劲不足”的具体表现太短"),
        ({"cause": ""}, "的原因太短"),
        ({"remedy": "加强学习。"}, "的整改措施太短"),
        ({"due_on": None}, "还没有写整改期限"),
        ({"due_on": date(2026, 11, 1)}, "期限已经过了"),
        ({"is_found": False, "evidence": ""}, "的具体表现太短"),
    ],
)
def test_what_must_be_said_before_it_is_submitted(school, words, sentence):
    made = answered(school)
    actions.answer(made, by=school.east, code=CODES[0], **{**FOUND, **words})
    before = state()
    with pytest.raises(ValidationError) as caught:
        actions.submit(made, by=school.east)
    assert len(caught.value.messages) == 1
    assert sentence in caught.value.messages[0]
    assert state() == before


def test_nothing_may_be_left_out(school):
    made = actions.begin(by=school.east, year=2026)
    with pytest.raises(ValidationError) as caught:
        actions.submit(made, by=school.east)
    assert len(caught.value.messages) == 5
    with pytest.raises(Exception, match="已经开始"):
        actions.begin(by=school.east, year=2026)
    with pytest.raises(ValidationError, match="没有这一条"):
        actions.answer(made, by=school.east, code="problem.sixth", is_found=False)


def test_from_the_comment_to_the_last_remedy(school, reviewer, clock):
    made = submitted(school)
    with pytest.raises(Refused, match="正在整改"):
        actions.report(made, by=school.east, code=CODES[0], text=LONG)  # not before it is commented on
    with pytest.raises(ValidationError, match="太短"):
        actions.comment(made, by=reviewer, opinion="好")
    actions.comment(made, by=reviewer, opinion="查得实，第一条还要举今年的事。", remarks={CODES[0]: "盯住招标"})
    assert Problem.objects.get(code=CODES[0]).remark == "盯住招标"
    with pytest.raises(ValidationError, match="还没有报告"):
        actions.confirm(made, by=reviewer, code=CODES[0])
    with pytest.raises(ValidationError, match="不用报告"):
        actions.report(made, by=school.east, code=CODES[4], text=LONG)
    for code in CODES[:2]:
        actions.report(made, by=school.east, code=code, text="已经建了台账，每周一公布，没有再拖的事。")
    actions.reject(made, by=reviewer, code=CODES[1], reason="没有台账")
    actions.confirm(made, by=reviewer, code=CODES[0])
    made.refresh_from_db()
    assert made.state == "remedying"
    clock("2026-12-02 09:00")
    row = queries.with_progress(Examination.objects.all()).get()
    assert (row.found, row.remedied, row.overdue) == (2, 1, 1)
    actions.report(made, by=school.east, code=CODES[1], text="台账补上了，附在材料里，请上级再看一看有没有遗漏。")
    actions.confirm(made, by=reviewer, code=CODES[1])
    made.refresh_from_db()
    assert (made.state, made.closed_at is not None) == ("closed", True)
    assert total("education.problems_remedied", Month(2026, 12)) == 1
    assert total("education.problems_remedied", Month(2026, 11)) == 1


def test_with_nothing_found_the_comment_closes_it(school, reviewer):
    made = submitted(school, found=0)
    actions.comment(made, by=reviewer, opinion="没有问题的依据写得清楚，认可。")
    made.refresh_from_db()
    assert made.state == "closed"


def test_sent_back_it_is_examined_again(school, reviewer):
    made = submitted(school)
    with pytest.raises(ValidationError, match="重查"):
        actions.send_back(made, by=reviewer, reason=" ")
    actions.send_back(made, by=reviewer, reason="第二条太笼统")
    actions.answer(made, by=school.east, code=CODES[1], **FOUND)
    actions.submit(made, by=school.east)
    assert made.state == "submitted"


def test_nobody_examines_another_or_comments_on_himself(school, reviewer):
    made = answered(school)
    for act in (
        lambda: actions.submit(made, by=school.west),
        lambda: actions.answer(made, by=school.west, code=CODES[0], **NONE),
    ):
        with pytest.raises(Refused, match="本人"):
            act()
    actions.submit(made, by=school.east)
    with pytest.raises(Refused, match="请上级"):
        actions.comment(made, by=school.east, opinion="我自己认为写得很好。")
    with pytest.raises(Refused, match="管辖"):
        actions.comment(made, by=school.west, opinion="西部认为写得很好。")
    with pytest.raises(ValidationError, match="没有对应的人员"):
        actions.begin(by=reviewer, year=2026)


def test_a_draft_is_the_authors_alone(school, reviewer):
    made = answered(school)
    assert Reader(reviewer).get(made.get_absolute_url()).status_code == 404
    actions.submit(made, by=school.east)
    assert LONG in text(Reader(reviewer).get(made.get_absolute_url()))
    for account in (school.west, school.worker, school.contact):
        assert Reader(account).get(made.get_absolute_url()).status_code == 404


def test_by_form_from_the_desk_to_the_end(school, reviewer):
    open_due(date(2026, 11, 2), by=SYSTEM)
    east = Reader(school.east)
    assert "五个突出问题自查" in text(east.get("/"))
    assert "开始 2026 年自查" in text(east.get(reverse("examination:mine")))
    east.post(reverse("examination:begin"), {"year": "2026"})
    made = Examination.objects.get()
    page = made.get_absolute_url()
    assert east.post(reverse("examination:submit", args=[made.pk])).status_code == 409
    wrong = east.post(reverse("examination:answer", args=[made.pk, CODES[0]]), {"is_found": ""})
    assert wrong.status_code == 422
    for n, code in enumerate(CODES):
        words = {**FOUND, "is_found": "yes", "due_on": "2026-12-01"} if n == 0 else {**NONE, "is_found": "no"}
        east.post(reverse("examination:answer", args=[made.pk, code]), words)
    assert "还要补" not in text(east.get(page))
    east.post(reverse("examination:submit", args=[made.pk]))
    above = Reader(reviewer)
    assert "1 份自查等待点评" in text(above.get("/"))
    above.post(
        reverse("examination:comment", args=[made.pk]), {"opinion": "查得实，请按期整改到位。", CODES[0]: "盯住"}
    )
    assert "1 个问题要报告整改" in text(east.get("/"))
    east.post(
        reverse("examination:report", args=[made.pk, CODES[0]]), {"text": "已经建了台账，每周一公布，没有再拖的事。"}
    )
    assert "1 个问题的整改等待确认" in text(above.get("/"))
    above.post(reverse("examination:confirm", args=[made.pk, CODES[0]]))
    assert "整改完毕" in text(above.get(page))
    listed = text(above.get(reverse("examination:list")))
    assert "东主任" in listed
    assert "五个问题各查出多少" in listed
    assert above.get(reverse("examination:list"), data={"format": "xlsx"}).status_code == 200


@pytest.mark.parametrize(
    ("who", "year", "sentence"),
    [("reviewer", "2026", "没有对应的人员"), ("east", "1899", "年度写错了"), ("east", "9" * 5000, "年度写错了")],
)
def test_what_cannot_be_begun_is_told_in_words_and_nothing_is_written(school, reviewer, who, year, sentence):
    account = reviewer if who == "reviewer" else school.east
    before = state()
    refused = Reader(account).post(reverse("examination:begin"), {"year": year})
    assert (refused.status_code, sentence in text(refused)) == (409, True)
    assert state() == before


def test_steps_that_lack_something_are_told_in_words_and_change_nothing(school, reviewer):
    draft = actions.begin(by=school.west, year=2026)
    made = submitted(school)
    before = state()
    early = Reader(school.west).post(reverse("examination:submit", args=[draft.pk]))
    assert (early.status_code, "还没有对照" in text(early)) == (409, True)
    silent = Reader(reviewer).post(reverse("examination:send_back", args=[made.pk]), {"note": " "})
    assert (silent.status_code, "重查" in text(silent)) == (409, True)
    assert state() == before


def test_through_the_api(school, reviewer):
    def client(account: Any) -> tuple[Any, dict[str, Any]]:
        reader = Reader(account)
        reader.client.get("/")
        token = reader.client.cookies["csrftoken"].value
        return reader.client, {"content_type": "application/json", "headers": {"X-CSRFToken": token}}

    api = "/api/education/examination"
    east, words = client(school.east)
    made = east.post(f"{api}/", {"year": 2026}, **words)
    assert made.status_code == 201
    assert len(made.json()["problems"]) == 5
    one = f"{api}/{made.json()['id']}"
    for n, code in enumerate(CODES):
        east.put(f"{one}/answer/", {"code": code, **(FOUND | {"due_on": "2026-12-01"} if n == 0 else NONE)}, **words)
    assert east.post(f"{one}/nonsense/", {}, **words).status_code == 422
    assert east.post(f"{one}/submit/", {}, **words).json()["state"] == "submitted"
    above, theirs = client(reviewer)
    assert (
        above.post(f"{one}/comment/", {"opinion": "查得实，请按期整改到位。"}, **theirs).json()["state"] == "remedying"
    )
    east.post(f"{one}/report/", {"code": CODES[0], "text": "已经建了台账，每周一公布，没有再拖的事。"}, **words)
    assert above.post(f"{one}/confirm/", {"code": CODES[0]}, **theirs).json()["state"] == "closed"
    assert client(school.west)[0].get(f"{one}/").status_code == 404
