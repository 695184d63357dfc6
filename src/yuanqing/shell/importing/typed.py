"""原样: what was typed into a cell, freed of the accidents of keyboards and of Excel."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.utils import translation

INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
WIDE = {wide: wide - 0xFEE0 for wide in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
EXACT = 10**15


def shown(raw: Any) -> str:
    """A cell as its author sees it: 5 rather than 5.0, a date as 2026-03-05."""
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < EXACT:
        return str(int(raw))
    if isinstance(raw, datetime) and raw.time() == time():
        return raw.date().isoformat()
    return str(raw)


def tidy(raw: Any) -> str:
    """Text without invisible characters and outer blanks; full-width letters and digits become ordinary ones."""
    text = INVISIBLE.sub("", shown(raw)).translate(WIDE).replace("\xa0", " ").replace("\r\n", "\n").replace("\r", "\n")
    return text.strip(" \t\n\u3000")


def narrow(raw: Any) -> str:
    """For everything but free text: also signs of full width become ordinary ones, inner blanks go."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", tidy(raw)))


def is_blank(raw: Any) -> bool:
    return raw is None or (isinstance(raw, str) and not tidy(raw))


def spoken(label: Any) -> tuple[str, ...]:
    """A label in every language of the interface, so that a template fetched in one can be sent back in another."""
    found = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.append(str(label))
    return tuple(found)
