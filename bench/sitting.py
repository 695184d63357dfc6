"""A thousand people sit a quiz within ten minutes: errors, and answers that were saved and are not there afterwards.

    python -m bench.sitting [minutes]      default 10; fewer minutes are the same requests, closer together

Everybody opens the quiz, begins, answers ten questions one by one, some change an answer, every third closes the browser in
between and goes on in a new one; then the paper is handed in. Sessions are made beforehand: signing in is not measured.
"""

from __future__ import annotations

import heapq
import json
import random
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from bench.figures_log import record
from bench.private_home import private_home, set_up
from bench.site import served

PEOPLE, QUESTIONS, WORKERS, SEED = 1000, 10, 12, 20261105
CSRF = "a" * 32


@dataclass
class Sitter:
    """One person: cookie, what was answered and acknowledged, what went wrong."""

    number: str
    cookie: str
    kept: dict[int, int] = field(default_factory=dict)
    attempt: str = ""
    is_done: bool = False


@dataclass
class Tally:
    """What the clients saw."""

    milliseconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def prepare() -> tuple[Any, list[Sitter]]:
    """The organisation, the bank, the quiz, and a session for everybody."""
    from datetime import timedelta

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.utils import timezone

    from yuanqing.education.activity import actions as activities
    from yuanqing.education.campaign import actions as campaigns
    from yuanqing.education.question import actions as questions
    from yuanqing.education.quiz import actions as quizzes
    from yuanqing.kernel.acts import SYSTEM
    from yuanqing.norms.clause.actions import publish_shipped
    from yuanqing.org.account.actions import open_account
    from yuanqing.org.audience.rules import Rule
    from yuanqing.org.person.actions import import_people
    from yuanqing.org.person.models import Person
    from yuanqing.org.session.models import SessionStore
    from yuanqing.org.unit.actions import found

    publish_shipped()
    today = timezone.localdate()
    unit = found(
        by=SYSTEM, code="0", name="集团", began_on=today.replace(month=1, day=1), parent=None, kind="headquarters"
    )
    rows = [{"number": f"N{n:04d}", "name": f"人员{n}", "unit_code": "0"} for n in range(PEOPLE)]
    import_people(rows, by=SYSTEM)
    plan = campaigns.draft(by=SYSTEM, unit=unit, year=today.year, title="教育", aim="人人看到")
    campaigns.publish(plan, by=SYSTEM)
    words = {"title": "片", "begins_on": today, "due_on": today + timedelta(days=9), "clauses": "B1b"}
    film = activities.plan(by=SYSTEM, campaign=plan, kind="activity.film", **words)
    activities.address(film, by=SYSTEM, audience=[Rule()])
    activities.announce(film, by=SYSTEM)
    listed = [questions.Asked("single", f"第{n}题", ["甲", "乙", "丙", "丁"], [n % 4 + 1]) for n in range(40)]
    questions.import_questions(unit, listed, by=SYSTEM)
    terms = {"length": QUESTIONS, "pass_mark": 80, "tries": 1, "minutes": 60}
    quiz = quizzes.prepare(by=SYSTEM, activity=film, stage="after", title="测一测", **terms)
    quizzes.offer(quiz, by=SYSTEM)
    sitters = []
    for person in Person.objects.order_by("number"):
        account = open_account(by=SYSTEM, username=person.number, display_name=person.name, person=person)
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(account.pk), account.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = "yuanqing.shell.security.local.Local"
        session.begun("bench", "127.0.0.1")
        session.create()
        names = settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME
        sitters.append(Sitter(person.number, f"{names[0]}={session.session_key}; {names[1]}={CSRF}"))
    return quiz, sitters


class Client:
    """One connection of a worker."""

    def __init__(self, port: int, tally: Tally) -> None:
        self.port, self.tally = port, tally
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, sitter: Sitter, method: str, address: str, fields: Any = None) -> tuple[int, str, bytes]:
        headers = {"Cookie": sitter.cookie, "X-CSRFToken": CSRF, "Content-Type": "application/x-www-form-urlencoded"}
        began = time.perf_counter()
        try:
            self.connection.request(method, address, urlencode(fields or {}) if method == "POST" else None, headers)
            answer = self.connection.getresponse()
            found = answer.status, answer.headers.get("Location", ""), answer.read()
        except OSError as error:
            self.connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
            found = 0, "", str(error).encode()
        with self.tally.lock:
            self.tally.milliseconds.append((time.perf_counter() - began) * 1000)
            if found[0] not in (200, 302):
                self.tally.errors.append(f"{method} {address}: {found[0]}")
        return found


