"""Cases of the demo: one under investigation, one on trial, one decided and delivered, one archived."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

from django.utils import timezone

from yuanqing.cases.case import actions
from yuanqing.cases.case.models import Case
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.lead.queries import Draft, drafted
from yuanqing.cases.redress import actions as redresses
from yuanqing.cases.sanction import actions as sanctions
from yuanqing.cases.sitting.models import Sitting
from yuanqing.cases.trial import actions as trials
from yuanqing.demo import chamber
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.sealing.models import Holder
from yuanqing.org.account.models import Account

TEAM = (("investigator", "investigation"), ("investigator2", "investigation"), ("trial", "trial"), ("trial2", "trial"))
STANDARDS = ("std_facts", "std_proof", "std_nature", "std_measure_fits", "std_formalities", "std_procedure")
TEXTS = {
    "plan": "分两组：一组查账，一组谈话；先书证后言词，注意保密。",
    "evidence_note": "账外收支登记本复印件，证明两年间的账外收入。",
    "intervention": "该单位一名副职打电话问案子查到哪一步了，没有回答，当天登记。",
    "facts": "任职期间将部分收入不入大账，用于发放补贴。",
    "answer": "承认事实，愿意退还，请求从轻。",
    "case_report": "事实清楚，建议给予党纪处分。",
    "trial_report": "同意认定的事实，建议给予警告处分。",
    "decision": "给予警告处分；不服本决定的，可以在一个月内申诉。",
    "execution": "处分决定已宣布，违纪所得已收缴，影响期已通知组织人事部门。",
}
ASKED = (  # kind, title, text, problem type
    ("recommendation", "清理账外资金的纪检建议", "检查近两年各项收入是否全部入账，清理账外资金，三个月内书面报告清理结果和责任人。", "B4"),
    ("loophole", "收入票据没有统一管理", "票据由经办人自行保管，领用没有登记。请改由财务统一保管，每月核对存根和入账。", ""),
    ("lesson", "一本账外登记簿的教训", "某单位把零星收入另记一本账，几年下来数额不小。账外资金没有小事，从第一笔不入账开始就是违纪。", ""),
)  # fmt: skip


class Office(Protocol):
    """卷宗: who acts, and how a file is opened."""

    holders: dict[str, Holder]

    def by(self, name: str) -> Account: ...

    def secret(self, name: str, record: Any) -> str: ...


@dataclass
class Court:
    """One case along its way."""

    office: Office
    case: Case
    sitting: Sitting | None = None

    def papers(self, *kinds: str) -> list[Draft]:
        self.case = Case.objects.select_related("key", "unit", "lead").get(pk=self.case.pk)
        return drafted(self.case, {kind: TEXTS[kind] for kind in kinds}, "case")

    def investigate(self) -> None:
        by, today = self.office.by("investigator"), timezone.localdate()
        for name, part in TEAM:
            secret, holder = self.office.secret("lead-manager", self.case), self.office.holders[name]
            manager, officer = self.office.by("lead-manager"), self.office.by(name)
            actions.staff(self.case, by=manager, part=part, officer=officer, holder=holder, secret=secret)
        actions.announce(self.case, by=by, on=today)
        actions.plan(self.case, by=by, drafts=self.papers("plan"))
        actions.approve_plan(self.case, by=self.office.by("chief"), reason="方案可行，同意。")
        words = {"kind": "query_plain", "approved_by": "部门负责人批准", "starts_on": today, "ends_on": today}
        actions.use_measure(self.case, by=by, **words)
        for number in range(3):
            actions.add_evidence(
                self.case, by=by, kind="document", digest=sha256(f"{self.case.number}-{number}".encode()).hexdigest(),
                obtained_on=today, obtained_by=2, kept_at=f"证据柜{number + 1}号", pages=6 + number,
                drafts=self.papers("evidence_note"),
            )  # fmt: skip
        words = {"given_by": "审查组甲", "taken_by": "证据保管室", "kept_at": "证据保管室5号柜"}
        actions.hand_on(self.case, by=by, number=1, on=today, is_same=True, **words)
        actions.note_intervention(self.case, by=by, kind="asked", on=today, drafts=self.papers("intervention"))

    def submit(self) -> None:
        by = self.office.by("investigator")
        actions.show_facts(self.case, by=by, on=timezone.localdate(), drafts=self.papers("facts", "answer"))
        actions.submit(self.case, by=by, drafts=self.papers("case_report"))

    def debate(self) -> None:
        """Tried, and the body has sat on it; one member has still to sign."""
        drafts = self.papers("trial_report")
        by = self.office.by("trial")
        trials.try_case(self.case, by=by, standards=STANDARDS, proposal="sanction", drafts=drafts)
        self.sitting = chamber.sit(self.office, self.case, chamber.QUESTION, "sanction")

    def decide(self) -> None:
        today = timezone.localdate()
        chamber.signed(self.office, self.sitting)
        document = f"源清纪〔{today.year}〕{int(self.case.number[-3:])}号"
        drafts = self.papers("decision")
        trials.decide(
            self.case, by=self.office.by("chief"), outcome="sanction", document=document, on=today, drafts=drafts
        )
        manager = self.office.by("lead-manager")
        trials.deliver(self.case, by=manager, on=today)
        for person in actions.persons_of(self.case, self.office.secret("lead-manager", self.case)):
            kind = "party_warning" if person.is_party_member else "admin_warning"
            words = {"person": person, "kind": kind, "decided_on": today, "document": document}
            sanctions.impose(by=manager, case=Case.objects.get(pk=self.case.pk), **words)

    def archive(self) -> None:
        manager, today = self.office.by("lead-manager"), timezone.localdate()
        trials.tell(self.case, by=manager, on=today)
        trials.execute(self.case, by=manager, on=today, drafts=self.papers("execution"))
        self.ask()
        trials.extend(self.case, by=self.office.by("chief"))
        trials.archive(self.case, by=manager)

    def ask(self) -> None:
        """What the case asks of the person's unit; the unit answers one, the lesson is sent into the column."""
        manager, chief = self.office.by("lead-manager"), self.office.by("chief")
        secret = self.office.secret("lead-manager", self.case)
        unit = actions.persons_of(self.case, secret)[0].unit
        case = Case.objects.select_related("key", "unit").get(pk=self.case.pk)
        made = [
            redresses.issue(
                by=manager, case=case, secret=secret, kind=kind, title=title, text=text, type=type,
                unit=case.unit if kind == "lesson" else unit,
            )
            for kind, title, text, type in ASKED
        ]  # fmt: skip
        redresses.answer(
            made[1], by=SYSTEM, is_accepted=True, answer="票据已收归财务统一保管，领用登记簿已建立，每月核对。"
        )
        redresses.teach(made[2], by=chief, kind="column.case", is_deidentified=True)


WAY = ("investigate", "submit", "debate", "decide", "archive")


def bring(office: Office, lead: Lead, goal: str) -> None:
    """Open the case of a filed lead and bring it to its goal."""
    manager = office.by("lead-manager")
    file = actions.opened_file(manager, lead, office.secret("lead-manager", lead))
    case: Case = actions.open(by=manager, lead=lead, file=file)
    court = Court(office, Case.objects.select_related("key", "unit", "lead").get(pk=case.pk))
    for step in WAY[: WAY.index(goal) + 1]:
        getattr(court, step)()
