"""Words for the index: Chinese in overlapping pairs, everything else word by word; the same for text and question."""

from __future__ import annotations

import re
import unicodedata

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
RUNS = re.compile(rf"[{HAN}]+|[a-z0-9]+(?:[._/-][a-z0-9]+)*")
IS_HAN = re.compile(rf"[{HAN}]")
LONGEST = 100  # of a word that is not Chinese


def runs(text: str) -> list[str]:
    """Chinese runs and other words in order; full-width letters and capitals count as plain ones."""
    return RUNS.findall(unicodedata.normalize("NFKC", text).lower())


def tokens(text: str) -> list[str]:
    """What is indexed: pairs of each Chinese run (a lone character as itself), words and the parts of codes."""
    found: set[str] = set()
    for run in runs(text):
        if IS_HAN.match(run):
            found.update(pairs(run))
        else:
            found.update(part[:LONGEST] for part in (run, *re.split(r"[._/-]", run)) if part)
    return sorted(found)


def pairs(run: str) -> list[str]:
    return [run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]


def query(text: str) -> str:
    """The question as a tsquery: every word must be found; "" when there is none.

    A lone Chinese character and the last letters of a word match as beginnings, so that results come while typing.
    """
    parts = []
    for run in runs(text)[:12]:
        if IS_HAN.match(run) and len(run) > 1:
            parts += [quoted(pair) for pair in pairs(run)]
        else:
            parts.append(f"{quoted(run[:LONGEST])}:*")
    return " & ".join(dict.fromkeys(parts))


def quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"
