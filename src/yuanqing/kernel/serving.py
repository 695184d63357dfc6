"""运行服务: web server, background worker and embedded database under one parent.

The parent starts them, starts again what dies, and stops all of them on Ctrl-C or SIGTERM. It owns the listening socket:
while the web server is started again, connections wait instead of being refused. Each child leads its own process group,
so that nothing of it survives. Killed without warning, the parent leaves a note of its children; the next start ends them
first.
"""

from __future__ import annotations

import ctypes
import fcntl
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import psutil

from yuanqing.kernel import preparation
from yuanqing.kernel.commands import Needs, OperatorError, argument, command
from yuanqing.kernel.database import cluster
from yuanqing.kernel.database.connection import external_url, home
from yuanqing.kernel.variables import faults

WORKERS, THREADS, BACKPRESSURE = "2", "4", "16"  # four: while one report is written, three gather (acts/together.py)
PREPARATIONS = (("migrate",), ("pack", "load", "--shipped"))
WAITING = 1024  # connections that may wait while nobody takes them
METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
GRACE_SECONDS = 10
READY_SECONDS = 60
QUICK_DEATH_SECONDS, QUICK_DEATHS = 5, 5
LONGEST_PAUSE = 15  # seconds between two tries to start what keeps ending
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


@dataclass
class Child:
    """One process of ours that must run."""

    name: str
    words: list[str]
    descriptors: tuple[int, ...] = ()  # what it inherits of ours
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    quick_deaths: int = 0
    due: float = 0.0

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603 our own program
            self.words, start_new_session=True, preexec_fn=_die_with_parent, pass_fds=self.descriptors
        )
        self.started = time.monotonic()

    def revive(self, *, patiently: bool = False) -> bool:
        """Start again if it died, each time after a longer pause; True when it was started.

        OperatorError when it cannot live, unless `patiently`: what has run before may only lack its database or a disk.
        """
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            self.end(signal.SIGKILL)  # what it may have left behind in its group
            self.quick_deaths = self.quick_deaths + 1 if now - self.started < QUICK_DEATH_SECONDS else 0
            if self.quick_deaths >= QUICK_DEATHS and not patiently:
                raise OperatorError(f"The {self.name} keeps ending right after its start; its message stands above.")
            sys.stderr.write(f"yuanqing: the {self.name} ended ({self.process.returncode}); starting it again.\n")
            self.process, self.due = None, now + min(self.quick_deaths, LONGEST_PAUSE)
        if self.process is not None or now < self.due:
            return False
        self.start()
        return True

    def end(self, number: signal.Signals) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


