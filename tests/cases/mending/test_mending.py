"""Correction windows: the person puts it right himself, others look; longer terms and failures are decided by another."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from tests.cases.docket import Docket

from yuanqing.cases.mending import actions
from yuanqing.cases.mending.models import Mending
from yuanqing.kernel.acts import Refused

MATTER = "退回多领的出差补助，补齐报销凭证。"


def today() -> date:
    return timezone.localdate()


def ordered(docket: Docket, by: str = "handler", **changes: Any) -> Mending:
    words = {
        "person": docket.person("staff"), "kind": "give_back", "matter": MATTER, "document": "提〔2026〕1号",
        "due_on": today() + timedelta(days=15), **changes,
    }  # fmt: skip
    row: Mending = actions.order(by=docket.by(by), **words)
    return Mending.objects.select_related("unit", "person").get(pk=row.pk)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "no"}, "kind"),
        ({"matter": "退回"}, "matter"),
        ({"document": " "}, "document"),
        ({"due_on": date(2020, 1, 1)}, "due_on"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(docket: Docket, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as told:
        ordered(docket, **changes)
    assert field in told.value.message_dict
    assert Mending.objects.count() == 0


def test_put_right_in_time(docket: Docket) -> None:
    row = ordered(docket)
    with pytest.raises(Refused):
        actions.report(row, by=docket.by("judge"), report="已经退回补助，附银行回单。")
    actions.report(row, by=docket.by("staff"), report="已经退回补助，附银行回单。")
    with pytest.raises(Refused):
        actions.accept(row, by=docket.by("staff"), finding="已核对回单")
    with pytest.raises(ValidationError):
        actions.accept(row, by=docket.by("handler"), finding=" ")
    row.refresh_from_db()
    actions.accept(row, by=docket.by("handler"), finding="已核对银行回单和凭证")
    assert (row.state, row.due_on, row.ended_on) == ("mended", None, today())


def test_not_enough_goes_back_and_longer_is_for_another(docket: Docket) -> None:
    row = ordered(docket)
    actions.report(row, by=docket.by("staff"), report="还在凑钱，下月退回补助。")
    actions.send_back(row, by=docket.by("handler"), reason="没有退回", until=today() + timedelta(days=5))
    assert (row.state, row.returns, row.reported_by) == ("ordered", 1, None)
    with pytest.raises(Refused):
        actions.prolong(row, by=docket.by("handler"), until=today() + timedelta(days=9), reason="有困难")
    with pytest.raises(ValidationError):
        actions.prolong(row, by=docket.by("chief"), until=today() + timedelta(days=5), reason="有困难")
    row.refresh_from_db()
    actions.prolong(row, by=docket.by("chief"), until=today() + timedelta(days=9), reason="家中有事")
    actions.fail(row, by=docket.by("chief"), reason="到期没有退回")
    assert (row.state, row.finding) == ("failed", "到期没有退回")


def test_who_ordered_it_does_not_judge_that_it_failed_and_nobody_orders_his_own(docket: Docket) -> None:
    row = ordered(docket, by="manager")
    with pytest.raises(Refused):
        actions.fail(row, by=docket.by("manager"), reason="没有改")
    with pytest.raises(Refused):
        ordered(docket, by="handler", person=docket.person("handler"))


def test_pages_and_programs(docket: Docket) -> None:
    handler, staff = docket.client("handler"), docket.client("staff")
    given = {
        "person": docket.person("staff").number,
        "kind": "give_back",
        "matter": MATTER,
        "document": "提1号",
        "due_on": today(),
    }
    assert handler.post("/cases/mending/order/", given).status_code == 422
    assert handler.post("/cases/mending/order/", {**given, "due_on": today() + timedelta(days=9)}).status_code == 302
    row = Mending.objects.get()
    assert "您有 1 件要限期改正的事" in staff.get("/").content.decode()
    assert MATTER in staff.get(row.get_absolute_url()).content.decode()
    assert staff.get("/cases/mending/").status_code == 200
    assert staff.post(f"{row.get_absolute_url()}report/", {"report": "已经退回补助，附银行回单。"}).status_code == 302
    for query in ("", "?state=reported", "?kind=give_back", "?q=人", "?format=xlsx"):
        assert handler.get(f"/cases/mending/{query}").status_code == 200
    assert docket.client("judge").get(row.get_absolute_url()).status_code == 404
    api = f"/api/cases/mending/{row.pk}/"
    body = {"finding": "已核对", "version": 1}
    assert (
        handler.post(f"{api}accept/", body, content_type="application/json").status_code == 409
    )  # it has changed since
    row.refresh_from_db()
    done = handler.post(f"{api}accept/", {**body, "version": row.version}, content_type="application/json").json()
    assert done["state"] == "mended"
    assert docket.client("judge").get(api).status_code == 404
