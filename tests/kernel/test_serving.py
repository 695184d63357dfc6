"""One parent runs web server, worker and database, starts again what dies, and leaves nothing behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest
from tests.server import PLACE

from yuanqing.kernel import serving
from yuanqing.kernel.database.cluster import running_pid, stop

SOURCE = Path(__file__).resolve().parents[2] / "src"


def free_port():
    with socket.socket() as test:
        test.bind(("127.0.0.1", 0))
        return test.getsockname()[1]


def until(condition, seconds=120):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("waited in vain")


class Served:
    """`yuanqing serve` in a home of its own."""

    def __init__(self, home):
        self.home, self.port, self.parent = home, free_port(), None
        self.log = home.with_suffix(".log")

    def start(self):
        words = [sys.executable, "-m", "yuanqing", "serve", "--port", str(self.port)]
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("YUANQING_", "DJANGO_SETTINGS"))
        }
        environment |= {"YUANQING_HOME": str(self.home), "PYTHONPATH": str(SOURCE)}
        with self.log.open("ab") as log:  # not a pipe: one that nobody reads would stop what writes to it
            self.parent = subprocess.Popen(words, env=environment, stdout=log, stderr=subprocess.STDOUT)
        until(self.answers, 400)  # the first start makes every table

    def answers(self):
        assert self.parent.poll() is None, self.log.read_text()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/sign-in/", timeout=5) as reply:
                return reply.status == 200
        except OSError:
            return False

    def children(self):
        return [pid for pid, _ in json.loads((self.home / "serve.json").read_text())["children"]]

    def group_is_gone(self, group):
        return not any(_group_of(process.pid) == group and _is_alive(process) for process in psutil.process_iter())


def _is_alive(process):
    """Whether it runs; others of the machine may end while they are looked at."""
    try:
        return process.status() != "zombie"
    except psutil.Error:
        return False


def _group_of(pid):
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


@pytest.fixture
def served(monkeypatch):
    monkeypatch.delenv("YUANQING_DATABASE_URL", raising=False)
    PLACE.mkdir(mode=0o711, exist_ok=True)
    home = PLACE / f"serve-{os.getpid()}"
    home.mkdir()
    one = Served(home)
    yield one
    if one.parent and one.parent.poll() is None:
        one.parent.send_signal(signal.SIGTERM)
        one.parent.wait(30)
    stop(home)
    subprocess.run(["rm", "-rf", str(home), str(one.log)], check=True)


@pytest.mark.drill
def test_children_are_started_again_and_ctrl_c_stops_everything(served):
    served.start()
    web, worker = until(lambda: served.children() if (served.home / "serve.json").exists() else None)
    database = running_pid(served.home)
    for pid in (web, worker, database):
        os.kill(pid, signal.SIGKILL)
    until(lambda: not set(served.children()) & {web, worker} and len(served.children()) == 2)
    until(lambda: running_pid(served.home) not in (None, database))
    until(served.answers)
    again = served.children()
    served.parent.send_signal(signal.SIGINT)
    assert served.parent.wait(30) == 0
    assert all(served.group_is_gone(group) for group in (web, worker, *again))
    assert running_pid(served.home) is None
    assert not (served.home / "serve.json").exists()


@pytest.mark.drill
def test_after_a_kill_of_the_parent_the_next_start_recovers(served):
    served.start()
    before = until(lambda: served.children() if (served.home / "serve.json").exists() else None)
    served.parent.kill()
    served.parent.wait()
    served.start()  # on a busy machine the old web server may still answer for a moment
    until(lambda: (served.home / "serve.json").exists() and not set(served.children()) & set(before))
    until(served.answers)
    assert all(served.group_is_gone(group) for group in before)


def test_the_note_of_a_killed_parent_never_harms_a_foreign_process(tmp_path):
    foreign = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        note = tmp_path / "serve.json"
        note.write_text(json.dumps({"children": [[foreign.pid, psutil.Process(foreign.pid).create_time()]]}))
        assert serving.end_orphans(note) == 0
        assert foreign.poll() is None
    finally:
        foreign.kill()
        foreign.wait()


def test_a_port_in_use_is_a_sentence():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(serving.OperatorError, match="cannot be used"):
            serving.listen("127.0.0.1", other.getsockname()[1])


def test_a_child_that_cannot_live_is_given_up_with_a_sentence(monkeypatch):
    monkeypatch.setattr(serving, "QUICK_DEATHS", 2)
    child = serving.Child("web server", [sys.executable, "-c", "raise SystemExit(3)"])
    child.start()
    with pytest.raises(serving.OperatorError, match="keeps ending"):
        until(lambda: child.revive() and False, 10)
