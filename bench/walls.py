"""What the second wall costs: pages over 100,000 violations in 44,000 units, with row-level security and without it.

    python -m bench.walls                          100,000 violations
    python -m bench.walls --violations 1000000     a larger table

Two thousand violations are registered by acts and copied inside the database. Pages are asked in this process, as the officer of a whole
country, of a province and of a town; each five times with the wall and five times without, page by page, the median counts. The scope layer is timed on the same tree, with an account of many grants
that end after some levels, and recusals within them.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from bench.divisions import BEGAN_ON, tree
from bench.figures_log import record
from bench.private_home import private_home, set_up

UNITS, VIOLATIONS, SEEDS, TURNS = 44_000, 100_000, 2_000, 5
TABLES = ("discipline_violation", "discipline_involved", "discipline_measure", "discipline_typicalcase")
TARGET_MS, SCOPE_MS, RATIO = 2_000, 200, 1.5
COPY: dict[
    str, dict[str, str | None]
] = {  # a copy of each seed and its parts; ids are made from the seed's and the number of the copy
    "discipline_violation": {"id": "id", "number": None},
    "discipline_involved": {"id": "id", "violation_id": "violation_id"},
    "discipline_measure": {"id": "id", "involved_id": "involved_id"},
}
PAGES = {
    "list": "/discipline/violation/",
    "list, searched": "/discipline/violation/?q=0000",
    "list, narrowed and sorted": "/discipline/violation/?state=concluded&level=county&order=unit",
    "table of a month": "/discipline/statistics/",
}


def copy(copies: int, superuser: Any) -> None:
    for table, keys in COPY.items():
        named = superuser.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
            " AND attgenerated = '' ORDER BY attnum", [table],
        ).fetchall()  # fmt: skip
        columns = [name for (name,) in named]
        values = [_value(name, keys) for name in columns]
        superuser.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table} t, generate_series(1, {copies}) n"
        )
        superuser.execute(f"ANALYZE {table}")


def _value(column: str, keys: dict[str, str | None]) -> str:
    if column not in keys:
        return f"t.{column}"
    return f"md5(t.{column}::text || n)::uuid" if keys[column] else f"t.{column} || '-' || n"


def furnish(violations: int, superuser: Any) -> dict[str, Any]:
    """The tree, the matters, and an account each for the country, a province, a town; and one of many narrow grants."""
    import random

    from bench import workload
    from yuanqing.discipline.violation.actions import record_many
    from yuanqing.discipline.violation.queries import Codes
    from yuanqing.kernel.acts import SYSTEM
    from yuanqing.norms.clause.actions import publish_shipped
    from yuanqing.org.unit.actions import import_units

    publish_shipped()
    import_units(tree(UNITS), by=SYSTEM, on=BEGAN_ON)
    units, chance, codes = workload.all_units(), random.Random(7), Codes.now()
    month = workload.last_months(1)[0]
    made: list[Any] = []
    while len(made) < SEEDS:
        made += workload.made_up(units, month, chance, codes)
    record_many(made[:SEEDS], by=SYSTEM)
    copy(violations // SEEDS - 1, superuser)
    return _accounts(units, chance)


def _accounts(units: list[Any], chance: Any) -> dict[str, Any]:
    from yuanqing.kernel.acts import SYSTEM
    from yuanqing.org.account import actions
    from yuanqing.org.account.models import Account
    from yuanqing.org.recusal import actions as recusals

    made = {}
    depths = {"country": 0, "province": 1, "town": 3}
    for name, depth in depths.items():
        unit = next(u for u in units if u.path.count("/") == depth + 1)
        made[name] = actions.open_account(by=SYSTEM, username=name, display_name=name)
        actions.grant(
            by=SYSTEM,
            account=made[name],
            role="discipline_officer",
            unit=unit,
            starts_on=date(2020, 1, 1),
            reason="设岗",
        )
    made["patchwork"] = actions.open_account(by=SYSTEM, username="patchwork", display_name="patchwork")
    for n, unit in enumerate(chance.sample(units, 40)):
        actions.grant(
            by=SYSTEM, account=made["patchwork"], role="discipline_officer", unit=unit, depth=(None, 0, 1)[n % 3],
            starts_on=date(2020, 1, 1), reason="设岗",
        )  # fmt: skip
    for unit in chance.sample(units, 10):
        recusals.order(by=SYSTEM, account=made["patchwork"], ground="interest", reason="x", subject=unit)
    return {name: Account.objects.get(pk=account.pk) for name, account in made.items()}


@contextmanager
def without_walls(superuser: Any) -> Iterator[None]:
    for table in TABLES:
        superuser.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    yield
    for table in TABLES:
        superuser.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")


def milliseconds(work: Callable[[], Any]) -> float:
    work()  # once to warm up
    spent = []
    for _turn in range(TURNS):
        began = time.perf_counter()
        work()
        spent.append((time.perf_counter() - began) * 1000)
    return statistics.median(spent)


def ask(account: Any, superuser: Any) -> dict[str, tuple[float, float]]:
    """Page → milliseconds with the wall and without it."""
    from django.test import Client

    from yuanqing.discipline.violation.models import Violation
    from yuanqing.kernel.database.scope import as_system

    client = Client()
    client.force_login(account)
    with as_system():
        one = Violation.objects.visible_to(account).first()
    pages = PAGES | ({"one record": f"/discipline/violation/{one.pk}/"} if one else {})

    def get(address: str) -> None:
        response = client.get(address)
        if response.status_code != 200:
            raise SystemExit(f"{address}: {response.status_code}")

    def both(address: str) -> tuple[float, float]:
        walled = milliseconds(lambda: get(address))
        with without_walls(superuser):
            return walled, milliseconds(lambda: get(address))

    return {name: both(address) for name, address in pages.items()}


def scope_layer(account: Any) -> dict[str, float]:
    from yuanqing.org.account.models import Account
    from yuanqing.org.unit.models import Unit

    def fresh() -> Account:
        found: Account = Account.objects.get(pk=account.pk)
        return found

    seen = Unit.objects.visible_to(fresh())
    return {
        "rights of an account": milliseconds(lambda: fresh().scopes("org.unit.view")),
        "units within reach, counted": milliseconds(lambda: Unit.objects.visible_to(fresh()).count()),
        "a page of units": milliseconds(lambda: list(Unit.objects.visible_to(fresh()).order_by("path")[:50])),
        "44,000 paths asked one by one": milliseconds(lambda: _covered(fresh())),
        "units": float(seen.count()),
    }


def _covered(account: Any) -> int:
    from yuanqing.org.unit.models import Unit

    scope = account.scopes("org.unit.view")
    return sum(scope.covers(path) for path in Unit.objects.values_list("path", flat=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--violations", type=int, default=VIOLATIONS)
    violations = parser.parse_args().violations
    with private_home() as home:
        set_up()
        import psycopg
        from django.conf import settings

        from yuanqing.kernel.database.connection import database_url
        from yuanqing.kernel.database.scope import become_system

        become_system()
        settings.ALLOWED_HOSTS = ["*"]
        with psycopg.connect(database_url(Path(home), "superuser"), autocommit=True) as superuser:
            accounts = furnish(violations, superuser)
            report(violations, accounts, superuser)


def report(violations: int, accounts: dict[str, Any], superuser: Any) -> None:
    names = ("country", "province", "town")
    lines, ratios, slowest = (
        [f"{violations:,} violations · ms, median of {TURNS}          without     with    ratio"],
        [],
        0.0,
    )
    for name in names:
        for page, (walled, plain) in ask(accounts[name], superuser).items():
            ratios.append(walled / plain)
            slowest = max(slowest, walled)
            lines.append(f"  {name:<10}{page:<34}{plain:>9.0f}{walled:>9.0f}{ratios[-1]:>9.2f}")
    layer = scope_layer(accounts["patchwork"])
    lines += [f"  {'patchwork':<10}{what:<34}{value:>18.0f}" for what, value in layer.items()]
    sys.stdout.write("\n".join(lines) + "\n")
    about = f"{violations:,} violations"
    record(f"slowest page with the wall, {about}", round(slowest), "ms", f"≤ {TARGET_MS}", slowest <= TARGET_MS)
    record(
        f"pages with the wall over without, {about}",
        round(statistics.median(ratios), 2),
        "×",
        f"≤ {RATIO}",
        statistics.median(ratios) <= RATIO,
    )
    counted = layer["units within reach, counted"]
    record(
        "scope of 40 narrow grants and 10 recusals over 44,000 units",
        round(counted),
        "ms",
        f"≤ {SCOPE_MS}",
        counted <= SCOPE_MS,
    )


if __name__ == "__main__":
    main()
