"""Sanctions as records: periods reckoned anew with every decision, restored rights, revocation, the end by itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from tests.cases.sanction.test_rules import BARS

from yuanqing.cases.sanction import actions, queries, tasks
from yuanqing.cases.sanction.models import Sanction
from yuanqing.kernel.acts import SYSTEM, Refused
from yuanqing.norms.packs import shipped
from yuanqing.org.person.models import Person


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.fixture
def member(bureau: Any) -> Person:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE org_person SET is_party_member = true WHERE id = %s", [bureau.people["staff"].pk])
    found: Person = Person.objects.select_related("unit").get(pk=bureau.people["staff"].pk)
    return found


def impose(bureau: Any, person: Person, kind: str, on: str, **more: Any) -> Sanction:
    words = {"person": person, "kind": kind, "decided_on": d(on), "document": f"纪〔{on[:4]}〕{kind}{on}号", **more}
    made: Sanction = actions.impose(by=bureau.by("manager"), **words)
    return made


def test_the_pack_bars_what_the_hand_checked_tables_say(bureau: Any) -> None:
    """Every bar of the tables of test_rules stands in the pack as it is reckoned with there."""
    pack = queries.Codes().bars
    assert [bar for bar in BARS if bar not in pack] == []
    assert {b.sanction for b in pack} <= {e.code for e in shipped("sanctions").table("sanction")}


def test_the_example_of_the_central_commission(bureau: Any, member: Person) -> None:
    """A warning of January 2016 and a serious warning of July 2016 run together for two years from July."""
    first = impose(bureau, member, "party_warning", "2016-01-15")
    assert first.ends_on == d("2017-01-14")
    second = impose(bureau, member, "party_serious_warning", "2016-07-15")
    first.refresh_from_db()
    assert (first.ends_on, second.ends_on) == (d("2016-07-14"), d("2018-07-14"))


def test_a_revoked_decision_gives_back_what_it_added(bureau: Any, member: Person) -> None:
    first = impose(bureau, member, "party_warning", "2016-01-15")
    second = impose(bureau, member, "party_serious_warning", "2016-07-15")
    with pytest.raises(Refused):
        actions.revoke(first, by=bureau.by("manager"), reason="复查改变", on=d("2016-09-01"))
    with pytest.raises(ValidationError):
        actions.revoke(first, by=bureau.by("chief"), reason=" ", on=d("2016-09-01"))
    first.refresh_from_db()
    actions.revoke(first, by=bureau.by("chief"), reason="复查改变 纪〔2016〕9号", on=d("2016-09-01"))
    second.refresh_from_db()
    assert (first.state, first.ends_on, second.ends_on) == ("revoked", None, d("2018-01-14"))


def test_a_decision_is_not_older_than_any_register(bureau: Any, member: Person) -> None:
    for day in ("0001-01-01", "1949-09-30"):
        with pytest.raises(ValidationError, match="1949-10-01"):
            impose(bureau, member, "demerit", day)
    assert not Sanction.objects.exists()


def test_probation_waits_for_the_restoration(bureau: Any, member: Person) -> None:
    with pytest.raises(ValidationError) as told:
        impose(bureau, member, "party_probation", "2026-01-15")
    assert "months" in told.value.message_dict
    row = impose(bureau, member, "party_probation", "2024-01-15", months=12)
    assert row.ends_on is None
    with pytest.raises(ValidationError):
        actions.restore(row, by=bureau.by("manager"), on=d("2023-01-01"))
    row.refresh_from_db()
    actions.restore(row, by=bureau.by("manager"), on=d("2025-01-20"))
    assert row.ends_on == d("2027-01-19")
    with pytest.raises(ValidationError, match="只登记一次"):
        actions.restore(row, by=bureau.by("manager"), on=d("2025-02-20"))


def test_a_serious_warning_instead_of_a_removal_lasts_two_years(bureau: Any, member: Person) -> None:
    row = impose(bureau, member, "party_serious_warning", "2026-01-15", is_for_removal=True)
    assert (row.months, row.ends_on) == (24, d("2028-01-14"))
    with pytest.raises(ValidationError, match="只有党内严重警告"):
        impose(bureau, member, "party_warning", "2026-01-16", is_for_removal=True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "nonsense"}, "kind"),
        ({"decided_on": date(2999, 1, 1)}, "decided_on"),
        ({"document": " "}, "document"),
        ({"months": 12}, "months"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(bureau: Any, member: Person, changes: dict[str, Any], field: str) -> None:
    words = {"kind": "party_warning", "on": "2026-01-15", **{k: v for k, v in changes.items() if k != "kind"}}
    kind = changes.get("kind", "party_warning")
    words.pop("kind")
    with pytest.raises(ValidationError) as told:
        impose(bureau, member, kind, words.pop("on"), **words)
    assert field in told.value.message_dict
    assert Sanction.objects.count() == 0


def test_party_sanctions_are_for_party_members(bureau: Any) -> None:
    person = Person.objects.select_related("unit").get(pk=bureau.people["intake"].pk)
    with pytest.raises(ValidationError, match="不是中共党员"):
        impose(bureau, person, "party_warning", "2026-01-15")
    assert impose(bureau, person, "demerit", "2026-01-15").ends_on == d("2027-01-14")


def test_nobody_registers_or_sees_his_own(bureau: Any) -> None:
    own = Person.objects.select_related("unit").get(pk=bureau.people["manager"].pk)
    with pytest.raises(Refused):
        impose(bureau, own, "demerit", "2026-01-15")
    row = actions.impose(by=SYSTEM, person=own, kind="demerit", decided_on=d("2026-01-15"), document="纪1号")
    assert not Sanction.objects.visible_to(bureau.by("manager")).exists()
    assert bureau.client("manager").get(row.get_absolute_url()).status_code == 404
    assert Sanction.objects.visible_to(bureau.by("chief")).count() == 1
    assert not Sanction.objects.visible_to(bureau.by("staff")).exists()


def test_it_ends_by_itself_on_the_day_after(bureau: Any, member: Person) -> None:
    today = timezone.localdate()
    over = impose(bureau, member, "admonition", "2020-01-15")
    assert over.ends_on == d("2020-07-14")
    running = impose(bureau, member, "admonition", today.isoformat())
    with pytest.raises(Refused):
        actions.expire(over, by=bureau.by("manager"))
    with pytest.raises(ValidationError):
        actions.expire(running, by=SYSTEM)
    assert tasks.expire_sanctions() == "1 expired"
    assert tasks.expire_sanctions() == "0 expired"
    over.refresh_from_db()
    running.refresh_from_db()
    assert (over.state, running.state) == ("over", "in_force")


def test_pages_and_the_opinion(bureau: Any, member: Person) -> None:
    client = bureau.client("manager")
    assert client.get("/cases/sanction/impose/").status_code == 200
    given = {"person": member.number, "kind": "party_warning", "decided_on": "2016-01-15", "document": "纪〔2016〕1号"}
    assert client.post("/cases/sanction/impose/", {**given, "months": 12}).status_code == 422
    response = client.post("/cases/sanction/impose/", given)
    assert response.status_code == 302
    impose(bureau, member, "party_serious_warning", "2016-07-15")
    page = client.get(response.url).content.decode()
    assert "6 个月 0 天" in page
    assert "2018-07-14" in page
    for query in ("", "?state=in_force", "?q=纪", "?kind=party_warning", "?format=xlsx"):
        assert client.get(f"/cases/sanction/{query}").status_code == 200
    ask = f"/cases/sanction/opinion/?person={member.number}&on="
    assert "党内严重警告" in client.get(f"{ask}2018-07-14").content.decode()
    assert "没有在影响期内" in client.get(f"{ask}2018-07-15").content.decode()
    assert client.get("/cases/sanction/opinion/?person=nobody&on=x").status_code == 200
    assert bureau.client("staff").get("/cases/sanction/opinion/").status_code == 404
    counted = [queries.counts(bureau.by(name))["in_force"] for name in ("manager", "staff")]
    assert counted == [Sanction.objects.filter(state="in_force").count(), 0]
    assert counted[0] > 0
    row = Sanction.objects.get(kind="party_warning")
    assert client.get(f"/cases/sanction/{row.pk}/restore/").status_code == 409  # a warning takes no rights away
    chief = bureau.client("chief")
    assert chief.post(f"/cases/sanction/{row.pk}/revoke/", {"reason": "", "on": "2016-09-01"}).status_code == 422
    assert chief.post(f"/cases/sanction/{row.pk}/revoke/", {"reason": "改变", "on": "2016-09-01"}).status_code == 302


def test_programs(bureau: Any, member: Person) -> None:
    client = bureau.client("manager")
    given = {"person": member.number, "kind": "demerit", "decided_on": "2026-01-15", "document": "政〔2026〕1号"}
    made = client.post("/api/cases/sanction/", given, content_type="application/json")
    assert (made.status_code, made.json()["ends_on"]) == (201, "2027-01-14")
    assert (
        client.post("/api/cases/sanction/", {**given, "person": "no"}, content_type="application/json").status_code
        == 422
    )
    assert client.post("/api/cases/sanction/", given, content_type="application/json").status_code == 409
    found = client.get(f"/api/cases/sanction/barred/?person={member.number}&on=2026-06-01").json()
    assert {one["bars"] for one in found} == {"promotion", "pay_grade"}
    pk = made.json()["id"]
    address = f"/api/cases/sanction/{pk}/revoke/"
    words = {"reason": "复查改变", "on": "2026-02-01"}
    assert client.post(address, words, content_type="application/json").status_code == 409
    revoked = bureau.client("chief").post(address, words, content_type="application/json").json()
    assert (revoked["state"], revoked["ends_on"]) == ("revoked", None)
    assert bureau.client("staff").get(f"/api/cases/sanction/{pk}/").status_code == 404
