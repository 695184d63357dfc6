"""Who signs in: a contact and a leader for every unit, a reviewer above, and one account of every role to try."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date

from yuanqing.demo.world import BEGAN_ON, ROOT, World
from yuanqing.kernel.acts import SYSTEM
from yuanqing.org.account.actions import grant, open_account
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit

SHOWN = (
    ("contact", "unit_contact", "S03B", "单位联络员"),
    ("leader", "unit_leader", "S03B", "单位负责人"),
    ("reviewer", "superior_reviewer", "S03", "上级审核人"),
    ("discipline", "discipline_officer", ROOT, "纪检干部"),
    ("office", "party_group_office", ROOT, "党组办公室"),
    ("secretary", "secretary", ROOT, "书记"),
    ("intake", "petition_intake", ROOT, "信访受理人员"),
    ("lead-manager", "lead_manager", ROOT, "线索管理人员"),
    ("lead-handler", "lead_handler", ROOT, "线索承办人员"),
    ("lead-handler2", "lead_handler", ROOT, "线索承办人员（核查组成员）"),
    ("chief", "discipline_chief", ROOT, "纪检机关负责人"),
    ("rereader", "lead_rereader", ROOT, "盲评人员"),
    ("investigator", "case_investigator", ROOT, "审查调查人员"),
    ("investigator2", "case_investigator", ROOT, "审查调查人员（组员）"),
    ("trial", "case_trial", ROOT, "案件审理人员"),
    ("trial2", "case_trial", ROOT, "案件审理人员（组员）"),
    ("keys", "key_manager", ROOT, "密钥管理员"),
    ("staff", "staff", ROOT, "干部职工"),
    ("admin", "system_administrator", ROOT, "系统管理员"),
    ("security", "security_administrator", ROOT, "安全管理员"),
    ("security2", "security_administrator", ROOT, "安全管理员（复核）"),
    ("auditor", "auditor", ROOT, "审计管理员"),
    ("body-member", "body_member", ROOT, "纪检机关班子成员"),
    ("body-member2", "body_member", ROOT, "纪检机关班子成员（另一位）"),
    ("petition-handler", "petition_handler", "S03", "信访承办人员"),
)  # fmt: skip
OPENING = (
    "petition_intake",
    "petition_handler",
    "lead_manager",
    "lead_handler",
    "discipline_chief",
    "lead_rereader",
    "case_investigator",
    "case_trial",
    "body_member",
)  # with keys of their own
OFFICERS = ("discipline", "discipline2", "discipline3")


@dataclass
class Cast:
    """Accounts by what they do in the demo."""

    leader: dict[str, Account] = field(default_factory=dict)  # unit code → who signs
    reviewer: dict[str, Account] = field(default_factory=dict)  # unit code → who reviews the units below
    by_name: dict[str, Account] = field(default_factory=dict)
    passwords: list[dict[str, str]] = field(default_factory=list)


def assemble(world: World, on: date) -> Cast:
    """Open all accounts. Only those of the list get a password: a fresh random one each time."""
    cast = Cast()
    units = {unit.code: unit for unit in Unit.objects.all()}
    people = {person.number: person for person in Person.objects.filter(number__in=_numbers(world))}
    taken = {ROOT: 6}
    for username, role, code, label in SHOWN:
        password = secrets.token_urlsafe(9)
        person = _person_for(world, people, username, code, taken)
        account = _open(username, person.name if person else label, role, units[code], on, password, person)
        cast.by_name[username] = account
        shown = {"role": role, "label": label, "username": username, "password": password, "unit": units[code].name}
        if role in OPENING:
            shown["unlock"] = secrets.token_urlsafe(12)
        cast.passwords.append(shown)
    cast.leader["S03B"], cast.reviewer["S03"] = cast.by_name["leader"], cast.by_name["reviewer"]
    for name in OFFICERS[1:]:
        cast.by_name[name] = _open(name, _next(world, people, taken).name, "discipline_officer", units[ROOT], on)
    for place in range(1, 7):
        if place != 5:  # who reviews for the group
            member = people[world.staff[ROOT][place]]
            name = f"member-{place + 1}"
            cast.by_name[name] = _open(name, member.name, "staff", units[ROOT], on, person=member)
    for code in world.reporting:
        if code not in cast.leader:
            leader = people[world.leader[code]]
            cast.leader[code] = _open(
                f"leader-{code}".lower(), leader.name, "unit_leader", units[code], on, person=leader
            )
            contact = people[world.contact[code]]
            _open(f"contact-{code}".lower(), contact.name, "unit_contact", units[code], on, person=contact)
    for unit in units.values():
        if unit.code not in cast.reviewer and (unit.code == ROOT or unit.kind == "subsidiary"):
            number = world.staff[unit.code][5 if unit.code == ROOT else 3]
            cast.reviewer[unit.code] = _open(
                f"reviewer-{unit.code}".lower(),
                people[number].name,
                "superior_reviewer",
                unit,
                on,
                person=people[number],
            )
    cast.by_name["member-6"] = cast.reviewer[ROOT]
    return cast


def _numbers(world: World) -> list[str]:
    return [number for staff in world.staff.values() for number in staff[:30]]


def _person_for(
    world: World, people: dict[str, Person], username: str, code: str, taken: dict[str, int]
) -> Person | None:
    if username == "leader":
        return people[world.leader[code]]
    if username == "contact":
        return people[world.contact[code]]
    if username == "reviewer":
        return people[world.staff[code][3]]
    if username == "petition-handler":
        return people[world.staff[code][6]]
    if username == "secretary":
        return people[world.staff[ROOT][0]]
    return _next(world, people, taken)


def _next(world: World, people: dict[str, Person], taken: dict[str, int]) -> Person:
    """Somebody of the headquarters who has no account yet; when all have one, of the audit department."""
    taken[ROOT] += 1
    pool = [*world.staff[ROOT], *world.staff["D06"][16:30]]
    return people[pool[taken[ROOT]]]


def _open(
    username: str, name: str, role: str, unit: Unit, on: date, password: str | None = None, person: Person | None = None
) -> Account:
    account: Account = open_account(
        by=SYSTEM,
        username=username,
        display_name=name,
        password=password,
        person=person,
        email=f"{username}@demo.invalid",
    )
    grant(by=SYSTEM, account=account, role=role, unit=unit, starts_on=min(on, BEGAN_ON), reason="演示")
    return account
