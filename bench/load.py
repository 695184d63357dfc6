"""A hundred requests a second on the demonstration, whatever the answers take: pages, lists, drafts kept, messages read, sign-ins.

    python -m bench.load                      100 a second for five minutes
    python -m bench.load --rate 50 --seconds 60
    python -m bench.load --highest --seconds 60     from 10 a second upwards until an answer is wrong or p95 is missed

Requests start by the clock, not when the one before has ended, so that waiting counts. Of a hundred, 80 are pages, 14 keep
a draft, 5 mark messages as read, and 1 signs in. The site runs as `yuanqing serve` runs it, in a home of its own. Where
answers fall behind by half a minute, the run is over: what waits longer is missed anyway.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from typing import Any

from bench.figures_log import record
from bench.private_home import command, demo_home, set_up
from bench.site import Reader, served
from bench.web import ROLES, Page, pages

RATE, SECONDS, TARGET_MS, SEED, AT_ONCE = 100, 300, 400, 20261126, 64
COMES_AND_GOES = "leader"  # signs in again and again, and so out where it was before: nobody whose pages are read
BEHIND = 30  # seconds of requests that wait
FIRST, STEP, MOST = 10, 1.25, 200  # the stairs to the highest rate
SHARES = (("page", 80), ("draft", 14), ("read", 5), ("sign-in", 1))


class Draft:
    """One unit's draft, kept again and again by its contact; each time with the revision of the last."""

    def __init__(self, port: int, token: str, pk: Any, revision: int) -> None:
        self.port, self.token, self.pk, self.revision = port, token, pk, revision
        self.turn = threading.Lock()

    def keep(self) -> int:
        with self.turn:
            body = {"cells": {"open": str(self.revision % 9)}, "revision": self.revision}
            status, answer = call(
                self.port, "PUT", f"/api/discipline/monthly-return/{self.pk}/draft/", self.token, body
            )
            if status == 200:
                self.revision = json.loads(answer)["revision"]
            return status


