"""The fifth of the month: five thousand units fill in, check and sign their monthly return within ten minutes.

    python -m bench.fifth                             5,000 units in ten minutes
    python -m bench.fifth --units 500 --minutes 1     fewer, at the same pace

Each unit has an account of its own, which opens the form, answers the ten disciplines, goes to the checks, signs, and reads
what was reported: five requests, two of them writes. Units begin by the clock, spread over nine of the ten minutes, so that
waiting counts. Sessions are made beforehand: signing in is not measured. Afterwards the database must hold one submission
for each unit that was told of one, and no other; every return must be on time.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import statistics
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from bench.figures_log import record
from bench.private_home import command, private_home, set_up
from bench.site import served

UNITS, MINUTES, COMPANIES, AT_ONCE = 5_000, 10.0, 100, 64
TARGET_MS = 1_000
CSRF = secrets.token_hex(16)
REVISION = re.compile(rb'name="revision" value="(\d+)"')
VERSION = re.compile(rb'name="version" value="(\d+)"')
ANSWERS = {f"f-state.D{n}": "enforced" for n in range(1, 11)}


@dataclass(frozen=True)
class Signer:
    """A unit's leader and the return that waits for him."""

    cookie: str
    paper: str


@dataclass
class Tally:
    """What the clients saw."""

    milliseconds: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)
    told: set[str] = field(default_factory=set)  # returns that the site said are reported


def prepare(count: int) -> list[Signer]:
    """A group, its companies, `count` units below them that report; a leader with a session in each of the units."""
    from django.conf import settings
    from django.utils import timezone

    from yuanqing.discipline.monthly_return.models import MonthlyReturn
    from yuanqing.kernel.acts import SYSTEM
    from yuanqing.kernel.almanac import DueRule, Month, Window
    from yuanqing.norms.clause.actions import publish_shipped
    from yuanqing.norms.period.actions import open_period
    from yuanqing.org.unit.actions import import_units

    publish_shipped()
    now = timezone.now()
    began = timezone.localdate().replace(month=1, day=1)
    import_units(_rows(count, began), by=SYSTEM, on=began)
    window = Window(
        now - timedelta(days=4), now + timedelta(hours=6), now + timedelta(hours=6), now + timedelta(days=9)
    )
    with patch.object(DueRule, "window", lambda *_given: window):
        open_period(by=SYSTEM, form="return_form", month=Month.of(timezone.localdate()).plus(-1))
    papers = MonthlyReturn.objects.filter(unit__parent__parent__isnull=False).select_related("unit").order_by("path")
    csrf = f"{settings.CSRF_COOKIE_NAME}={CSRF}"
    return [Signer(f"{_session(paper.unit, began)}; {csrf}", str(paper.pk)) for paper in papers]


def _rows(count: int, began: Any) -> list[dict[str, Any]]:
    words = {"short_name": "", "kind": "grassroots", "peer_group": "", "is_reporting": True, "began_on": began}
    root = words | {"code": "0", "name": "示范集团", "parent_code": None, "kind": "headquarters"}
    companies = [words | {"code": f"C{n:03d}", "name": f"第{n}公司", "parent_code": "0"} for n in range(COMPANIES)]
    units = [
        words | {"code": f"U{n:05d}", "name": f"第{n}单位", "parent_code": f"C{n % COMPANIES:03d}"}
        for n in range(count)
    ]
    return [root, *companies, *units]


