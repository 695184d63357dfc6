"""What the demo's records tell, unit by unit; the guide walks through them.

S03B is late three months running. S07A reports nil eleven months while two matters about it are registered. S05C's own
numbers exceed its records. S09A was slow and improved. D04 never reported one month. S02 was sent back twice.
S11C has four people and one matter: by share of its people it looks worst, and it means nothing. Officer discipline3
lowers findings more often than chance.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

LATE_THREE, NIL_ELEVEN, OVER_REPORTS, IMPROVED, MISSING_ONCE, SENT_BACK, TINY = (
    "S03B", "S07A", "S05C", "S09A", "D04", "S02", "S11C"
)  # fmt: skip
LOWERS_OFTEN = "discipline3"
MONTHS = 14
FACTS = {
    "A2": "对职责范围内的事项拖延不办，群众多次反映后仍未答复。",
    "A3": "在服务窗口对来访群众态度生硬，无正当理由拒绝受理。",
    "A4": "召开内容重复的会议，要求基层反复报送同一材料。",
    "B1b": "节日期间收受业务往来单位赠送的购物卡。",
    "B2a": "以调研名义用公款组织与公务无关的聚餐。",
    "B2b": "接受管理和服务对象安排的宴请。",
    "B3": "操办子女婚宴时邀请业务往来单位人员参加并收受礼金。",
    "B4": "以加班名义自定标准发放补贴。",
    "B5a": "借外出培训之机公款安排景点游览。",
    "B6": "私自使用公务车辆办理个人事务。",
    "D3": "未按规定报告业外兼职情况。",
    "D6": "在项目验收中未执行回避要求。",
}
TYPES = (
    *("B1b",) * 5,
    *("B4",) * 3,
    *("B2a",) * 2,
    *("B2b",) * 2,
    *("A2",) * 4,
    "A3",
    "A4",
    "B3",
    "B5a",
    "B6",
    "D3",
    "D6",
)


@dataclass(frozen=True)
class Plan:
    """How a unit reports in a month: the day and hour after the month's end, or not at all."""

    day: int = 0
    hour: int = 9
    is_missing: bool = False
    sent_back: int = 0
    as_nil: bool = False
    extra: int = 0


def plan(code: str, turn: int, chance: random.Random) -> Plan:
    """`turn` counts the months from 0; grass-roots units report first, then the units above them."""
    level = 1 if len(code) == 4 else 3
    day, hour = level + chance.randint(0, 1), chance.randint(8, 17)
    if code == LATE_THREE and turn >= MONTHS - 3:
        return Plan(day=6 + (turn - (MONTHS - 3)), hour=15)
    if code == NIL_ELEVEN and turn >= MONTHS - 11:
        return Plan(day, hour, as_nil=True)
    if code == OVER_REPORTS and turn % 2:
        return Plan(day, hour, extra=1 + turn % 3)
    if code == IMPROVED and turn < 6:
        return Plan(day=7, hour=10)
    if code == MISSING_ONCE and turn == MONTHS - 2:
        return Plan(is_missing=True)
    if code == SENT_BACK and turn in (MONTHS - 1, MONTHS - 4):
        return Plan(day, 9, sent_back=2)
    if code == TINY and turn == MONTHS - 1:
        return Plan(day=6, hour=9)
    luck = chance.random()
    if luck < 0.05:
        return Plan(day=6 + chance.randint(0, 2), hour=16)
    if luck < 0.10:
        return Plan(day, hour, sent_back=chance.choice((1, 1, 2, 3)))
    if luck < 0.13:
        return Plan(day, hour, extra=1)
    return Plan(day, hour)
