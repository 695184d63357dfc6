"""浏览器模块: packages written as ES modules, served as they are but for the names in their imports; no bundler.

A browser knows addresses only: `@noble/hashes/hmac.js` becomes the way from one file to the other.
"""

from __future__ import annotations

import posixpath
import re
from functools import cache, partial
from pathlib import Path

ENTRIES = ("age-encryption/dist/index.js",)  # what pages import; what these import follows
PREFIX = "modules"
IMPORT = re.compile(r"""(?m)^((?:import|export)\s*(?:[\w*{}\s,$]*?\bfrom\s*)?)(['"])([^'"\n]+)\2""")


@cache
def rewritten(folder: Path) -> dict[str, str]:
    """Path below node_modules → the module with addresses instead of names; empty while the packages are missing."""
    found: dict[str, str] = {}
    waiting = [entry for entry in ENTRIES if (folder / entry).is_file()]
    while waiting:
        path = waiting.pop()
        if path not in found:
            here = posixpath.dirname(path)
            text = (folder / path).read_text(encoding="utf-8")
            waiting += [_target(here, one[3]) for one in IMPORT.finditer(text)]
            found[path] = IMPORT.sub(partial(_spelled, here), text)
    return found


def _target(here: str, name: str) -> str:
    """The path below node_modules that an import in this folder names."""
    if name.startswith("."):
        return posixpath.normpath(posixpath.join(here, name))
    return name if name.endswith(".js") else f"{name}/index.js"


def _spelled(here: str, one: re.Match[str]) -> str:
    """The import with the way from this folder to its file."""
    way = posixpath.relpath(_target(here, one[3]), here)
    return f'{one[1]}"{way if way.startswith(".") else f"./{way}"}"'
