"""What comes after cases in the demo: appeals, return visits, correction windows, clearings, opinions, content past its term."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Protocol

from django.utils import timezone

from yuanqing.cases.appeal import actions as appeals
from yuanqing.cases.appeal import queries as reviews
from yuanqing.cases.clearing import actions as clearings
from yuanqing.cases.destruction import actions as destructions
from yuanqing.cases.destruction import queries as ended
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.mending import actions as mendings
from yuanqing.cases.opinion import actions as opinions
from yuanqing.cases.revisit import actions as revisits
from yuanqing.cases.revisit.models import Revisit
from yuanqing.cases.sanction.models import Sanction
from yuanqing.cases.slander import actions as findings
from yuanqing.kernel.sealing.models import Holder
from yuanqing.kernel.sealing.unlocking import Unlocking
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person


class Office(Protocol):
    """卷宗: who acts, and with which keys."""

    holders: dict[str, Holder]
    secrets: dict[str, str]

    def by(self, name: str) -> Account: ...


def carry_on(office: Office, people: list[str]) -> None:
    """`people` are numbers on the rolls of persons nothing else is told about."""
    manager, handler, chief = office.by("lead-manager"), office.by("lead-handler"), office.by("chief")
    someone = list(Person.objects.select_related("unit").filter(number__in=people).order_by("number"))
    _appeal(manager)
    _visit(handler)
    _corrections(handler, someone[0], someone[1])
    _clearing(handler, chief, someone[2], someone[3])
    _opinions(office, someone[4:7], manager, chief)
    _ended(manager, handler)


def _appeal(manager: Any) -> None:
    """Of the latest sanction; whoever had a hand in the case does not review it, so that it waits where all had one."""
    sanction = Sanction.objects.select_related("person", "unit").order_by("-decided_on").first()
    if sanction is None:
        return
    row = appeals.file(
        by=manager, sanction=sanction, kind="party_review" if sanction.kind.startswith("party") else "office_review",
        known_on=sanction.decided_on, grounds="对认定的事实没有异议，认为已经主动退还，请求从轻处理。",
    )  # fmt: skip
    fit = reviews.reviewers(row)
    if fit:
        appeals.accept(row, by=manager, reviewer=fit[0])


def _visit(handler: Any) -> None:
    """The one that is due first was held today already, because the person asked for it."""
    row = Revisit.objects.select_related("unit", "sanction").filter(state="planned").order_by("due_on").first()
    if row is not None and row.sanction.decided_on < timezone.localdate():
        revisits.hold(
            row, by=handler, on=timezone.localdate(), people=2, impression="in_difficulty",
            record="本人认识到位，工作照常；同事有些疏远，情绪低落。", help="请所在党支部书记每月谈一次话。",
        )  # fmt: skip


def _corrections(handler: Any, one: Person, other: Person) -> None:
    today = timezone.localdate()
    window = mendings.order(
        by=handler, person=one, kind="give_back", matter="退回重复领取的出差补助，补齐住宿凭证。",
        document=f"源清纪提〔{today.year}〕7号", due_on=today + timedelta(days=20),
    )  # fmt: skip
    mendings.report(window, by=handler, report="补助已经退回财务，附银行回单；住宿凭证已补齐。")
    mendings.order(
        by=handler, person=other, kind="self_criticism", matter="就迟报婚丧事项写出书面检查，在支部会上说明。",
        document=f"源清纪提〔{today.year}〕8号", due_on=today + timedelta(days=6),
    )  # fmt: skip


def _clearing(handler: Any, chief: Any, one: Person, other: Person) -> None:
    row = clearings.propose(by=handler, person=one, way="to_committee", result="反映其违规报销的问题经核查不属实。")
    clearings.approve(row, by=chief, reason="初步核实查否，在单位有议论，同意澄清。")
    clearings.carry_out(
        row, by=handler, on=timezone.localdate(), is_consented=True, is_filed=True, is_told_personnel=True,
        account_of="向单位党组织通报结论，本人表示感谢。",
    )  # fmt: skip
    clearings.propose(by=handler, person=other, way="by_letter", result="反映其优亲厚友的问题经核查不属实。")


def _opinions(office: Office, people: list[Person], manager: Any, chief: Any) -> None:
    key, today = Unlocking(office.holders["lead-manager"], office.secrets["lead-manager"]), timezone.localdate()
    for number, person in enumerate(people):
        row = opinions.register(
            by=manager, person=person, purpose="promotion", asked_by="组织人事部", letter=f"组函〔{today.year}〕{number + 1}号",
            asked_on=today,
        )  # fmt: skip
        if number < 2:
            opinions.draft(row, by=manager, key=key, answer="nothing_found")
        if number == 0:
            opinions.sign(row, by=chief, document=f"源清纪廉〔{today.year}〕1号")


def _ended(manager: Any, handler: Any) -> None:
    """Content that should not be here; and a report that was wrong and, as far as is known, on purpose."""
    leads = list(ended.leads(Lead.objects.order_by("received_on")).select_related("key", "unit", "petition"))
    if not leads:
        return
    destructions.propose(
        by=manager, row=leads[0], ground="wrongly_kept", reason="内容属于其他机关管辖，不应当在本机关保存。"
    )
    lead = next((one for one in leads if one.petition), leads[0])
    findings.propose(
        by=handler, unit=lead.unit, matter=lead.petition.number if lead.petition else lead.number, was_named=True,
        who="实名举报人（另案登记）", elements=["fabricated", "intended"],
        evidence="所附收据经鉴定系事后伪造；聊天记录证明其事先知道不实。",
    )  # fmt: skip
