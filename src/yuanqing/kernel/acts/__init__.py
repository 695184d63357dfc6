"""办理: every write to a kept record is an act, and every act is in the ledger.

A decorated function opens a transaction, locks the record, asks the policy, checks the lifecycle, lets the function
make its change, validates, saves, appends to the ledger and lets obligations be fulfilled, all or nothing.
`refusal` is the one place that says whether a step is open: acts raise it, pages show it, the API answers 409 with it.
"""

from yuanqing.kernel.acts.deeds import Touched, after, keep, note, on_behalf, once_saved
from yuanqing.kernel.acts.many import Many, act_many
from yuanqing.kernel.acts.single import act
from yuanqing.kernel.acts.steps import (
    SYSTEM,
    Act,
    Conflict,
    Refused,
    again,
    condition,
    insist,
    is_taken,
    lifecycle_of,
    open_steps,
    refusal,
    registry,
)
from yuanqing.kernel.acts.timeline import Happening, history, last_word

SERVES = ("across.audit",)  # rows of the requirements

__all__ = [
    "SYSTEM",
    "Act",
    "Conflict",
    "Happening",
    "Many",
    "Refused",
    "Touched",
    "act",
    "act_many",
    "after",
    "again",
    "condition",
    "history",
    "insist",
    "is_taken",
    "keep",
    "last_word",
    "lifecycle_of",
    "note",
    "on_behalf",
    "once_saved",
    "open_steps",
    "refusal",
    "registry",
]
