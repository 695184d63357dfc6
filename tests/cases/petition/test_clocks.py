"""Clocks of reports, leads, cases and what comes after: last days counted by hand with the shipped calendar of 2026."""

from __future__ import annotations

from datetime import date

import pytest

from yuanqing.cases.petition.rules import due_on
from yuanqing.norms.packs import shipped, shipped_calendar

# Working days: weekends and holidays out, the worked weekends of 4 January, 14 and 28 February, 9 May, 20 September and 10 October in.
WORKDAYS = [
    ("lead.distribute", "2026-02-10", "2026-02-24"),
    ("lead.distribute", "2026-02-13", "2026-02-27"),
    ("lead.confirm", "2026-02-13", "2026-02-25"),
    ("lead.confirm", "2026-06-18", "2026-06-24"),
    ("lead.approval", "2026-04-03", "2026-04-20"),
    ("lead.approval", "2026-09-30", "2026-10-20"),
    ("inquiry.ask", "2026-04-30", "2026-05-18"),
    ("inquiry.ask", "2026-02-10", "2026-03-02"),
    ("inquiry.reply", "2026-06-18", "2026-07-10"),
    ("inquiry.reply", "2026-04-30", "2026-05-25"),
    ("inquiry.talk", "2026-09-18", "2026-10-15"),
    ("inquiry.talk", "2026-09-24", "2026-10-22"),
    ("inquiry.delegated_talk", "2026-09-24", "2026-10-22"),
    ("inquiry.delegated_talk", "2026-12-01", "2026-12-22"),
    ("inquiry.delegated_record", "2026-09-30", "2026-10-13"),
    ("inquiry.delegated_record", "2026-04-03", "2026-04-13"),
    ("reread.opinion", "2026-11-06", "2026-11-27"),
    ("reread.opinion", "2026-09-18", "2026-10-15"),
    ("case.decide", "2026-12-01", "2026-12-22"),
    ("case.decide", "2026-11-06", "2026-11-27"),
    ("petition.named_result", "2026-02-10", "2026-03-09"),
    ("petition.named_result", "2026-02-13", "2026-03-12"),
    ("clearing.decide", "2026-02-13", "2026-03-12"),
    ("clearing.decide", "2026-06-18", "2026-07-10"),
    ("appeal.accept", "2026-04-03", "2026-04-13"),
    ("appeal.accept", "2026-09-30", "2026-10-13"),
    ("opinion.answer", "2026-04-30", "2026-05-11"),
    ("opinion.answer", "2026-02-10", "2026-02-24"),
    ("admonition.write", "2026-06-18", "2026-06-26"),
    ("admonition.write", "2026-04-30", "2026-05-11"),
]
# Months and days run through weekends; where the month has no such day, its last day.
MONTHS = [
    ("lead.opinion", "2026-01-31", "2026-02-28"),
    ("lead.opinion", "2026-02-28", "2026-03-28"),
    ("lead.opinion", "2026-03-31", "2026-04-30"),
    ("lead.hold", "2026-08-31", "2027-02-28"),
    ("lead.hold", "2027-08-31", "2028-02-29"),
    ("inquiry.report", "2026-05-31", "2026-06-30"),
    ("inquiry.report", "2026-12-15", "2027-01-15"),
    ("check.report", "2026-12-31", "2027-02-28"),
    ("check.report", "2027-12-31", "2028-02-29"),
    ("case.investigate", "2026-01-01", "2026-04-01"),
    ("case.investigate", "2026-12-03", "2027-03-03"),
    ("case.investigate", "2027-12-03", "2028-03-02"),
    ("case.archive", "2026-06-30", "2026-08-30"),
    ("case.archive", "2026-12-30", "2027-02-28"),
    ("trial.review", "2026-08-31", "2026-09-30"),
    ("trial.review", "2026-01-30", "2026-02-28"),
    ("decision.announce", "2026-10-31", "2026-11-30"),
    ("decision.announce", "2028-01-30", "2028-02-29"),
    ("decision.archive_change", "2026-05-05", "2026-06-05"),
    ("decision.exec_report", "2026-08-31", "2027-02-28"),
    ("decision.exec_report", "2026-03-15", "2026-09-15"),
    ("assets.execute", "2026-01-01", "2026-03-02"),
    ("assets.execute", "2026-12-31", "2027-03-01"),
    ("petition.assigned", "2026-11-30", "2027-02-28"),
    ("petition.handling", "2026-07-31", "2026-10-31"),
    ("sup.review_request", "2026-01-31", "2026-02-28"),
    ("sup.review_answer", "2026-04-30", "2026-05-30"),
    ("sup.second_answer", "2026-12-31", "2027-02-28"),
    ("soe.sanction", "2026-08-31", "2027-02-28"),
    ("soe.appeal_answer", "2026-06-30", "2026-08-30"),
    ("appeal.party_answer", "2026-11-30", "2027-02-28"),
    ("redress.answer", "2026-10-31", "2026-11-30"),
    ("redress.revisit", "2026-11-30", "2027-02-28"),
    ("clearing.carry_out", "2026-01-31", "2026-02-28"),
    ("slander.decide", "2026-12-31", "2027-02-28"),
    ("xunshi.leads", "2026-11-26", "2027-02-26"),
    ("admonition.follow_up", "2026-08-30", "2027-02-28"),
    ("liuzhi", "2026-11-30", "2027-02-28"),
]


@pytest.mark.parametrize(("code", "start", "due"), [*WORKDAYS, *MONTHS])
def test_the_last_day_by_hand(code: str, start: str, due: str) -> None:
    entry = shipped("deadlines").entry(code).data
    assert due_on(entry, date.fromisoformat(start), shipped_calendar()) == date.fromisoformat(due)
