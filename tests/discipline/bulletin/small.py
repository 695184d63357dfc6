"""Eight units over three months: one late within the grace, one late beyond it, one missing, one sent back twice, one overridden."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.discipline.monthly_return.house import STATEMENT, STATES, House, clock

from yuanqing.discipline.bulletin import actions as bulletins
from yuanqing.discipline.bulletin.models import Bulletin
from yuanqing.discipline.monthly_return import actions as returns
from yuanqing.discipline.review.actions import close
from yuanqing.discipline.review.models import MonthlyReview
from yuanqing.discipline.violation.actions import Someone
from yuanqing.discipline.violation.models import Violation
from yuanqing.kernel.acts import SYSTEM
from yuanqing.org.unit import actions as units

COUNTY = Someone("county", name="某甲", is_party_member=True)
TOWNSHIP = Someone("township_and_below", name="某乙", is_party_member=True)
DEMANDS = ["各单位按时签报。", "连续零报告的单位由上级核实。"]
CASE = "某厂一名管理人员用公款宴请，受到党内警告处分，费用已退还。"


class Small(House):
    """The group with two companies, four works and one centre, which is a peer group of its own."""

    def __init__(self) -> None:
        super().__init__()
        for code, name, parent, group in (
            ("0102", "东二厂", "01", ""), ("0201", "西一厂", "02", ""), ("0202", "西二厂", "02", ""), ("03", "培训中心", "0", "直属"),
        ):  # fmt: skip
            self.units[code] = units.found(
                by=SYSTEM, code=code, name=name, began_on=date(2020, 1, 1), parent=self.units[parent], peer_group=group
            )
        self.head = self.account("总负责", "unit_leader", "0")
        self.staff = self.account("职工", "staff", "0")

    # A month in which all report what the records say

    def quiet(self, month: str, reported: str, closed: str) -> MonthlyReview:
        with clock(f"{reported} 10:00"):
            period = self.open(month)
            returns.submit_as_recorded(period, by=self.head, states=STATES, statement=STATEMENT)
            returns.accept_all(period, by=self.group)
            for paper in period.returns.filter(state="submitted"):
                returns.accept(paper, by=self.group)
        return self.closed(month, closed)

    def closed(self, month: str, day: str) -> MonthlyReview:
        with clock(f"{day} 09:00"):
            period = self.paper("0", month).period
            return close(period, by=self.office)

    def send(self, unit: str, month: str = "2026-10", **changes: Any) -> Any:
        gaps = [{"unit": code, "name": self.units[code].name, "reason": "尚未报送"} for code in changes.pop("gaps", ())]
        return self.submit(unit, self.head, month, declared_gaps=gaps, **changes)

    def passed(self, unit: str, **changes: Any) -> None:
        returns.accept(self.send(unit, **changes), by=self.group)

    # The story

    def august(self) -> MonthlyReview:
        """One meal at 东一厂, and everybody on time."""
        with clock("2026-08-25 10:00"):
            self.concluded(COUNTY, received_on=date(2026, 8, 8), on=date(2026, 8, 20))
        return self.quiet("2026-08", "2026-09-02", "2026-09-12")

    def september(self) -> MonthlyReview:
        """A gift at 东一厂 came in and stays open."""
        with clock("2026-09-15 10:00"):
            self.gift = self.routed(COUNTY, type="B1a", received_on=date(2026, 9, 10))
        return self.quiet("2026-09", "2026-10-02", "2026-10-20")

    def october(self) -> MonthlyReview:
        """东一厂 overrides; 东二厂 a day late, 西一厂 four; 西二厂 never; 培训中心 sent back twice, 西部公司 once."""
        with clock("2026-10-28 10:00"):
            self.concluded(COUNTY, received_on=date(2026, 10, 8), on=date(2026, 10, 20))
            self.concluded(
                TOWNSHIP,
                type="A2",
                unit=self.units["0201"],
                received_on=date(2026, 10, 9),
                on=date(2026, 10, 15),
                measure="criticism",
            )
            # registered late: a gift at 东二厂 that had been dealt with in August
            self.concluded(
                TOWNSHIP, type="B1a", unit=self.units["0102"], received_on=date(2026, 8, 18), on=date(2026, 8, 25)
            )
        with clock("2026-11-02 10:00"):
            self.open("2026-10")
            self.passed(
                "0101",
                cells={"people_handled.B2a.county": 2, "people_sanctioned.B2a.county": 1},
                reasons={"people_handled.B2a.county": "另有一人由上级处理。"},
            )
            self.sent_back("03", 2)
        with clock("2026-11-04 10:00"):
            self.passed("01", gaps=["0102"])
            self.sent_back("02", 1, gaps=["0201", "0202"])
        with clock("2026-11-05 20:00"):
            self.passed("0")
        with clock("2026-11-06 09:00"):
            self.passed("0102", explanations={"late": "联络员出差。"})
        with clock("2026-11-09 17:00"):
            self.passed("0201", explanations={"late": "人手不足。"})
        return self.closed("2026-10", "2026-11-12")  # fmt: skip

    def sent_back(self, unit: str, times: int, **changes: Any) -> None:
        for _time in range(times):
            returns.send_back(self.send(unit, **changes), by=self.group, note="请核对。")
        self.passed(unit, **changes)

    # Bulletins

    def drafted(self, review: MonthlyReview, day: str) -> Bulletin:
        with clock(f"{day} 10:00"):
            bulletin: Bulletin = bulletins.draft(by=self.office, review=review)
            bulletins.edit(bulletin, by=self.office, slots={"situation": "本月问题集中在违规吃喝。"}, demands=DEMANDS)
        return bulletin

    def told(self, bulletin: Bulletin, day: str) -> Any:
        violation = Violation.objects.filter(state="concluded", type="B2a").order_by("-concluded_on").first()
        with clock(f"{day} 11:00"):
            return bulletins.tell_case(by=self.office, bulletin=bulletin, violation=violation, text=CASE)

    def published(self, bulletin: Bulletin, day: str) -> Bulletin:
        with clock(f"{day} 15:00"):
            for case in bulletin.cases.filter(is_dropped=False, checked_by=None):
                bulletins.check_case(case, by=self.second)
            bulletins.propose(bulletin, by=self.office)
            bulletins.approve(bulletin, by=self.officer, note="同意")
            bulletins.sign(bulletin, by=self.secretary)
            bulletins.publish(bulletin, by=self.office)
        return bulletin

    def read(self, bulletin: Bulletin, day: str, but: Any = None) -> None:
        """Every leader but one opens it."""
        with clock(f"{day} 08:30"):
            for delivery in bulletin.deliveries.filter(answers_for__isnull=False).select_related("account"):
                if delivery.account != but:
                    bulletins.acknowledge(delivery, by=delivery.account)

    def three_months(self) -> tuple[MonthlyReview, Bulletin]:
        """To the published bulletin of October, with those of August and September before it."""
        self.read(self.published(self.drafted(self.august(), "2026-09-14"), "2026-09-15"), "2026-09-16")
        september = self.published(self.drafted(self.september(), "2026-10-21"), "2026-10-22")
        self.read(september, "2026-10-26", but=self.west_leader)
        review = self.october()
        bulletin = self.drafted(review, "2026-11-13")
        self.told(bulletin, "2026-11-13")
        return review, self.published(bulletin, "2026-11-14")