def call(port: int, method: str, address: str, token: str, body: dict[str, Any]) -> tuple[int, bytes]:
    line = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request(
            method, address, json.dumps(body), {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        )
        answer = line.getresponse()
        return answer.status, answer.read()
    finally:
        line.close()


class Load:
    """The clients: pages by kept connections of a thread each, writes by tokens."""

    def __init__(
        self, port: int, passwords: dict[str, str], found: list[Page], tokens: dict[str, str], drafts: list[Draft]
    ) -> None:
        self.port, self.passwords, self.pages, self.tokens, self.drafts = port, passwords, found, tokens, drafts
        first = Reader(port)
        self.cookies = {role: first.sign_in(role, password) for role, password in passwords.items() if role in ROLES}
        self.mine = threading.local()
        self.taken: list[tuple[str, float]] = []
        self.answers: Counter[tuple[str, int]] = Counter()

    def one(self, kind: str, due: float, chance: float) -> None:
        try:
            status = getattr(self, f"_{kind.replace('-', '_')}")(chance)
        except OSError:
            status, self.mine.reader = 0, None
        self.taken.append((kind, (time.perf_counter() - due) * 1000))
        self.answers[kind, status] += 1

    def _page(self, chance: float) -> int:
        page = self.pages[int(chance * len(self.pages))]
        if getattr(self.mine, "reader", None) is None:
            self.mine.reader = Reader(self.port)
        return int(self.mine.reader.get(page.address, self.cookies[page.role])[0])

    def _draft(self, chance: float) -> int:
        return self.drafts[int(chance * len(self.drafts))].keep()

    def _read(self, chance: float) -> int:
        role = list(self.tokens)[int(chance * len(self.tokens))]
        return call(self.port, "POST", "/api/shell/inbox/read/", self.tokens[role], {})[0]

    def _sign_in(self, chance: float) -> int:
        Reader(self.port).sign_in(COMES_AND_GOES, self.passwords[COMES_AND_GOES])
        return 200


@contextmanager
def loaded() -> Iterator[Load]:
    """The demonstration, served, with every page seen by every worker."""
    with demo_home() as home:
        set_up()
        listed = json.loads((home / "demo" / "accounts.json").read_text())
        passwords = {a["username"]: a["password"] for a in listed if a["username"] in (*ROLES, COMES_AND_GOES)}
        found = pages()
        tokens = {name: token_of(name) for name in ("contact", "office", "secretary")}
        command("django", "procrastinate", "worker", "--one-shot")
        with served() as port:
            load = Load(port, passwords, found, tokens, drafts(port))
            for page in found * 4:
                load.one("page", time.perf_counter(), found.index(page) / len(found))
            yield load


def run(load: Load, rate: int, seconds: int) -> tuple[int, float]:
    """(answers that were not 200, p95 in milliseconds)."""
    load.taken.clear()
    load.answers.clear()
    began = time.perf_counter()
    drive(load, rate, seconds)
    return report(load, rate, time.perf_counter() - began)


def highest(load: Load, seconds: int) -> int:
    """The last rate at which nothing is wrong and p95 holds, or 0."""
    held, rate = 0, FIRST
    while rate <= MOST:
        wrong, p95 = run(load, rate, seconds)
        if wrong or p95 >= TARGET_MS:
            break
        held, rate = rate, round(rate * STEP)
    return held


def drive(load: Load, rate: int, seconds: int) -> None:
    chance = random.Random(SEED)
    kinds, weights = zip(*SHARES, strict=True)
    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number in range(rate * seconds):
            due = began + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            if number - len(load.taken) > BEHIND * rate:
                sys.stdout.write(f"given up after {number / rate:.0f} s: {number - len(load.taken)} requests wait\n")
                break
            pool.submit(load.one, chance.choices(kinds, weights)[0], due, chance.random())


def report(load: Load, rate: int, spent: float) -> tuple[int, float]:
    """Print what each kind took; (answers that were not 200, p95 in milliseconds)."""
    wrong = {key: n for key, n in load.answers.items() if key[1] != 200}
    for kind, _share in SHARES:
        times = [ms for name, ms in load.taken if name == kind] or [0.0, 0.0]
        p95 = statistics.quantiles(times, n=20)[-1]
        sys.stdout.write(f"{kind:<10}{len(times):>8}{statistics.median(times):>9.0f}{p95:>9.0f}{max(times):>9.0f}\n")
    times = [ms for _name, ms in load.taken]
    p95 = statistics.quantiles(times, n=20)[-1]
    sys.stdout.write(
        f"{rate} a second: {len(times)} requests in {spent:.0f} s, p95 {p95:.0f} ms, not 200: {wrong}, "
        f"load {os.getloadavg()[0]:.1f}\n"
    )
    return sum(wrong.values()), p95


def drafts(port: int) -> list[Draft]:
    """Every return that waits to be filled in, in the hands of its unit's contact."""
    from yuanqing.discipline.monthly_return.actions import may_fill
    from yuanqing.discipline.monthly_return.models import MonthlyReturn, ReturnDraft
    from yuanqing.org.account.models import Account

    kept = dict(ReturnDraft.objects.values_list("monthly_return_id", "revision"))
    contacts = {
        path: account
        for account in Account.objects.filter(username__startswith="contact")
        for path in account.scopes("discipline.monthly_return.fill")
    }
    waiting = MonthlyReturn.objects.filter(period__state="open").select_related("period", "unit")
    held = [(record, contacts[record.unit.path]) for record in waiting if record.unit.path in contacts]
    return [
        Draft(port, token_of(contact.username), record.pk, kept.get(record.pk, 0))
        for record, contact in held
        if not may_fill(record, by=contact)
    ]


def token_of(username: str) -> str:
    from django.utils import timezone

    from yuanqing.org.account.models import Account
    from yuanqing.org.token import actions, queries

    account = Account.objects.get(username=username)
    scopes = [pattern for pattern, _label in queries.choices(account)]
    until = timezone.localdate() + timedelta(days=2)
    return actions.issue(by=account, account=account, name="load", scopes=scopes, expires_on=until)[1]


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--rate", type=int, default=RATE)
    words.add_argument("--seconds", type=int, default=SECONDS)
    words.add_argument("--highest", action="store_true", help="find the highest rate that holds")
    given = words.parse_args()
    cores = f"{os.cpu_count()} cores for site, database and clients"
    with loaded() as load:
        if given.highest:
            held = highest(load, given.seconds)
            what = f"highest mixed load for {given.seconds} s with 0 errors and p95 < {TARGET_MS} ms, {cores}"
            return not record(what, held, "a second", f"≥ {RATE}", held >= RATE)["ok"]
        wrong, p95 = run(load, given.rate, given.seconds)
    what = f"mixed load, {given.rate} a second for {given.seconds} s, {cores}"
    kept = [
        record(f"{what}: errors", wrong, "", "0", not wrong),
        record(f"{what}: p95", round(p95), "ms", f"< {TARGET_MS}", p95 < TARGET_MS),
    ]
    return not all(figure["ok"] for figure in kept)


if __name__ == "__main__":
    sys.exit(main())
