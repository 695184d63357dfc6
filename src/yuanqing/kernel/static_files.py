"""静态文件: collected for the web server when, and only when, something in them has changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from yuanqing.kernel.commands import Needs, OperatorError, command

ROOT = Path(__file__).resolve().parents[3]
STAMP = ".collected"


@command("static", help="收集静态文件 · collect the static files if they changed", needs=Needs.DJANGO)
def static() -> str:
    from django.conf import settings
    from django.core.management import call_command

    if (ROOT / "package-lock.json").exists() and not (ROOT / "node_modules").is_dir():
        raise OperatorError("The front-end packages are missing (no folder node_modules). Run “make deps”.")
    target = Path(settings.STATIC_ROOT)
    stamp, wanted = target / STAMP, fingerprint(ROOT)
    if stamp.exists() and stamp.read_text() == wanted:
        return "The static files are up to date."
    call_command("collectstatic", interactive=False, verbosity=0, clear=target.exists())
    target.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)
    return f"Static files collected in {target}."


def fingerprint(root: Path) -> str:
    """Changes when a lock file changes, or a file of ours that ends up among the static files or names an icon."""
    digest = hashlib.sha256()
    for path in (root / "package-lock.json", root / "requirements" / "core.txt"):
        digest.update(path.read_bytes() if path.exists() else b"-")
    for path in sorted(_ours(root / "src" / "yuanqing")):
        found = path.stat()
        digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def _ours(source: Path) -> Iterator[Path]:
    """Everything but machine-written folders: templates and code name the icons of the sprite."""
    for folder, folders, names in os.walk(source):
        folders[:] = [name for name in folders if name not in ("__pycache__", "locale", "migrations")]
        yield from (Path(folder) / name for name in names)
