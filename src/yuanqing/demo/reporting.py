"""A month of returns: opened by the office, filled in and signed by the units, reviewed by the units above."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from yuanqing.demo.cast import Cast
from yuanqing.demo.clock import Agenda, moment
from yuanqing.demo.stories import NIL_ELEVEN, Plan, plan
from yuanqing.demo.world import ROOT, World
from yuanqing.discipline.monthly_return.actions import Blocked, Filled, accept, send_back, submit
from yuanqing.discipline.monthly_return.models import MonthlyReturn
from yuanqing.discipline.monthly_return.queries import FORM, Grounds, form_of, prefilled
from yuanqing.kernel.almanac import Month
from yuanqing.norms.period.actions import extend, open_period
from yuanqing.norms.period.models import Period

NIL = "本单位本月无受理、无查处，特此签报。"
LATE = "负责人外出，未能及时签报。"
REASON = "与登记时间有出入，按本单位台账填报。"
NOT_TRUE = "经本单位了解不属实，未予计入。"
EXTENDED, EXTENDED_TURN = "S06", 5


class Reporting:
    """Puts a month's returns on the agenda."""

    def __init__(self, world: World, cast: Cast, agenda: Agenda, chance: random.Random) -> None:
        self.world, self.cast, self.agenda, self.chance = world, cast, agenda, chance
        self.parents = {row["code"]: row["parent_code"] for row in world.units}

    def plan_month(self, month: Month, turn: int, then: Callable[[Period], None]) -> None:
        """Open on the first of the next month, report as each unit's story goes, close after the lock."""
        self.agenda.put(moment(month.next().first_day, 8), lambda: self._open(month, turn, then))

    def _open(self, month: Month, turn: int, then: Callable[[Period], None]) -> None:
        office = self.cast.by_name["office"]
        period = open_period(by=office, form=FORM, month=month)
        returns = {r.unit.code: r for r in MonthlyReturn.objects.filter(period=period).select_related("unit")}
        for code in self.world.reporting:
            intent = plan(code, turn, self.chance)
            if not intent.is_missing:
                self._put_submission(returns[code], code, intent)
        if turn == EXTENDED_TURN:
            until = period.due_at + timedelta(days=1)
            unit = returns[EXTENDED].unit
            self.agenda.put(
                moment(month.next().first_day, 10),
                lambda: (
                    extend(by=office, period=period, unit=unit, until=until, reason="单位搬迁，账册在途。") and None
                ),
            )
        close_day = timezone.localdate(period.locks_at) + timedelta(days=1)
        self.agenda.put(moment(close_day, 10), lambda: then(period))

    def _put_submission(self, record: MonthlyReturn, code: str, intent: Plan) -> None:
        first = record.period.month.next().first_day
        when = moment(first + timedelta(days=intent.day - 1), intent.hour, self.chance.randint(0, 59))
        self.agenda.put(when, lambda: self._submit(record, code, intent))

    def _submit(self, record: MonthlyReturn, code: str, intent: Plan) -> None:
        if timezone.now() > record.period.locks_at:
            return
        leader = self.cast.leader[code]
        filled = self._filled(record, code, intent)
        try:
            submit(record, by=leader, filled=filled)
        except Blocked as blocked:
            submit(record, by=leader, filled=_explained(filled, blocked, code))
        later = timezone.now() + timedelta(hours=self.chance.randint(2, 18))
        if intent.sent_back:
            self.agenda.put(later, lambda: self._send_back(record, code, intent))
        else:
            self.agenda.put(later, lambda: self._accept(record, code))

    def _filled(self, record: MonthlyReturn, code: str, intent: Plan) -> Filled:
        form = form_of(record.period)
        recorded = {} if intent.as_nil else prefilled(form, record.period.month, record.unit_id)
        cells: dict[str, int | str] = dict(recorded)
        if intent.extra:
            cells["received_total"] = int(cells.get("received_total", 0)) + intent.extra
        before = Grounds(record).last
        if before is not None and before.state != "missing" and not intent.as_nil:
            self._carry(cells, int(before.cells.get("open", 0)))
        flow = [int(cells.get(item, 0)) for item in ("carried", "received_total", "concluded")]
        cells["concluded"] = min(flow[2], flow[0] + flow[1])
        cells["open"] = flow[0] + flow[1] - int(cells["concluded"])
        cells |= self._states(form)
        has_numbers = any(isinstance(value, int) and value for value in cells.values())
        return Filled(cells=cells, nil_statement="" if has_numbers else NIL)

    def _carry(self, cells: dict[str, int | str], last_open: int) -> None:
        """Begin where last month ended; what it had over or under the records is put right this month."""
        surplus = last_open - int(cells.get("carried", 0))
        cells["carried"] = last_open
        item = "concluded" if surplus > 0 else "received_total"
        if surplus:
            cells[item] = int(cells.get(item, 0)) + abs(surplus)

    def _states(self, form: object) -> dict[str, str]:
        clauses = [f"state.D{n}" for n in range(1, 11)]
        return {code: self.chance.choices(("enforced", "refined", "not_started"), (12, 4, 1))[0] for code in clauses}

    def _reviewer(self, code: str) -> str:
        return self.parents[code] or ROOT

    def _accept(self, record: MonthlyReturn, code: str) -> None:
        record.refresh_from_db()
        if record.state == "submitted" and record.period.state == "open":
            accept(record, by=self.cast.reviewer[self._reviewer(code)], note="")

    def _send_back(self, record: MonthlyReturn, code: str, intent: Plan) -> None:
        record.refresh_from_db()
        if record.state != "submitted" or record.period.state != "open":
            return
        send_back(record, by=self.cast.reviewer[self._reviewer(code)], note="受理数与登记的不一致，请核对后重报。")
        again = replace(intent, sent_back=intent.sent_back - 1, extra=0)
        self.agenda.put(timezone.now() + timedelta(hours=5), lambda: self._submit(record, code, again))


def _explained(filled: Filled, blocked: Blocked, code: str) -> Filled:
    """Give every reason and explanation that the gates asked for."""
    reasons, explanations, gaps = dict(filled.reasons), dict(filled.explanations), list(filled.declared_gaps)
    for finding in blocked.findings:
        if finding.gate == "value":
            reasons[finding.key] = NOT_TRUE if code == NIL_ELEVEN else REASON
        elif finding.key.startswith("gap@"):
            gaps.append({"unit": finding.key.removeprefix("gap@"), "reason": "下级单位尚未报送，不再等待。"})
        else:
            explanations[finding.key] = LATE if finding.key == "late" else "情况属实，已核对。"
    return replace(filled, reasons=reasons, explanations=explanations, declared_gaps=gaps)
