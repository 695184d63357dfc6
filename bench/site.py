"""The site as `yuanqing serve` runs it, on a free port of this machine, and clients that are signed in to it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlencode

from yuanqing.kernel.serving import answers

START_SECONDS = 90


@contextmanager
def served() -> Iterator[int]:
    """Web server and background worker of the home in the environment; yields the port."""
    port = _free_port()
    words = [sys.executable, "-m", "yuanqing", "serve", "--port", str(port)]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _free_port() -> int:
    with socket.socket() as test:
        test.bind(("127.0.0.1", 0))
        return int(test.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if answers("127.0.0.1", port):
            return
        time.sleep(0.1)
    raise SystemExit(f"the site did not start (load {os.getloadavg()[0]:.1f})")


class Reader:
    """One connection that is kept open; knows the session cookie of each role."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, address: str, cookie: str = "") -> tuple[int, bytes]:
        headers = {"Cookie": cookie, "Accept-Language": "zh-CN", "Accept": "text/html"}
        self.connection.request("GET", address, headers=headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def sign_in(self, username: str, password: str) -> str:
        """The cookies of a fresh session."""
        self.connection.request("GET", "/sign-in/")
        answer = self.connection.getresponse()
        page = answer.read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token is not None
        words = {"username": username, "password": password, "csrfmiddlewaretoken": token.group(1)}
        headers = {"Cookie": _cookies(answer), "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request("POST", "/sign-in/", urlencode(words), headers)
        answer = self.connection.getresponse()
        answer.read()
        if answer.status != 302:
            raise SystemExit(f"{username} could not sign in: {answer.status}")
        return _cookies(answer)


def _cookies(answer: object) -> str:
    given = answer.headers.get_all("Set-Cookie") or []  # type: ignore[attr-defined]
    return "; ".join(cookie.partition(";")[0] for cookie in given)
