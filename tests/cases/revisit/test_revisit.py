"""Return visits: planned with the sanction, held by two, no longer asked for when it is revoked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from tests.cases.appeal.test_appeal import sanctioned
from tests.cases.docket import Docket

from yuanqing.cases.revisit import actions, queries
from yuanqing.cases.revisit.models import Revisit
from yuanqing.cases.sanction import actions as sanctions
from yuanqing.cases.sanction.models import Sanction
from yuanqing.kernel.acts import SYSTEM, Refused

HELD = {"people": 2, "impression": "steady", "record": "本人认识到错误，工作积极，家人支持。"}


def today() -> date:
    return timezone.localdate()


@pytest.mark.parametrize(
    ("kind", "decided", "asked", "days"),
    [
        ("admonition", "2026-01-15", "2026-01-15", ["2026-07-15"]),
        ("admonition", "2026-01-15", "2026-07-16", []),
        ("demerit", "2026-01-15", "2026-01-15", ["2026-07-15", "2027-01-15"]),
        ("demerit", "2026-01-15", "2026-08-01", ["2027-01-15"]),
        ("party_warning", "2026-08-31", "2026-08-31", ["2027-02-28", "2027-08-31"]),
        ("party_warning", "2016-01-15", "2026-01-15", []),  # what lies in the past is not made up for
    ],
)
def test_when_visits_are_due(docket: Docket, kind: str, decided: str, asked: str, days: list[str]) -> None:
    row = Sanction(kind=kind, decided_on=date.fromisoformat(decided))
    assert [day.isoformat() for day in queries.due_days(row, date.fromisoformat(asked))] == days


def test_a_sanction_plans_them_and_its_revocation_ends_them(docket: Docket) -> None:
    sanction = sanctioned(docket, ago=10)
    rows = list(Revisit.objects.order_by("due_on"))
    assert [row.state for row in rows] == ["planned", "planned"]
    assert {row.kind for row in rows} == {"demerit"}
    sanctions.revoke(sanction, by=docket.by("chief"), reason="复查改变", on=today())
    assert {row.state for row in Revisit.objects.all()} == {"excused"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"people": 1}, "people"),
        ({"impression": "no"}, "impression"),
        ({"record": "好"}, "record"),
        ({"impression": "in_difficulty"}, "help"),
        ({"on": date(2020, 1, 1)}, "on"),
        ({"on": date(2999, 1, 1)}, "on"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(docket: Docket, changes: dict[str, Any], field: str) -> None:
    sanctioned(docket, ago=10)
    row = Revisit.objects.select_related("unit").first()
    assert row is not None
    with pytest.raises(ValidationError) as told:
        actions.hold(row, by=docket.by("handler"), **{"on": today(), **HELD, **changes})
    assert field in told.value.message_dict
    row.refresh_from_db()
    assert row.state == "planned"


def test_held_put_off_and_excused(docket: Docket) -> None:
    sanctioned(docket, ago=10)
    first, second = Revisit.objects.select_related("unit").order_by("due_on")
    with pytest.raises(Refused):
        actions.hold(first, by=docket.by("staff"), on=today(), **HELD)
    actions.hold(first, by=docket.by("handler"), on=today(), **HELD)
    assert (first.state, first.held_on) == ("held", today())
    due = second.due_on
    with pytest.raises(ValidationError):
        actions.put_off(second, by=docket.by("manager"), until=due, reason="出差")
    second.refresh_from_db()
    actions.put_off(second, by=docket.by("manager"), until=due + timedelta(days=9), reason="本人住院")
    assert (second.put_off, second.due_on) == (1, due + timedelta(days=9))
    with pytest.raises(Refused):
        actions.excuse(second, by=docket.by("manager"), reason="调离")
    actions.excuse(second, by=docket.by("chief"), reason="本人已调离本系统")
    assert second.state == "excused"


def test_nobody_visits_himself(docket: Docket) -> None:
    sanctioned(docket, ago=10, name="handler", by=SYSTEM)
    assert not Revisit.objects.visible_to(docket.by("handler")).exists()
    row = Revisit.objects.select_related("unit").first()
    assert row is not None
    with pytest.raises(Refused):
        actions.hold(row, by=docket.by("handler"), on=today(), **HELD)


def test_pages_and_programs(docket: Docket) -> None:
    sanction = sanctioned(docket, ago=10)
    manager, handler = docket.client("manager"), docket.client("handler")
    row = Revisit.objects.order_by("due_on").first()
    assert row is not None
    for query in ("", "?state=planned", "?q=人", "?format=xlsx"):
        assert handler.get(f"/cases/revisit/{query}").status_code == 200
    address = row.get_absolute_url()
    assert "人16" in handler.get(address).content.decode()
    given = {"on": today(), **HELD, "impression": "in_difficulty"}
    assert handler.post(f"{address}hold/", given).status_code == 422
    assert handler.post(f"{address}hold/", {**given, "help": "帮助联系住房"}).status_code == 302
    soon = today() + timedelta(days=5)
    assert manager.post("/cases/revisit/plan/", {"sanction": sanction.pk, "due_on": soon}).status_code == 302
    assert "三十天内要回访" in manager.get("/").content.decode()
    assert [queries.waiting(docket.by(name))["soon"] for name in ("manager", "staff")] == [1, 0]
    body = {"sanction": str(sanction.pk), "due_on": soon.isoformat()}
    assert manager.post("/api/cases/revisit/", body, content_type="application/json").status_code == 409
    assert manager.get("/api/cases/revisit/?state=held").json()["count"] == 1
    assert docket.client("staff").get(address).status_code == 404
