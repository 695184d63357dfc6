"""The world's pauses of clocks, and terms beside them: of leads that the actors open, of one about their head, of one elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.access.courts import Courts
from tests.access.marks import PLACES

from yuanqing.cases.lead.models import Lead
from yuanqing.cases.pause import actions
from yuanqing.cases.pause.models import Pause
from yuanqing.cases.term import actions as terms
from yuanqing.kernel.acts import SYSTEM


@dataclass
class Standing:
    """relation → kind → key, as in the world."""

    at: dict[str, dict[str, Any]]
    courts: Courts

    def build(self) -> None:
        leader = self.courts.leader
        for relation, code, to, persons in (
            ("own", "01", "lead_handler", ()), ("none", PLACES["none"], "second", ()), ("recused", "01", "second", (leader,)),
        ):  # fmt: skip
            for kind in ("pause", "pause.running"):
                lead = self.courts.decided(self.courts.lead(code, persons), to, "verify")
                if relation == "own":
                    self.courts.admit(lead, to)
                self.at[relation][kind] = self._paused(lead, kind).pk
                self.at[relation]["term"] = terms.begin(
                    by=SYSTEM, matter=lead, kind="talk_record", starts_on=lead.received_on
                ).pk

    def _paused(self, lead: Lead, kind: str) -> Pause:
        lead.refresh_from_db()
        pause: Pause = actions.ask(by=SYSTEM, matter=lead, ground="other_body", reason="等待结论")
        if kind == "pause.running":
            actions.approve(pause, by=self.courts.by("chief"), document="同意")
        return pause
