"""The coloured button of a record: the next step where one is asked for, and never an exception."""

from __future__ import annotations

from importlib import import_module

import pytest

from yuanqing.shell.record import first_to_press

FIRST = [  # lifecycle, state, what is open to somebody, what he presses first; "" where nothing is asked of him: by hand
    ("cases.case", "tried", "reinvestigate decide prolong", "decide"),
    ("cases.case", "tried", "reinvestigate prolong", ""),  # the body has not agreed yet, so deciding is closed
    ("cases.case", "in_trial", "try_case supplement", "try_case"),
    ("cases.case", "investigating", "hand_on note_intervention", ""),
    ("cases.lead", "assigned", "confirm hand_back", "confirm"),
    ("cases.lead", "proposed", "send_back deny delay", ""),
    ("cases.lead", "verified", "file return_check shelve close", "file"),
    ("cases.lead", "inquiring", "ask answer check_reply report_inquiry request", "ask"),
    ("cases.lead", "closed", "reopen", ""),
    ("cases.petition", "registered", "accept forward send_up repeat withdraw decline", "accept"),
    ("cases.petition", "accepted", "assign acknowledge withdraw", "assign"),
    ("cases.petition", "assigned", "assign acknowledge prolong withdraw", "acknowledge"),  # assigned it is already
    ("cases.petition", "assigned", "assign prolong withdraw", ""),
    ("cases.sitting", "sitting", "withdraw speak resolve call_off", "speak"),
    ("cases.sitting", "resolved", "sign object_to correct", "sign"),
    ("cases.sitting", "resolved", "object_to close_minutes correct", "close_minutes"),
    ("cases.redress", "answered", "send_back verify withdraw", "verify"),
    ("cases.opinion", "drafted", "return_draft sign cancel", "sign"),
    ("cases.appeal", "reviewed", "decide return_review withdraw", "decide"),
    ("cases.pause", "asked", "approve refuse", "approve"),
    ("cases.term", "running", "prolong", ""),
    ("cases.mending", "reported", "send_back fail", ""),
    ("cases.destruction", "proposed", "carry_out refuse", ""),
    ("cases.slander", "proposed", "confirm clear", ""),  # one or the other, and the page favours neither
    ("cases.revisit", "planned", "put_off excuse", ""),
    ("cases.transfer", "delivered", "answer prolong", "answer"),
    ("discipline.monthly_return", "submitted", "send_back accept", "accept"),
    ("discipline.bulletin", "draft", "edit propose", "propose"),
    ("discipline.bulletin", "reviewed", "send_back sign", "sign"),
    ("education.campaign", "draft", "edit publish", "publish"),
    ("education.activity", "announced", "hand_out end cancel", "end"),
    ("education.column", "proposed", "publish send_back", "publish"),
    ("education.column", "returned", "edit propose", "propose"),
    ("education.examination", "submitted", "send_back comment", "comment"),
    ("education.writing", "submitted", "comment accept send_back", "accept"),
    ("education.notice", "issued", "revise withdraw", ""),
    ("education.question", "active", "retire", ""),
    ("education.quiz", "draft", "edit offer", "offer"),
    ("education.session", "scheduled", "edit begin cancel", "begin"),
    ("education.induction", "exception_asked", "refuse_exception approve_exception", ""),
    ("norms.period", "open", "close_period", ""),
]


@pytest.mark.parametrize(("noun", "state", "steps", "first"), FIRST)
def test_what_is_pressed_first(noun: str, state: str, steps: str, first: str) -> None:
    lifecycle = import_module(f"yuanqing.{noun}.lifecycle").LIFECYCLE
    offered = [step.name for step in lifecycle.steps if step.name in steps.split()]
    assert sorted(offered) == sorted(steps.split()), "steps of this table that the lifecycle does not know"
    assert all(state in lifecycle.step(name).source for name in offered)
    assert first_to_press(lifecycle, state, offered) == first
