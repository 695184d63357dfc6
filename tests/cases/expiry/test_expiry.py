"""The queues count what one's own lists show, by days that were counted by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from tests.cases.case.test_case import Court

from yuanqing.cases.expiry import queries
from yuanqing.cases.expiry.queries import Queue
from yuanqing.cases.sanction import actions as sanctions
from yuanqing.kernel.acts import SYSTEM
from yuanqing.org.person.models import Person

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("days", "late", "week", "month"),
    [
        ((), 0, 0, 0),
        ((date(2026, 11, 25),), 1, 0, 0),
        ((date(2026, 11, 26),), 0, 1, 1),  # the last day itself is not late
        ((date(2026, 12, 3),), 0, 1, 1),
        ((date(2026, 12, 4),), 0, 0, 1),
        ((date(2026, 12, 26),), 0, 0, 1),
        ((date(2026, 12, 27),), 0, 0, 0),
        ((date(2025, 1, 1), date(2026, 11, 30), date(2027, 1, 1)), 1, 1, 1),
    ],
)
def test_what_is_late_and_what_is_near(days: tuple[date, ...], late: int, week: int, month: int) -> None:
    queue = Queue("队列", "/x/", {"state": "held"}, days, TODAY)
    assert (queue.late, queue.week, queue.month, queue.total) == (late, week, month, len(days))
    assert queue.late_link == "/x/?state=held&due_until=2026-11-25&order=due_on"
    assert queue.week_link == "/x/?state=held&due_from=2026-11-26&due_until=2026-12-03&order=due_on"


def by_label(bureau: Any, name: str) -> dict[str, Queue]:
    return {str(one.label): one for one in queries.queues(bureau.by(name))}


def test_each_queue_counts_what_the_list_shows(bureau: Any) -> None:
    today = timezone.localdate()
    late = bureau.confirmed()
    bureau.screened("inquire")  # waits for a decision, and stands in no queue
    bureau.verifying()
    Court(bureau).staffed()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_lead SET due_on = %s WHERE id = %s", [today - timedelta(days=1), late.pk])
        cursor.execute("UPDATE org_person SET is_party_member = true WHERE id = %s", [bureau.people["staff"].pk])
    person = Person.objects.select_related("unit").get(pk=bureau.people["staff"].pk)
    on = date(today.year - 1, 3, 5)
    sanctions.impose(by=SYSTEM, person=person, kind="party_probation", decided_on=on, document="纪1", months=24)
    found = by_label(bureau, "manager")
    assert (found["处置建议到期"].late, found["处置建议到期"].total, found["初步核实到期"].total) == (1, 1, 1)
    assert (found["立案审查到期"].total, by_label(bureau, "judge2")["立案审查到期"].total) == (1, 1)
    assert found["留党察看到期"].days == (date(today.year + 1, 3, 5),)
    shown = bureau.client("manager").get(found["处置建议到期"].late_link).content.decode()
    assert late.number in shown
    assert found["初步核实到期"].total == by_label(bureau, "handler")["初步核实到期"].total


def test_who_must_keep_out_counts_nothing(bureau: Any) -> None:
    bureau.verifying(bureau.lead("boss"))
    assert {one.total for one in queries.queues(bureau.by("boss"))} == {0}
    assert "初步核实到期" in bureau.client("boss").get("/cases/expiry/").content.decode()


def test_pages_and_programs(bureau: Any) -> None:
    bureau.confirmed()
    for name, status in (("manager", 200), ("handler", 200), ("detective", 200), ("staff", 404), ("admin", 404)):
        assert bureau.client(name).get("/cases/expiry/").status_code == status
        assert bureau.client(name).get("/api/cases/expiry/").status_code == status
    found = bureau.client("handler").get("/api/cases/expiry/").json()
    ours = ["处置建议到期", "谈话函询到期", "初步核实到期", "暂存待查到期", "其他限期事项到期"]
    assert [one["label"] for one in found] == ours
    assert found[0]["total"] == 1
