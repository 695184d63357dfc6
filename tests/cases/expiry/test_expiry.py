"""The queues count what one's own lists show, by days that were counted by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from tests.cases.case.test_case import Court
from tests.cases.docket import Docket

from yuanqing.cases.expiry import queries, rules
from yuanqing.cases.expiry.queries import Queue
from yuanqing.cases.sanction import actions as sanctions
from yuanqing.cases.term import actions as terms
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.almanac import SHANGHAI
from yuanqing.org.person.models import Person
from yuanqing.shell.words import deadline

NOW = datetime(2026, 11, 26, 10, 0, tzinfo=SHANGHAI)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


COUNTED = [  # when the rows end; late, within a week, within a month of 2026-11-26 10:00: by hand
    ((), 0, 0, 0),
    ((date(2026, 11, 25),), 1, 0, 0),
    ((date(2026, 11, 26),), 0, 1, 1),  # the last day itself is not late
    ((date(2026, 12, 3),), 0, 1, 1),
    ((date(2026, 12, 4),), 0, 0, 1),
    ((date(2026, 12, 26),), 0, 0, 1),
    ((date(2026, 12, 27),), 0, 0, 0),
    ((date(2025, 1, 1), date(2026, 11, 30), date(2027, 1, 1)), 1, 1, 1),
    ((at("2026-11-26 09:59"),), 1, 0, 0),  # hours: the minute counts, whatever the day
    ((at("2026-11-26 10:00"),), 0, 1, 1),  # the last minute itself is not late
    ((at("2026-11-26 10:01"), date(2026, 11, 26)), 0, 2, 2),
    ((at("2026-12-03 23:59"), at("2026-12-04 00:00")), 0, 1, 2),
    ((at("2026-11-25 23:00"), date(2026, 11, 25), at("2026-11-26 09:00"), date(2026, 11, 26)), 3, 1, 1),
]


@pytest.mark.parametrize(("ends", "late", "week", "month"), COUNTED)
def test_what_is_late_and_what_is_near(ends: tuple[rules.End, ...], late: int, week: int, month: int) -> None:
    queue = Queue("队列", "/x/", {"state": "held"}, ends, NOW)
    assert (queue.late, queue.week, queue.month, queue.total) == (late, week, month, len(ends))


def test_each_number_leads_to_the_rows_it_counts() -> None:
    by_day, by_hour = (Queue("队列", "/x/", {"state": "held"}, (), NOW, by_hour=hours) for hours in (False, True))
    assert by_day.late_link == "/x/?state=held&due_until=2026-11-25&order=due_on"
    assert by_day.week_link == "/x/?state=held&due_from=2026-11-26&due_until=2026-12-03&order=due_on"
    assert by_hour.late_link == "/x/?state=held&late=yes&order=due_on"
    assert by_hour.week_link == "/x/?state=held&late=no&due_until=2026-12-03&order=due_on"


def test_a_term_that_counts_hours_is_late_by_the_minute(docket: Docket) -> None:
    """Begun yesterday at ten, it ends today at ten: until then it is near, and a minute later it is late, here as on the desk."""
    begun = timezone.now().replace(microsecond=0) - timedelta(hours=24, minutes=-5)
    day, minute = timezone.localdate(begun), timezone.localtime(begun).time()
    term = terms.begin(by=docket.by("manager"), matter=docket.fresh(), kind="accident", starts_on=day, at=minute)
    client, manager = docket.client("manager"), docket.by("manager")
    for passed, counted, word in ((timedelta(0), (0, 1), "还有 4 分钟"), (timedelta(minutes=6), (1, 0), "逾期")):
        with connection.cursor() as cursor:
            ends = term.due_at - passed
            words = [ends, timezone.localdate(ends), term.pk]
            cursor.execute("UPDATE cases_term SET due_at = %s, due_on = %s WHERE id = %s", words)
        queue = next(one for one in queries.queues(manager) if "限期事项" in str(one.label))
        assert ((queue.late, queue.week), queue.next) == (counted, ends)
        page = client.get("/cases/expiry/").content.decode()
        assert word in page
        assert deadline(ends) in page
        told = client.get("/api/cases/expiry/").json()
        assert datetime.fromisoformat(next(one["next_at"] for one in told if one["next_at"])) == ends
        for link, is_listed in ((queue.late_link, queue.late == 1), (queue.week_link, queue.week == 1)):
            assert (term.get_absolute_url() in client.get(link).content.decode()) is is_listed


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
    assert found["留党察看到期"].ends == (date(today.year + 1, 3, 5),)
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
