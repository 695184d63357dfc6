"""Pulling the plug while units report and months are closed: nothing acknowledged is lost, nothing is done twice.

KILLS=50 of the database, and as many of web server and worker, is the figure that is claimed; fewer for a quick look.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import psutil
import pytest
from bench.figures_log import record
from tests.kernel.test_serving import served, until  # noqa: F401

from yuanqing.kernel.database.cluster import running_pid

KILLS = int(os.environ.get("KILLS", "50"))
SEED, WRITERS, PAUSE = 20261126, 4, 0.05
PROJECT = Path(__file__).resolve().parents[2]


def in_home(home: Path, *words: str) -> str:
    """The output of a program of ours that works in the installation's home."""
    foreign = ("YUANQING_", "DJANGO_SETTINGS", "TEST_SERVER")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    environment |= {"YUANQING_HOME": str(home), "PYTHONPATH": f"{PROJECT / 'src'}:{PROJECT}"}
    done = subprocess.run([sys.executable, *words], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


class Writer(threading.Thread):
    """Reports the same returns over and over; each is sent back to be reported again.

    Every step is sent under its key until it is acknowledged, however often the line breaks.
    """

    def __init__(self, port: int, house: dict[str, Any], returns: list[str], stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.port, self.house, self.returns, self.stop = port, house, returns, stop
        self.acknowledged: Counter[tuple[str, str]] = Counter()
        self.answers: Counter[int] = Counter()
        self.sentences: set[str] = set()  # of a full disk
        self.strange: list[str] = []
        self.replayed = self.broken = 0
        self.state = dict.fromkeys(returns, "open")

    def run(self) -> None:
        while not self.stop.is_set():
            for pk in self.returns:
                if self.stop.is_set():
                    return
                self._submit(pk) if self.state[pk] == "open" else self._send_back(pk)
                time.sleep(PAUSE)

    def _submit(self, pk: str) -> None:
        self._until_acknowledged(pk, "submit", self.house["leader"], self.house["filled"])
        self.state[pk] = "submitted"

    def _send_back(self, pk: str) -> None:
        self._until_acknowledged(pk, "send-back", self.house["reviewer"], {"note": "演练"})
        self.state[pk] = "open"

    def _until_acknowledged(self, pk: str, step: str, token: str, body: dict[str, Any]) -> None:
        key = str(uuid.uuid4())
        while True:
            status, answer, is_replay = send(
                self.port, f"/api/discipline/monthly-return/{pk}/{step}/", token, body, key
            )
            self.answers[status] += 1
            if status == 507:
                self.sentences.add(json.loads(answer)["detail"])
            if status == 200:
                self.acknowledged[pk, step] += 1
                self.replayed += is_replay
                return
            if 400 <= status < 500 and status != 429:
                self.strange.append(f"{step} {status} {answer[:300]}")
                self.stop.set()
                return
            self.broken += 1
            time.sleep(0.2)


def send(port: int, path: str, token: str, body: dict[str, Any], key: str) -> tuple[int, str, bool]:
    """(status, answer, whether it was the answer given before); status 0 when the line broke."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": key}
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request("POST", path, json.dumps(body), headers)
        answer = line.getresponse()
        return answer.status, answer.read().decode(), answer.headers.get("Idempotent-Replay") == "true"
    except (OSError, http.client.HTTPException):
        return 0, "", False
    finally:
        line.close()


class Closer(threading.Thread):
    """Asks for one close after the other, in their order, until each is done."""

    def __init__(self, port: int, house: dict[str, Any], every: float) -> None:
        super().__init__(daemon=True)
        self.port, self.house, self.every, self.asked = port, house, every, 0

    def run(self) -> None:
        for month in self.house["months"]:
            key, status = str(uuid.uuid4()), 0
            while status != 200:  # 409 while the month before is not closed yet
                path = f"/api/discipline/review/{month}/close/"
                status, _answer, _replay = send(self.port, path, self.house["office"], {}, key)
                time.sleep(1)
            self.asked += 1
            time.sleep(self.every)


def processes(served: Any) -> list[list[int]]:  # noqa: F811
    """(web server, its workers…), (background worker,)."""
    web, worker = served.children()
    return [[web, *(p.pid for p in psutil.Process(web).children())], [worker]]


def kill_database(served: Any) -> None:  # noqa: F811
    found = until(lambda: running_pid(served.home), 120)
    os.kill(found, signal.SIGKILL)


def kill_one_of_ours(served: Any, chance: random.Random) -> None:  # noqa: F811
    """The web server as a whole, one of its workers, or the background worker."""
    web, worker = until(lambda: processes(served) if len(served.children()) == 2 else None, 120)
    os.kill(chance.choice([web[0], web[-1], *worker]), signal.SIGKILL)


COUNTS = """
import json, os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "yuanqing.settings"
from yuanqing.kernel.database.scope import become_system
become_system(); django.setup()
from yuanqing.discipline.monthly_return.models import MonthlyReturn, Submission
from yuanqing.discipline.review.models import MonthlyReview, ScoreCard
from yuanqing.kernel.ledger.models import Entry
from yuanqing.shell.job.models import Job
acts = lambda name, pk: Entry.objects.filter(act=name, record_id=pk).count()
rows = MonthlyReturn.objects.filter(period__month_on__year=2026).exclude(unit__code="0")
json.dump({
    "returns": {str(r.pk): [Submission.objects.filter(monthly_return=r).count(), r.returned_count,
        acts("discipline.monthly_return.submit", r.pk), acts("discipline.monthly_return.send_back", r.pk)] for r in rows},
    "reviews": [[str(r.period.month), r.unit_count, ScoreCard.objects.filter(review=r).count(),
        acts("discipline.review.close_month", r.pk), acts("norms.period.close_period", r.period_id)]
        for r in MonthlyReview.objects.select_related("period").order_by("period__month_on")],
    "jobs": list(Job.objects.order_by("pk").values_list("key", "state", "outcome")),
}, sys.stdout)
"""


@pytest.mark.drill
def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice(served):  # noqa: F811
    served.start()
    until(lambda: (served.home / "serve.json").exists())
    house = json.loads(in_home(served.home, "-m", "tests.drills.crash_house"))
    stop, chance, began = threading.Event(), random.Random(SEED), time.monotonic()
    writers = [Writer(served.port, house, house["returns"][n::WRITERS], stop) for n in range(WRITERS)]
    closer = Closer(served.port, house, every=KILLS / 2)
    [thread.start() for thread in (*writers, closer)]
    down: list[float] = []
    for number in range(2 * KILLS):
        time.sleep(chance.uniform(1, 3))
        gone = time.monotonic()
        kill_database(served) if number < KILLS else kill_one_of_ours(served, chance)
        until(served.answers, 180)
        down.append(time.monotonic() - gone)
        assert not any(writer.strange for writer in writers), [w.strange for w in writers]
    closer.join(300)
    stop.set()
    [writer.join(120) for writer in writers]
    counts = until(lambda: _when_all_is_done(served, house), 400)
    acknowledged = sum((writer.acknowledged for writer in writers), Counter())
    lost = doubled = 0
    for pk, (submissions, returned, submits, sendings) in counts["returns"].items():
        for done, step in (
            (submissions, "submit"),
            (submits, "submit"),
            (returned, "send-back"),
            (sendings, "send-back"),
        ):
            lost += max(0, acknowledged[pk, step] - done)
            doubled += max(0, done - acknowledged[pk, step])
    told = {
        "kills": 2 * KILLS, "seconds": round(time.monotonic() - began), "acknowledged": sum(acknowledged.values()),
        "broken lines": sum(w.broken for w in writers), "answered again": sum(w.replayed for w in writers),
        "mean seconds down": round(sum(down) / len(down), 1), "lost": lost, "doubled": doubled,
        "closes": len(counts["reviews"]), "jobs": Counter(state for _key, state, _outcome in counts["jobs"]),
    }  # fmt: skip
    print(json.dumps(told, ensure_ascii=False))
    what = f"{KILLS} kills of the database, {KILLS} of web or worker"
    many = f"of {told['acknowledged']} acknowledged writes"
    record(f"{what}: lost, doubled", f"{lost}, {doubled}", many, "0, 0", not lost + doubled)
    record(f"{what}: mean time down", told["mean seconds down"], "s", "no target", ok=True)
    assert (lost, doubled) == (0, 0)
    assert [month for month, *_rest in counts["reviews"]] == house["months"]
    assert all(cards == units and closes == 1 and locks == 1 for _m, units, cards, closes, locks in counts["reviews"])
    assert all(state == "done" for _key, state, _outcome in counts["jobs"]), counts["jobs"]
    assert in_home(served.home, "-m", "yuanqing", "ledger", "verify").startswith("sound")


def _when_all_is_done(served: Any, house: dict[str, Any]) -> dict[str, Any] | None:  # noqa: F811
    """What the database holds, once no job is under way any more and every month is closed."""
    time.sleep(3)
    counts: dict[str, Any] = json.loads(in_home(served.home, "-c", COUNTS))
    under_way = any(state in ("waiting", "running") for _key, state, _outcome in counts["jobs"])
    return None if under_way or len(counts["reviews"]) < len(house["months"]) else counts