def _session(unit: Any, began: Any) -> str:
    """The cookie of a leader of the unit who has signed in."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from yuanqing.kernel.acts import SYSTEM
    from yuanqing.org.account.actions import grant, open_account
    from yuanqing.org.session.models import SessionStore

    account = open_account(by=SYSTEM, username=unit.code, display_name=f"{unit.code}负责人")
    grant(by=SYSTEM, account=account, role="unit_leader", unit=unit, starts_on=began, reason="任职")
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(account.pk), account.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "yuanqing.shell.security.local.Local"
    session.begun("bench", "127.0.0.1")
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


class Storm:
    """The clients; each thread keeps one connection, as a proxy in front of the site would."""

    def __init__(self, port: int) -> None:
        self.port, self.tally, self.mine = port, Tally(), threading.local()

    def report(self, signer: Signer, due: float) -> None:
        """One unit, from opening the form to reading what it has reported; it gives up where an answer is wrong."""
        address = f"/discipline/monthly-return/{signer.paper}/"
        try:
            form = self._ask(signer, "GET", f"{address}fill/", {}, 200, due)
            typed = ANSWERS | {"editor": "bench", "revision": _number(REVISION, form), "then": "check"}
            self._ask(signer, "POST", f"{address}fill/", typed, 302)
            page = self._ask(signer, "GET", f"{address}check/", {}, 200)
            signed = {"editor": "bench", "revision": _number(REVISION, page), "version": _number(VERSION, page)}
            self._ask(signer, "POST", f"{address}check/", signed | {"then": "submit"}, 302)
            self.tally.told.add(signer.paper)
            self._ask(signer, "GET", address, {}, 200)
        except _WrongError as wrong:
            self.tally.wrong[str(wrong)] += 1

    def _ask(
        self, signer: Signer, method: str, address: str, fields: dict[str, str], right: int, due: float = 0
    ) -> bytes:
        headers = {"Cookie": signer.cookie, "X-CSRFToken": CSRF, "Content-Type": "application/x-www-form-urlencoded"}
        began = due or time.perf_counter()
        try:
            if getattr(self.mine, "line", None) is None:
                self.mine.line = HTTPConnection("127.0.0.1", self.port, timeout=120)
            self.mine.line.request(method, address, urlencode(fields) if fields else None, headers)
            answer = self.mine.line.getresponse()
            status, body = answer.status, answer.read()
        except OSError as error:
            self.mine.line = None
            raise _WrongError(f"{method} {address.rsplit('/', 2)[1]}: {type(error).__name__}") from error
        self.tally.milliseconds.append((time.perf_counter() - began) * 1000)
        if status != right:
            raise _WrongError(f"{method} {address.rsplit('/', 2)[1]}: {status}")
        return bytes(body)


class _WrongError(Exception):
    pass


def _number(pattern: re.Pattern[bytes], page: bytes) -> str:
    found = pattern.search(page)
    if found is None:
        raise _WrongError(f"no {pattern.pattern.decode()[6:14]} on the page")
    return found.group(1).decode()


def run(port: int, signers: list[Signer], minutes: float) -> tuple[Tally, float]:
    """(what was seen, minutes until the last unit had reported)."""
    storm, began = Storm(port), time.perf_counter()
    apart = minutes * 60 * 0.9 / len(signers)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number, signer in enumerate(signers):
            due = began + number * apart
            time.sleep(max(0.0, due - time.perf_counter()))
            pool.submit(storm.report, signer, due)
    return storm.tally, (time.perf_counter() - began) / 60


def lost_and_doubled(told: set[str]) -> tuple[int, int, int]:
    """Of the returns: (told to be reported but are not, reported twice or untold, late)."""
    from yuanqing.discipline.monthly_return.models import MonthlyReturn, Submission
    from yuanqing.kernel.database.scope import as_system

    with as_system():
        kept = Counter(map(str, Submission.objects.values_list("monthly_return_id", flat=True)))
        rows = MonthlyReturn.objects.filter(state="submitted").only("first_submitted_at", "due_at")
        late = sum(row.first_submitted_at > row.due_at for row in rows if row.first_submitted_at)
    return len(told - kept.keys()), sum(n - (pk in told) for pk, n in kept.items()), late


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--units", type=int, default=UNITS)
    words.add_argument("--minutes", type=float, default=MINUTES)
    given = words.parse_args()
    with private_home():
        set_up()
        from django.db import transaction

        with transaction.atomic():
            signers = prepare(given.units)
        command("django", "procrastinate", "worker", "--one-shot")
        with served() as port:
            tally, minutes = run(port, signers, given.minutes)
            lost, doubled, late = lost_and_doubled(tally.told)  # while the database still runs
    p95 = statistics.quantiles(tally.milliseconds, n=20)[-1]
    sys.stdout.write(f"{json.dumps(tally.wrong)} load {os.getloadavg()[0]:.1f}\n")
    what = f"{given.units:,} units report on the fifth, {os.cpu_count()} cores for site, database and clients"
    good = [
        record(f"{what}: minutes", round(minutes, 1), "min", f"≤ {given.minutes:g}", minutes <= given.minutes),
        record(f"{what}: reported", len(tally.told), "", f"{len(signers)}", len(tally.told) == len(signers)),
        record(f"{what}: errors", tally.wrong.total(), f"of {len(tally.milliseconds)} requests", "0", not tally.wrong),
        record(f"{what}: lost, doubled, late", f"{lost}, {doubled}, {late}", "", "0, 0, 0", not lost + doubled + late),
        record(f"{what}: p95", round(p95), "ms", f"< {TARGET_MS}", p95 < TARGET_MS),
    ]
    return not all(one["ok"] for one in good)


if __name__ == "__main__":
    sys.exit(main())
