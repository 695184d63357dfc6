"""网站进程: workers behind one socket that outlives them, each ended only when the one that replaces it answers.

    python -m yuanqing.kernel.web DESCRIPTOR WORKERS THREADS BACKPRESSURE

The listening socket is the parent's (kernel/serving.py) and is handed on, so that a connection which nobody has taken yet
belongs to no worker: it waits for the next. Left to itself, granian gives each worker on Linux a socket of its own, whose
waiting connections are refused when that worker ends, and ends the old one after a fixed time whether the new one is ready
or not. Here SIGHUP replaces the workers one by one with the code that is on the disk; a new one that does not answer is
given up, and the old one goes on.

This process imports nothing of the application: workers are forked from it and must load the code themselves.
"""

from __future__ import annotations

import multiprocessing
import socket
import sys
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from typing import Any
from wsgiref.util import setup_testing_defaults

from granian._granian import SocketHolder
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

APPLICATION = "yuanqing.wsgi:application"
PATIENCE = 180  # seconds a new worker gets to answer; a busy machine needs more than half a minute
FINISHING = 60  # seconds an old worker gets for what it has begun
BACKLOG = 1024
PROBED = ("/healthz", "/sign-in/")
Server: Any = MPServer  # granian's types say less than it does
Held: Any = SocketHolder


class Web(Server):  # type: ignore[misc]
    """granian's server of processes, with our socket and our way of replacing workers."""

    def __init__(self, listening: socket.socket, **more: Any) -> None:
        super().__init__(
            APPLICATION,
            interface=Interfaces.WSGI,
            websockets=False,
            log_level=LogLevels.warning,
            http1_settings=HTTP1Settings(keep_alive=False),  # one kept stays with its process, however busy that is
            **more,
        )
        self.listening = listening
        self.hears: dict[int, Connection] = {}

    def _init_shared_socket(self) -> None:
        """What granian does where sockets cannot share a port, with the socket that was handed on."""
        self._ssp, self._sso = None, self.listening
        self._sfd = self.listening.fileno()
        self._shd = Held(self._sfd, False, BACKLOG)

    def _spawn_worker(self, idx: int, target: Any, callback_loader: Any) -> Any:
        hears, says = multiprocessing.Pipe(duplex=False)
        worker = super()._spawn_worker(idx, target, partial(_loaded, callback_loader, says))
        self.hears[idx] = hears
        return worker

    def _respawn_workers(self, workers: list[int], spawn_target: Any, target_loader: Any, delay: float = 0) -> None:
        for idx in workers:
            old = self.wrks[idx]
            new = self._spawn_worker(idx, spawn_target, target_loader)
            new.interrupt_by_parent = True  # until it has answered, its end is ours to deal with
            new.start()
            if not self._answers(idx):
                new.kill()
                sys.stderr.write("yuanqing: a new web process does not answer; its message stands above.\n")
                if old.is_alive():
                    sys.stderr.write("yuanqing: the one before goes on.\n")
                    return
                raise SystemExit(1)  # the parent starts everything again, after a pause
            new.interrupt_by_parent = False
            self.wrks[idx] = new
            _end(old)
        self._metrics.incr_spawn(len(workers))

    def _answers(self, idx: int) -> bool:
        """Whether the newest worker of this number has said that it is ready."""
        hears = self.hears[idx]
        try:
            return hears.poll(PATIENCE) and bool(hears.recv())
        except EOFError:
            return False


def _end(worker: Any) -> None:
    """It takes no more connections, answers what it has, and goes."""
    worker.terminate()
    worker.join(FINISHING)
    if worker.is_alive():
        worker.kill()
        worker.join()


def _loaded(load: Callable[[], Any], says: Connection) -> Any:
    """In the new worker: load the application, ask it something, and say that it answers."""
    application = load()
    answers = [probe(application, path) for path in PROBED]
    from django.db import connections

    connections.close_all()  # they are this thread's, which answers no requests
    says.send(max(answers) < 500)
    says.close()
    return application


def probe(application: Any, path: str) -> int:
    """The status of a GET that no network is needed for."""
    from django.conf import settings

    environ: dict[str, Any] = {"PATH_INFO": path, "HTTP_HOST": settings.ALLOWED_HOSTS[0].lstrip(".*") or "localhost"}
    setup_testing_defaults(environ)
    found: list[int] = []
    body = application(environ, lambda status, headers, problem=None: found.append(int(status[:3])))
    for _part in body:
        pass
    if hasattr(body, "close"):
        body.close()
    return found[-1]


def main(words: list[str]) -> None:
    descriptor, workers, threads, backpressure = map(int, words)
    multiprocessing.set_start_method("fork")  # a socket is inherited, not sent
    listening = socket.socket(fileno=descriptor)
    listening.setblocking(False)
    Web(
        listening, workers=workers, blocking_threads=threads, backpressure=backpressure, respawn_failed_workers=True
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1:])
