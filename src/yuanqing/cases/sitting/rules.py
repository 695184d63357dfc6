"""When enough of a body is there, and what its votes say; plain values in and out."""

from __future__ import annotations

from datetime import date, timedelta

TO_SIGN = ("minutes", "correction")  # papers that members sign: the days begin anew with the last of them
BACK = (
    "send_back",
    "return_check",
    "return_inquiry",
    "reinvestigate",
    "restart",
    "reopen",
)  # what was resolved is over


def enough(share: str, number: int, of: int) -> bool:
    """Whether so many are the share of all: `majority` is more than half, `two_thirds` two thirds or more."""
    if of <= 0:
        return False
    return 2 * number > of if share == "majority" else 3 * number >= 2 * of


def due(members: int, withdrawn: int, counts_withdrawn: bool) -> int:
    """How many should be there (应到会): whoever withdrew counts only where the pack says so."""
    return members if counts_withdrawn else members - withdrawn


def fits(outcome: str, share: str, favour: int, of: int) -> bool:
    """Whether the votes bear this outcome; putting the matter off needs none."""
    return outcome == "put_off" or (outcome == "agreed") == enough(share, favour, of)


def closable_on(written_on: date, patience: int) -> date:
    """The first day on which minutes may be closed without a signature, so many days after what was written into them last."""
    return written_on + timedelta(days=patience)


def late_if_written_by(today: date, patience: int) -> date:
    """The same asked backwards, as a list asks it: minutes last written by this day may be closed today."""
    return today - timedelta(days=patience)


def named(listed: str, word: str) -> bool:
    """Whether a list of the pack names a word; an empty list names none."""
    return word in [one.strip() for one in listed.split(",")]
