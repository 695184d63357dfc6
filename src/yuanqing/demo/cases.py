"""Petitions and leads of the demo: letters of the last months, and leads in every state of their way."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from yuanqing.cases.disposal import actions as decisions
from yuanqing.cases.inquiry import actions as inquiries
from yuanqing.cases.lead import actions
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.lead.queries import Draft, drafted
from yuanqing.cases.petition import actions as petitions
from yuanqing.cases.petition.models import Petition
from yuanqing.cases.rereading import actions as rereadings
from yuanqing.cases.verification import actions as checks
from yuanqing.demo import aftermath, chamber, courts, standing
from yuanqing.demo.cast import Cast
from yuanqing.demo.clock import Agenda, moment
from yuanqing.demo.exchange import Exchange
from yuanqing.demo.standing import Standing
from yuanqing.demo.stories import NIL_ELEVEN
from yuanqing.demo.world import ROOT, World
from yuanqing.kernel.acts import SYSTEM
from yuanqing.kernel.sealing import actions as sealing
from yuanqing.kernel.sealing import envelope
from yuanqing.kernel.sealing.models import Holder
from yuanqing.kernel.sealing.unlocking import Unlocking
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit

KEYED = (
    "intake",
    "lead-manager",
    "lead-handler",
    "lead-handler2",
    "chief",
    "rereader",
    "body-member",
    "body-member2",
    standing.RECEIVER,
    *(name for name, _part in courts.TEAM),
)
SAID = (
    "项目验收前，施工方连续三个周末请验收人员吃饭，账从项目管理费里走。",
    "车队油卡对不上账，同一天有三张加油票，里程却没有动。",
    "招标前，评标标准改了两次，改后只有一家符合。",
    "科室小金库没有清，去年评比的奖金没有进大账。",
    "逢年过节给客户单位送购物卡，发票开成办公用品。",
    "亲属开的店常年给食堂供货，价格比市场高两成。",
)
WAYS = (  # how far a lead has come, and how many days ago it began
    ("reminded", 236), ("archived", 214), ("closed", 201), ("unfounded", 188), ("closed", 133), ("held", 118),
    ("merged", 100), ("answered", 62), ("investigated", 44), ("delayed", 30), ("signed", 28), ("verifying", 26),
    ("tried", 24), ("filed", 21), ("sanctioned", 18), ("inquiring", 14), ("proposed", 12), ("screening", 9),
    ("verified", 8), ("assigned", 2), ("pooled", 1), ("debated", 16), ("called", 6),
)  # fmt: skip


@dataclass
class Files:
    """Puts petitions and leads on the agenda; everything is sealed and signed by whoever does it in life."""

    world: World
    cast: Cast
    agenda: Agenda
    seed: int
    holders: dict[str, Holder] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict)  # leads by their way

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311 a made-up world, no secret
        self.root = Unit.objects.get(code=ROOT)
        self.exchange, self.standing = Exchange(self), Standing(self)

    def enrol(self) -> None:
        """A key for everybody who opens files; the escrow's secret is thrown away in the demo."""
        _secret, public = envelope.new_identity()
        sealing.found_escrow(by=SYSTEM, public=public, needed=3, custodians=5)
        for name in KEYED:
            account = self.cast.by_name[name]
            words = next((p["unlock"] for p in self.cast.passwords if p["username"] == name), f"demo-{name}-passphrase")
            fresh = sealing.new_enrolment(words)
            self.holders[name] = sealing.enrol(
                by=SYSTEM, account_id=account.pk, name=str(account), fresh=fresh, receives=name == "intake"
            )
            self.secrets[name] = fresh.secret
        self.exchange.introduce()
        self.standing.introduce()

    def by(self, name: str) -> Account:
        found: Account = Account.objects.get(pk=self.cast.by_name[name].pk)
        return found

    def secret(self, name: str, record: Any) -> str:
        record.key.refresh_from_db()
        return Unlocking(self.holders[name], self.secrets[name]).secret_of(record.key)

    def plan(self, until: date) -> None:
        """Leads of the last eight months, in every state of their way; and letters that stay letters."""
        for number, (way, ago) in enumerate(WAYS):
            day = until - timedelta(days=ago)
            self.agenda.put(moment(day, 10), partial(self._lead, way, number, day))
        for number, text in enumerate(SAID):
            day = until - timedelta(days=9 * number + 2)
            self.agenda.put(moment(day, 9), partial(self._plain_letter, text, day, number > 1))
        self.exchange.plan(until)
        self.standing.plan(until)
        self.agenda.put(moment(until - timedelta(days=1), 17), self._draw)
        self.agenda.put(moment(until - timedelta(days=1), 18), self._aftermath)

    def _aftermath(self) -> None:
        codes = [code for code in self.world.reporting if len(self.world.staff[code]) > 12]
        aftermath.carry_on(self, [self.world.staff[code][11] for code in codes[3:10]])

    def _plain_letter(self, text: str, day: date, is_taken: bool) -> None:
        self._letter(text, day, is_taken)

    def _letter(self, text: str, day: date, is_taken: bool) -> Petition:
        content = petitions.sealed(
            {"text": text, "answers": {"who": "某部门负责人"}, "files": []}, [self.holders["intake"]]
        )
        petition: Petition = petitions.register(
            by=self.by("intake"), content=content, channel=self.chance.choice(("letter", "transfer", "audit")),
            kind="accusation", level="level_middle", is_named=False, received_on=day,
        )  # fmt: skip
        if is_taken:
            petitions.accept(petition, by=self.by("intake"))
        return petition

    def _subject(self, number: int) -> Person:
        """Somebody below the leader of a unit; two are from the unit that reports nothing all the while."""
        codes = [code for code in self.world.reporting if len(self.world.staff[code]) > 12]
        code = NIL_ELEVEN if number in (2, 7) else codes[(5 * number) % len(codes)]
        found: Person = Person.objects.get(number=self.world.staff[code][8])
        return found

    def _lead(self, way: str, number: int, day: date) -> None:
        text = SAID[number % len(SAID)]
        petition = self._letter(text, day, True) if number % 3 else None
        unit, person = self.root, self._subject(number)
        said = {"text": text, "who": f"{person.unit.name}一名工作人员"}
        writer = "intake" if petition else "lead-manager"
        file = actions.opened_file(self.by(writer), unit, said, [person], petition)
        source = "petition" if petition else "inspection" if way == "verified" else "audit"
        lead: Lead = actions.register(
            by=self.by(writer), file=file, unit=unit, source=source, category="integrity",
            level="level_staff", elements=["when", "who", "what", "thing", "where"][: 2 + number % 4], petition=petition,
        )  # fmt: skip
        self.made[way] = lead.pk
        steps = Way(self, lead, day)
        for name in STEPS[way]:
            steps.take(name)

    def _draw(self) -> None:
        rereadings.draw_lot(
            by=self.by("lead-manager"), key=Unlocking(self.holders["lead-manager"], self.secrets["lead-manager"])
        )


