"""The world's pauses of clocks, terms beside them, and sittings of the body: of leads that the actors open, of one about their head, of one elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone
from tests.access.courts import Courts
from tests.access.marks import PLACES
from tests.cases.body import called, papers, resolved

from yuanqing.cases.lead.models import Lead
from yuanqing.cases.pause import actions
from yuanqing.cases.pause.models import Pause
from yuanqing.cases.sitting import actions as sittings
from yuanqing.cases.sitting.models import Sitting
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
        self.build_sittings()

    def build_sittings(self) -> None:
        """One in every state on leads of the own unit; one each below, elsewhere and about the head of the actors' unit."""
        own = self.at["own"]
        own["sitting"] = self._sitting("01").pk
        for kind in ("open", "spoken", "resolved", "late"):
            sitting = self._sitting("01")
            members = [row.account for row in sitting.attendees.filter(part="called").select_related("account")]
            by, today, present = self.courts.by, timezone.localdate(), [str(one.pk) for one in members]
            sittings.attend(sitting, by=by("manager"), on=today, present=present, chair=present[0])
            if kind != "open":
                for one in members:
                    sittings.speak(sitting, by=one, vote="for", drafts=papers(sitting, "words"))
            if kind in ("resolved", "late"):
                resolved(by, sitting, "agreed", "")
            if kind == "late":
                self._wait_for_the_last(sitting, members)
            own[f"sitting.{kind}"] = sitting.pk
        own["sitting.member"] = str(self.courts.by("body_member").pk)
        self.at["child"]["sitting"] = self._sitting("0101").pk
        for relation, code, persons in (("none", PLACES["none"], ()), ("recused", "01", (self.courts.leader,))):
            pk = self._sitting(code, persons).pk
            self.at[relation] |= {kind: pk for kind in own if kind.startswith("sitting") and kind != "sitting.member"}

    @staticmethod
    def _wait_for_the_last(sitting: Sitting, members: list[Any]) -> None:
        """All but one have signed, and the minutes were written weeks ago."""
        for one in members[:-1]:
            sittings.sign(sitting, by=one)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE cases_minute SET written_on = written_on - 30 WHERE sitting_id = %s", [sitting.pk])

    def _sitting(self, code: str, persons: tuple[Any, ...] = ()) -> Sitting:
        lead = self.courts.proposed(self.courts.lead(code, persons), "second", "verify")
        lead.refresh_from_db()
        return called(self.courts.by, lead, self.courts.secret("manager", lead))

    def _paused(self, lead: Lead, kind: str) -> Pause:
        lead.refresh_from_db()
        pause: Pause = actions.ask(by=SYSTEM, matter=lead, ground="other_body", reason="等待结论")
        if kind == "pause.running":
            actions.approve(pause, by=self.courts.by("chief"), document="同意")
        return pause
