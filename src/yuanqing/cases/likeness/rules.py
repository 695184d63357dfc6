"""Marks of a text: keyed hashes of its words and pairs of letters, heavy where rare; plain values in and out.

Kept are the heaviest marks of a text with how often each occurs, never the text. Without the key, which lies outside the
database, a mark says only how common something is. Measured by bench/same_matter.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from hmac import digest as hmac
from math import log, sqrt
from typing import Any

import numpy as np

KEPT = 96  # marks of a text that are kept, and those that are asked for
HEAD = 2.0  # how much more a mark weighs that stands in the head: who, which unit
CANDIDATES = 2500  # texts that are looked at for one question; bounds its time
COMMON = 0.3  # marks in more than this share of all texts tell nothing
UNIT = 16  # a weight is kept as a byte: sixteenths
TOTAL = 0  # the mark under which all texts are counted
LIKE = 0.2  # from this likeness on a matter is suggested
NOT_LETTERS = re.compile(r"[^0-9a-z\u4e00-\u9fff]+")
HEADER, STRIDE = 20, 8  # PostgreSQL's binary array of integers: header, then four bytes of length before each


@dataclass(frozen=True)
class Feature:
    """What a mark stands for in this text (only while it is unlocked), and its weight there."""

    word: str
    weight: float
    is_word: bool = True  # and no pair of letters that may be halves of two words


@cache
def _cutter() -> Any:
    import rjieba

    return rjieba.Jieba()


def pieces(text: str) -> list[str]:
    """Words (before them a dot) and neighbouring pairs of letters."""
    plain = NOT_LETTERS.sub(" ", unicodedata.normalize("NFKC", text).lower())
    pairs = [run[at : at + 2] for run in plain.split() for at in range(max(1, len(run) - 1))]
    return [*pairs, *(f".{word}" for word in _cutter().cut(plain, True) if not word.isspace())]


def mark(key: bytes, piece: str) -> int:
    """32 bits of the keyed hash as PostgreSQL's integer; never the one that counts."""
    found = int.from_bytes(hmac(key, piece.encode(), sha256)[:4], "big", signed=True)
    return found if found != TOTAL else 1


def features(key: bytes, head: str, body: str) -> dict[int, Feature]:
    """The marks of a text with head (who, where) and body."""
    first = pieces(head)
    counted, important = Counter([*first, *pieces(body)]), set(first)
    return {
        mark(key, piece): Feature(
            piece.lstrip("."), 1 + log(count) + HEAD * (piece in important), piece.startswith(".")
        )
        for piece, count in counted.items()
    }


def rarity(texts: int, total: int) -> float:
    """Between 0 (in every text) and 1 (in one of many); of the same size however many texts there are."""
    return max(0.0, 1 - log(max(texts, 1)) / log(total + 1)) if total > 1 else 1.0


def heaviest(found: Mapping[int, Feature], known: Mapping[int, int], total: int) -> list[int]:
    """The marks to keep, heaviest first; `known` counts the texts with each mark, this one among them."""
    weighed = {one: feature.weight * rarity(known.get(one, 1), total) for one, feature in found.items()}
    return sorted(weighed, key=lambda one: (-weighed[one], one))[:KEPT]


def length(found: Mapping[int, Feature], kept: Sequence[int], known: Mapping[int, int], total: int) -> float:
    return sqrt(sum((found[one].weight * rarity(known.get(one, 1), total)) ** 2 for one in kept)) or 1.0


def packed(found: Mapping[int, Feature], kept: Sequence[int]) -> bytes:
    return bytes(min(255, round(found[one].weight * UNIT)) for one in kept)


def asked(found: Mapping[int, Feature], known: Mapping[int, int], total: int, *, is_counted: bool) -> dict[int, float]:
    """Marks to ask for with their weights: those that stand in other texts, heaviest first."""
    least = 2 if is_counted else 1
    weighed = {
        one: found[one].weight * rarity(texts, total) ** 2
        for one, texts in known.items()
        if one in found and least <= texts <= max(least + 20, COMMON * total)
    }
    return {one: weighed[one] for one in sorted(weighed, key=lambda one: (-weighed[one], one))[:KEPT]}


def doors(wanted: Mapping[int, float], known: Mapping[int, int]) -> list[int]:
    """The rarest of these marks, so many that all texts with them can be looked at."""
    left, found = CANDIDATES, list[int]()
    for one in sorted(wanted, key=lambda one: known[one]):
        left -= known[one]
        if found and left < 0:
            break
        found.append(one)
    return found


def scores(rows: Sequence[tuple[Any, bytes, bytes, float]], wanted: Mapping[int, float]) -> dict[Any, float]:
    """Likeness by id; rows are (id, marks as PostgreSQL sends them, their weights, length)."""
    if not rows or not wanted:
        return {}
    sizes = np.array([len(weights) for _id, _marks, weights, _length in rows])
    body = b"".join(marks[HEADER:] for _id, marks, _weights, _length in rows)
    marks = np.frombuffer(body, dtype=">i4").reshape(-1, 2)[:, 1].astype(np.int32)
    weights = np.frombuffer(b"".join(weights for _id, _marks, weights, _length in rows), dtype=np.uint8) / UNIT
    order = np.array(sorted(wanted), dtype=np.int32)
    value = np.array([wanted[int(one)] for one in order])
    at = np.searchsorted(order, marks).clip(max=len(order) - 1)
    gained = np.where(order[at] == marks, value[at] * weights, 0.0)
    total = np.bincount(np.repeat(np.arange(len(rows)), sizes), gained, len(rows))
    lengths = np.array([length for _id, _marks, _weights, length in rows])
    return {row[0]: float(one) for row, one in zip(rows, total / lengths, strict=True)}
