"""The world's leads and cases in every state, sealed; the actors hold keys, and so do people who work for the whole group.

What concerns the actors (`recused`) is about the head of their unit, so that none of them can open it.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from unittest.mock import patch

from django.utils import timezone
from tests.access.marks import PLACES, secret
from tests.cases.body import unanimous

from yuanqing.cases.case import actions as cases
from yuanqing.cases.case.models import Case
from yuanqing.cases.disposal import actions as decisions
from yuanqing.cases.disposal.models import Easing
from yuanqing.cases.inquiry import actions as inquiries
from yuanqing.cases.lead import actions as leads
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.lead.queries import drafted
from yuanqing.cases.rereading import actions as rereadings
from yuanqing.cases.sanction import actions as sanctions
from yuanqing.cases.trial import actions as trials
from yuanqing.cases.verification import actions as checks
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.sealing import actions as sealing
from yuanqing.kernel.sealing import passphrase
from yuanqing.kernel.sealing.models import Holder
from yuanqing.kernel.sealing.unlocking import Unlocking
from yuanqing.org.account import actions as accounts
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit

SINCE, WORDS = date(2026, 1, 1), "a passphrase of the tests"
STANDARDS = ("std_facts", "std_proof", "std_nature", "std_measure_fits", "std_formalities", "std_procedure")
BODY = {  # who works for the whole group
    "manager": "lead_manager", "chief": "discipline_chief", "chief2": "discipline_chief", "second": "lead_handler", "third": "lead_handler",
    "reader": "lead_rereader", "detective": "case_investigator", "detective2": "case_investigator", "judge": "case_trial",
    "judge2": "case_trial",
}  # fmt: skip
KEYS = (
    "lead_manager", "lead_handler", "discipline_chief", "lead_rereader", "case_investigator", "case_trial", "body_member",
)  # fmt: skip
ELSEWHERE = ("parent", "sibling", "none", "recused")


@dataclass
class Courts:
    """relation → kind → key, as in the world."""

    at: dict[str, dict[str, Any]]
    mine: dict[str, dict[str, Any]]
    actors: dict[str, Account]
    leader: Person
    who: dict[str, Any] = field(default_factory=dict)
    holders: dict[str, Holder] = field(default_factory=dict)
    identities: dict[str, str] = field(default_factory=dict)

    def build(self) -> None:
        with ExitStack() as quick:
            quick.enter_context(patch.object(passphrase, "MEMORY_KIB", 64))
            quick.enter_context(patch.object(passphrase, "PASSES", 1))
            self._people()
            own = self.at["own"]
            self._leads(own)
            self._cases(own)
            self._child()
            for relation in ELSEWHERE:
                self._elsewhere(relation, own)
            self._sanctions()

    def _people(self) -> None:
        root = Unit.objects.get(code="0")
        for name, role in BODY.items():
            account = accounts.open_account(by=SYSTEM, username=f"body-{name}", display_name=f"机关{name}")
            accounts.grant(by=SYSTEM, account=account, role=role, unit=root, starts_on=SINCE, reason="设岗")
            self.who[name] = account.pk
        self.who |= {role: self.actors[role].pk for role in KEYS}
        for name, pk in self.who.items():
            fresh = sealing.new_enrolment(WORDS)
            self.holders[name] = sealing.enrol(by=SYSTEM, account_id=pk, name=name, fresh=fresh)
            self.identities[name] = fresh.secret

    def by(self, name: str) -> Account:
        found: Account = Account.objects.get(pk=self.who[name])
        return found

    def secret(self, name: str, record: Any) -> str:
        record.key.refresh_from_db()
        return str(Unlocking(self.holders[name], self.identities[name]).secret_of(record.key))

    def admit(self, record: Any, name: str) -> None:
        record.key.refresh_from_db()
        if self.holders[name].pk not in record.key.recipients:
            sealing.admit(record.key, by=SYSTEM, secret=self.secret("manager", record), holder=self.holders[name])

    # A lead's way

    def lead(self, code: str, persons: tuple[Person, ...] = ()) -> Lead:
        unit, mark = Unit.objects.get(code=code), secret(code)
        file = leads.opened_file(self.by("manager"), unit, {"text": mark, "who": mark}, persons)
        words: dict[str, Any] = {"source": "audit", "category": "integrity", "level": "level_staff"}
        made = leads.register(by=self.by("manager"), file=file, unit=unit, elements=["when", "who"], **words)
        found: Lead = Lead.objects.select_related("key", "unit", "petition").get(pk=made.pk)
        return found

    def assigned(self, lead: Lead, to: str) -> Lead:
        account, holder = self.by(to), self.holders[to]
        leads.assign(lead, by=self.by("manager"), handler=account, holder=holder, secret=self.secret("manager", lead))
        return lead

    def screening(self, lead: Lead, to: str) -> Lead:
        leads.confirm(self.assigned(lead, to), by=self.by(to))
        return lead

    def proposed(self, lead: Lead, to: str, method: str) -> Lead:
        more: dict[str, Any] = {"ground": "empty"} if method in ("close", "shelve") else {}
        if method == "shelve":
            more |= {"restart_when": "材料补齐", "restart_on": timezone.localdate() + timedelta(days=30)}
        words = {
            "studied_on": timezone.localdate(),
            "studied_by": 3,
            "drafts": self.papers(lead, "study", "plan"),
            **more,
        }
        leads.screen(self.screening(lead, to), by=self.by(to), method=method, **words)
        return lead

    def decided(self, lead: Lead, to: str, method: str) -> Lead:
        getattr(decisions, method)(self.proposed(lead, to, method), by=self.by("chief"), reason="同意")
        return lead

    def asked(self, lead: Lead, to: str) -> Lead:
        drafts, today = self.papers(lead, "letter"), timezone.localdate()
        inquiries.ask(self.decided(lead, to, "inquire"), by=self.by(to), mode="letter", on=today, drafts=drafts)
        return lead

    def replied(self, lead: Lead, to: str) -> Lead:
        drafts, today = self.papers(lead, "reply"), timezone.localdate()
        inquiries.answer(self.asked(lead, to), by=self.by(to), on=today, is_endorsed=True, drafts=drafts)
        return lead

    def inquired(self, lead: Lead, to: str) -> Lead:
        words = {"proposal": "inquiry_remind", "ground": "slight", "measure": "remind_talk"}
        drafts = self.papers(lead, "situation")
        inquiries.report_inquiry(self.replied(lead, to), by=self.by(to), drafts=drafts, **words)
        return lead

    def teamed(self, lead: Lead, to: str) -> Lead:
        self.decided(lead, to, "verify")
        for name in (to, "third"):
            own = self.secret(to, lead)
            checks.join(lead, by=self.by(to), member=self.by(name), holder=self.holders[name], secret=own)
        return lead

    def reported(self, lead: Lead, to: str) -> Lead:
        checks.write_report(self.teamed(lead, to), by=self.by(to), drafts=self.papers(lead, "check_report"))
        return lead

    def signed(self, lead: Lead, to: str) -> Lead:
        self.reported(lead, to)
        for name in (to, "third"):
            checks.sign(lead, by=self.by(name))
        return lead

    def verified(self, lead: Lead, to: str, proposal: str = "check_file", **more: Any) -> Lead:
        checks.report_check(self.signed(lead, to), by=self.by(to), proposal=proposal, **more)
        return lead

    def filed(self, lead: Lead, to: str) -> Lead:
        decisions.file(self.verified(lead, to), by=self.by("chief"), reason="同意立案")
        return lead

    def eased(self, lead: Lead, to: str, kind: str, **more: Any) -> Lead:
        words: dict[str, Any] = {"ground": "complex", "drafts": self.papers(lead, "easing_reason"), **more}
        decisions.request(self.screening(lead, to), by=self.by(to), kind=f"easing_{kind}", **words)
        return lead

    def papers(self, lead: Lead, *kinds: str) -> list[Any]:
        return drafted(lead, dict.fromkeys(kinds, "内容"))

    def reread(self, lead: Lead, to: str, reader: str) -> Any:
        """Closed, and drawn for this reader."""
        self.decided(lead, to, "close")
        easing = Easing.objects.select_related("lead__key", "lead__petition").get(lead=lead)
        own, holder = self.secret("manager", lead), self.holders[reader]
        return rereadings.draw(by=self.by("manager"), easing=easing, reader=holder, secret=own).pk

    def _leads(self, own: dict[str, Any]) -> None:
        """One in every state that a step begins from, and each can be opened by every actor who handles leads."""
        me, until = "lead_handler", timezone.localdate() + timedelta(days=40)
        pooled = self.lead("01")
        made = {
            "lead": pooled,
            "lead.assigned": self.assigned(self.lead("01"), me),
            "lead.screening": self.screening(self.lead("01"), me),
            "lead.inquiring": self.decided(self.lead("01"), me, "inquire"),
            "lead.asked": self.asked(self.lead("01"), me),
            "lead.replied": self.replied(self.lead("01"), me),
            "lead.replied.second": self.replied(self.lead("01"), "second"),
            "lead.inquired": self.inquired(self.lead("01"), me),
            "lead.teamed": self.teamed(self.lead("01"), me),
            "lead.reported": self.reported(self.lead("01"), me),
            "lead.signed": self.signed(self.lead("01"), me),
            "lead.verified": self.verified(self.lead("01"), me),
            "lead.leaving": self.verified(
                self.lead("01"), me, "check_pass_on", ground="not_ours", passed_to="某党组织"
            ),
            "lead.held": self.decided(self.lead("01"), me, "shelve"),
            "lead.closed": self.decided(self.lead("01"), me, "close"),
            "lead.delay": self.eased(self.lead("01"), me, "delay", until=until),
            "lead.merge": self.eased(self.lead("01"), me, "merge", into=pooled),
            "lead.lower": self.eased(self.lead("01"), me, "lower", level="level_unknown"),
            "lead.send_up": self.eased(self.lead("01"), me, "send_up", passed_to="上级纪委"),
            "lead.filed": self.filed(self.lead("01"), me),
        }
        made |= {
            f"lead.{method}": self.proposed(self.lead("01"), me, method)
            for method in ("inquire", "verify", "shelve", "close")
        }
        for kind, lead in made.items():
            self.admit(lead, me)
            own[kind] = lead.pk
        own["lead.number"] = pooled.number
        own["rereading"] = self.reread(self.lead("01"), me, "lead_rereader")

    # A case's way

    def case(self, code: str, team: tuple[str, str], court: tuple[str, str], persons: tuple[Person, ...] = ()) -> Case:
        lead = self.filed(self.lead(code, persons), "second")
        file = cases.opened_file(self.by("manager"), lead, self.secret("manager", lead))
        made = cases.open(by=self.by("manager"), lead=lead, file=file)
        case: Case = Case.objects.select_related("key", "unit", "lead__petition").get(pk=made.pk)
        for part, names in (("investigation", team), ("trial", court)):
            for name in names:
                words = {"officer": self.by(name), "holder": self.holders[name], "secret": self.secret("manager", case)}
                cases.staff(case, by=self.by("manager"), part=part, **words)
        return case

    def sheets(self, case: Case, *kinds: str) -> list[Any]:
        return drafted(case, dict.fromkeys(kinds, "内容"), "case")

    def planned(self, case: Case) -> Case:
        cases.announce(case, by=self.by("detective"), on=timezone.localdate())
        cases.plan(case, by=self.by("detective"), drafts=self.sheets(case, "plan"))
        return case

    def approved(self, case: Case) -> Case:
        cases.approve_plan(self.planned(case), by=self.by("chief"), reason="同意")
        return case

    def ready(self, case: Case) -> Case:
        today, by = timezone.localdate(), self.by("detective")
        words: dict[str, Any] = {
            "kind": "document",
            "digest": sha256(b"a scan").hexdigest(),
            "obtained_by": 2,
            "kept_at": "柜",
        }
        drafts = self.sheets(case, "evidence_note")
        cases.add_evidence(self.approved(case), by=by, obtained_on=today, drafts=drafts, **words)
        words = {"kind": "talk", "approved_by": "负责人", "starts_on": today, "ends_on": today}
        cases.use_measure(case, by=by, **words)
        cases.show_facts(case, by=by, on=today, drafts=self.sheets(case, "facts", "answer"))
        return case

    def submitted(self, case: Case) -> Case:
        cases.submit(self.ready(case), by=self.by("detective"), drafts=self.sheets(case, "case_report"))
        return case

    def tried(self, case: Case) -> Case:
        drafts = self.sheets(case, "trial_report")
        words = {"standards": STANDARDS, "proposal": "sanction", "drafts": drafts}
        trials.try_case(self.submitted(case), by=self.by("judge"), **words)
        return case

    def agreed(self, case: Case) -> Case:
        unanimous(self.by, self.tried(case), self.secret("manager", case))
        return case

    def ruled(self, case: Case) -> Case:
        words: dict[str, Any] = {"outcome": "sanction", "document": "纪〔2026〕1号", "on": timezone.localdate()}
        trials.decide(self.agreed(case), by=self.by("chief"), drafts=self.sheets(case, "decision"), **words)
        return case

    def told(self, case: Case) -> Case:
        today = timezone.localdate()
        trials.deliver(self.ruled(case), by=self.by("manager"), on=today)
        trials.tell(case, by=self.by("manager"), on=today)
        return case

    def enforced(self, case: Case) -> Case:
        drafts = self.sheets(case, "execution")
        trials.execute(self.told(case), by=self.by("manager"), on=timezone.localdate(), drafts=drafts)
        trials.extend(case, by=self.by("chief"), extension="举一反三，堵住报销审批的漏洞。")
        return case

    def own_case(self, code: str = "01") -> Case:
        return self.case(code, ("detective", "case_investigator"), ("judge", "case_trial"))

    def _cases(self, own: dict[str, Any]) -> None:
        own["case"] = self.own_case().pk
        for step in ("planned", "approved", "ready", "submitted", "tried", "agreed", "ruled", "told", "enforced"):
            own[f"case.{step}"] = getattr(self, step)(self.own_case()).pk
        own["case.number"] = Case.objects.get(pk=own["case.ruled"]).number

    # Elsewhere

    def _child(self) -> None:
        child = self.at["child"]
        lead = self.lead("0101")
        self.admit(lead, "lead_handler")
        child |= {"lead": lead.pk, "case": self.own_case("0101").pk}

    def _elsewhere(self, relation: str, own: dict[str, Any]) -> None:
        """Sealed to people of the whole group alone; where a case and a re-reading stand too, one of each is for all its states."""
        code, persons = ("01", (self.leader,)) if relation == "recused" else (PLACES[relation], ())
        lead = self.lead(code, persons)
        found = {"lead": (self.replied(lead, "second") if relation in ("none", "recused") else lead).pk}
        if relation in ("none", "recused"):
            again = self.lead(code, persons)
            case = self.case(code, ("detective", "detective2"), ("judge", "judge2"), persons)
            self.decided(self.lead(code, persons), "second", "close")  # nor draw for another reading
            words: dict[str, Any] = {"kind": "asked", "on": timezone.localdate()}
            cases.note_intervention(case, by=self.by("detective"), drafts=self.sheets(case, "intervention"), **words)
            self.tried(
                self.case(code, ("detective", "detective2"), ("judge", "judge2"), persons)
            )  # that nobody may count
            found |= {
                "case": self.ruled(case).pk,
                "case.number": case.number,
                "lead.number": again.number,
                "lead.again": again.pk,
                "rereading": self.reread(again, "second", "reader"),
            }
            kinds = [kind for kind in own if kind.partition(".")[0] in found and not kind.endswith("number")]
            found |= {kind: found[kind.partition(".")[0]] for kind in kinds} | {"lead.behind": case.lead_id}
        self.at[relation] |= found

    def _sanctions(self) -> None:
        for relation, code in PLACES.items():
            at = self.at[relation]
            person = Person.objects.get(pk=at["person"])
            at["sanction"] = self._imposed(person, "demerit", f"{secret(code)}一号", date(2026, 10, 1))
            at["sanction.probation"] = self._imposed(
                person, "party_probation", f"{secret(code)}二号", date(2025, 10, 1), months=12
            )
        for name, actor in self.actors.items():
            if name in ("lead_manager", "discipline_chief", "staff"):  # the others are shown none whoever it is about
                about = Person.objects.get(account=actor)
                self.mine[name]["sanction"] = self._imposed(about, "demerit", "关于本人的", date(2026, 10, 1))
                self.mine[name]["sanction.probation"] = self._imposed(
                    about, "party_probation", "关于本人的二", date(2025, 10, 1), months=12
                )

    def _imposed(self, person: Person, kind: str, document: str, on: date, **more: Any) -> Any:
        by = self.by("manager")
        return sanctions.impose(by=by, person=person, kind=kind, decided_on=on, document=document, **more).pk
