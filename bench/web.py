"""The busiest pages for one client and for eight at once: on the demonstration data, and with 44,000 units.

    python -m bench.web              both
    python -m bench.web --units 0    the demonstration data only

The site runs as `yuanqing serve` runs it, in a home of its own. Clients go round all pages without a pause, so that the
times of eight hold what they wait for one another: on two cores about four times what one waits. The target is for one.
Queries are counted beside that, in this process.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from bench.divisions import BEGAN_ON, ROOT, tree
from bench.figures_log import record
from bench.private_home import command, demo_home, private_home, set_up
from bench.site import Reader, served

CLIENTS, ROUNDS = 8, 25  # two hundred requests a page
ROUNDS_OF_A_COUNTRY = 5  # where some take a second and more
TARGET_MS = 150
UNITS, MONTHS, SEED = 44_000, 3, 20261105
ROLES = {
    "contact": "unit_contact", "reviewer": "superior_reviewer", "discipline": "discipline_officer",
    "office": "party_group_office", "secretary": "secretary", "staff": "staff",
}  # fmt: skip


@dataclass(frozen=True)
class Page:
    name: str
    role: str
    address: str


@dataclass(frozen=True)
class Timed:
    page: Page
    queries: int
    milliseconds: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.milliseconds, n=20)[-1]


def pages() -> list[Page]:
    """What people open most, each as who opens it; pages of records that this home does not have are left out."""
    from django.urls import reverse

    from yuanqing.discipline.bulletin.models import Bulletin
    from yuanqing.discipline.monthly_return.models import MonthlyReturn
    from yuanqing.discipline.review.models import MonthlyReview, ScoreCard
    from yuanqing.discipline.violation.models import Violation
    from yuanqing.org.account.models import Account

    scope = {
        name: Account.objects.get(username=name).scopes("discipline.monthly_return.view")[-1]
        for name in ("contact", "reviewer")
    }
    own = MonthlyReturn.objects.filter(unit__path=scope["contact"], period__state="open").first()
    below = MonthlyReturn.objects.filter(unit__path__startswith=scope["reviewer"], period__state="closed")
    month = MonthlyReview.objects.order_by("-period__month_on").first()
    assert own is not None
    assert month is not None
    bulletin = Bulletin.objects.filter(state="published").order_by("-published_at").first()
    found = [
        Page("desk", "contact", reverse("worklist:desk")),
        Page("overview", "secretary", reverse("worklist:overview")),
        Page("returns", "office", reverse("monthly_return:list")),
        Page("fill in a return", "contact", reverse("monthly_return:fill", args=[own.pk])),
        Page("a return", "reviewer", reverse("monthly_return:detail", args=[below.latest("period__month_on").pk])),
        Page("progress", "office", reverse("progress:month")),
        Page("violations", "discipline", reverse("violation:list")),
        Page("a violation", "discipline", reverse("violation:detail", args=[Violation.objects.latest("number").pk])),
        Page("official table", "discipline", reverse("statistics:table")),
        Page("scores of a month", "secretary", month.get_absolute_url()),
        Page(
            "a score card",
            "reviewer",
            ScoreCard.objects.filter(review=month, unit__path__startswith=scope["reviewer"])[0].get_absolute_url(),
        ),
        Page("units", "office", reverse("unit:list")),
        Page("search", "office", reverse("search:results") + "?q=%E9%83%A8"),
    ]
    return found + ([Page("a bulletin", "staff", bulletin.get_absolute_url())] if bulletin else [])


def queries_of(page: Page) -> int:
    """How many statements a page needs when everything is warm."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from yuanqing.org.account.models import Account

    client = Client()
    client.force_login(Account.objects.get(username=page.role))
    client.get(page.address)
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(page.address)
    if answer.status_code != 200:
        raise SystemExit(f"{page.name} answers {answer.status_code} to {page.role}")
    return len(caught)


def cookies_of(port: int, passwords: dict[str, str], found: list[Page]) -> dict[str, str]:
    """Everybody signed in, and each page seen by each worker."""
    reader = Reader(port)
    cookies = {role: reader.sign_in(role, password) for role, password in passwords.items()}
    for page in found * 4:
        reader.get(page.address, cookies[page.role])
    return cookies


def measure(port: int, cookies: dict[str, str], found: list[Page], clients: int, times: int) -> dict[str, list[float]]:
    """Milliseconds of every request by page, from so many clients at once."""

    def rounds(number: int) -> list[tuple[str, float]]:
        client, order, seen = Reader(port), found[:], []
        random.Random(number).shuffle(order)
        for _n in range(times):
            for page in order:
                began = time.perf_counter()
                status, _body = client.get(page.address, cookies[page.role])
                seen.append((page.name, (time.perf_counter() - began) * 1000))
                if status != 200:
                    raise SystemExit(f"{page.name} answers {status}")
        return seen

    with ThreadPoolExecutor(clients) as pool:
        everything = [one for seen in pool.map(rounds, range(clients)) for one in seen]
    return {page.name: [ms for name, ms in everything if name == page.name] for page in found}


