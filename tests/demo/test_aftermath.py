"""What the demo tells about the time after cases goes through the real acts, by those who may take them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.cases.appeal.test_appeal import sanctioned
from tests.cases.bureau import bureau  # noqa: F401 a fixture
from tests.cases.docket import Docket, docket  # noqa: F401 a fixture

from yuanqing.cases.appeal.models import Appeal
from yuanqing.cases.clearing.models import Clearing
from yuanqing.cases.destruction.models import Destruction
from yuanqing.cases.mending.models import Mending
from yuanqing.cases.opinion.models import Opinion
from yuanqing.cases.redress.models import Redress
from yuanqing.cases.revisit.models import Revisit
from yuanqing.cases.slander.models import Slander
from yuanqing.demo import aftermath, courts

NAMES = {"lead-manager": "manager", "lead-handler": "handler", "chief": "chief"}


class Office:
    """The bureau under the names of the demo's cast."""

    def __init__(self, office: Any) -> None:
        self.bureau = office
        self.holders = {shown: office.holders[name] for shown, name in NAMES.items()}
        self.secrets = {shown: office.identities[name] for shown, name in NAMES.items()}

    def by(self, name: str) -> Any:
        return self.bureau.by(NAMES[name])

    def secret(self, name: str, record: Any) -> str:
        found: str = self.bureau.secret(NAMES[name], record)
        return found


def states(model: Any) -> Counter[str]:
    return Counter(model.objects.values_list("state", flat=True))


def test_what_comes_after(docket: Docket) -> None:  # noqa: F811
    office, numbers = (
        Office(docket.bureau),
        [docket.person(n).number for n in ("staff", "judge", "judge2", "reader", "intake", "member", "admin")],
    )
    sanctioned(docket, ago=5)
    docket.bureau.closed()
    courts.Court(office, docket.fresh()).ask()
    assert states(Redress) == {"issued": 1, "answered": 1, "taught": 1}
    aftermath.carry_on(office, numbers)
    assert states(Appeal) == {"accepted": 1}
    assert states(Mending) == {"reported": 1, "ordered": 1}
    assert states(Clearing) == {"done": 1, "proposed": 1}
    assert states(Slander) == {"proposed": 1}
    assert states(Revisit)["held"] == 1
    assert states(Opinion) == {"answered": 1, "drafted": 1, "asked": 1}
    assert states(Destruction) == {"proposed": 1}
