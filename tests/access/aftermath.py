"""The world's records of what comes after a case: what units must do, appeals, visits, corrections, clearings, findings, opinions.

Each stands in every place; where it is written in other states, these stand in the actors' own unit alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from tests.access.courts import Courts
from tests.access.marks import PLACES, secret

from yuanqing.cases.appeal import actions as appeals
from yuanqing.cases.appeal.models import Appeal
from yuanqing.cases.case import actions as cases
from yuanqing.cases.case.models import Case
from yuanqing.cases.clearing import actions as clearings
from yuanqing.cases.destruction import actions as destructions
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.mending import actions as mendings
from yuanqing.cases.opinion import actions as opinions
from yuanqing.cases.redress import actions as redresses
from yuanqing.cases.rereading.models import Rereading
from yuanqing.cases.revisit.models import Revisit
from yuanqing.cases.sanction import actions as sanctions
from yuanqing.cases.sanction.models import Sanction
from yuanqing.cases.slander import actions as findings
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.sealing.unlocking import Unlocking
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit

OWNERS = ("lead_manager", "discipline_chief", "staff")  # who were sanctioned themselves
LATER = date(2026, 12, 20)
WRONG = {
    "was_named": True,
    "elements": ["fabricated", "intended", "harmful_aim"],
    "evidence": "经鉴定系伪造，本人承认编造。",
}


@dataclass
class Aftermath:
    """relation → kind → key, as in the world."""

    at: dict[str, dict[str, Any]]
    mine: dict[str, dict[str, Any]]
    shared: dict[str, Any]
    actors: dict[str, Account]
    courts: Courts

    def build(self) -> None:
        own = self.at["own"]
        for relation, code in PLACES.items():
            self._place(relation, code)
        self._redress_further(own)
        self._appeals_further(own)
        self._windows_further(own)
        self._clearings_further(own)
        self._opinions_further(own)
        self._ended(own)
        for name in OWNERS:
            self._about(name)
        self.shared["number.lead_manager"] = Person.objects.get(account=self.actors["lead_manager"]).number

    def by(self, name: str) -> Account:
        return self.courts.by(name)

    def person(self, relation: str) -> Person:
        found: Person = Person.objects.select_related("unit").get(pk=self.at[relation]["person"])
        return found

    def _place(self, relation: str, code: str) -> None:
        at, mark, person = self.at[relation], secret(code), self.person(relation)
        handler = self.by("third")
        at |= {
            "redress": self._redress(relation, "recommendation"),
            "appeal": self._appeal(Sanction.objects.get(pk=at["sanction"]), mark),
            "revisit": Revisit.objects.filter(sanction=at["sanction"]).order_by("due_on")[0].pk,
            "mending": self._window(person, mark),
            "clearing": clearings.propose(
                by=handler, person=person, way="by_letter", result=f"{mark}反映的问题不属实。"
            ).pk,
            "slander": findings.propose(
                by=handler, unit=Unit.objects.get(code=code), matter=mark, who=mark, **WRONG
            ).pk,
            "opinion": self._asked(person, mark),
        }

    # What a case asks of a unit

    def _redress(self, relation: str, kind: str) -> Any:
        """Out of the own case in the own unit and below it, out of another's elsewhere."""
        case_id = self.at["own"]["case.ruled"] if relation in ("own", "child") else self.at["none"]["case"]
        case = Case.objects.select_related("key", "unit").get(pk=case_id)
        unit, own = Unit.objects.get(code=PLACES[relation]), self.courts.secret("manager", case)
        mark = secret(PLACES[relation])
        words = {"title": f"{mark}建议", "text": f"{mark}：收入票据由财务统一保管，每月核对。", "unit": unit}
        return redresses.issue(by=self.by("manager"), case=case, secret=own, kind=kind, **words).pk

    def _redress_further(self, own: dict[str, Any]) -> None:
        own["redress.answered"], own["redress.lesson"] = (self._redress("own", k) for k in ("loophole", "lesson"))
        answered = redresses.Redress.objects.select_related("unit").get(pk=own["redress.answered"])
        beside = redresses.Redress.objects.select_related("unit").get(pk=self._redress("none", "loophole"))
        for row in (answered, beside):
            redresses.answer(row, by=SYSTEM, is_accepted=True, answer="票据已收归财务统一保管，登记簿已建立。")

    # Appeals

    def _appeal(self, sanction: Sanction, mark: str, by: Any = None) -> Any:
        grounds, today = f"{mark}认为处分过重，请求减轻。", timezone.localdate()
        filer = by or self.by("manager")
        return appeals.file(by=filer, sanction=sanction, kind="office_review", known_on=today, grounds=grounds).pk

    def _fresh_sanction(self, document: str) -> Sanction:
        words: dict[str, Any] = {"kind": "demerit", "decided_on": date(2026, 10, 2), "document": document}
        made = sanctions.impose(by=self.by("manager"), person=self.person("own"), **words)
        found: Sanction = Sanction.objects.select_related("person", "unit").get(pk=made.pk)
        return found

    def _appeals_further(self, own: dict[str, Any]) -> None:
        """The actor reviews what is accepted; another has reviewed what the actors decide and tell."""
        for state, reviewer in (("accepted", "case_trial"), ("reviewed", "judge"), ("decided", "judge")):
            pk = self._appeal(self._fresh_sanction(f"复{state}"), secret("01"))
            row = Appeal.objects.select_related("unit").get(pk=pk)
            appeals.accept(row, by=self.by("manager"), reviewer=self.by(reviewer))
            if state != "accepted":
                appeals.review(row, by=self.by(reviewer), proposal="upheld", report="复查认为原处分适当，建议维持。")
            if state == "decided":
                words: dict[str, Any] = {"outcome": "upheld", "document": "复〔2026〕1号", "reason": "处分适当。"}
                appeals.decide(row, by=self.by("chief"), on=timezone.localdate(), **words)
            own[f"appeal.{state}"] = pk

    # Corrections, clearings, opinions

    def _window(self, person: Person, mark: str) -> Any:
        words: dict[str, Any] = {"kind": "give_back", "matter": f"{mark}退回重复领取的补助。", "document": mark}
        return mendings.order(by=self.by("third"), person=person, due_on=LATER, **words).pk

    def _windows_further(self, own: dict[str, Any]) -> None:
        for relation in ("none", "own"):
            pk = self._window(self.person(relation), secret(PLACES[relation]))
            row = mendings.Mending.objects.select_related("unit").get(pk=pk)
            mendings.report(row, by=self.by("third"), report="补助已经退回财务，附银行回单。")
        own["mending.reported"] = row.pk

    def _clearings_further(self, own: dict[str, Any]) -> None:
        words: dict[str, Any] = {"way": "by_letter", "result": "反映的问题不属实。"}
        row = clearings.propose(by=self.by("third"), person=self.person("own"), **words)
        clearings.approve(row, by=self.by("chief"), reason="查否")
        own["clearing.approved"] = row.pk

    def _asked(self, person: Person, mark: str, letter: str = "") -> Any:
        words: dict[str, Any] = {"purpose": "honour", "asked_by": mark, "letter": f"{mark}{letter}"}
        return opinions.register(by=self.by("manager"), person=person, asked_on=timezone.localdate(), **words).pk

    def _opinions_further(self, own: dict[str, Any]) -> None:
        """About somebody who was not sanctioned; the actors sign what another has drafted."""
        key = Unlocking(self.courts.holders["manager"], self.courts.identities["manager"])
        person = Person.objects.select_related("unit").get(pk=own["person.free"])
        for state in ("drafted", "answered"):
            row = opinions.Opinion.objects.select_related("unit", "person").get(
                pk=self._asked(person, secret("01"), state)
            )
            opinions.draft(row, by=self.by("manager"), key=key, answer="nothing_found")
            if state == "answered":
                opinions.sign(row, by=self.by("chief"), document="廉〔2026〕1号")
            own[f"opinion.{state}"] = row.pk

    # Content that is to go, evidence that passed on; and what concerns the actors' own head

    def _ended(self, own: dict[str, Any]) -> None:
        own["lead.closed.number"] = Lead.objects.get(pk=own["lead.closed"]).number
        for relation in ("own", "none", "recused"):
            lead = Rereading.objects.get(pk=self.at[relation]["rereading"]).easing.lead
            words = {"ground": "wrongly_kept", "reason": "不属于本机关管辖。"}
            self.at[relation]["destruction"] = destructions.propose(by=self.by("manager"), row=lead, **words).pk
            self.at[relation].setdefault("lead.closed.number", lead.number)
        reported = Lead.objects.get(pk=self.at["recused"]["lead"])
        self.at["recused"]["slander"] = findings.propose(
            by=self.by("third"), unit=reported.unit, matter=reported.number, who="某人", **WRONG
        ).pk
        case = Case.objects.select_related("key", "unit").get(pk=own["case.ready"])
        words = {"given_by": "甲", "taken_by": "乙", "kept_at": "保管室"}
        cases.hand_on(case, by=self.by("detective"), number=1, on=timezone.localdate(), is_same=True, **words)
        drafts = self.courts.sheets(case, "intervention")
        cases.note_intervention(case, by=self.by("detective"), kind="asked", on=timezone.localdate(), drafts=drafts)

    def _about(self, name: str) -> None:
        """About an actor himself: what he may see of it, and what not."""
        actor = self.actors[name]
        person = Person.objects.select_related("unit").get(pk=actor.person_id)
        mine, words = self.mine[name], {"way": "by_letter", "result": "反映的问题不属实。"}
        sanction = Sanction.objects.select_related("person", "unit").get(pk=mine["sanction"])
        mine |= {
            "appeal": self._appeal(sanction, "本人", actor),
            "revisit": Revisit.objects.filter(sanction=sanction).order_by("due_on")[0].pk,
            "mending": self._window(person, "本人"),
            "clearing": clearings.propose(by=actor, person=person, **words).pk,
            "clearing.untold": clearings.propose(by=self.by("third"), person=person, **words).pk,
            "opinion": self._asked(person, "某部门"),
        }
