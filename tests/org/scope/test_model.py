"""Random hierarchies, grants, delegations and recusals, held against a model in plain Python that shares no code.

The database is asked through every door a page has: `visible_to` of units, people and accounts, `can`, and `within`.
"""

from __future__ import annotations

import os
import random
import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from yuanqing.org.account import rules
from yuanqing.org.account.models import Account
from yuanqing.org.person.models import Person
from yuanqing.org.unit.models import Unit, within

WORLDS = int(os.environ.get("SCOPE_WORLDS", "60"))  # times 12 cases each; `make drill` asks for 5,000 cases
CASES = 12
TODAY = timezone.localdate()
ROLES = {"reader": ["org.unit.view", "org.person.view"], "clerk": ["org.unit.*"], "other": ["norms.clause.view"]}
PURPOSES = {"look": ["*.view"], "act": ["*.rename"]}
CAPABILITIES = ("org.unit.view", "org.unit.rename", "org.person.view")


@dataclass
class Given:
    """授权: one grant of the model."""

    account: int
    role: str
    unit: int | None
    depth: int | None
    purpose: str
    starts: int
    ends: int | None
    state: str
    lent_to: int | None = None
    lent_days: tuple[int, int] = (0, 0)
    lent_state: str = "in_force"


@dataclass
class World:
    """一个世界: parents of units, the unit of each person, grants and recusals; accounts 0–2 are persons 0–2."""

    parent: list[int | None]
    home: list[int]
    grants: list[Given] = field(default_factory=list)
    recusals: list[tuple[int, str, int, str]] = field(default_factory=list)
    suspended: set[int] = field(default_factory=set)

    def line(self, unit: int) -> list[int]:
        """The unit and those above it."""
        found = [unit]
        while (above := self.parent[found[-1]]) is not None:
            found.append(above)
        return found


def make(chance: random.Random) -> World:
    size = chance.randint(3, 9)
    world = World([None, *(chance.randrange(n) for n in range(1, size))], [chance.randrange(size) for _ in range(5)])
    for _n in range(chance.randint(1, 5)):
        start = chance.choice([-9, -1, 0, 1])
        unit = chance.choice([None, *range(size), *range(size)])
        given = Given(
            chance.randrange(3), chance.choice(list(ROLES)), unit, None if unit is None else chance.choice([None, None, 0, 1, 2]),
            chance.choice(["", "", "look", "act", "unknown"]), start, chance.choice([None, start, start + 1, start + 9]),
            chance.choice(["in_force", "in_force", "in_force", "ended", "proposed", "declined"]),
        )  # fmt: skip
        if chance.random() < 0.4:
            given.lent_to = chance.choice([a for a in range(3) if a != given.account])
            first = chance.choice([-3, 0, 1])
            given.lent_days = (first, first + chance.choice([0, 1, 5]))
            given.lent_state = chance.choice(["in_force", "in_force", "revoked", "ended"])
        world.grants.append(given)
    for _n in range(chance.choice([0, 0, 1, 2])):
        about = chance.choice(["unit", "person", "record"])
        what = chance.randrange(size) if about == "unit" else chance.randrange(3, 5)
        state = chance.choice(["in_force", "declared", "requested", "declined", "lifted"])
        world.recusals.append((chance.randrange(3), about, what, state))
    world.suspended = {a for a in range(3) if chance.random() < 0.1}
    return world


# The model


def counts(given: Given) -> bool:
    return given.state in ("in_force", "ended") and given.starts <= 0 and (given.ends is None or given.ends >= 0)


def held(world: World, account: int) -> list[Given]:
    if account in world.suspended:
        return []
    lent = [
        g for g in world.grants
        if g.lent_to == account and g.lent_state == "in_force" and g.lent_days[0] <= 0 <= g.lent_days[1]
        and g.account not in world.suspended
    ]  # fmt: skip
    return [g for g in [*(g for g in world.grants if g.account == account), *lent] if counts(g)]


def kept_from(world: World, account: int) -> list[tuple[str, int]]:
    if account in world.suspended:
        return []
    whose = {account, *(g.account for g in held(world, account) if g.account != account)}
    return [
        (about, what) for a, about, what, state in world.recusals if a in whose and state in ("in_force", "declared")
    ]


def matches(capability: str, patterns: list[str]) -> bool:
    noun, step = capability.rsplit(".", 1)
    return any(p == capability or p == f"{noun}.*" or p == f"*.{step}" for p in patterns)


def allowed(world: World, account: int, capability: str, unit: int) -> bool:
    """Deny first; then some grant whose role and purpose cover the capability, and whose levels reach the unit."""
    line = world.line(unit)
    if any(about == "unit" and what in line for about, what in kept_from(world, account)):
        return False
    for g in held(world, account):
        if not matches(capability, ROLES[g.role]) or (
            g.purpose and not matches(capability, PURPOSES.get(g.purpose, []))
        ):
            continue
        if g.unit is None or (g.unit in line and (g.depth is None or line.index(g.unit) <= g.depth)):
            return True
    return False