@dataclass
class Parent:
    """The one process that looks after the others."""

    home: Path
    host: str
    port: int
    listening: socket.socket | None = None
    children: list[Child] = field(default_factory=list)
    stopping: bool = False
    restarting: bool = False
    has_served: bool = False  # from then on it never gives up
    is_noted: bool = True  # whether the note names the children there are

    @property
    def note(self) -> Path:
        return self.home / "serve.json"

    def run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGHUP, self._restart)
        os.environ[METRICS_FOLDER] = str(_empty(self.home / "metrics"))
        self.listening = self.listening or listen(self.host, self.port)
        descriptor = self.listening.fileno()
        self.children = [
            Child("web server", _web(descriptor), (descriptor,)),
            Child("background worker", _own("django", "procrastinate", "worker")),
        ]
        try:
            web, worker = self.children
            web.start()
            worker.due = time.monotonic() + READY_SECONDS  # pages first: both at once take twice as long
            self._write_note()
            self._announce()
            worker.due = 0
            while not self.stopping:
                if self.restarting:
                    self._renew()
                self._look_after()
                time.sleep(0.5)
        finally:
            self._end_all()

    def _renew(self) -> None:
        """New code without a refused request: the web server ends each of its processes when a new one beside it answers
        (kernel/web.py); the worker ends after its present job and is started again."""
        self.restarting = False
        try:
            prepare()
        except OperatorError as error:
            sys.stderr.write(f"yuanqing: {error} What runs goes on as it is.\n")
            return
        web, worker = self.children
        if web.process is not None:
            os.kill(web.process.pid, signal.SIGHUP)
        worker.end(signal.SIGTERM)
        sys.stderr.write("yuanqing: restarted.\n")

    def _look_after(self) -> None:
        if not external_url() and cluster.running_pid(self.home) is None:
            sys.stderr.write("yuanqing: the database ended; starting it again.\n")
            try:
                cluster.ensure_started(self.home)
            except OperatorError as error:
                if not self.has_served:
                    raise
                sys.stderr.write(f"yuanqing: {error} Trying again.\n")
                return
        revived = [child.revive(patiently=self.has_served) for child in self.children]
        if any(revived) or not self.is_noted:
            self._write_note()

    def _announce(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not self.stopping and time.monotonic() < deadline:
            self._look_after()
            if answers(self.host, self.port):
                self.has_served = True
                sys.stdout.write(f"http://{self.host}:{self.port}   (Ctrl-C stops everything)\n")
                sys.stdout.flush()
                return
            time.sleep(0.1)

    def _write_note(self) -> None:
        pids = [child.process.pid for child in self.children if child.process]
        draft, born = self.note.with_suffix(".new"), [[pid, _born(pid)] for pid in pids]
        try:
            draft.write_text(json.dumps({"parent": os.getpid(), "port": self.port, "children": born}))
            draft.replace(self.note)
        except OSError as error:  # a full disk: what runs goes on, and the next look writes it
            sys.stderr.write(f"yuanqing: {self.note} could not be written ({error}). Trying again.\n")
            self.is_noted = False
            return
        self.is_noted = True

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def _restart(self, *_: object) -> None:
        self.restarting = True

    def _end_all(self) -> None:
        for child in self.children:
            child.end(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for child in self.children:
            try:
                if child.process:
                    child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
            child.end(signal.SIGKILL)
        if self.listening is not None:
            self.listening.close()
        self.note.unlink(missing_ok=True)
        cluster.stop(self.home)


@command(
    "serve",
    help="启动网站、后台任务和数据库 · run web server, worker and database until Ctrl-C",
    arguments=[
        argument("--port", type=int, default=None, help="port (default: PORT, or 8000)"),
        argument("--host", default=None, help="address (default: HOST, or 127.0.0.1)"),
    ],
    needs=Needs.NOTHING,
)
def serve(port: int | None, host: str | None) -> None:
    if faults():
        raise OperatorError(f"Some settings are wrong: {'; '.join(faults())}. “yuanqing settings” lists them.")
    parent = Parent(home(), host or os.environ.get("HOST") or "127.0.0.1", port or int(os.environ.get("PORT") or 8000))
    parent.home.mkdir(parents=True, exist_ok=True)
    with _only_one(parent):
        patience = GRACE_SECONDS if parent.note.exists() else 0
        end_orphans(parent.note)
        parent.listening = listen(parent.host, parent.port, patience)
        cluster.ensure_started(parent.home)
        prepare()
        _invite_the_first(parent)
        parent.run()


@command(
    "restart",
    help="不中断地重启网站和后台任务 · restart web server and worker without refusing a request",
    needs=Needs.NOTHING,
)
def restart() -> str:
    try:
        parent = int(json.loads((home() / "serve.json").read_text())["parent"])
        os.kill(parent, signal.SIGHUP)
    except (FileNotFoundError, ValueError, KeyError, ProcessLookupError):
        raise OperatorError(f"This installation ({home()}) is not being served.") from None
    return "Restarting; nobody is interrupted."


def end_orphans(note: Path) -> int:
    """End what a killed parent left running, if its note still means the same processes. Returns how many."""
    try:
        known = json.loads(note.read_text())["children"]
    except (FileNotFoundError, ValueError, KeyError):
        return 0
    ended = 0
    for group, born in known:
        for member in _group(group, born):
            member.kill()
            ended += 1
    note.unlink(missing_ok=True)
    return ended


def _group(group: int, born: float) -> list[psutil.Process]:
    """The members of a process group that began with the leader of that birth time, or after it."""
    found = []
    for process in psutil.process_iter():
        try:
            ours = os.getpgid(process.pid) == group and process.create_time() >= born - 0.01
            if ours and any("yuanqing" in word or "multiprocessing" in word for word in process.cmdline()):
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied, ProcessLookupError, PermissionError):
            continue
    return found


@contextmanager
def _only_one(parent: Parent) -> Iterator[None]:
    """One serving parent per home; the lock ends with the process, however it ends."""
    handle = os.open(parent.home / "serve.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise OperatorError(f"This installation ({parent.home}) is being served already; stop that first.") from error
    finally:
        os.close(handle)


def prepare() -> None:
    """Tables, shipped packs and static files, each in its own process: the first as the owning role, none stays here."""
    collects = not preparation.has_static_files(home())
    collecting = subprocess.Popen(_own("static"), stdout=subprocess.DEVNULL) if collects else None  # noqa: S603 our own program
    steps = () if preparation.has_tables(home()) else PREPARATIONS
    codes = [subprocess.call(_own(*words), stdout=subprocess.DEVNULL) for words in steps]  # noqa: S603
    if any((*codes, collecting.wait() if collecting else 0)):
        raise OperatorError("The tables, packs or static files could not be prepared; the message stands above.")
    if steps:
        preparation.remember(home())


def prepare_tables() -> None:
    """The tables alone, for who publishes the packs himself and serves nothing yet."""
    if subprocess.call(_own("migrate"), stdout=subprocess.DEVNULL):  # noqa: S603 our own program
        raise OperatorError("The tables could not be prepared; the message stands above.")


def _empty(folder: Path) -> Path:
    """Counters of processes that are gone stay from run to run otherwise."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder


def _invite_the_first(parent: Parent) -> None:
    """Say how the first administrator is created while there is no account; nothing otherwise."""
    if preparation.has_accounts(parent.home):
        return
    place = {"HOST": parent.host, "PORT": str(parent.port)}
    subprocess.call(_own("account", "first-link", "--if-none"), env={**os.environ, **place})  # noqa: S603 our own program


def _own(*words: str) -> list[str]:
    return [sys.executable, "-m", "yuanqing", *words]


def _web(descriptor: int) -> list[str]:
    return [sys.executable, "-m", "yuanqing.kernel.web", str(descriptor), WORKERS, THREADS, BACKPRESSURE]


def listen(host: str, port: int, patience: float = 0) -> socket.socket:
    """The socket the web server takes its connections from; `patience` is how many seconds processes that were just killed
    may take to let go of the port. OperatorError when it is somebody else's."""
    deadline = time.monotonic() + patience
    while True:
        found = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((host, port))
            found.listen(WAITING)
        except OSError as fault:
            found.close()
            if time.monotonic() >= deadline:
                raise OperatorError(
                    f"{host}:{port} cannot be used: {fault.strerror}. Choose another with PORT=8001."
                ) from fault
            time.sleep(0.1)
        else:
            return found


def answers(host: str, port: int) -> bool:
    """Whether a page comes back; that the port takes connections says nothing, since they may wait."""
    line = http.client.HTTPConnection("127.0.0.1" if host in ("0.0.0.0", "::") else host, port, timeout=1)  # noqa: S104
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status < HTTPStatus.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _born(pid: int) -> float:
    try:
        return float(psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return 0.0


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)
