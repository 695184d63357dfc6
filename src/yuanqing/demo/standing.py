"""Clocks of the demo that stand still, terms beside the clocks, and petitions handed to a unit of the house."""

from __future__ import annotations

from datetime import date, time, timedelta
from functools import partial
from typing import Any, Protocol

from django.utils import timezone

from yuanqing.cases.case.models import Case
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.partner import actions as partners
from yuanqing.cases.partner.models import Partner
from yuanqing.cases.pause import actions as pauses
from yuanqing.cases.pause.models import Pause
from yuanqing.cases.petition import actions as petitions
from yuanqing.cases.petition.models import Petition
from yuanqing.cases.term import actions as terms
from yuanqing.cases.term.models import Term
from yuanqing.cases.transfer import actions as transfers
from yuanqing.cases.transfer.models import Transfer
from yuanqing.demo.clock import Agenda, moment
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.sealing.models import Holder
from yuanqing.kernel.sealing.unlocking import Unlocking
from yuanqing.org.account.models import Account
from yuanqing.org.unit.models import Unit

HOUSE, RECEIVER = "S03", "petition-handler"  # the unit of the house, and who signs for it there
HANDED = (  # what the petition says, how many days ago it was handed down, how far it has come
    ("反映分公司车队一名队长长期报销私家车油费。", 33, "answered"),
    ("反映分公司工会采购慰问品指定一家商店。", 12, "signed"),
    ("反映分公司食堂承包没有公开比选。", 2, "sent"),
)


class Files(Protocol):
    """卷宗: who acts, with which keys, and the leads by the way they went."""

    agenda: Agenda
    holders: dict[str, Holder]
    secrets: dict[str, str]
    made: dict[str, Any]

    def by(self, name: str) -> Account: ...

    def _letter(self, text: str, day: date, is_taken: bool) -> Petition: ...


class Standing:
    """Puts pauses, terms and what is handed down on the agenda."""

    def __init__(self, files: Files) -> None:
        self.files = files

    def introduce(self) -> None:
        """A unit of the house, known by the organisation itself."""
        made: Partner = partners.propose(by=SYSTEM, relation="subordinate", unit=Unit.objects.get(code=HOUSE))
        partners.confirm(made, by=self.files.by("intake"), compared="组织关系明确")

    def plan(self, until: date) -> None:
        agenda = self.files.agenda
        for ago, act in (
            (38, self._case_waits), (36, self._case_goes), (20, self._quarter), (17, self._lead_waits), (15, self._lead_goes),
            (9, self._record_back), (5, self._accident), (3, self._resumed), (2, self._asked), (1, self._letters),
        ):  # fmt: skip
            agenda.put(moment(until - timedelta(days=ago), 15), act)
        for text, ago, goal in HANDED:
            day = until - timedelta(days=ago)
            agenda.put(moment(day, 14), partial(self._hand_down, text, day, goal))

    # Pauses

    def _case(self, way: str) -> Case:
        found: Case = Case.objects.select_related("key", "unit").get(lead=self.files.made[way])
        return found

    def _lead(self, way: str) -> Lead:
        found: Lead = Lead.objects.select_related("key", "unit").get(pk=self.files.made[way])
        return found

    def _case_waits(self) -> None:
        """For the opinion of an expert, until a day."""
        until = timezone.localdate() + timedelta(days=70)
        words = {"ground": "expertise", "reason": "账目已送司法会计鉴定，等待鉴定意见", "until": until}
        pauses.ask(by=self.files.by("investigator"), matter=self._case("investigated"), **words)

    def _case_goes(self) -> None:
        self._approve("同意暂停。源清纪批〔2026〕11号")

    def _lead_waits(self) -> None:
        """For another body, nobody knows how long."""
        words = {"ground": "other_body", "reason": "同一事项正由审计机关处理，等待审计结论"}
        pauses.ask(by=self.files.by("lead-handler"), matter=self._lead("signed"), **words)

    def _lead_goes(self) -> None:
        self._approve("同意暂停。源清纪批〔2026〕14号")

    def _approve(self, document: str) -> None:
        for pause in Pause.objects.filter(state="asked"):
            pauses.approve(pause, by=self.files.by("chief"), document=document)

    def _resumed(self) -> None:
        for pause in Pause.objects.filter(state="running", lead__isnull=False):
            pauses.resume(pause, by=self.files.by("lead-handler"), reason="审计结论已收到")

    def _asked(self) -> None:
        """Waits for its approval."""
        words = {"ground": "not_available", "reason": "本人住院手术，暂时不能谈话"}
        pauses.ask(by=self.files.by("lead-handler"), matter=self._lead("verifying"), **words)

    # Terms

    def _quarter(self) -> None:
        terms.open_quarter(timezone.localdate())

    def _record_back(self) -> None:
        """A talk that somebody else held: its record came back in time."""
        by, today = self.files.by("lead-handler"), timezone.localdate()
        made = terms.begin(by=by, matter=self._lead("answered"), kind="talk_record", starts_on=today)
        terms.fulfil(made, by=by, on=today, how="谈话记录和说明材料已退回，附清单")

    def _accident(self) -> None:
        """Reported upward the same day."""
        by, today = self.files.by("investigator"), timezone.localdate()
        made: Term = terms.begin(
            by=by, matter=self._case("investigated"), kind="accident", starts_on=today, at=time(9, 20)
        )
        terms.fulfil(made, by=by, on=today, how="当日电话报告，随后书面报告")

    def _letters(self) -> None:
        """What a plain petition makes due: one thing is late, another is due soon."""
        rows = Petition.objects.filter(state__in=["registered", "accepted"], channel="letter").order_by("received_on")
        today = timezone.localdate()
        for row, kind, ago in zip(rows, ("xinfang_told", "xinfang_moved"), (20, 11), strict=False):
            starts = max(row.received_on, today - timedelta(days=ago))
            terms.begin(by=self.files.by("intake"), matter=row, kind=kind, starts_on=starts)

    # Within the house

    def _hand_down(self, text: str, day: date, goal: str) -> None:
        petition, intake, receiver = (
            self.files._letter(text, day, True),
            self.files.by("intake"),
            self.files.by(RECEIVER),
        )
        key = Unlocking(self.files.holders["intake"], self.files.secrets["intake"])
        words: dict[str, Any] = {"holder": self.files.holders[RECEIVER], "unlocking": key, "cover": "请核实并报结果。"}
        partner = Partner.objects.get(unit__code=HOUSE)
        transfer: Transfer = transfers.hand_down(
            by=intake, partner=partner, way="assign", matters=[petition], receiver=receiver, **words
        )
        if goal in ("signed", "answered"):
            transfers.sign_for(transfer, by=receiver)
        if goal == "answered":
            petition.refresh_from_db()
            petitions.conclude(petition, by=receiver, outcome="unfounded")
            transfers.answer(transfer, by=receiver, text="经核实，油费均为公务用车加油，有派车单和行车记录，反映不实。")
