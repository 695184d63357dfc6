"""Which request reads what, from its address alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

API = re.compile(r"^/api/([a-z_]+)/([a-z_-]+)/")
LONGEST = 300


class Read(NamedTuple):
    """一次查阅: the noun, how, and which record, where it is one."""

    noun: str
    kind: str
    record_id: UUID | None


def noun_of(module: str, path: str) -> str:
    """`discipline.violation` for a page of that noun or its API; "" for anything else."""
    found = API.match(path)
    if found:
        return f"{found[1]}.{found[2].replace('-', '_')}"
    parts = module.split(".")
    return ".".join(parts[1:3]) if len(parts) == 4 and parts[0] == "yuanqing" and parts[3] == "pages" else ""


def read_of(noun: str, path: str, kwargs: Mapping[str, Any], headers: Mapping[str, str]) -> Read:
    """A record when the address names one; an export or a file by what came back; otherwise a list."""
    record = next((value for value in kwargs.values() if isinstance(value, UUID)), None)
    if path.startswith("/api/"):
        return Read(noun, "program", record)
    if "attachment" in headers.get("Content-Disposition", ""):
        return Read(noun, "file" if record else "export", record)
    return Read(noun, "record" if record else "list", record)