BEGUN = ("assign", "confirm")
FILED = (*BEGUN, "screen:verify", "verify", "join", "write_report", "sign", "report:check_file", "file")
STEPS: dict[str, tuple[str, ...]] = {
    "debated": (*FILED, "case:debate"),
    "called": (*BEGUN, "screen:verify", "body"),
    "investigated": (*FILED, "case:investigate"),
    "tried": (*FILED, "case:submit"),
    "sanctioned": (*FILED, "case:decide"),
    "archived": (*FILED, "case:archive"),
    "pooled": (),
    "assigned": ("assign",),
    "screening": BEGUN,
    "proposed": (*BEGUN, "screen:verify"),
    "inquiring": (*BEGUN, "screen:inquire", "inquire", "ask"),
    "answered": (*BEGUN, "screen:inquire", "inquire", "ask", "answer"),
    "reminded": (*BEGUN, "screen:inquire", "inquire", "ask", "answer", "report_inquiry", "remind"),
    "verifying": (*BEGUN, "screen:verify", "verify", "join"),
    "signed": (*BEGUN, "screen:verify", "verify", "join", "write_report", "sign"),
    "verified": (*BEGUN, "screen:verify", "verify", "join", "write_report", "sign", "report:check_file"),
    "held": (*BEGUN, "screen:shelve", "shelve"),
    "closed": (*BEGUN, "screen:close", "close"),
    "unfounded": (*BEGUN, "screen:verify", "verify", "join", "write_report", "sign", "report:check_close", "close"),
    "filed": FILED,
    "merged": (*BEGUN, "merge"),
    "delayed": (*BEGUN, "screen:verify", "verify", "delay"),
}


