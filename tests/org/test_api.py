"""The same acts and the same sight for programs."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.utils import timezone

from yuanqing.kernel.acts import SYSTEM
from yuanqing.org.account.models import Account
from yuanqing.org.person import actions as people
from yuanqing.org.post import actions as posts
from yuanqing.org.unit.models import Unit

MARCH = date(2025, 3, 1)


@pytest.fixture
def send(client_of):
    """POST JSON with the token that the site gave."""

    def post(client, address, given):
        client.get("/about/")
        client.get("/org/account/password/")
        token = client.cookies["csrftoken"].value
        return client.post(address, given, content_type="application/json", headers={"X-CSRFToken": token})

    return post


def codes(answer) -> list[str]:
    return [row["code"] for row in answer.json()["items"]]


def test_units_in_pages_and_by_filter(group, client_of):
    client = client_of("unit_leader", "A")
    assert codes(client.get("/api/org/unit/")) == ["A", "A1", "A2"]
    assert codes(client.get("/api/org/unit/?limit=1&offset=1")) == ["A1"]
    assert codes(client.get("/api/org/unit/?q=yixiang")) == ["A2"]
    assert codes(client.get("/api/org/unit/?q=甲")) == ["A1"]
    assert codes(client_of("auditor").get("/api/org/unit/?within=B")) == ["B", "B1"]
    assert codes(client.get("/api/org/unit/?within=B")) == []


def test_the_tree_as_then(group, client_of, send):
    client = client_of("system_administrator")
    given = {"name": "第一工程公司", "on": "2025-03-01", "reason": "改制"}
    assert send(client, f"/api/org/unit/{group.A.pk}/rename/", given).status_code == 200
    level = lambda on: client.get(f"/api/org/unit/tree/?parent_id={group.G.pk}{on}").json()  # noqa: E731
    assert [p["name"] for p in level("")] == ["第一工程公司", "第二公司"]
    assert [p["name"] for p in level("&on=2025-02-28")] == ["第一公司", "第二公司"]
    history = client.get(f"/api/org/unit/{group.A.pk}/").json()["history"]
    assert [(h["name"], h["starts_on"], h["ends_before"]) for h in history] == [
        ("第一公司", "2024-01-01", "2025-03-01"),
        ("第一工程公司", "2025-03-01", None),
    ]


def test_refusals_faults_and_absence_have_their_numbers(group, client_of, send):
    leader, admin = client_of("unit_leader", "A"), client_of("system_administrator", "A")
    given = {"name": "别名", "on": "2025-03-01", "reason": "试"}
    assert send(leader, f"/api/org/unit/{group.A.pk}/rename/", given).status_code == 409
    assert send(admin, f"/api/org/unit/{group.A.pk}/rename/", {**given, "on": "2020-01-01"}).status_code == 422
    assert send(admin, f"/api/org/unit/{group.A.pk}/rename/", {**given, "name": "a\x00"}).status_code == 422
    assert send(admin, f"/api/org/unit/{group.A.pk}/rename/", {**given, "version": 9}).status_code == 409
    hidden = send(admin, f"/api/org/unit/{group.B.pk}/rename/", given)
    absent = send(admin, f"/api/org/unit/{uuid4()}/rename/", given)
    assert (
        (hidden.status_code, hidden.content)
        == (absent.status_code, absent.content)
        == (404, b'{"detail": "Not Found"}')
    )
    assert Unit.objects.get(code="A").name == "第一公司"


def test_a_parent_out_of_sight_is_unknown(group, client_of, send):
    admin = client_of("system_administrator", "A")
    given = {"code": "N", "name": "新", "began_on": "2025-03-01", "parent_id": str(group.B.pk)}
    answer = send(admin, "/api/org/unit/", given)
    assert (answer.status_code, answer.json()["detail"]) == (422, {"parent_id": ["找不到这个单位。"]})
    assert send(admin, "/api/org/unit/", {**given, "parent_id": str(group.A.pk)}).status_code == 201


def test_people_posts_and_appointments(group, client_of, send):
    client = client_of("system_administrator", "A")
    unit = str(group.A1.pk)
    person = send(client, "/api/org/person/", {"number": "P1", "name": "张三", "unit_id": unit}).json()
    post = send(client, "/api/org/post/", {"code": "G1", "name": "出纳", "unit_id": unit, "rank": "r"}).json()
    held = {"person_id": person["id"], "starts_on": "2025-03-01"}
    made = send(client, f"/api/org/post/{post['id']}/appointments/", held)
    assert made.status_code == 201
    assert send(client, f"/api/org/post/{post['id']}/appointments/", held).status_code == 422
    (line,) = client.get("/api/org/post/?within=A").json()["items"]
    assert line["holders"][0]["person_id"] == person["id"]
    assert client.get("/api/org/post/?on=2025-02-01").json()["items"][0]["holders"] == []
    ended = send(client, f"/api/org/post/appointments/{made.json()['id']}/end/", {"on": "2025-06-01", "reason": "轮岗"})
    assert ended.json()["ends_before"] == "2025-06-01"
    moved = send(
        client,
        f"/api/org/person/{person['id']}/transfer/",
        {"unit_id": str(group.A2.pk), "on": "2025-06-01", "reason": "调"},
    )
    assert moved.json()["unit_id"] == str(group.A2.pk)
    assert client_of("unit_leader", "B").get(f"/api/org/person/{person['id']}/").status_code == 404


def test_who_manages(group, client_of):
    posts.set_jurisdiction(by=SYSTEM, unit=group.G, rank="r", manager=group.G, starts_on=MARCH)
    answer = client_of("auditor").get(f"/api/org/post/manager/?unit_id={group.A1.pk}&rank=r")
    assert answer.json()["manager_code"] == "G"


def test_grants(group, client_of, send):
    people.enrol(by=SYSTEM, number="P1", name="张三", unit=group.A1)
    client = client_of("security_administrator", name="root")
    second = client_of("security_administrator", name="second")
    other = client_of("staff", "A", name="other")
    account = Account.objects.get(username="other")
    given = {"role": "unit_leader", "unit_id": str(group.A.pk), "starts_on": "2025-03-01", "reason": "任负责人"}
    made = send(client, f"/api/org/account/{account.pk}/grants/", given)
    assert (made.status_code, made.json()["state"]) == (201, "proposed")
    pk = made.json()["id"]
    assert send(client, f"/api/org/account/grants/{pk}/confirm/", {}).status_code == 409
    assert send(second, f"/api/org/account/grants/{pk}/confirm/", {}).json()["state"] == "in_force"
    assert len(client.get(f"/api/org/account/{account.pk}/").json()["grants"]) == 2
    mine = Account.objects.get(username="root")
    assert send(client, f"/api/org/account/{mine.pk}/grants/", {**given, "role": "staff"}).status_code == 409
    assert send(client, f"/api/org/account/grants/{pk}/end/", {"on": "2025-06-01", "reason": "换"}).status_code == 200
    assert other.get("/api/org/account/").status_code == 401  # rights changed, so what was signed in has ended
    other.force_login(account)
    assert [row["username"] for row in other.get("/api/org/account/").json()["items"]] == ["other"]


def test_without_signing_in_there_is_nothing(client, group):
    assert client.get("/api/org/unit/").status_code in (302, 401)


def test_delegations(group, client_of, send):
    lender = client_of("unit_leader", "A")
    grant = Account.objects.get(pk=lender.session["_auth_user_id"]).grants.get()
    helper = client_of("staff", "A1")
    to = str(helper.session["_auth_user_id"])
    today = timezone.localdate()
    days = {"starts_on": today.isoformat(), "ends_on": today.isoformat(), "reason": "出差"}
    assert send(lender, "/api/org/delegation/", {"grant_id": str(uuid4()), "to": to, **days}).status_code == 422
    made = send(lender, "/api/org/delegation/", {"grant_id": str(grant.pk), "to": to, **days})
    assert made.status_code == 201, made.json()
    assert made.json()["role"] == "unit_leader"
    one = f"/api/org/delegation/{made.json()['id']}/revoke/"
    assert send(client_of("unit_leader", "B"), one, {"reason": "x"}).status_code == 404
    assert [row["state"] for row in lender.get("/api/org/delegation/").json()["items"]] == ["in_force"]
    assert send(lender, one, {"reason": "回来了"}).json()["state"] == "revoked"


def test_recusals_and_who_sees(group, client_of, send):
    leader, security = client_of("unit_leader", "A"), client_of("security_administrator")
    me = str(leader.session["_auth_user_id"])
    about = {"ground": "relative", "reason": "配偶任职"}
    assert send(leader, "/api/org/recusal/declare/", about).status_code == 422
    made = send(leader, "/api/org/recusal/declare/", {**about, "unit_id": str(group.A1.pk)})
    assert (made.status_code, made.json()["state"]) == (201, "declared")
    why = security.get(f"/api/org/access/account/{me}/?capability=org.unit.view&unit_id={group.A1.pk}").json()
    assert not why["allowed"]
    readers = security.get(f"/api/org/access/record/org.unit/{group.A1.pk}/").json()["readers"]
    assert [r["recused"] for r in readers if r["account_id"] == me] == [True]
    assert client_of("staff", "A").get("/api/org/access/role/unit_leader/").status_code == 409
    assert security.get("/api/org/access/role/unit_leader/").json()["count"] == 1


def test_traces_and_sessions(group, client_of, send):
    auditor, leader = client_of("auditor"), client_of("unit_leader", "A")
    assert leader.get("/api/shell/audit/").status_code == 409
    rows = auditor.get("/api/shell/audit/?noun=org.unit&limit=3").json()["items"]
    assert {row["act"].rpartition(".")[0] for row in rows} == {"org.unit"}
    assert auditor.get("/api/shell/audit/read/").status_code == 200
    assert leader.get("/api/org/signin/sessions/").json()["count"] == 1
    me = str(leader.session["_auth_user_id"])
    ended = f"/api/org/signin/accounts/{me}/end-sessions/"
    assert send(auditor, ended, {"reason": "x"}).status_code == 404
    assert send(client_of("system_administrator"), ended, {"reason": "电脑遗失"}).json()["count"] == 1
    assert leader.get("/api/org/signin/sessions/").status_code == 401
    assert [row["happening"] for row in auditor.get(f"/api/org/signin/?account={me}").json()["items"]] == [
        "end_sessions"
    ]


def test_recusals_are_decided_and_lifted_by_somebody_else(group, client_of, send, account_of):
    clerk = account_of("unit_leader", "A", "clerk")
    about = {"ground": "interest", "reason": "利害关系", "account_id": str(clerk.pk)}
    asker, decider = (
        client_of("system_administrator", name="asker"),
        client_of("security_administrator", name="decider"),
    )
    ask = lambda unit: send(asker, "/api/org/recusal/request/", {**about, "unit_id": str(unit.pk)}).json()  # noqa: E731
    first, second = ask(group.A1), ask(group.A2)
    decide = lambda one, step, **given: send(decider, f"/api/org/recusal/{one['id']}/{step}/", given)  # noqa: E731

    assert send(asker, f"/api/org/recusal/{first['id']}/uphold/", {}).status_code in (404, 409)
    assert decide(first, "decline").status_code == 422  # without a reason
    assert decide(first, "uphold", version=first["version"] + 7).status_code == 409  # somebody was faster
    assert Account.objects.get(pk=clerk.pk).can("org.unit.view", group.A1)

    upheld = decide(first, "uphold", version=first["version"]).json()
    assert (upheld["state"], upheld["version"]) == ("in_force", first["version"] + 1)
    assert not Account.objects.get(pk=clerk.pk).can("org.unit.view", group.A1)
    assert decide(second, "decline", reason="没有利害关系").json()["state"] == "declined"
    assert decide(second, "lift", reason="x").status_code == 409  # it never held
    assert decide(first, "lift", reason="已调离").json()["state"] == "lifted"
    assert Account.objects.get(pk=clerk.pk).can("org.unit.view", group.A1)
