"""暂存: an uploaded workbook between upload and confirmation, as a file of its owner's that nobody else can reach.

The token names the file, its owner, the import and the digest of its content, signed; it expires, and the file goes with it.
"""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing

SALT = "yuanqing.shell.importing"
LIFETIME = 60 * 60


class Gone(Exception):
    """暂存已失效: the token is another's, too old, or its file is no longer there."""


def folder() -> Path:
    place = Path(settings.HOME) / "uploads"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def keep(data: bytes, *, owner: Any, key: str) -> str:
    """Puts the workbook aside and returns the token to get it back with."""
    sweep()
    name = uuid.uuid4().hex
    handle = os.open(folder() / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    digest = hashlib.sha256(data).hexdigest()
    return signing.dumps({"file": name, "owner": str(owner.pk), "key": key, "digest": digest}, salt=SALT)


def fetch(token: str, *, owner: Any, key: str) -> bytes:
    """The workbook behind a token; raises Gone."""
    data = _path(token, owner=owner, key=key)
    try:
        content = data.read_bytes()
    except OSError:
        raise Gone from None
    if hashlib.sha256(content).hexdigest() != signing.loads(token, salt=SALT)["digest"]:
        raise Gone
    return content


def discard(token: str, *, owner: Any, key: str) -> None:
    _path(token, owner=owner, key=key).unlink(missing_ok=True)


def _path(token: str, *, owner: Any, key: str) -> Path:
    try:
        claims = signing.loads(token, salt=SALT, max_age=LIFETIME)
    except signing.BadSignature:
        raise Gone from None
    if claims.get("owner") != str(owner.pk) or claims.get("key") != key:
        raise Gone
    return folder() / uuid.UUID(claims["file"]).hex


def sweep() -> None:
    """Removes what nobody came back for."""
    oldest = time.time() - LIFETIME
    for file in folder().iterdir():
        try:
            if file.stat().st_mtime < oldest:
                file.unlink()
        except FileNotFoundError:  # another process swept it
            continue
