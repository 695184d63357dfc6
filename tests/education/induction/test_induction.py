"""An appointment without induction cannot take effect by page, API, import or act; how an induction is completed and excepted."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from tests.education.notice.test_actions import a_notice, receipt_of
from tests.education.school import Reader, text

from yuanqing.education.induction import actions, queries, rules
from yuanqing.education.induction.models import Induction
from yuanqing.education.notice import actions as notices
from yuanqing.kernel.acts import SYSTEM, Refused
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.figures import total
from yuanqing.norms.obligation.models import Obligation
from yuanqing.org.post.actions import appoint, create, import_appointments
from yuanqing.org.post.models import Appointment

TODAY = date(2026, 11, 2)
WORDS = "谈了岗位风险和八项规定，本人表示按规定办事，有问题先报告。"


@pytest.fixture
def post(school):
    return create(by=SYSTEM, code="G900", name="采购部主任", unit=school.units["0101"], rank="mid_level_leader")


@pytest.fixture
def notice(school):
    notice = a_notice(school, body="一段。", question=False)
    notices.issue(notice, by=school.office)
    return notice


@pytest.fixture
def induction(school, post, notice):
    return actions.prepare(by=school.office, person=school.worker.person, post=post, notice=notice)


def right_answers(induction) -> dict[str, str]:
    known = queries.questions()
    return {code: known[code].values["right"] for code in induction.sittings.first().questions}


def all_done(school, induction, clock) -> None:
    receipt = receipt_of(induction.notice, "工人甲")
    notices.begin(receipt, by=school.worker, language="zh-hans")
    clock("2026-11-02 09:30")
    notices.sign(receipt, by=school.worker)
    induction.refresh_from_db()
    actions.draw(induction, by=school.worker)
    actions.sit(induction, by=school.worker, answers=right_answers(induction))
    actions.promise(induction, by=school.worker)
    actions.declare(induction, by=school.worker, has_relatives=False)
    actions.talk(induction, by=school.east, on=TODAY, summary=WORDS)


# Every way to an appointment


def by_act(school, post, person):
    appoint(by=SYSTEM, post=post, person=person, starts_on=TODAY)


def by_import(school, post, person):
    import_appointments([{"post_code": post.code, "person_number": person.number, "starts_on": TODAY}], by=SYSTEM)


def by_page(school, post, person):
    admin = Reader(school.account("system_administrator", "0", name="admin"))
    answer = admin.post(reverse("post:appoint", args=[post.pk]), {"person": person.number, "starts_on": "2026-11-02"})
    if answer.status_code == 422:
        raise ValidationError(text(answer))


def by_program(school, post, person):
    admin = Reader(school.account("system_administrator", "0", name="admin"))
    admin.client.get("/")
    words = {"content_type": "application/json", "headers": {"X-CSRFToken": admin.client.cookies["csrftoken"].value}}
    data = {"person_id": str(person.pk), "starts_on": "2026-11-02"}
    answer = admin.client.post(f"/api/org/post/{post.pk}/appointments/", json.dumps(data), **words)
    if answer.status_code != 201:
        raise ValidationError(json.dumps(answer.json(), ensure_ascii=False))


@pytest.mark.parametrize("way", [by_act, by_import, by_page, by_program])
def test_no_way_leads_around_the_induction(school, post, way):
    before = Appointment.objects.count()
    with pytest.raises(ValidationError, match="任前廉洁教育"):
        way(school, post, school.worker.person)
    assert Appointment.objects.count() == before


@pytest.mark.parametrize("way", [by_act, by_import, by_page, by_program])
def test_with_a_complete_induction_every_way_is_open_and_uses_it_up(school, post, induction, clock, way):
    all_done(school, induction, clock)
    way(school, post, school.worker.person)
    assert Appointment.objects.filter(post=post, person=school.worker.person).exists()
    assert Induction.objects.get().state == "used"


def test_a_list_is_refused_wholly_when_one_of_it_lacks_induction(school, post):
    plain = create(by=SYSTEM, code="G901", name="保管员", unit=school.units["0101"])
    rows = [
        {"post_code": "G901", "person_number": school.worker.person.number, "starts_on": TODAY},
        {"post_code": post.code, "person_number": school.worker.person.number, "starts_on": TODAY},
    ]
    with pytest.raises(ValidationError, match="任前廉洁教育"):
        import_appointments(rows, by=SYSTEM)
    assert not Appointment.objects.filter(post=plain).exists()
    import_appointments(rows[:1], by=SYSTEM)  # an ordinary post asks for nothing


@pytest.mark.parametrize(
    ("rank", "is_key", "day", "asked"),
    [
        ("mid_level_leader", False, TODAY, True),
        ("party_group_member", False, TODAY, True),
        ("", True, TODAY, True),
        ("staff_member", False, TODAY, False),
        ("mid_level_leader", True, date(2025, 12, 31), False),  # before the rule came into force
    ],
)
def test_which_posts_ask_for_it(school, rank, is_key, day, asked):
    post = create(by=SYSTEM, code="G902", name="某岗", unit=school.units["0101"], rank=rank, is_key=is_key)
    if asked:
        with pytest.raises(ValidationError):
            appoint(by=SYSTEM, post=post, person=school.worker.person, starts_on=day)
    else:
        appoint(by=SYSTEM, post=post, person=school.worker.person, starts_on=day)


# The items


def test_every_item_brings_it_nearer_and_the_last_completes_it(school, post, induction, clock):
    owed = Obligation.objects.get(kind="speech.induction")
    assert str(owed) == "任前岗前廉洁教育：采购部主任"
    with pytest.raises(ValidationError, match="还差学习材料、任前考试、任前谈话、廉洁承诺、亲属回避情况"):
        by_act(school, post, school.worker.person)
    all_done(school, induction, clock)
    induction.refresh_from_db()
    owed.refresh_from_db()
    assert (induction.state, owed.fulfilled_by) == ("complete", induction.pk)
    assert total("education.inductions_completed", Month(2026, 11)) == 1


def test_below_the_pass_mark_it_is_not_done_and_the_attempts_of_a_day_are_limited(school, induction, clock):
    for number in range(1, 4):
        actions.draw(induction, by=school.worker)
        with pytest.raises(ValidationError, match="还没有交"):
            actions.draw(induction, by=school.worker)
        answers = dict(list(right_answers(induction).items())[: 6 if number == 1 else 0])
        actions.sit(induction, by=school.worker, answers=answers)
    assert [s.score for s in induction.sittings.order_by("number")] == [75, 0, 0]
    with pytest.raises(ValidationError, match="今天已经考了 3 次"):
        actions.draw(induction, by=school.worker)
    clock("2026-11-03 09:00")
    actions.draw(induction, by=school.worker)
    actions.sit(induction, by=school.worker, answers={**right_answers(induction), "question.99": "a"})
    assert induction.items.get(code="induction.exam").score == 100


def test_nobody_does_anothers_items_or_his_own_talk(school, induction):
    for act in (actions.draw, actions.promise):
        with pytest.raises(Refused, match="本人"):
            act(induction, by=school.east)
    own = actions.prepare(by=school.office, person=school.east.person, post=school.posts["西主任"])
    with pytest.raises(Refused, match="管辖"):
        actions.talk(own, by=school.east, on=TODAY, summary=WORDS)
    with pytest.raises(ValidationError, match="太短"):
        actions.talk(induction, by=school.east, on=TODAY, summary="谈了。")
    with pytest.raises(ValidationError, match="亲属的姓名"):
        actions.declare(induction, by=school.worker, has_relatives=True)


def test_an_exception_needs_a_reason_and_a_second_person_and_is_counted(school, post, induction):
    with pytest.raises(ValidationError, match="理由"):
        actions.ask_exception(induction, by=school.office, reason=" ")
    actions.ask_exception(induction, by=school.office, reason="原任突发疾病，岗位不能空")
    with pytest.raises(ValidationError, match="第二人同意"):
        by_act(school, post, school.worker.person)
    both = school.account("secretary", "0", name="both")
    with pytest.raises(Refused):
        actions.approve_exception(induction, by=school.office)
    with pytest.raises(Refused):
        actions.approve_exception(induction, by=school.worker)
    actions.approve_exception(induction, by=both)
    by_act(school, post, school.worker.person)
    induction.refresh_from_db()
    assert induction.state == "used"
    assert total("education.inductions_excepted", Month(2026, 11)) == 1
    assert Obligation.objects.owed().filter(kind="speech.induction").exists()  # it is still to be made up for


def test_who_asked_does_not_approve(school, induction):
    from yuanqing.org.account.actions import grant

    grant(
        by=SYSTEM,
        account=school.office,
        role="secretary",
        unit=school.units["0"],
        starts_on=date(2024, 1, 1),
        reason="兼任",
    )
    both = type(school.office).objects.get(pk=school.office.pk)
    actions.ask_exception(induction, by=both, reason="急")
    with pytest.raises(Refused, match="申请人以外"):
        actions.approve_exception(induction, by=both)


def test_cancelled_asks_nothing_more_and_opens_nothing(school, post, induction):
    actions.cancel(induction, by=school.office, reason="人选变动")
    assert not Obligation.objects.owed().filter(kind="speech.induction").exists()
    with pytest.raises(ValidationError, match="还没有为这个人准备"):
        by_act(school, post, school.worker.person)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [({"a": "1", "b": "2"}, 100), ({"a": "1"}, 50), ({}, 0), ({"a": "2", "b": "1", "c": "3"}, 0)],
)
def test_marking(answers, expected):
    assert rules.score({"a": "1", "b": "2", "c": "3"}, ["a", "b"], answers) == expected
    assert rules.score({}, [], {}) == 0


# Pages


def test_by_form_from_the_preparation_to_the_exam(school, post, notice):
    office = Reader(school.office)
    wrong = office.post(reverse("induction:prepare"), {"person": "N999", "post": "G000"})
    assert wrong.status_code == 422
    office.post(
        reverse("induction:prepare"), {"person": school.worker.person.number, "post": "G900", "notice": str(notice.pk)}
    )
    induction = Induction.objects.get()
    page = induction.get_absolute_url()
    worker = Reader(school.worker)
    assert "还差" in text(worker.get(page))
    assert worker.post(reverse("induction:draw", args=[induction.pk])).url == reverse(
        "induction:exam", args=[induction.pk]
    )
    assert "1. " in text(worker.get(reverse("induction:exam", args=[induction.pk])))
    worker.post(reverse("induction:exam", args=[induction.pk]), right_answers(induction))
    worker.post(reverse("induction:promise", args=[induction.pk]))
    worker.post(reverse("induction:declare", args=[induction.pk]), {"has_relatives": "yes", "statement": ""})
    worker.post(reverse("induction:declare", args=[induction.pk]), {"has_relatives": "no"})
    done = set(induction.items.filter(done_at__isnull=False).values_list("code", flat=True))
    assert done == {"induction.exam", "induction.promise", "induction.avoidance"}
    leader = Reader(school.east)
    leader.post(reverse("induction:talk", args=[induction.pk]), {"on": "2026-11-02", "summary": WORDS})
    assert WORDS in text(leader.get(page))
    assert Reader(school.account("auditor", "0", name="auditor")).get(page).status_code == 404
    assert Reader(school.west).get(page).status_code == 404
    assert "采购部主任" in text(office.get(reverse("induction:list") + "?state=open"))
    assert office.get(reverse("induction:list") + "?format=xlsx").content[:2] == b"PK"
    office.post(reverse("induction:ask_exception", args=[induction.pk]), {"note": "急"})
    assert "1 件任前教育例外等待您同意" in text(Reader(school.secretary).get("/"))


@pytest.mark.parametrize(
    ("step", "sentence"),
    [("ask_exception", "例外须写明理由"), ("cancel", "请写明取消的理由"), ("refuse_exception", "请写明不同意的理由")],
)
def test_without_a_reason_the_page_says_so_and_nothing_changes(school, induction, step, sentence):
    if step == "refuse_exception":
        actions.ask_exception(induction, by=school.office, reason="岗位不能空")
    who, before = school.secretary if step == "refuse_exception" else school.office, induction.state
    refused = Reader(who).post(reverse(f"induction:{step}", args=[induction.pk]), {"note": " "})
    assert (refused.status_code, sentence in text(refused)) == (409, True)
    induction.refresh_from_db()
    assert induction.state == before
