"""Appeals: the person files, nobody of the first case takes part, the sanction stands until it is revoked by the decision."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from tests.cases.docket import Docket

from yuanqing.cases.appeal import actions, queries
from yuanqing.cases.appeal.models import Appeal
from yuanqing.cases.petition.queries import clock
from yuanqing.cases.sanction import actions as sanctions
from yuanqing.cases.sanction.models import Sanction
from yuanqing.kernel.acts import SYSTEM, Conflict, Refused

GROUNDS = "票据一直由我保管，但没有占有，请求减轻。"


def today() -> date:
    return timezone.localdate()


def sanctioned(docket: Docket, kind: str = "demerit", ago: int = 40, name: str = "staff", by: Any = None) -> Sanction:
    row: Sanction = sanctions.impose(
        by=by or docket.by("manager"), person=docket.person(name), kind=kind, decided_on=today() - timedelta(days=ago),
        document=f"政〔2026〕{kind}{ago}号",
    )  # fmt: skip
    return Sanction.objects.select_related("person", "unit").get(pk=row.pk)


def filed(docket: Docket, sanction: Sanction, by: str = "staff", **changes: Any) -> Appeal:
    words = {"kind": "office_review", "known_on": today() - timedelta(days=10), "grounds": GROUNDS, **changes}
    row: Appeal = actions.file(by=docket.by(by), sanction=sanction, **words)
    return Appeal.objects.select_related("unit").get(pk=row.pk)


def reviewed(docket: Docket, row: Appeal) -> Appeal:
    actions.accept(row, by=docket.by("manager"), reviewer=docket.by("judge"))
    actions.review(row, by=docket.by("judge"), proposal="upheld", report="复查认为原处分适当，建议维持。")
    return row


def test_the_person_files_and_is_told_and_the_sanction_stands_meanwhile(docket: Docket) -> None:
    sanction = sanctioned(docket)
    row = filed(docket, sanction)
    assert (row.state, row.is_late, row.due_on) == ("filed", False, clock("appeal.accept", today()))
    reviewed(docket, row)
    assert row.due_on == clock("sup.review_answer", today())
    sanction.refresh_from_db()
    assert sanction.state == "in_force"
    words = {"outcome": "upheld", "document": "政复〔2026〕1号", "on": today(), "reason": "事实清楚，处理适当。"}
    actions.decide(row, by=docket.by("chief"), **words)
    actions.tell(row, by=docket.by("manager"), on=today())
    sanction.refresh_from_db()
    assert (row.state, row.due_on, sanction.state) == ("told", None, "in_force")


def test_a_decision_that_does_not_uphold_ends_the_sanction(docket: Docket) -> None:
    sanction = sanctioned(docket)
    row = reviewed(docket, filed(docket, sanction))
    words = {"outcome": "annulled", "document": "政复〔2026〕2号", "on": today(), "reason": "证据不足。"}
    actions.decide(row, by=docket.by("chief"), **words)
    sanction.refresh_from_db()
    assert (sanction.state, sanction.ends_on, row.state) == ("revoked", None, "decided")
    assert "政复〔2026〕2号" in sanction.revocation


@pytest.mark.parametrize(
    ("days", "is_late"), [(1, False), (28, False), (31, False), (32, True), (39, True)]
)  # a month from the day it was known; shorter months end sooner
def test_the_term_for_filing_is_reckoned(docket: Docket, days: int, is_late: bool) -> None:
    known = today() - timedelta(days=days)
    row = filed(docket, sanctioned(docket), known_on=known)
    assert row.is_late == (today() > clock("sup.review_request", known))
    assert row.is_late == is_late or days == 31
    if row.is_late:
        with pytest.raises(ValidationError, match="超过期限"):
            actions.accept(row, by=docket.by("manager"), reviewer=docket.by("judge"))


def test_nobody_of_the_first_case_takes_part(docket: Docket) -> None:
    sanction = sanctioned(docket)
    case = docket.fresh()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_sanction SET case_id = %s WHERE id = %s", [case.pk, sanction.pk])
    sanction.refresh_from_db()
    row = filed(docket, sanction)
    assert {one.username for one in queries.reviewers(row)} == set()  # both judges tried it
    with pytest.raises(ValidationError, match="参加过原案"):
        actions.accept(row, by=docket.by("manager"), reviewer=docket.by("judge"))
    with pytest.raises(Refused, match="参加过原案"):
        actions.decline(row, by=docket.by("chief"), reason="不属于受理范围")
    row.refresh_from_db()
    actions.decline(row, by=docket.by("chief2"), reason="不属于受理范围")
    assert row.state == "declined"


def test_reviewer_and_decider_are_two_and_the_appellant_is_none_of_them(docket: Docket) -> None:
    row = filed(docket, sanctioned(docket))
    for who in ("staff", "handler"):
        with pytest.raises(Refused):
            actions.accept(row, by=docket.by(who), reviewer=docket.by("judge"))
    row.refresh_from_db()
    actions.accept(row, by=docket.by("manager"), reviewer=docket.by("judge"))
    with pytest.raises(Refused, match="指定的复查人"):
        actions.review(row, by=docket.by("judge2"), proposal="upheld", report="复查认为原处分适当，建议维持。")
    row.refresh_from_db()
    with pytest.raises(ValidationError):
        actions.review(row, by=docket.by("judge"), proposal="no", report="复查认为原处分适当，建议维持。")
    assert Appeal.objects.get().report == ""


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "nonsense"}, "kind"),
        ({"kind": "party_review"}, "kind"),  # not for an administrative sanction
        ({"kind": "office_second"}, "kind"),  # the first one comes first
        ({"known_on": date(2020, 1, 1)}, "known_on"),
        ({"filed_on": date(2999, 1, 1)}, "filed_on"),
        ({"grounds": "不服"}, "grounds"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(docket: Docket, changes: dict[str, Any], field: str) -> None:
    sanction = sanctioned(docket)
    with pytest.raises(ValidationError) as told:
        filed(docket, sanction, **changes)
    assert field in told.value.message_dict
    assert Appeal.objects.count() == 0


def test_the_second_review_follows_the_first(docket: Docket) -> None:
    sanction = sanctioned(docket)
    row = reviewed(docket, filed(docket, sanction))
    with pytest.raises(Conflict):
        filed(docket, sanction)
    words = {"outcome": "upheld", "document": "政复〔2026〕1号", "on": today(), "reason": "处理适当。"}
    actions.decide(row, by=docket.by("chief"), **words)
    actions.tell(row, by=docket.by("manager"), on=today())
    second = filed(docket, sanction, kind="office_second", known_on=today())
    actions.accept(second, by=docket.by("manager"), reviewer=docket.by("judge2"))
    assert second.due_on == clock("sup.second_answer", today())


def test_one_files_for_oneself_only(docket: Docket) -> None:
    sanction = sanctioned(docket, name="admin", by=SYSTEM)
    with pytest.raises(Refused):
        filed(docket, sanction)
    row = filed(docket, sanction, by="manager")  # on paper, for the person
    with pytest.raises(Refused):
        actions.withdraw(row, by=docket.by("staff"), reason="不想申诉了")
    row.refresh_from_db()
    actions.withdraw(row, by=docket.by("admin"), reason="不想申诉了")
    assert row.state == "withdrawn"


def test_pages(docket: Docket) -> None:
    sanction = sanctioned(docket)
    staff, manager = docket.client("staff"), docket.client("manager")
    page = staff.get("/cases/appeal/file/")
    assert (page.status_code, sanction.document in page.content.decode()) == (200, True)
    given = {
        "sanction": sanction.pk,
        "kind": "office_review",
        "known_on": today() - timedelta(days=3),
        "filed_on": today(),
        "grounds": "短",
    }
    assert staff.post("/cases/appeal/file/", given).status_code == 422
    response = staff.post("/cases/appeal/file/", {**given, "grounds": GROUNDS})
    assert response.status_code == 302
    row = Appeal.objects.get()
    assert GROUNDS in staff.get(row.get_absolute_url()).content.decode()
    assert GROUNDS in manager.get(row.get_absolute_url()).content.decode()
    assert "等待受理" in manager.get("/").content.decode()
    for query in ("", "?state=filed", "?kind=office_review", "?q=人", "?format=xlsx"):
        assert manager.get(f"/cases/appeal/{query}").status_code == 200
    address = row.get_absolute_url()
    assert manager.post(f"{address}accept/", {"reviewer": docket.by("judge").pk}).status_code == 302
    assert manager.post(f"{address}accept/", {"reviewer": docket.by("judge").pk}).status_code == 409
    assert docket.client("judge").get(f"{address}review/").status_code == 200
    given = {"proposal": "upheld", "report": "复查认为原处分适当，建议维持。"}
    assert docket.client("judge").post(f"{address}review/", given).status_code == 302
    seen = staff.get(address).content.decode()
    assert "建议维持" not in seen  # the report is for those who decide
    given = {"outcome": "upheld", "document": "政复〔2026〕1号", "on": today(), "reason": "处理适当。"}
    assert docket.client("chief").post(f"{address}decide/", given).status_code == 302
    assert "政复〔2026〕1号" in staff.get(address).content.decode()
    assert docket.client("handler").get(address).status_code == 404


def test_programs(docket: Docket) -> None:
    sanction = sanctioned(docket)
    manager = docket.client("manager")
    given = {
        "sanction": str(sanction.pk),
        "kind": "office_review",
        "known_on": (today() - timedelta(days=3)).isoformat(),
        "grounds": GROUNDS,
    }
    made = manager.post("/api/cases/appeal/", given, content_type="application/json")
    assert (made.status_code, made.json()["state"]) == (201, "filed")
    address = f"/api/cases/appeal/{made.json()['id']}/"
    assert manager.post(f"{address}accept/", {"reviewer": "chief"}, content_type="application/json").status_code == 422
    done = manager.post(f"{address}accept/", {"reviewer": "judge"}, content_type="application/json")
    assert done.json()["state"] == "accepted"
    assert manager.post(f"{address}decline/", {"reason": "x"}, content_type="application/json").status_code == 409
    assert docket.client("handler").get(address).status_code == 404
    assert manager.get("/api/cases/appeal/?state=accepted").json()["count"] == 1
