"""Sessions: signing in by the code at the door, by list, by workbook; absences; what is refused changes nothing."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from openpyxl import load_workbook
from tests.education.activity.test_activity import an_activity
from tests.education.school import Reader, School, text

from yuanqing.education.activity.actions import invite
from yuanqing.education.activity.models import Participation
from yuanqing.education.attendance_import.forms import check, sheets, take_over
from yuanqing.education.session import actions, queries, rules
from yuanqing.education.session.models import Attendance, Correction, Session
from yuanqing.kernel.acts import SYSTEM, Refused, history
from yuanqing.kernel.almanac import SHANGHAI, Month
from yuanqing.kernel.figures import total
from yuanqing.norms.obligation.models import Obligation
from yuanqing.shell.importing.file import import_file
from yuanqing.shell.importing.sheet import Rejected
from yuanqing.shell.importing.template import template

HOURS = {
    "begins_at": datetime(2026, 11, 10, 9, tzinfo=SHANGHAI),
    "ends_at": datetime(2026, 11, 10, 11, tzinfo=SHANGHAI),
}


def a_session(school: School, code: str = "0", **words: Any) -> Session:
    film = words.pop("activity", None) or an_activity(school)
    made: Session = actions.schedule(
        by=school.office, activity=film, unit=school.units[code], **{"place": "一楼礼堂", **HOURS, **words}
    )
    return made


@pytest.fixture
def session(school, clock):
    made = a_session(school)
    clock("2026-11-10 08:50")
    actions.begin(made, by=school.office)
    return made


def state() -> list[Any]:
    return [sorted(m._base_manager.values_list(), key=str) for m in (Session, Attendance, Participation, Obligation)]


def test_the_code_at_the_door_proves_presence_and_fulfils(school, session):
    actions.sign_in(by=school.cashier, session=session, code=queries.code_now(session))
    found = Participation.objects.get(person__name="出纳")
    assert (found.state, found.way) == ("attended", "qr")
    owed = Obligation.objects.get(person__name="出纳", kind="speech.education_attendance")
    assert owed.fulfilled_by == found.pk
    assert total("education.activities_attended", Month(2026, 11)) == 1
    with pytest.raises(Exception, match="已经登记过"):
        actions.sign_in(by=school.cashier, session=session, code=queries.code_now(session))


@pytest.mark.parametrize(
    ("seconds", "taken"), [(0, True), (14, True), (15, True), (134, True), (136, False), (3600, False), (-20, False)]
)
def test_a_code_is_taken_for_two_minutes_and_not_before_its_time(seconds, taken):
    shown = 1_800_000_000  # a multiple of the step
    code = rules.code_at("s", shown, 15)
    assert rules.is_fresh("s", code, shown + seconds, 15, 120) is taken


@pytest.mark.parametrize("code", ["", "x", "-", "zz-1", "6b49d200", "-5-abc", "f" * 80])
def test_codes_that_nobody_showed(code):
    assert rules.is_fresh("s", code, 1_800_000_000, 15, 120) is False


def test_another_sessions_code_and_an_old_one_are_refused(school, session, clock):
    other = a_session(school, activity=session.activity)
    old = queries.code_now(session)
    before = state()
    with pytest.raises(ValidationError, match="再扫一次"):
        actions.sign_in(by=school.cashier, session=session, code=queries.code_now(other))
    clock("2026-11-10 08:55")
    with pytest.raises(ValidationError, match="再扫一次"):
        actions.sign_in(by=school.cashier, session=session, code=old)
    assert state() == before


def test_only_those_expected_and_only_while_it_is_open(school, session, clock):
    outsider = school.learner("借调", "02")
    with pytest.raises(ValidationError, match="不在这次活动的对象里"):
        actions.sign_in(by=outsider, session=session, code=queries.code_now(session))
    with pytest.raises(ValidationError, match="不用请假"):
        actions.ask_leave(by=school.office, session=session, reason="absence.trip")
    actions.close(session, by=school.contact_of("0"))
    with pytest.raises(ValidationError, match="不是签到时间"):
        actions.sign_in(by=school.cashier, session=session, code=queries.code_now(session))


def test_a_session_begins_on_its_day(school):
    made = a_session(school)
    with pytest.raises(ValidationError, match="还没有到那一天"):
        actions.begin(made, by=school.office)
    with pytest.raises(ValidationError, match="晚于开始"):
        a_session(school, activity=made.activity, ends_at=HOURS["begins_at"])


def test_a_list_counts_as_of_the_session_and_is_taken_wholly_or_not(school, session, clock):
    clock("2026-11-12 10:00")
    before = state()
    with pytest.raises(ValidationError, match="N999"):
        actions.register(session, ["N004", "N999"], by=school.office)
    with pytest.raises(ValidationError, match="不归您管"):
        actions.register(session, ["N003"], by=school.contact)  # of 02; the contact is of 01
    assert state() == before
    assert actions.register(session, ["N004", "N005"], by=school.contact) == 2
    found = Participation.objects.get(person__name="出纳")
    assert found.attended_at == HOURS["begins_at"]
    assert actions.register(session, ["N004", "N006"], by=school.contact) == 1


def test_away_for_a_reason_still_owes_and_may_come_after_all(school, session):
    actions.ask_leave(by=school.cashier, session=session, reason="absence.trip", note="去省城")
    with pytest.raises(ValidationError, match="缺席理由"):
        actions.excuse(session, ["N005"], by=school.contact, reason="absence.lazy")
    actions.excuse(session, ["N005"], by=school.contact, reason="absence.duty", note="夜班")
    assert set(Attendance.objects.values_list("note", "reason")) == {
        ("去省城", "absence.trip"),
        ("夜班", "absence.duty"),
    }
    assert queries.counts(session, SYSTEM) == {"present": 0, "absent": 2, "elsewhere": 0, "missing": 4, "expected": 6}
    assert Obligation.objects.owed().filter(person__name="出纳").exists()
    own = Attendance.objects.get(person__name="出纳")
    with pytest.raises(Refused, match="只能为自己"):
        actions.arrive(own, by=school.worker, code=queries.code_now(session))
    actions.arrive(own, by=school.cashier, code=queries.code_now(session))
    actions.register(session, ["N005"], by=school.contact)
    assert queries.counts(session, SYSTEM)["present"] == 2
    assert Participation.objects.filter(state="attended").count() == 2


def test_taken_part_elsewhere_is_not_missing_here(school, session, clock):
    second = a_session(school, "01", activity=session.activity)
    actions.sign_in(by=school.cashier, session=session, code=queries.code_now(session))
    assert queries.counts(second, SYSTEM) == {"present": 0, "absent": 0, "elsewhere": 1, "missing": 3, "expected": 4}
    assert second.code == "20261110-02"


# Workbook


def book(*rows: tuple[Any, ...]) -> bytes:
    found = load_workbook(BytesIO(template(sheets())))
    sheet = found["签到名单"]
    for row in rows:
        sheet.append(row)
    out = BytesIO()
    found.save(out)
    return out.getvalue()


def test_a_workbook_is_taken_over(school, session, tmp_path):
    path = tmp_path / "list.xlsx"
    path.write_bytes(book((session.code, "N004", "出纳", "是"), (session.code, "N005", "", "否", "值班值守", "夜班")))
    counts = import_file(str(path), sheets(), check=check, apply=take_over, by=school.contact)
    assert counts.created == 2
    assert dict(Attendance.objects.values_list("person__name", "state")) == {"出纳": "present", "工人甲": "absent"}


def test_a_workbook_learns_nothing_of_sessions_and_people_elsewhere(school, session, tmp_path):
    """Session and people of 01, asked about by the contact of 02: as if there were no such session."""
    path, said, west = tmp_path / "list.xlsx", [], school.contact_of("02")
    local = a_session(school, "0101", activity=session.activity)
    actions.begin(local, by=school.office)
    for code, number in ((local.code, "N004"), ("20990101-01", "N999")):
        path.write_bytes(book((code, number, "出纳", "是"), (session.code, number, "出钠", "是")))
        with pytest.raises(Rejected) as caught:
            import_file(str(path), sheets(), check=check, apply=take_over, by=west)
        said.append([str(one).replace(code, "…").replace(number, "…") for one in caught.value.problems])
    assert said[0] == said[1]
    assert len(said[0]) == 2


def test_what_is_wrong_with_a_workbook_is_told_by_cell(school, session, tmp_path):
    path = tmp_path / "list.xlsx"
    path.write_bytes(
        book(("20990101-01", "N004", "", "是"), (session.code, "N999", "", "是"), (session.code, "N004", "出钠", "是"), (session.code, "N005", "", "否"))
    )  # fmt: skip
    before = state()
    with pytest.raises(Rejected) as caught:
        import_file(str(path), sheets(), check=check, apply=take_over, by=school.contact)
    said = [str(one) for one in caught.value.problems]
    assert [next(w for w in ("场次编号", "人员编号", "姓名", "缺席理由") if f"“{w}”：" in one) for one in said] == [
        "场次编号", "人员编号", "姓名", "缺席理由",
    ]  # fmt: skip
    assert state() == before


# Pages


def test_from_the_schedule_to_the_minutes_by_form(school, clock):
    film = an_activity(school)
    office = Reader(school.office)
    data = {"unit": "0", "begins_at": "2026-11-10T09:00", "ends_at": "2026-11-10T08:00", "place": "礼堂"}
    url = reverse("session:schedule", args=[film.pk])
    assert office.post(url, data).status_code == 422
    office.post(url, {**data, "ends_at": "2026-11-10T11:00"})
    session = Session.objects.get()
    page = session.get_absolute_url()
    assert session.code in text(office.get(film.get_absolute_url()))
    clock("2026-11-10 09:00")
    office = Reader(school.office)
    office.post(reverse("session:begin", args=[session.pk]))
    screen = office.get(reverse("session:screen", args=[session.pk]))
    assert "data:image/svg+xml" in text(screen)
    part = office.get(reverse("session:screen", args=[session.pk]), headers={"HX-Request": "true"})
    assert "<html" not in text(part)
    cashier = Reader(school.cashier)
    assert cashier.get(reverse("session:screen", args=[session.pk])).status_code == 409
    door = reverse("session:sign_in", args=[session.pk])
    assert "签到" in text(cashier.get(door, data={"code": queries.code_now(session)}))
    stale = cashier.post(door, {"code": "1-abc"})
    assert stale.status_code == 422
    assert "再扫一次" in text(stale)
    cashier.post(door, {"code": queries.code_now(session)})
    assert "签到" in text(cashier.get(page))
    worker = Reader(school.worker)
    worker.post(reverse("session:ask_leave", args=[session.pk]), {"reason": "absence.sick", "note": "住院"})
    shown = text(office.get(reverse("session:roster", args=[session.pk])))
    assert "病假" in shown
    assert office.get(reverse("session:roster", args=[session.pk]), data={"format": "xlsx"}).status_code == 200
    office.post(reverse("session:register", args=[session.pk]), {"numbers": "N002\nN003"})
    office.post(reverse("session:excuse", args=[session.pk]), {"numbers": "N006", "reason": "absence.trip"})
    assert office.post(reverse("session:close", args=[session.pk])).status_code == 302
    assert "1 场教育活动还没有写记录" in text(office.get("/"))
    assert office.post(reverse("session:minute", args=[session.pk]), {"minutes": " "}).status_code == 422
    office.post(reverse("session:minute", args=[session.pk]), {"minutes": "会上学习了讲话。"})
    assert "会上学习了讲话" in text(office.get(page))
    assert session.code in text(office.get(reverse("session:list")))
    assert office.get(reverse("attendance_import:attendance-import")).status_code == 200


def test_reasons_stay_with_those_who_answer_for_the_unit(school, session):
    actions.ask_leave(by=school.cashier, session=session, reason="absence.sick", note="住院")
    roster = reverse("session:roster", args=[session.pk])
    assert "病假" in text(Reader(school.contact).get(roster))
    assert "病假" not in text(Reader(school.west).get(roster))
    assert "病假" not in text(Reader(school.worker).get(roster))


def test_through_the_api(school, clock):
    film = an_activity(school)
    office = Reader(school.office)
    office.client.get("/")
    words = {"content_type": "application/json", "headers": {"X-CSRFToken": office.client.cookies["csrftoken"].value}}
    api = "/api/education/session"
    data = {"activity": str(film.pk), "unit": "0", "place": "礼堂", **{k: v.isoformat() for k, v in HOURS.items()}}
    for moment in ("0001-01-01", "9999-12-31", "9999-12-31T23:59:59+08:00"):
        assert office.client.post(f"{api}/", {**data, "begins_at": moment}, **words).status_code == 422
    made = office.client.post(f"{api}/", data, **words)
    assert made.status_code == 201
    one = f"{api}/{made.json()['id']}"
    assert office.client.post(f"{one}/begin/", **words).status_code == 422
    clock("2026-11-10 09:00")
    office = Reader(school.office)
    office.client.get("/")
    words["headers"] = {"X-CSRFToken": office.client.cookies["csrftoken"].value}
    assert office.client.post(f"{one}/begin/", **words).json()["state"] == "open"
    assert office.client.post(f"{one}/register/", {"numbers": ["N004"]}, **words).json() == {"registered": 1}
    wrong = office.client.post(f"{one}/excuse/", {"numbers": ["N005"], "reason": "x"}, **words)
    assert wrong.status_code == 422
    assert office.client.post(f"{one}/sign-in/", {"code": "1-a"}, **words).status_code in (409, 422)
    assert office.client.put(f"{one}/minutes/", {"minutes": "学了讲话"}, **words).json()["minutes"] == "学了讲话"
    states = {r["person"]: r["presence"] for r in office.client.get(f"{one}/roster/").json()["items"]}
    assert states["N004"] == "present"
    assert date(2026, 11, 10).isoformat() in office.client.get(f"{one}/").json()["begins_at"]


# A wrong attendance undone by a later entry


def test_a_wrong_attendance_is_corrected_and_owed_again(school, session, clock):
    actions.register(session, ["N004", "N005"], by=school.office)
    wrong = Attendance.objects.get(person__name="出纳")
    actions.correct(wrong, by=school.office, reason="核对签到表，没有她的签名")
    assert wrong.state == "voided"
    assert list(Correction.objects.values_list("was_way", "was_at", "reason")) == [
        ("list", HOURS["begins_at"], "核对签到表，没有她的签名")
    ]
    found = Participation.objects.get(person__name="出纳")
    assert (found.state, found.attended_at, found.way) == ("invited", None, "")
    assert Obligation.objects.owed().filter(person__name="出纳", kind="speech.education_attendance").exists()
    assert not Obligation.objects.owed().filter(person__name="工人甲", kind="speech.education_attendance").exists()
    assert queries.counts(session, SYSTEM) == {"present": 1, "absent": 0, "elsewhere": 0, "missing": 5, "expected": 6}
    assert total("education.activities_attended", Month(2026, 11)) == 1
    assert all(
        "签名" not in str(one.note) for one in history(wrong)
    )  # the reason may be private: it is not in the ledger
    # she comes after all: by a list, and again by the code
    actions.register(session, ["N004"], by=school.contact)
    assert Participation.objects.get(person__name="出纳").state == "attended"
    assert not Obligation.objects.owed().filter(person__name="出纳", kind="speech.education_attendance").exists()
    wrong.refresh_from_db()
    actions.correct(wrong, by=school.office, reason="还是没有来")
    actions.excuse(session, ["N004"], by=school.contact, reason="absence.sick")
    wrong.refresh_from_db()
    assert (wrong.state, wrong.reason, Correction.objects.count()) == ("absent", "absence.sick", 2)


def test_what_another_session_or_a_course_proves_stays(school, session):
    second = a_session(school, "01", activity=session.activity)
    actions.begin(second, by=school.office)
    for one in (session, second):
        actions.register(one, ["N004"], by=school.office)
    actions.correct(Attendance.objects.get(session=session), by=school.office, reason="在另一场")
    found = Participation.objects.get(person__name="出纳")
    assert (found.state, found.attended_at) == ("attended", HOURS["begins_at"])
    assert not Obligation.objects.owed().filter(person__name="出纳", kind="speech.education_attendance").exists()
    assert queries.counts(session, SYSTEM)["elsewhere"] == 1


@pytest.mark.parametrize(
    ("who", "reason", "error", "words"),
    [
        ("office", " ", ValidationError, "怎么知道没有到场"),
        ("contact", "不在", Refused, "没有这项权限"),  # whoever enters the lists does not undo them
        ("cashier", "不在", Refused, "没有这项权限"),
    ],
)
def test_a_correction_that_is_refused_changes_nothing(school, session, who, reason, error, words):
    actions.register(session, ["N004"], by=school.office)
    before = [*state(), list(Correction.objects.values_list())]
    with pytest.raises(error, match=words):
        actions.correct(Attendance.objects.get(), by=getattr(school, who), reason=reason)
    assert [*state(), list(Correction.objects.values_list())] == before


def test_nobody_corrects_oneself_nor_twice(school, session):
    reviewer = school.learner("审核人", "0", role="superior_reviewer")
    invite([session.activity], by=SYSTEM)
    actions.register(session, [reviewer.person.number, "N004"], by=school.office)
    with pytest.raises(Refused, match="涉及自己"):
        actions.correct(Attendance.objects.get(person=reviewer.person), by=reviewer, reason="我没有去")
    other = Attendance.objects.get(person__name="出纳")
    actions.correct(other, by=reviewer, reason="名单抄错一行")
    with pytest.raises(Refused, match="登记有误"):
        actions.correct(other, by=reviewer, reason="再一次")


def test_a_correction_by_form_and_by_program(school, session):
    actions.register(session, ["N004", "N005"], by=school.office)
    office = Reader(school.office)
    address = reverse("session:correct", args=[session.pk])
    assert f"{address}?number=N004" in text(office.get(reverse("session:roster", args=[session.pk])))
    assert 'value="N004"' in text(office.get(address, data={"number": "N004"}))
    wrong = office.post(address, {"number": "N006", "reason": "不在"})
    assert (wrong.status_code, "没有登记为到场" in text(wrong)) == (422, True)
    assert office.post(address, {"number": "N004", "reason": ""}).status_code == 422
    assert office.post(address, {"number": "N004", "reason": "名单抄错一行"}).status_code == 302
    assert "名单抄错一行" in text(office.get(session.get_absolute_url()))
    assert "名单抄错一行" not in text(Reader(school.worker).get(session.get_absolute_url()))
    contact = Reader(school.contact)
    assert address not in text(contact.get(reverse("session:roster", args=[session.pk])))
    assert contact.get(address).status_code == 409
    api = f"/api/education/session/{session.pk}/correct/"
    words = {"content_type": "application/json", "headers": {"X-CSRFToken": office.client.cookies["csrftoken"].value}}
    assert office.client.post(api, {"number": "N004", "reason": "x"}, **words).status_code == 422
    assert office.client.post(api, {"number": "N005", "reason": "没有签名"}, **words).json() == {"corrected": 1}
    assert Attendance.objects.filter(state="voided").count() == 2
