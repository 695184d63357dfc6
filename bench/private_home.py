"""A home of the measurement's own: an embedded database in a temporary folder that is gone afterwards.

BENCH_DEMO=/path/of/a/home takes a demonstration that was made before, and leaves it there.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType


@contextmanager
def private_home() -> Iterator[Path]:
    """Start a durable embedded server in a fresh home with all tables; Django may be used inside."""
    home = Path(tempfile.mkdtemp(prefix="yuanqing-bench-"))
    home.chmod(0o711)  # the server's own user passes through
    (home / "demo").mkdir()  # nobody is made to enrol a second factor
    try:
        with _started(home):
            command("migrate")
            yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def demo_home() -> Iterator[Path]:
    """A home with the demonstration in it."""
    made = os.environ.get("BENCH_DEMO")
    if made:
        with _started(Path(made)) as home:
            yield home
        return
    with private_home() as home:
        command("demo")
        yield home


@contextmanager
def _started(home: Path) -> Iterator[Path]:
    os.environ["YUANQING_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "yuanqing.settings"
    for name in ("YUANQING_DATABASE_URL", "YUANQING_OWNER_URL", "YUANQING_ROLE"):
        os.environ.pop(name, None)
    signal.signal(signal.SIGTERM, _leave)
    from yuanqing.kernel.database import cluster

    try:
        cluster.ensure_started(home)
        yield home
    finally:
        cluster.stop(home)


def command(*words: str) -> str:
    """Run `yuanqing …` in the private home."""
    done = subprocess.run([sys.executable, "-m", "yuanqing", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"yuanqing {' '.join(words)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def set_up() -> None:
    """Django, with the actions of every noun known; a measurement reads as the system."""
    import django

    from yuanqing.kernel.database.scope import become_system

    become_system()
    django.setup()
    from yuanqing.kernel.duty import noun_modules

    list(noun_modules("actions"))


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
