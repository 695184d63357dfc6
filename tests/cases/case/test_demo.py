"""The demo brings cases along their way by the same acts as people do."""

from __future__ import annotations

from typing import Any

import pytest

from yuanqing.cases.case.models import Case
from yuanqing.cases.disposal import actions as decisions
from yuanqing.cases.sanction.models import Sanction
from yuanqing.demo import courts

NAMES = {
    "lead-manager": "manager",
    "investigator": "detective",
    "investigator2": "detective2",
    "trial": "judge",
    "trial2": "judge2",
    "chief": "chief",
}


class Office:
    """The bureau under the names of the demo."""

    def __init__(self, bureau: Any) -> None:
        self.bureau = bureau
        self.holders = {name: bureau.holders[own] for name, own in NAMES.items()}

    def by(self, name: str) -> Any:
        return self.bureau.by(NAMES[name])

    def secret(self, name: str, record: Any) -> str:
        found: str = self.bureau.secret(NAMES[name], record)
        return found


@pytest.mark.parametrize(
    ("goal", "state", "sanctions"),
    [
        ("investigate", "investigating", 0),
        ("submit", "in_trial", 0),
        ("decide", "decided", 1),
        ("archive", "archived", 1),
    ],
)
def test_a_case_of_the_demo(bureau: Any, goal: str, state: str, sanctions: int) -> None:
    lead = bureau.verified("check_file", bureau.lead("staff"))
    decisions.file(lead, by=bureau.by("chief"), reason="同意立案")
    courts.bring(Office(bureau), lead, goal)
    assert Case.objects.get().state == state
    assert Sanction.objects.count() == sanctions
