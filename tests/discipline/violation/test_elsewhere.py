"""The register seen from the desk, from the search and by programs."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from tests.discipline.violation.test_pages import Reader

from yuanqing.discipline.violation.actions import Someone
from yuanqing.discipline.violation.models import Involved, Violation
from yuanqing.discipline.violation.pages import waiting
from yuanqing.org.account.models import Account
from yuanqing.shell.search.queries import find

MEMBER = Someone("township_and_below", name="某甲", is_party_member=True)
API = "/api/discipline/violation/"


class Program(Reader):
    def send(self, address: str, data: dict[str, Any]) -> Any:
        self.client.get("/discipline/violation/record/")
        token = self.client.cookies["csrftoken"].value
        headers = {"X-CSRFToken": token}
        return self.client.post(
            address, json.dumps(data, default=str), content_type="application/json", headers=headers
        )


def fresh(account: Account) -> Account:
    return Account.objects.get(pk=account.pk)


def hits(words: str, account: Account) -> int:
    return sum(found.total for found in find(words, fresh(account)) if found.kind == "discipline.violation")


def test_what_waits_for_whom(register):
    register.record(MEMBER)
    register.record(MEMBER)
    register.routed(MEMBER)
    lines = waiting(fresh(register.officer))
    assert [(line.count, line.clause) for line in lines] == [(2, "speech.2.5"), (1, "speech.2.8")]
    assert [str(line.title) for line in lines] == ["2 件违规问题等待分流", "1 件违规问题正在办理"]
    assert waiting(fresh(register.secretary)) == []


def test_found_by_number_unit_and_type_but_never_by_name_or_fact(register):
    record = register.record(Someone("county", name="张某某"), facts="在某酒楼宴请。")
    for words, number in [(record.number, 1), ("东一厂", 1), ("公款吃喝", 1), ("张某某", 0), ("酒楼", 0)]:
        assert hits(words, register.officer) == number, words
    west = register.account("西部纪检", "discipline_officer", "02")
    assert hits(record.number, west) == 0


def test_who_is_involved_does_not_find_it(register):
    person = register.person("某纪检", "01", level="county")
    recused = register.account("被涉及的纪检", "discipline_officer", person=person)
    own = register.record(Someone("county", person))
    other = register.record(MEMBER)
    assert hits(own.number, recused) == 0
    assert hits(other.number, recused) == 1
    assert waiting(fresh(recused))[0].count == 1


def test_a_program_keeps_the_register(register):
    program = Program(register.officer)
    given = {
        "unit": "0101", "type": "B2a", "received_on": "2026-10-08", "source": "petition", "severity": "light", "facts": "公款宴请。",
        "people": [{"level": "township_and_below", "name": "某甲", "is_party_member": True}],
    }  # fmt: skip
    made = program.send(API, given)
    assert made.status_code == 201
    pk = made.json()["id"]
    assert made.json()["clause"] == "eight_points.B2a@1.0"
    wrong = program.send(API, {**given, "type": "B2"})
    assert (wrong.status_code, list(wrong.json()["detail"])) == (422, ["type"])
    assert program.send(f"{API}{pk}/conclude/", {"on": "2026-10-20", "outcome": "早了"}).status_code == 409
    assert program.send(f"{API}{pk}/route/", {"version": 1}).json()["route"] == "office_party_organisation"
    assert program.send(f"{API}{pk}/route/", {"version": 1}).status_code == 409
    person = program.get(f"{API}{pk}/").json()["people"][0]
    assert person["name"] == "某甲"
    step = {"involved": person["id"], "code": "party_warning", "decided_on": "2026-10-18"}
    assert program.send(f"{API}{pk}/measure/", step).status_code == 200
    assert (
        program.send(f"{API}{pk}/conclude/", {"on": "2026-10-20", "outcome": "已处理。"}).json()["state"] == "concluded"
    )
    corrected = program.send(f"/api/discipline/correction/{pk}/", {"reason": "日期写错", "received_on": "2026-10-09"})
    assert corrected.status_code == 201
    assert corrected.json()["corrects"] == pk
    assert Violation.objects.get(pk=pk).state == "superseded"


def test_a_program_narrows_the_list(register):
    first = register.concluded(MEMBER, type="B1a")
    register.record(MEMBER, unit=register.units["02"])
    program = Program(register.officer)
    for query, number in [
        ("", 2),
        ("?unit=01", 1),
        ("?state=concluded", 1),
        ("?concluded_from=2026-11-01", 0),
        ("?unit=9", 0),
    ]:
        assert program.get(API + query).json()["count"] == number, query
    assert program.get(f"{API}?type=B1a").json()["items"][0]["number"] == first.number
    assert program.get(f"{API}?received_from=yesterday").status_code == 422


def test_a_program_without_the_right_learns_neither_names_nor_facts(register):
    record = register.concluded(Someone("county", name="张某某", is_party_member=True))
    body = Program(register.secretary).get(f"{API}{record.pk}/")
    assert body.status_code == 200
    assert "张某某" not in body.content.decode()
    assert body.json()["facts"] == ""
    west = Program(register.account("西部纪检", "discipline_officer", "02"))
    assert west.get(f"{API}{record.pk}/").status_code == 404
    assert west.send(f"{API}{record.pk}/dismiss/", {"reason": "试"}).status_code == 404


def test_a_program_cannot_reach_a_person_of_another_matter(register):
    record, other = register.routed(MEMBER), register.routed(MEMBER)
    stranger = Involved.objects.get(violation=other)
    step = {"involved": str(stranger.pk), "code": "criticism", "decided_on": str(date(2026, 10, 20))}
    assert Program(register.officer).send(f"{API}{record.pk}/measure/", step).status_code == 422
