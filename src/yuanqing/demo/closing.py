"""After the lock: the office closes the month, drafts the bulletin, and it is checked, signed, published and read."""

from __future__ import annotations

import random
from datetime import timedelta

from django.utils import timezone

from yuanqing.demo.cast import Cast
from yuanqing.demo.clock import Agenda
from yuanqing.discipline.bulletin.actions import (
    acknowledge,
    approve,
    check_case,
    draft,
    edit,
    propose,
    publish,
    sign,
    tell_case,
)
from yuanqing.discipline.bulletin.models import Bulletin, Delivery
from yuanqing.discipline.review.actions import close
from yuanqing.discipline.review.models import MonthlyReview
from yuanqing.discipline.violation.models import Violation
from yuanqing.kernel.almanac import Month
from yuanqing.norms.period.models import Period

TYPICAL = "某分公司一名管理人员在节日期间收受业务往来单位赠送的购物卡，受到党内警告处分，所收财物已退还。"
DEMANDS = (
    "各单位按期签报月报，负责人外出的提前授权。",
    "对连续零报告的单位，由上级单位上门核实。",
    "结合本月案例开展一次警示教育。",
)


class Closing:
    def __init__(self, cast: Cast, agenda: Agenda, chance: random.Random, last: Month) -> None:
        self.cast, self.agenda, self.chance, self.last = cast, agenda, chance, last
        self.shown = {account.pk for account in cast.by_name.values()}

    def close(self, period: Period) -> None:
        period.refresh_from_db()
        review = close(period, by=self.cast.by_name["office"])
        self._in(4, lambda: self._draft(review))

    def _in(self, hours: int, what: object) -> None:
        self.agenda.put(timezone.now() + timedelta(hours=hours), what)  # type: ignore[arg-type]

    def _draft(self, review: MonthlyReview) -> None:
        office = self.cast.by_name["office"]
        bulletin = draft(by=office, review=review)
        situation = "本月问题仍以收受礼品礼金为主，个别单位报送不及时。"
        edit(bulletin, by=office, slots={"situation": situation}, demands=list(DEMANDS))
        typical = Violation.objects.filter(
            type="B1b",
            state="concluded",
            concluded_on__range=(review.period.month.first_day, review.period.month.last_day),
        ).first()
        if typical is not None:
            case = tell_case(by=office, bulletin=bulletin, violation=typical, text=TYPICAL)
            check_case(case, by=self.cast.by_name["discipline2"])
        propose(bulletin, by=office)
        self._in(20, lambda: self._approve(bulletin))

    def _approve(self, bulletin: Bulletin) -> None:
        approve(bulletin, by=self.cast.by_name["discipline"])
        self._in(5, lambda: self._sign(bulletin))

    def _sign(self, bulletin: Bulletin) -> None:
        sign(bulletin, by=self.cast.by_name["secretary"])
        publish(bulletin, by=self.cast.by_name["office"])
        self._in(3, lambda: self._read(bulletin))

    def _read(self, bulletin: Bulletin) -> None:
        """Most read it; the accounts to try have read every bulletin but the last, which waits on their desks."""
        is_last = bulletin.review.period.month == self.last
        for delivery in Delivery.objects.filter(bulletin=bulletin).select_related("account"):
            reads = self.chance.random() < 0.85
            if not is_last if delivery.account_id in self.shown else reads:
                acknowledge(delivery, by=delivery.account)
