"""What comes after cases in the demo: an appeal, a correction window, a clearing, integrity opinions, content past its term."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Protocol

from django.utils import timezone

from yuanqing.cases.appeal import actions as appeals
from yuanqing.cases.clearing import actions as clearings
from yuanqing.cases.destruction import actions as destructions
from yuanqing.cases.destruction import queries as ended
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.mending import actions as mendings
from yuanqing.cases.opinion import actions as opinions
from yuanqing.cases.sanction.models import Sanction
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
    today = timezone.localdate()
    _appeal(manager)
    window = mendings.order(
        by=handler, person=someone[0], kind="give_back", matter="退回重复领取的出差补助，补齐住宿凭证。",
        document="源清纪提〔2026〕7号", due_on=today + timedelta(days=20),
    )  # fmt: skip
    mendings.report(window, by=handler, report="补助已经退回财务，附银行回单；住宿凭证已补齐。")
    mendings.order(
        by=handler, person=someone[1], kind="self_criticism", matter="就迟报婚丧事项写出书面检查，在支部会上说明。",
        document="源清纪提〔2026〕8号", due_on=today + timedelta(days=6),
    )  # fmt: skip
    cleared = clearings.propose(
        by=handler, person=someone[2], way="to_committee", result="反映其违规报销的问题经核查不属实。"
    )
    clearings.approve(cleared, by=chief, reason="初步核实查否，在单位有议论，同意澄清。")
    clearings.carry_out(
        cleared, by=handler, on=today, is_consented=True, account_of="向单位党组织通报结论，本人表示感谢。", is_filed=True,
        is_told_personnel=True,
    )  # fmt: skip
    _opinions(office, someone[3:6], manager, chief)
    lead = ended.leads(Lead.objects.order_by("received_on")).select_related("key", "unit").first()
    if lead is not None:
        destructions.propose(
            by=manager, row=lead, ground="wrongly_kept", reason="内容属于其他机关管辖，不应当在本机关保存。"
        )


def _appeal(manager: Any) -> None:
    sanction = Sanction.objects.select_related("person", "unit").order_by("-decided_on").first()
    if sanction is not None:
        kind = "party_review" if sanction.kind.startswith("party") else "office_review"
        appeals.file(
            by=manager, sanction=sanction, kind=kind, known_on=sanction.decided_on,
            grounds="对认定的事实没有异议，认为已经主动退还，请求从轻处理。",
        )  # fmt: skip


def _opinions(office: Office, people: list[Person], manager: Any, chief: Any) -> None:
    key = Unlocking(office.holders["lead-manager"], office.secrets["lead-manager"])
    for number, person in enumerate(people):
        row = opinions.register(
            by=manager, person=person, purpose="promotion", asked_by="组织人事部", letter=f"组函〔2026〕{number + 1}号",
            asked_on=timezone.localdate(),
        )  # fmt: skip
        if number < 2:
            opinions.draft(row, by=manager, key=key, answer="nothing_found")
        if number == 0:
            opinions.sign(row, by=chief, document="源清纪廉〔2026〕1号")
