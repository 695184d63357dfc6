"""What follows a case: it names nobody, is answered by the unit, re-visited by others, taught, watched; before it there is no archive."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.cases.docket import Docket
from tests.cases.typist import typed_for_long

from yuanqing.cases.lead.queries import drafted
from yuanqing.cases.redress import actions, queries
from yuanqing.cases.redress.models import Redress
from yuanqing.cases.redress.rules import identifying
from yuanqing.cases.trial import actions as trials
from yuanqing.discipline.violation import actions as violations
from yuanqing.discipline.violation.queries import Codes
from yuanqing.education.column.models import Article
from yuanqing.kernel.acts import SYSTEM, Refused
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.figures.reading import totals
from yuanqing.norms.obligation.models import Obligation
from yuanqing.org.account import actions as accounts
from yuanqing.org.person import actions as people

TEXT = "收入票据由经办人自行保管，领用没有登记；请改由财务统一保管。"
ANSWER = "票据已收归财务，登记簿已建立，由会计负责，每月核对一次。"


def today() -> date:
    return timezone.localdate()


def issue(docket: Docket, by: str = "manager", **changes: Any) -> Redress:
    bureau = docket.bureau
    words = {"kind": "loophole", "title": "票据管理的漏洞", "text": TEXT, "unit": bureau.units["S"], "type": "B4"}
    secret = bureau.secret(by, docket.case)
    made: Redress = actions.issue(by=docket.by(by), case=docket.fresh(), secret=secret, **{**words, **changes})
    return Redress.objects.select_related("unit", "case__unit").get(pk=made.pk)


def answered(docket: Docket, **changes: Any) -> Redress:
    row = issue(docket, **changes)
    actions.answer(row, by=docket.by("leader"), is_accepted=True, answer=ANSWER)
    return row


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("某科室的票据没有登记", ["张三"], []),
        ("张三的票据没有登记", ["张三"], ["张三"]),
        ("张 三的票据没有登记", ["张三"], ["张三"]),
        ("张\n三的票据", ["张 三"], ["张三"]),
        ("编号P014的人", ["P014", "张三"], ["P014"]),
        ("王没有登记", ["王"], []),
        ("", ["张三"], []),
        ("张三和李四", ["李四", "张三", "张三"], ["张三", "李四"]),
    ],
)
def test_names_are_found_whatever_is_put_between(text: str, names: list[str], found: list[str]) -> None:
    assert sorted(identifying([text], names)) == sorted(found)


def test_the_unit_owes_an_answer_and_gives_it(docket: Docket) -> None:
    row = issue(docket, due_on=today() + timedelta(days=20))
    owed = Obligation.objects.get(kind="casework.redress_answer")
    assert (owed.unit_id, owed.subject, owed.about) == (row.unit_id, row.pk, row.title)
    assert timezone.localtime(owed.due_at).date() == today() + timedelta(days=21)  # until the end of the day
    with pytest.raises(ValidationError):
        actions.answer(row, by=docket.by("leader"), is_accepted=False, answer="不采纳")
    row.refresh_from_db()
    assert row.state == "issued"
    with pytest.raises(Refused):
        actions.answer(row, by=docket.by("manager"), is_accepted=True, answer=ANSWER)
    actions.answer(row, by=docket.by("leader"), is_accepted=True, answer=ANSWER)
    owed.refresh_from_db()
    assert (row.state, owed.fulfilled_by) == ("answered", row.pk)
    with pytest.raises(Refused):
        actions.verify(row, by=docket.by("leader"), on=today(), effect="mended", finding="已看")
    with pytest.raises(ValidationError):
        actions.verify(row, by=docket.by("manager"), on=today() - timedelta(days=1), effect="mended", finding="已看")
    row.refresh_from_db()
    actions.verify(
        row, by=docket.by("manager"), on=today(), effect="mended", finding="票据柜和登记簿都在，抽查三本相符"
    )
    assert (row.state, row.due_on, row.ended_on) == ("verified", None, today())


def test_what_was_not_mended_goes_back_with_a_new_clock(docket: Docket) -> None:
    row = answered(docket)
    first = row.due_on
    with pytest.raises(ValidationError):
        actions.send_back(row, by=docket.by("manager"), reason=" ")
    row.refresh_from_db()
    actions.send_back(row, by=docket.by("manager"), reason="登记簿是空的")
    assert (row.state, row.returns) == ("issued", 1)
    assert row.due_on is not None
    assert first is not None
    assert row.due_on < first


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "nonsense"}, "kind"),
        ({"text": "太短"}, "text"),
        ({"type": "Z9"}, "type"),
        ({"due_on": date(2020, 1, 1)}, "due_on"),
        ({"text": "人16把票据自行保管，领用没有登记。"}, "text"),
        ({"title": "人 16 的票据"}, "text"),
        ({"kind": "lesson", "text": "本部一名干部把票据自行保管，领用没有登记。"}, "text"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(docket: Docket, changes: dict[str, Any], field: str) -> None:
    assert docket.person("staff").name == "人16"
    with pytest.raises(ValidationError) as told:
        issue(docket, **changes)
    assert field in told.value.message_dict
    assert Redress.objects.count() == 0


def test_nothing_is_asked_of_a_unit_before_the_decision(docket: Docket) -> None:
    case = docket.fresh()
    case.decided_on = None
    with pytest.raises(ValidationError, match="作出决定以后"):
        actions.issue(
            by=docket.by("manager"), case=case, secret=docket.bureau.secret("manager", docket.case), kind="loophole",
            title="漏洞", text=TEXT, unit=docket.bureau.units["S"],
        )  # fmt: skip


def test_a_lesson_is_read_by_a_second_person_and_becomes_a_draft(docket: Docket) -> None:
    row = issue(docket, kind="lesson", type="", text="某单位把零星收入另记一本账，几年下来数额不小。")
    assert not Obligation.objects.filter(kind="casework.redress_answer").exists()
    for who, told in (("manager", "提出人以外"), ("leader", "没有这项权限")):
        with pytest.raises(Refused, match=told):
            actions.teach(row, by=docket.by(who), kind="column.case", is_deidentified=True)
    row.refresh_from_db()
    with pytest.raises(ValidationError, match="核对"):
        actions.teach(row, by=docket.by("chief"), kind="column.case", is_deidentified=False)
    assert Article.objects.count() == 0
    row.refresh_from_db()
    actions.teach(row, by=docket.by("chief"), kind="column.case", is_deidentified=True)
    made = Article.objects.get()
    assert (row.state, row.article_id, made.state, made.body) == ("taught", made.pk, "draft", row.text)
    with pytest.raises(Refused):
        actions.answer(row, by=docket.by("leader"), is_accepted=True, answer=ANSWER)


def test_a_case_is_not_archived_before_it_is_decided_what_follows(docket: Docket) -> None:
    case, manager, chief = docket.fresh(), docket.by("manager"), docket.by("chief")
    trials.deliver(case, by=manager, on=today())
    trials.tell(case, by=manager, on=today())
    trials.execute(case, by=manager, on=today(), drafts=drafted(case, {"execution": "已执行"}, "case"))
    with pytest.raises(Refused, match="不能归档"):
        trials.archive(case, by=manager)
    with pytest.raises(ValidationError, match="还没有提出"):
        trials.extend(case, by=chief)
    row = issue(docket)
    actions.withdraw(row, by=chief, reason="重复提出")
    with pytest.raises(ValidationError, match="还没有提出"):
        trials.extend(case, by=chief)
    issue(docket)
    trials.extend(case, by=chief)
    trials.archive(case, by=manager)
    assert case.state == "archived"


def test_the_same_again_in_the_same_unit_is_counted(docket: Docket) -> None:
    row, units = issue(docket), docket.bureau.units
    assert row.watched_until is not None
    assert list(queries.came_back(row)) == []
    for unit, type in ((units["S"], "B4"), (units["S"], "B2a"), (units["H"], "B4")):
        record_violation(unit, type)
    assert queries.came_back(row).count() == 0  # on the day of the issue it was known already
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_redress SET issued_on = issued_on - 10 WHERE id = %s", [row.pk])
    row.refresh_from_db()
    assert queries.came_back(row).count() == 1
    assert queries.with_recurrence(Redress.objects.all()).get().has_come_back
    found = totals("redress.recurred", [Month.of(today())])
    assert sum(one.value for one in found) == 1
    assert sum(one.value for one in totals("redress.issued", [Month.of(row.issued_on)])) == 1
    assert "同类问题又出现" in docket.client("leader").get(row.get_absolute_url()).content.decode()


def test_the_same_again_is_not_told_to_whom_it_is_about(docket: Docket) -> None:
    row, units = issue(docket), docket.bureau.units
    person = people.enrol(by=SYSTEM, number="P900", name="副职", unit=units["S"])
    deputy = accounts.open_account(by=SYSTEM, username="deputy", display_name="副职", person=person)
    accounts.grant(
        by=SYSTEM, account=deputy, role="unit_leader", unit=units["S"], starts_on=row.issued_on, reason="分管"
    )
    record_violation(units["S"], "B4", person)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_redress SET issued_on = issued_on - 10 WHERE id = %s", [row.pk])
    row.refresh_from_db()
    number = queries.came_back(row).get().number
    assert number in docket.client("leader").get(row.get_absolute_url()).content.decode()
    client = Client()
    client.force_login(deputy)
    page = client.get(row.get_absolute_url())
    assert (page.status_code, number in page.content.decode()) == (200, False)


def record_violation(unit: Any, type: str, person: Any = None) -> None:
    codes = Codes.now()
    level = next(iter(codes.levels))
    violations.record(
        by=SYSTEM, unit=unit, type=type, source=next(iter(codes.sources)), facts="发放津补贴", received_on=today(),
        severity=next(iter(codes.severities)), people=[violations.Someone(level, person, "某人")],
    )  # fmt: skip


def test_pages_for_those_who_ask_and_those_who_answer(docket: Docket) -> None:
    manager = docket.client("manager", unlock=True)
    address = f"/cases/redress/issue/{docket.case.pk}/"
    assert docket.client("manager").get(address).status_code == 302  # the file is locked
    assert docket.client("leader").get(address).status_code == 404  # the case is not there for him
    assert manager.get(address).status_code == 200
    given = {
        "kind": "recommendation",
        "title": "纪检建议",
        "text": "人16的票据没有登记，请清理。",
        "unit": "S",
        "type": "B4",
    }
    page = manager.post(address, given)
    assert (page.status_code, "请先脱敏" in page.content.decode()) == (422, True)
    response = manager.post(address, {**given, "text": TEXT})
    assert response.status_code == 302
    row = Redress.objects.get()
    assert row.title in manager.get(docket.case.get_absolute_url()).content.decode()
    leader = docket.client("leader")
    response = leader.get(row.get_absolute_url())
    assert response.status_code == 200
    page = response.content.decode()
    assert TEXT in page
    assert docket.case.number not in page  # the file is none of the unit's business
    for query in ("", "?state=issued", "?q=纪检", "?kind=lesson", "?format=xlsx", "?order=due_on"):
        assert leader.get(f"/cases/redress/{query}").status_code == 200
    assert leader.post(f"{row.get_absolute_url()}answer/", {"is_accepted": "yes", "answer": "好"}).status_code == 422
    assert leader.post(f"{row.get_absolute_url()}answer/", {"is_accepted": "no", "answer": ANSWER}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.is_accepted) == ("answered", False)
    assert "等待回访" in manager.get("/").content.decode()
    given = {"on": today().isoformat(), "effect": "mended", "finding": "到现场看过，已经整改"}
    assert manager.post(f"{row.get_absolute_url()}verify/", given).status_code == 302
    assert docket.client("staff").get(row.get_absolute_url()).status_code == 404
    assert docket.client("staff").get("/cases/redress/").status_code == 200


def test_what_a_case_asks_survives_a_key_that_locked_itself(docket: Docket) -> None:
    typed = {"kind": "recommendation", "title": "纪检建议", "text": TEXT, "unit": "S", "type": "B4"}
    address = f"/cases/redress/issue/{docket.case.pk}/"
    assert typed_for_long(docket.by("manager"), address, typed, sealed=TEXT).status_code == 302
    assert Redress.objects.get().text == TEXT


def test_programs(docket: Docket) -> None:
    row = issue(docket)
    client, address = docket.client("leader"), f"/api/cases/redress/{row.pk}/"
    assert client.get("/api/cases/redress/?state=issued").json()["items"][0]["unit"] == "S"
    body = {"answer": ANSWER, "is_accepted": True, "version": row.version}
    assert client.post(f"{address}answer/", body, content_type="application/json").json()["state"] == "answered"
    assert client.post(f"{address}answer/", body, content_type="application/json").status_code == 409
    body = {"on": today().isoformat(), "effect": "no", "finding": "看过"}
    manager = docket.client("manager")
    assert manager.post(f"{address}verify/", body, content_type="application/json").status_code == 422
    assert manager.post(f"{address}withdraw/", {"reason": "x"}, content_type="application/json").status_code == 409
    assert (
        manager.post(f"{address}send-back/", {"reason": "没有做"}, content_type="application/json").status_code == 200
    )
    assert docket.client("staff").get(address).status_code == 404
