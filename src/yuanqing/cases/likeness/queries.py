"""Which sealed texts are like an unlocked one; what the reader may not see is left out by whoever asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import connection

from yuanqing.cases.likeness import rules
from yuanqing.kernel import keys

LOOKED_AT = "SELECT value_id, marks, weights, length FROM cases_texts_by_mark(%s, %s, %s)"
SHOWN = 12  # words that two texts have in common


@dataclass(frozen=True)
class Like:
    """相像的一件: a sealed text, how like it is (1 is itself), and what both have in common."""

    value_id: UUID
    likeness: float
    shared: tuple[str, ...] = ()


@cache
def _key(home: Any) -> bytes:
    pepper = keys.pepper(home / "keys")
    return HKDF(algorithm=SHA256(), length=32, salt=pepper, info=b"yuanqing likeness v1").derive(b"")


def features(head: str, body: str) -> dict[int, rules.Feature]:
    """The marks of a text under this installation's key."""
    return rules.features(_key(settings.HOME), head, body)


def frequencies(marks: Iterable[int]) -> tuple[dict[int, int], int]:
    """(texts by mark, all texts)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT mark, texts FROM cases_frequency WHERE mark = ANY(%s)", [[rules.TOTAL, *marks]])
        known = dict(cursor.fetchall())
    return known, known.pop(rules.TOTAL, 0)


def is_marked(value_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM cases_mark WHERE value_id = %s)", [value_id])
        return bool(cursor.fetchone()[0])


def like(value_id: UUID, found: Mapping[int, rules.Feature], *, most: int = 10) -> list[Like]:
    """The texts most like this one, best first; of all of them, also those that the reader may not open."""
    known, total = frequencies(found)
    wanted = rules.asked(found, known, total, is_counted=is_marked(value_id))
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(LOOKED_AT, [rules.doors(wanted, known), value_id, 2 * rules.CANDIDATES])
        rows = cursor.fetchall()
    itself = sum(weight * found[one].weight for one, weight in wanted.items())
    kept = [one for one in rules.heaviest(found, known, total) if one in wanted] or list(wanted)
    itself /= rules.length(found, kept, known, total)
    scored = rules.scores(rows, wanted)
    best = sorted(scored, key=lambda one: -scored[one])[:most]
    by_id = {row[0]: row for row in rows}
    return [Like(one, min(1.0, scored[one] / itself), _shared(by_id[one][1], wanted, found)) for one in best]


def _shared(sent: bytes, wanted: Mapping[int, float], found: Mapping[int, rules.Feature]) -> tuple[str, ...]:
    """Words of the unlocked text that the other has as well: whole words before pairs of letters, long and heavy ones first.

    Alphabetical where all that is the same: marks are another in every installation, what is shown is not.
    """
    body = bytes(sent)[rules.HEADER :]
    theirs = {int.from_bytes(body[at + 4 : at + 8], "big", signed=True) for at in range(0, len(body), rules.STRIDE)}
    common = [(found[one], weight) for one, weight in wanted.items() if one in theirs and len(found[one].word) > 1]
    common.sort(key=lambda pair: (not pair[0].is_word, -len(pair[0].word), -pair[1], pair[0].word))
    said: list[str] = []
    for feature, _weight in common:
        if not any(feature.word in other for other in said):
            said.append(feature.word)
    return tuple(said[:SHOWN])