def sees_person(world: World, account: int, person: int) -> bool:
    denied = kept_from(world, account)
    line = world.line(world.home[person])
    if any(about == "unit" and what in line for about, what in denied):
        return False
    if any(about in ("person", "record") and what == person for about, what in denied):
        return False
    return person == account or allowed(world, account, "org.person.view", world.home[person])


# The same world in the database: plain inserts, so that a case costs a handful of statements


def write(world: World) -> tuple[list[Unit], list[uuid.UUID], list[Account]]:
    stem = uuid.uuid4().hex[:8]
    codes = [f"{stem}{n}" for n in range(len(world.parent))]
    units, people, accounts = ([uuid.uuid4() for _ in group] for group in (codes, world.home, range(3)))
    paths = ["/".join(codes[u] for u in reversed(world.line(n))) + "/" for n in range(len(codes))]
    day = lambda n: None if n is None else TODAY + timedelta(days=n)  # noqa: E731
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.executemany(
            "INSERT INTO org_unit (id, version, code, name, short_name, kind, peer_group, parent_id, path, sort_key, "
            "spelling, is_reporting, began_on) VALUES (%s, 1, %s, %s, '', '', '', %s, %s, '', '', true, %s)",
            [(units[n], codes[n], codes[n], None if p is None else units[p], paths[n], date(2020, 1, 1)) for n, p in enumerate(world.parent)],
        )  # fmt: skip
        _people(cursor, stem, people, [units[h] for h in world.home])
        cursor.executemany(
            "INSERT INTO org_account (id, version, password, username, display_name, person_id, email, is_active) "
            "VALUES (%s, 1, '', %s, 'x', %s, '', %s)",
            [(accounts[n], f"{stem}{n}", people[n], n not in world.suspended) for n in range(3)],
        )
        for g in world.grants:
            pk = uuid.uuid4()
            cursor.execute(
                "INSERT INTO org_grant (id, version, account_id, role, unit_id, depth, purpose, starts_on, ends_on, reason, state) "
                "VALUES (%s, 1, %s, %s, %s, %s, %s, %s, %s, 'x', %s) ON CONFLICT DO NOTHING RETURNING id",
                [pk, accounts[g.account], g.role, None if g.unit is None else units[g.unit], g.depth, g.purpose, day(g.starts), day(g.ends), g.state],
            )  # fmt: skip
            if not cursor.fetchone():
                g.state = "declined"  # the same grant twice: the second was never given
            elif g.lent_to is not None:
                cursor.execute(
                    "INSERT INTO org_delegation (id, version, grant_id, delegate_id, starts_on, ends_on, reason, state) "
                    "VALUES (gen_random_uuid(), 1, %s, %s, %s, %s, 'x', %s)",
                    [pk, accounts[g.lent_to], day(g.lent_days[0]), day(g.lent_days[1]), g.lent_state],
                )
        for account, about, what, state in world.recusals:
            cursor.execute(
                "INSERT INTO org_recusal (id, version, account_id, ground, about, person_id, unit_id, record_model, record_id, reason, state) "
                "VALUES (gen_random_uuid(), 1, %s, 'interest', %s, %s, %s, %s, %s, 'x', %s)",
                [accounts[account], about, people[what] if about == "person" else None, units[what] if about == "unit" else None,
                 "org.person" if about == "record" else "", people[what] if about == "record" else None, state],
            )  # fmt: skip
    known = {u.pk: u for u in Unit.objects.filter(pk__in=units)}
    return [known[pk] for pk in units], people, [Account.objects.get(pk=pk) for pk in accounts]


def _people(cursor, stem, people, homes):
    cursor.executemany(
        "INSERT INTO org_person (id, version, number, name, sort_key, spelling, unit_id, level, is_party_member, email) "
        "VALUES (%s, 1, %s, 'x', '', '', %s, '', false, '')",
        [(pk, f"{stem}{n}", home) for n, (pk, home) in enumerate(zip(people, homes, strict=True))],
    )


@pytest.mark.parametrize("seed", range(WORLDS))
def test_the_database_agrees_with_the_model(db, seed):
    chance = random.Random(seed)
    rules.install(ROLES, purposes=PURPOSES)
    for _case in range(CASES):
        world = make(chance)
        units, people, accounts = write(world)
        ids = [unit.pk for unit in units]
        for a, account in enumerate(accounts):
            note = (seed, _case, a, world)
            for capability in CAPABILITIES:
                wanted = {units[n].pk for n in range(len(units)) if allowed(world, a, capability, n)}
                assert {u.pk for u in units if account.can(capability, u)} == wanted, note
                reached = Unit.objects.filter(within(account.scopes(capability)), pk__in=ids)
                assert set(reached.values_list("pk", flat=True)) == wanted, note
            seen = set(Unit.objects.visible_to(account).filter(pk__in=ids).values_list("pk", flat=True))
            assert seen == {units[n].pk for n in range(len(units)) if allowed(world, a, "org.unit.view", n)}, note
            met = set(Person.objects.visible_to(account).filter(pk__in=people).values_list("pk", flat=True))
            assert met == {people[n] for n in range(5) if sees_person(world, a, n)}, note