def course(sitter: Sitter, quiz: Any, chance: random.Random) -> Iterator[tuple[float, Any]]:
    """(seconds to think before it, what to do with a client), one after the other."""
    yield 0, lambda client: client.ask(sitter, "GET", f"/education/quiz/{quiz.pk}/")

    def begin(client: Client) -> None:
        _status, where, _body = client.ask(sitter, "POST", f"/education/quiz/{quiz.pk}/begin/")
        sitter.attempt = where

    yield 1, begin
    yield 0.1, lambda client: client.ask(sitter, "GET", sitter.attempt)
    order = [*range(QUESTIONS), *chance.sample(range(QUESTIONS), 2)]  # two are changed afterwards
    for n, position in enumerate(order):
        if n == QUESTIONS // 2 and chance.random() < 1 / 3:  # the browser is closed, and opened again
            yield 5, lambda client: client.ask(sitter, "GET", sitter.attempt)
        yield 1, _save(sitter, position, chance.randint(1, 4))

    def hand_in(client: Client) -> None:
        sitter.is_done = client.ask(sitter, "POST", f"{sitter.attempt}hand-in/")[0] == 302

    yield 1, hand_in


def _save(sitter: Sitter, position: int, shown: int) -> Any:
    def save(client: Client) -> None:
        if client.ask(sitter, "POST", f"{sitter.attempt}save/", {f"q{position}": shown})[0] == 200:
            sitter.kept[position] = shown

    return save


def run(port: int, quiz: Any, sitters: list[Sitter], minutes: float) -> tuple[Tally, float]:
    """Everybody begins somewhere in the time and thinks in proportion to it."""
    tally, chance, queue = Tally(), random.Random(SEED), list[tuple[float, int, Any]]()
    pace = minutes * 60 / 18 / 1.4
    for n, sitter in enumerate(sitters):
        heapq.heappush(queue, (chance.uniform(0, minutes * 60 * 0.3), n, course(sitter, quiz, random.Random(n))))
    began, lock = time.monotonic(), threading.Lock()

    def work() -> None:
        client = Client(port, tally)
        while True:
            with lock:
                if not queue:
                    return
                when, n, steps = heapq.heappop(queue)
            time.sleep(max(0.0, began + when - time.monotonic()))
            try:
                _think, act = next(steps)
            except StopIteration:
                continue
            act(client)
            with lock:
                heapq.heappush(queue, (time.monotonic() - began + pace * random.Random(n).uniform(0.5, 1.2), n, steps))

    workers = [threading.Thread(target=work) for _n in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return tally, time.monotonic() - began


def lost(sitters: list[Sitter]) -> tuple[int, int]:
    """(answers acknowledged that are not there as given, papers not marked)."""
    from yuanqing.education.quiz.models import Attempt
    from yuanqing.kernel.database.scope import as_system

    missing, unmarked = 0, 0
    with as_system():
        attempts = {a.person.number: a for a in Attempt.objects.select_related("person").prefetch_related("answers")}
    for sitter in sitters:
        attempt = attempts.get(sitter.number)
        unmarked += attempt is None or attempt.state != "marked"
        given = {one.position: one.choice for one in attempt.answers.all()} if attempt else {}
        for position, shown in sitter.kept.items():
            missing += attempt is None or given.get(position) != [attempt.questions[position][1][shown - 1]]
    return missing, unmarked


def main(minutes: float = 10) -> int:
    with private_home():
        set_up()
        from django.db import transaction

        with transaction.atomic():
            quiz, sitters = prepare()
        with served() as port:
            tally, seconds = run(port, quiz, sitters, minutes)
            missing, unmarked = lost(sitters)  # while the database still runs
    answers, p95 = sum(len(s.kept) for s in sitters), statistics.quantiles(tally.milliseconds, n=20)[-1]
    sys.stdout.write(json.dumps(tally.errors[:10], ensure_ascii=False) + "\n")
    what = f"{PEOPLE} people sit a quiz in {seconds / 60:.1f} minutes"
    good = [
        record(f"{what}: errors", len(tally.errors), f"of {len(tally.milliseconds)} requests", "0", not tally.errors),
        record(f"{what}: answers lost", missing, f"of {answers} saved", "0", not missing),
        record(f"{what}: papers not marked", unmarked, "papers", "0", not unmarked),
        record(f"{what}: p95", round(p95), "ms", "< 1000", p95 < 1000),
    ]
    return 0 if all(one["ok"] for one in good) else 1


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 10))
