"""Which clock runs in which state, what a proposal leads to, what a body sits on; plain values in and out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

METHODS = ("inquire", "verify", "shelve", "close")  # the four disposal methods, each the name of its approval
# State that is entered → the clock of the deadlines pack that begins; the others keep the clock that runs.
CLOCKS = {
    "pooled": "lead.distribute",
    "assigned": "lead.confirm",
    "screening": "lead.opinion",
    "inquiring": "inquiry.ask",
    "inquired": "lead.approval",
    "verifying": "check.report",
    "verified": "lead.approval",
}
LIGHTER = ("close", "shelve", "remind", "pass_on")  # decisions that ease


@dataclass(frozen=True)
class Purpose:
    """议题: on which kind of matter in which state, which steps wait for it, and the step that a resolution against takes."""

    of: str
    state: str
    steps: tuple[str, ...]
    back: str


PURPOSES = {
    "disposal": Purpose("lead", "proposed", METHODS, "send_back"),
    "filing": Purpose("lead", "verified", ("file",), "return_check"),
    "sanction": Purpose("case", "tried", ("decide",), "reinvestigate"),
}


def priority(*, is_named: bool, source: str, elements: int, days_left: int) -> int:
    """What to look at first, larger is sooner: handed down, named, complete, urgent. A suggestion; it decides nothing.

    Order of the Central Commission's articles (2020): inspection, assigned and named before others, detailed before vague.
    """
    first = 40 if source in ("inspection", "assigned") else 30 if source in ("audit", "judicial", "discipline") else 10
    urgent = 20 if days_left < 0 else 12 if days_left <= 5 else 0
    return first + (15 if is_named else 0) + 3 * elements + urgent


def suggestion(elements: int, whole: int) -> str:
    """Complete reports are checked first, those with gaps asked about; a person decides (seven elements, 七何)."""
    return "verify" if elements >= whole - 1 else "inquire" if elements >= 3 else "close"


def missing(elements: Iterable[str], whole: Sequence[str]) -> list[str]:
    named = set(elements)
    return [code for code in whole if code not in named]


def purpose(of: str, state: str, proposal: str) -> str:
    """The question that the body could sit on; "" when there is nothing to be decided, or not to file is proposed."""
    found = next((code for code, one in PURPOSES.items() if (one.of, one.state) == (of, state)), "")
    return "" if found == "filing" and proposal != "file" else found