@dataclass
class Way:
    """One lead along its way, step by step."""

    files: Files
    lead: Lead
    day: date

    def take(self, name: str) -> None:
        verb, _colon, what = name.partition(":")
        self.lead = Lead.objects.select_related("key", "unit", "handler", "petition").get(pk=self.lead.pk)
        getattr(self, f"_{verb}")(what) if hasattr(self, f"_{verb}") else self._decide(verb)

    def _papers(self, kinds: Sequence[str]) -> list[Draft]:
        words = {
            "study": "三人研究：反映具体，时间、金额可查，同意所提方式。",
            "plan": "调取近两年账册和合同，分别向经办人了解情况。",
            "letter": "请就反映的问题作出书面说明，并附相关票据。",
            "reply": "情况说明：确有此事，已退回，附凭证。",
            "situation": "答复与凭证一致，情节轻微。",
            "check_report": "经核实，反映问题的主要情节如下。",
            "easing_reason": "需要等待外部审计结论。",
        }
        return drafted(self.lead, {kind: words[kind] for kind in kinds})

    @property
    def _handler(self) -> Account:
        return self.files.by("lead-handler")

    def _assign(self, what: str) -> None:
        holder = self.files.holders["lead-handler"]
        secret = self.files.secret("lead-manager", self.lead)
        actions.assign(self.lead, by=self.files.by("lead-manager"), handler=self._handler, holder=holder, secret=secret)

    def _confirm(self, what: str) -> None:
        actions.confirm(self.lead, by=self._handler)

    def _screen(self, what: str) -> None:
        more: dict[str, Any] = {"ground": "empty"} if what == "close" else {}
        if what == "shelve":
            on = timezone.localdate() + timedelta(days=120)
            more = {"ground": "not_ripe", "restart_when": "外部审计报告出来", "restart_on": on}
        actions.screen(
            self.lead, by=self._handler, method=what, studied_on=timezone.localdate(), studied_by=3,
            drafts=self._papers(("study", "plan")), **more,
        )  # fmt: skip

    def _decide(self, step: str) -> None:
        getattr(decisions, step)(self.lead, by=self.files.by("chief"), reason="集体研究意见明确，同意。")

    def _ask(self, what: str) -> None:
        drafts = self._papers(("letter",))
        inquiries.ask(self.lead, by=self._handler, mode="letter", on=timezone.localdate(), drafts=drafts)

    def _answer(self, what: str) -> None:
        drafts = self._papers(("reply",))
        inquiries.answer(self.lead, by=self._handler, on=timezone.localdate(), is_endorsed=True, drafts=drafts)

    def _report_inquiry(self, what: str) -> None:
        inquiries.report_inquiry(
            self.lead, by=self._handler, proposal="inquiry_remind", ground="slight", measure="remind_talk",
            drafts=self._papers(("situation",)),
        )  # fmt: skip

    def _join(self, what: str) -> None:
        for name in ("lead-handler", "lead-handler2"):
            secret = self.files.secret("lead-handler", self.lead)
            checks.join(
                self.lead, by=self._handler, member=self.files.by(name), holder=self.files.holders[name], secret=secret
            )

    def _write_report(self, what: str) -> None:
        checks.write_report(self.lead, by=self._handler, drafts=self._papers(("check_report",)))

    def _sign(self, what: str) -> None:
        for name in ("lead-handler", "lead-handler2"):
            checks.sign(self.lead, by=self.files.by(name))

    def _report(self, what: str) -> None:
        ground = "" if what == "check_file" else "not_true"
        checks.report_check(self.lead, by=self._handler, proposal=what, ground=ground)

    def _request(self, kind: str, **more: Any) -> None:
        drafts = self._papers(("easing_reason",))
        decisions.request(self.lead, by=self._handler, kind=kind, ground="waiting_others", drafts=drafts, **more)

    def _case(self, what: str) -> None:
        courts.bring(self.files, self.lead, what)

    def _body(self, what: str) -> None:
        chamber.call(self.files, self.lead, "反映具体、可查，承办部门拟初步核实；反映对象为重要岗位人员，提请审议。")

    def _merge(self, what: str) -> None:
        other = Lead.objects.running().exclude(pk=self.lead.pk).order_by("number").first()
        if other is not None:
            self._request("easing_merge", into=other)
            self._decide("merge")

    def _delay(self, what: str) -> None:
        assert self.lead.due_on is not None
        self._request("easing_delay", until=self.lead.due_on + timedelta(days=20))
        self._decide("delay")
