"""The disk fills up while people work: a clear answer, nothing acknowledged lost, and work goes on when there is room again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
import time
import urllib.request
from collections import Counter
from typing import Any

import pytest
from tests.drills.test_crash import COUNTS, Writer, in_home
from tests.kernel.test_serving import Served, until
from tests.server import PLACE

from yuanqing.kernel.database.cluster import stop

SIZE = 700 << 20
FULL_SECONDS = 30


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Any:
    """An installation whose home is a small disk of its own."""
    monkeypatch.delenv("YUANQING_DATABASE_URL", raising=False)
    PLACE.mkdir(mode=0o711, exist_ok=True)
    home = PLACE / f"disk-{os.getpid()}"
    home.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=711", "tmpfs", str(home)]
    if subprocess.run(words, capture_output=True, check=False).returncode:
        home.rmdir()
        pytest.skip("no small disk can be mounted here (it needs root)")
    one = Served(home)
    try:
        yield one
    finally:
        if one.parent and one.parent.poll() is None:
            one.parent.terminate()
            one.parent.wait(60)
        stop(home)
        subprocess.run(["umount", "--lazy", str(home)], check=True)
        home.rmdir()
        one.log.unlink(missing_ok=True)


def fill(path: Any) -> None:
    """Take all the room that is left."""
    free = shutil.disk_usage(path.parent).free
    with path.open("wb") as file:
        for _n in range(free // (1 << 20) + 2):
            try:
                file.write(b"\0" * (1 << 20))
                file.flush()
            except OSError:
                return


def page_of(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return int(refused.code)
    except OSError:
        return 0


@pytest.mark.drill
def test_a_full_disk_is_told_and_survived(small: Served) -> None:
    small.start()
    until(lambda: (small.home / "serve.json").exists())
    house = json.loads(in_home(small.home, "-m", "tests.drills.crash_house"))
    stop_writing = threading.Event()
    writer = Writer(small.port, house, house["returns"], stop_writing)
    writer.start()
    until(lambda: sum(writer.acknowledged.values()) > 20)

    pages: Counter[str] = Counter()
    fill(small.home / "ballast-0")
    writer.answers.clear()
    began = time.monotonic()
    while time.monotonic() - began < FULL_SECONDS:
        for path in ("/healthz", "/sign-in/"):
            pages[f"{path} {page_of(small.port, path)}"] += 1
        fill(small.home / f"ballast-{pages.total()}")
        time.sleep(0.3)
    said = dict(writer.answers)

    for path in small.home.glob("ballast*"):
        path.unlink()
    freed = time.monotonic()
    before = sum(writer.acknowledged.values())
    until(lambda: sum(writer.acknowledged.values()) > before + 20, 120)
    again = time.monotonic() - freed
    stop_writing.set()
    writer.join(60)
    counts = json.loads(in_home(small.home, "-c", COUNTS))
    lost = doubled = 0
    for pk, (submissions, returned, *_entries) in counts["returns"].items():
        for done, step in ((submissions, "submit"), (returned, "send-back")):
            lost += max(0, writer.acknowledged[pk, step] - done)
            doubled += max(0, done - writer.acknowledged[pk, step])
    told = {"answers while full": said, "pages": dict(pages), "seconds until work went on": round(again, 1)}
    print(json.dumps({**told, "acknowledged": sum(writer.acknowledged.values()), "lost": lost, "doubled": doubled}))
    assert (lost, doubled, writer.strange) == (0, 0, [])
    assert not set(said) - {0, 200, 503, 507}, said
    assert said.get(507), small.log.read_text()[-5000:]
    assert all("磁盘已满" in sentence for sentence in writer.sentences)
    assert pages["/healthz 200"], pages
    assert in_home(small.home, "-m", "yuanqing", "ledger", "verify").startswith("sound")
