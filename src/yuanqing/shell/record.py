"""记录页: what the page of every record shows: where it stands, the acts open to the reader, and its history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.functional import Promise, SimpleLazyObject

from yuanqing.kernel.acts import history, is_taken, lifecycle_of, open_steps
from yuanqing.kernel.lifecycle import Lifecycle
from yuanqing.kernel.records import Record

Text = str | Promise


@dataclass(frozen=True)
class Stage:
    """One state on the line above a record: done, current or todo."""

    label: Text
    state: str
    note: Text = ""


@dataclass(frozen=True)
class Button:
    """One act as a button; a reason greys it out and says why."""

    step: str
    label: Text
    reason: str
    action: str
    version: int
    style: str = "default"  # primary, default, danger
    ask: Text = ""  # label of a note to give with the act; "" asks nothing
    confirm: Text = ""  # question to answer before a dangerous act
    is_told: bool = True  # the reason is printed here; of several acts closed for one reason only the last tells it


@dataclass(frozen=True)
class Event:
    """One line of a history."""

    at: datetime
    what: Text
    who: Text = ""
    note: Text = ""
    href: str = ""


def way_to(lifecycle: Lifecycle, goal: str, begin: str = "") -> list[str]:
    """The shortest way from the first state (or `begin`) to `goal`, or the longest of the shortest when there is none."""
    ways: list[list[str]] = [[begin or lifecycle.initial]]
    seen = {*ways[0]}
    longest = ways[0]
    for way in ways:
        longest = max(longest, way, key=len)
        if way[-1] == goal:
            return way
        for step in lifecycle.steps:
            if way[-1] in step.source and step.target and step.target not in seen:
                seen.add(step.target)
                ways.append([*way, step.target])
    return longest


def main_line(lifecycle: Lifecycle, begin: str = "") -> list[str]:
    """The straight way through: to the first final state."""
    return way_to(lifecycle, lifecycle.final[0] if lifecycle.final else "", begin)


def state_line(lifecycle: Lifecycle, state: str, begin: str = "") -> list[Stage]:
    """The steps of the straight way with the present one marked; a state beside it is put where it leads back.

    `begin` is where the record came in, for a lifecycle with more than one entrance.
    """
    line = way_to(lifecycle, state, begin) if state in lifecycle.final else main_line(lifecycle, begin)
    if state not in line:
        back = [line.index(s.target) for s in lifecycle.steps if state in s.source and s.target in line]
        line.insert(min(back, default=len(line)), state)
    here = line.index(state)
    is_over = state in lifecycle.final or here == len(line) - 1
    return [
        Stage(lifecycle.states[name], "current" if i == here and not is_over else "done" if i <= here else "todo")
        for i, name in enumerate(line)
    ]


def buttons(
    record: Record,
    *,
    by: Any,
    url: Callable[[str], str],
    asks: dict[str, Text] | None = None,
    confirms: dict[str, Text] | None = None,
) -> list[Button]:
    """The acts open to the reader in the order of the lifecycle, the first as the primary button; then the closed ones."""
    lifecycle = lifecycle_of(type(record))
    shown: list[Button] = []
    steps = open_steps(record, by=by)
    state: str = getattr(record, "state", "")
    first = first_to_press(
        lifecycle, state, (s for s, _label, reason in steps if not reason and not is_taken(s, record, by=by))
    )
    for step, label, reason in steps:
        row = lifecycle.step(step) if lifecycle else None
        style = "danger" if row and row.dangerous else "primary" if step == first else "default"
        question = (confirms or {}).get(step, "")
        shown.append(
            Button(step, label, reason, url(step), record.version, style, (asks or {}).get(step, ""), question)
        )
    return told_once(shown)


def first_to_press(lifecycle: Lifecycle | None, state: str, steps: Iterable[str]) -> str:
    """Of the steps that are open, in order, the first that is neither dangerous nor aside; "" where none is asked for.

    What leads to where the record stands already is done over again, and not next.
    """
    for step in steps:
        row = lifecycle.step(step) if lifecycle else None
        if row is None or not (row.dangerous or row.is_aside or row.target == state):
            return step
    return ""


def told_once(shown: list[Button]) -> list[Button]:
    """Open acts first, then those closed for the same reason side by side, with the reason once; what closes few of them
    stands before what closes many, as what one's role never does is the least news."""
    reasons, closes = list(dict.fromkeys(button.reason for button in shown)), Counter(b.reason for b in shown)
    ordered = sorted(
        shown, key=lambda b: (bool(b.reason), bool(b.reason) and closes[b.reason], reasons.index(b.reason))
    )
    following = [button.reason for button in ordered[1:]] + [""]
    return [replace(button, is_told=button.reason != after) for button, after in zip(ordered, following, strict=True)]


def record_context(record: Record, *, by: Any, url: Callable[[str], str], **options: Any) -> dict[str, Any]:
    """`stages`, `buttons` and `events` of a record page: for <c-state-line>, <c-act-button> and <c-timeline>."""
    lifecycle = lifecycle_of(type(record))
    state: str = getattr(record, "state", "")
    return {
        "record": record,
        "stages": state_line(lifecycle, state, getattr(record, "begun_in", "")) if lifecycle else [],
        "buttons": buttons(record, by=by, url=url, **options),
        "events": SimpleLazyObject(lambda: events(record)),
    }


def events(record: Record, *parts: Record) -> list[Event]:
    """What the ledger says happened to the record and to the given parts of it, newest first."""
    return [
        Event(h.at, h.label, h.who, str(h.note.get("reason") or h.note.get("note") or ""))
        for h in history(record, *parts)
    ]
