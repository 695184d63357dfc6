"""The made-up organisation: 62 units on three levels, 3,000 people, 420 key posts, as rows to import."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date
from typing import Any

SEED = 20261105
BEGAN_ON = date(2018, 1, 1)
PEOPLE, KEY_POSTS = 3000, 420
ROOT = "YQ"
DEPARTMENTS = (
    ("D01", "综合办公室"), ("D02", "人力资源部"), ("D03", "财务部"), ("D04", "采购部"), ("D05", "工程管理部"),
    ("D06", "审计部"), ("D07", "法务部"), ("D08", "信息中心"), ("D09", "后勤保障部"),
)  # fmt: skip
NUMERALS = "一二三四五六七八九十"
SITES = ("生产部", "市场部", "项目部", "服务站")
KEY_DUTIES = ("采购", "资金", "工程", "人事", "资产", "招标", "合同", "审批")
LATE_KEY_POST_SINCE = (6, 1)  # years and months in a key post whose limit is five years


@dataclass
class World:
    """Rows for the imports, and who leads and who fills in for each unit."""

    units: list[dict[str, Any]] = field(default_factory=list)
    people: list[dict[str, Any]] = field(default_factory=list)
    posts: list[dict[str, Any]] = field(default_factory=list)
    appointments: list[dict[str, Any]] = field(default_factory=list)
    leader: dict[str, str] = field(default_factory=dict)  # unit code → person number
    contact: dict[str, str] = field(default_factory=dict)
    staff: dict[str, list[str]] = field(default_factory=dict)

    @property
    def reporting(self) -> list[str]:
        return [row["code"] for row in self.units if row["is_reporting"]]


def build(today: date, start: date, seed: int = SEED) -> World:
    """The same rows for the same days and seed; `start` is the day the records begin, long after the appointments."""
    chance, world = random.Random(seed), World()  # noqa: S311 a made-up world, no secret
    _units(world)
    _people(world, chance, seed)
    _posts(world, chance, start)
    _key_posts(world, chance, today, start)
    return world


def _unit(
    world: World, code: str, name: str, parent: str | None, kind: str, group: str, reporting: bool = True
) -> None:
    world.units.append(
        {
            "code": code,
            "name": name,
            "parent_code": parent,
            "kind": kind,
            "peer_group": group,
            "short_name": name,
            "is_reporting": reporting,
            "began_on": BEGAN_ON,
        }
    )


def _units(world: World) -> None:
    _unit(world, ROOT, "源清示范集团", None, "headquarters", "", reporting=False)
    world.units[0]["short_name"] = "源清"
    for code, name in DEPARTMENTS:
        _unit(world, code, name, ROOT, "department", "部门")
    for n in range(12):
        numeral = NUMERALS[n] if n < 10 else "十" + NUMERALS[n - 10]
        company = f"S{n + 1:02d}"
        _unit(world, company, f"第{numeral}分公司", ROOT, "subsidiary", "分公司")
        for letter, site in zip("ABCD"[: 4 if n < 4 else 3], SITES, strict=False):
            _unit(world, company + letter, f"第{numeral}分公司{site}", company, "grassroots", "基层单位")


def _sizes(world: World, chance: random.Random) -> dict[str, int]:
    """How many people a unit has; together 3,000. One unit is very small: its percentages jump."""
    weights = {
        row["code"]: chance.uniform(0.6, 1.6) * (1.6 if row["kind"] == "grassroots" else 1.0) for row in world.units
    }
    whole = sum(weights.values())
    sizes = {code: max(12, int(PEOPLE * weight / whole)) for code, weight in weights.items()}
    sizes["S11C"] = 4
    sizes["S01"] += PEOPLE - sum(sizes.values())
    return sizes


def _people(world: World, chance: random.Random, seed: int) -> None:
    from faker import Faker  # only whoever makes the world needs it

    fake = Faker("zh_CN")
    fake.seed_instance(seed)
    number = 0
    for code, size in _sizes(world, chance).items():
        staff = world.staff.setdefault(code, [])
        for place in range(size):
            number += 1
            staff.append(f"{number:05d}")
            world.people.append(
                {
                    "number": staff[-1],
                    "name": fake.name(),
                    "unit_code": code,
                    "level": _level(code, place),
                    "is_party_member": place < 4 or chance.random() < 0.45,
                    "email": f"p{number:05d}@demo.invalid",
                }
            )
        world.leader[code], world.contact[code] = staff[0], staff[min(2, size - 1)]


def _level(code: str, place: int) -> str:
    """Cadre level of the n-th person of a unit: the group's leaders stand highest."""
    if code == ROOT:
        return "bureau" if place < 7 else "county" if place < 20 else "township_and_below"
    return "county" if place < 2 and len(code) <= 3 else "township_and_below"


def _posts(world: World, chance: random.Random, start: date) -> None:
    for code, staff in world.staff.items():
        if code == ROOT:
            for place, number in enumerate(staff[:7]):
                _post(
                    world,
                    f"{code}-L{place + 1}",
                    "党组书记" if place == 0 else "党组成员",
                    code,
                    "party_group_member",
                    True,
                    number,
                    date(2022, 3, 1),
                )
            continue
        _post(world, f"{code}-L1", "负责人", code, "mid_level_leader", True, staff[0], _since(chance, start))
        _post(world, f"{code}-L2", "副职", code, "mid_level_leader", False, staff[1], _since(chance, start))


def _since(chance: random.Random, start: date) -> date:
    return date(start.year - chance.randint(1, 4), chance.randint(1, 12), 1)


def _post(world: World, code: str, name: str, unit: str, rank: str, is_key: bool, holder: str, since: date) -> None:
    world.posts.append({"code": code, "name": name, "unit_code": unit, "rank": rank, "is_key": is_key})
    world.appointments.append(
        {"post_code": code, "person_number": holder, "starts_on": since, "ends_on": None, "document": ""}
    )


def _key_posts(world: World, chance: random.Random, today: date, start: date) -> None:
    """The rest of the key posts, in turn over the units; one holder is thirteen months over the limit."""
    left = KEY_POSTS - sum(row["is_key"] for row in world.posts)
    codes = [code for code, staff in world.staff.items() if len(staff) > 20]
    years, months = LATE_KEY_POST_SINCE
    long_ago = date(today.year - years - (today.month <= months), (today.month - months - 1) % 12 + 1, 1)
    for n in range(left):
        code, turn = codes[n % len(codes)], n // len(codes)
        duty = KEY_DUTIES[(n + turn) % len(KEY_DUTIES)]
        since = long_ago if n == 17 else _since(chance, start)
        _post(world, f"{code}-K{turn + 1}", f"{duty}岗", code, "staff_member", True, world.staff[code][4 + turn], since)