def run(what: str, passwords: dict[str, str], target: int | None, times: int = ROUNDS) -> bool:
    """Serve the home, measure, print and keep."""
    found = pages()
    queries = {page.name: queries_of(page) for page in found}
    _until_indexed()
    with served() as port:
        began = time.perf_counter()
        first = Reader(port)
        cookie = first.sign_in("discipline", passwords["discipline"])
        first.get(next(p.address for p in found if p.name == "official table"), cookie)
        cold = time.perf_counter() - began
        cookies = cookies_of(port, passwords, found)
        sys.stdout.write(f"{what}: first sign-in and table after the start {cold:.1f} s\n")
        held = []
        for clients in (1, CLIENTS):
            began = time.perf_counter()
            taken = measure(port, cookies, found, clients, times)
            timed = [Timed(page, queries[page.name], taken[page.name]) for page in found]
            held.append(_tell(what, clients, timed, time.perf_counter() - began, target if clients == 1 else None))
    return all(held)


def _tell(what: str, clients: int, timed: list[Timed], seconds: float, target: int | None) -> bool:
    """Print the table and keep the figures; whether all reach the target."""
    count = sum(len(t.milliseconds) for t in timed)
    who = f"{clients} client{'s' if clients > 1 else ''}"
    sys.stdout.write(
        f"{what}: {count} requests, {who}, {count / seconds:.0f} a second, load {os.getloadavg()[0]:.1f}\n"
    )
    sys.stdout.write(f"{'page':<20}{'as':<12}{'queries':>8}{'p50 ms':>9}{'p95 ms':>9}\n")
    for t in timed:
        sys.stdout.write(f"{t.page.name:<20}{t.page.role:<12}{t.queries:>8}{t.median:>9.0f}{t.p95:>9.0f}\n")
    goal = f"≤ {target}" if target else "no target"
    kept = [
        record(
            f"web {t.page.name}, {what}, {who}, p95 ({t.queries} queries)",
            round(t.p95),
            "ms",
            goal,
            not target or t.p95 <= target,
        )
        for t in timed
    ]
    return all(figure["ok"] for figure in kept)


def _until_indexed() -> None:
    """Let the background jobs that the data left behind be done before anybody reads."""
    command("django", "procrastinate", "worker", "--one-shot")


def on_demo_data() -> bool:
    with demo_home() as home:
        set_up()
        listed = json.loads((home / "demo" / "accounts.json").read_text())
        return run("demo data", {a["username"]: a["password"] for a in listed if a["username"] in ROLES}, TARGET_MS)


def on_a_country(size: int) -> bool:
    with private_home():
        set_up()
        from bench import workload
        from yuanqing.demo.tasks import last_closable
        from yuanqing.kernel.acts import SYSTEM
        from yuanqing.norms.clause.actions import publish_shipped
        from yuanqing.norms.period.actions import open_period
        from yuanqing.org.unit.actions import import_units

        now = workload.timezone.now()
        publish_shipped()
        import_units(tree(size), by=SYSTEM, on=BEGAN_ON)
        units, chance, last = workload.all_units(), random.Random(SEED), last_closable(now)
        meter = workload.Meter(0)
        for turn in range(MONTHS):
            workload.run_month(meter, last.plus(1 + turn - MONTHS), turn, units, chance)
        open_period(by=SYSTEM, form=workload.FORM, month=last.next())
        return run(f"{size:,} units", _accounts(units), None, ROUNDS_OF_A_COUNTRY)


def _accounts(units: list[Any]) -> dict[str, str]:
    """One account of each role: a town's contact, its county's reviewer, the others for the whole country."""
    from yuanqing.kernel.acts import SYSTEM
    from yuanqing.org.account.actions import grant, open_account

    by_code = {unit.code: unit for unit in units}
    town = next(unit for unit in units if len(unit.code) == 9)
    places = {"contact": town, "reviewer": by_code[town.code[:6]]}
    passwords = {}
    for username, role in ROLES.items():
        passwords[username] = secrets.token_urlsafe(12)
        account = open_account(by=SYSTEM, username=username, display_name=username, password=passwords[username])
        unit = places.get(username, by_code[ROOT])
        grant(by=SYSTEM, account=account, role=role, unit=unit, starts_on=BEGAN_ON, reason="bench")
    return passwords


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=UNITS, help="0: the demonstration data only")
    parser.add_argument("--only-units", action="store_true", help="without the demonstration data")
    chosen = parser.parse_args()
    met = [] if chosen.only_units else [on_demo_data()]
    if chosen.units:
        met.append(on_a_country(chosen.units))
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
