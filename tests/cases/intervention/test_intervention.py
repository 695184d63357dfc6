"""Who asked about which case: one register over what one's key opens; who it was stays sealed."""

from __future__ import annotations

from django.utils import timezone
from tests.cases.docket import Docket

from yuanqing.cases.case import actions
from yuanqing.cases.lead.queries import drafted
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.figures.reading import totals


def test_the_register(docket: Docket) -> None:
    case, today = docket.fresh(), timezone.localdate()
    drafts = drafted(case, {"intervention": "某领导打电话打听"}, "case")
    actions.note_intervention(case, by=docket.by("detective"), kind="asked", on=today, drafts=drafts)
    for name in ("manager", "detective", "chief"):
        page = docket.client(name).get("/cases/intervention/").content.decode()
        assert case.number in page
        assert "打电话" not in page
    for query in ("?kind=asked", "?q=LA", "?format=xlsx", "?kind=pleaded"):
        assert docket.client("chief").get(f"/cases/intervention/{query}").status_code == 200
    for name in ("staff", "handler", "reader"):
        assert case.number not in docket.client(name).get("/cases/intervention/").content.decode()
    found = docket.client("chief").get("/api/cases/intervention/").json()["items"]
    assert [one["kind"] for one in found] == ["asked"]
    assert docket.client("staff").get("/api/cases/intervention/").json()["count"] == 0
    assert sum(one.value for one in totals("interventions.registered", [Month.of(today)])) == 1
