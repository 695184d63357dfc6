"""Finding words that two texts share, whatever the order of the sentences; arithmetic on plain values.

Each text is reduced to the letters that carry meaning; of all its runs of K letters the smallest hash of each window is
kept (winnowing: Schleimer, Wilkerson and Aiken, 2003). Two texts that share a run of at least K + WINDOW - 1 letters
share a fingerprint for certain, so nothing of that length escapes, and only texts that share one are compared letter by
letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

K = 16  # long enough that set phrases of eight or ten letters do not make every two texts look related
BASE = np.uint64(1_000_003)
MIX = np.uint64(0x9E3779B97F4A7C15)
TRIED = 24  # places of the other text at which a run may begin
COMMON = 200  # a fingerprint found in more texts than this is a set phrase and says nothing about two of them
FIRST = 16  # what many texts hold is compared with these earliest holders alone, so that the work grows with the texts

Passage = tuple[int, int, int, int]  # start and end in the one text, start and end in the other, as typed


@dataclass(frozen=True)
class Plain:
    """净文: the letters and digits of a text, and where each stood in it."""

    letters: str
    places: tuple[int, ...]


def plain(text: str) -> Plain:
    kept = [(letter, n) for n, letter in enumerate(text) if letter.isalnum()]
    return Plain("".join(map(_small, (one for one, _n in kept))), tuple(n for _one, n in kept))


def _small(letter: str) -> str:
    """One letter for one letter: a few have two as small ones."""
    small = letter.lower()
    return small if len(small) == 1 else letter


def length(text: str) -> int:
    """Letters and digits: what counts towards a least length."""
    return sum(letter.isalnum() for letter in text)


def grams(letters: str, size: int = K) -> Any:
    """A 64-bit hash (uint64) of every so many letters in a row, in the order of the text."""
    codes = np.frombuffer(letters.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < size:
        return np.empty(0, dtype=np.uint64)
    count = len(codes) - size + 1
    hashes, taken, power, width = np.zeros(count, dtype=np.uint64), 0, codes, 1
    with np.errstate(over="ignore"):
        for bit in range(size.bit_length()):
            if size >> bit & 1:  # runs of one, two, four, eight letters: a number of any size is a sum of them
                begin = size - taken - width
                hashes = hashes + power[begin : begin + count] * _raised(taken)
                taken += width
            power, width = power[:-width] * _raised(width) + power[width:], 2 * width
        mixed: Any = (hashes ^ (hashes >> np.uint64(29))) * MIX
    return mixed


def _raised(power: int) -> Any:
    return np.uint64(pow(int(BASE), power, 1 << 64))


def fingerprints(letters: str, run: int) -> Any:
    """Sorted 64-bit hashes (int64) that are bound to meet those of any text sharing `run` letters in a row."""
    hashes, window = grams(letters), max(1, run - K + 1)
    if len(hashes) < window:
        return np.empty(0, dtype=np.int64)
    lowest = np.lib.stride_tricks.sliding_window_view(hashes, window).min(axis=1)
    return np.unique(lowest).view(np.int64)


def may_share(one: Any, other: Any, letters: int, ask: int, run: int) -> bool:
    """Whether a text with these grams can share `ask` basis points of its letters with another at all.

    A passage of n letters has n - K + 1 grams in common, and none is shorter than `run`; so each common gram stands for
    at most run / (run - K + 1) letters. Counting them takes microseconds, comparing letter by letter milliseconds.
    `other` is sorted.
    """
    if not len(one) or not len(other):
        return False
    places = np.minimum(np.searchsorted(other, one), len(other) - 1)
    hits = int(np.count_nonzero(other[places] == one))
    return hits * run * 10_000 >= ask * letters * max(1, run - K + 1)


def passages(one: Plain, other: Plain, run: int) -> list[Passage]:
    """The longest runs of at least `run` letters that `one` shares with `other`, in the order of `one`."""
    starts: dict[str, list[int]] = {}
    for n in range(len(other.letters) - K + 1):
        found = starts.setdefault(other.letters[n : n + K], [])
        if len(found) < TRIED:
            found.append(n)
    return list(_runs(one, other, starts, run))


def _runs(one: Plain, other: Plain, starts: dict[str, list[int]], run: int) -> Iterator[Passage]:
    at = 0
    while at <= len(one.letters) - run:
        longest, where = 0, 0
        for begin in starts.get(one.letters[at : at + K], ()):
            reach = _reach(one.letters, at, other.letters, begin)
            if reach > longest:
                longest, where = reach, begin
        if longest >= run:
            yield (
                one.places[at], one.places[at + longest - 1] + 1, other.places[where], other.places[where + longest - 1] + 1,
            )  # fmt: skip
            at += longest
        else:
            at += 1


def _reach(one: str, at: int, other: str, begin: int) -> int:
    """How many letters are the same from here on; doubling steps first, because runs may be long."""
    most, reach, step = min(len(one) - at, len(other) - begin), 0, 64
    while reach + step <= most and one[at + reach : at + reach + step] == other[begin + reach : begin + reach + step]:
        reach += step
    while reach < most and one[at + reach] == other[begin + reach]:
        reach += 1
    return reach


def share(text: str, found: Sequence[Passage]) -> int:
    """How much of the text the passages cover, in basis points of its letters."""
    whole = length(text)
    same = sum(length(text[start:end]) for start, end, _start, _end in found)
    return same * 10_000 // whole if whole else 0


def without(found: Sequence[Passage], known: Sequence[Passage]) -> list[Passage]:
    """The passages that do not lie, for the larger part, in what is known to stem from a text handed out."""
    return [one for one in found if _overlap(one, known) * 2 < one[1] - one[0]]


def _overlap(one: Passage, known: Sequence[Passage]) -> int:
    return sum(max(0, min(one[1], k[1]) - max(one[0], k[0])) for k in known)


def may_reach(shared: int, letters: int, ask: int, run: int) -> bool:
    """Whether texts with so many fingerprints in common can share `ask` basis points of so many letters at all.

    Every window of a shared run holds one of its fingerprints, so n of them stand for at most n * (2 * window + K - 1)
    letters; texts that share less need not be compared letter by letter.
    """
    window = max(1, run - K + 1)
    return shared * (2 * window + K - 1) * 10_000 >= ask * letters


def went_round(frequent: int, fingerprints: int) -> bool:
    """Whether so much of a text is held by very many that it is no set phrase any more but a text that all have copied."""
    return frequent * 3 > fingerprints


def runs(letters: str, run: int) -> tuple[Any, int]:
    """Every run of so many letters as a distinct hash (uint64), and how often the most frequent of them stands there."""
    found, counts = np.unique(grams(letters, run), return_counts=True)
    return found, int(counts.max(initial=1))


def may_cover(shared: int, often: int, letters: int, ask: int, run: int) -> bool:
    """Whether texts with so many distinct runs in common can share `ask` basis points of so many letters at all.

    Passages are exactly the letters that shared runs cover, so each run stands for at most `run` letters wherever it stands.
    """
    return shared * often * run * 10_000 >= ask * letters


def letters_shared(own: Any, theirs: Any, run: int) -> int:
    """Letters of a text that its runs (`grams` of that size, in order) have in common with the `runs` of another.

    What the passages between the two cover is never more; this takes microseconds, they take milliseconds.
    """
    if not len(own) or not len(theirs):
        return 0
    places = np.minimum(np.searchsorted(theirs, own), len(theirs) - 1)
    at = np.flatnonzero(theirs[places] == own)
    return int(np.minimum(np.diff(at, append=at[-1] + run), run).sum()) if len(at) else 0


def pairs(
    prints: Sequence[Any], common: int = COMMON, slices: int = 1, least: int = 1, first: int = FIRST
) -> list[tuple[int, int, int]]:
    """(earlier, later, hashes in common) of every two texts that share at least `least`; a sort, whatever their number.

    The hashes of each text are distinct. More slices need less memory: each sorts the hashes of one range. Of those who
    hold the same hash the `first` are paired with everybody, the others with these alone: a word that went round is
    found at its source, and twice as many texts are twice as many pairs for a hash, not four times.
    """
    if not prints:
        return []
    hashes = np.concatenate(prints).view(np.uint64)
    texts = np.repeat(np.arange(len(prints), dtype=np.uint32), [len(p) for p in prints])
    parts = [_pairs_of(*_slice(hashes, texts, n, slices), len(prints), common, first) for n in range(slices)]
    keys, where = np.unique(np.concatenate([key for key, _count in parts]), return_inverse=True)
    counts = np.bincount(where, weights=np.concatenate([count for _key, count in parts]), minlength=len(keys))
    many = counts >= least
    found = zip(keys[many].tolist(), counts[many].tolist(), strict=True)
    return [(key // len(prints), key % len(prints), int(count)) for key, count in found]


def _slice(hashes: Any, texts: Any, number: int, slices: int) -> tuple[Any, Any]:
    if slices == 1:
        return hashes, texts
    chosen = hashes % np.uint64(slices) == number
    return hashes[chosen], texts[chosen]


def _pairs_of(hashes: Any, texts: Any, number: int, common: int, first: int) -> tuple[Any, Any]:
    """(earlier * number + later) of texts that stand under the same hash, and how many times."""
    order = np.argsort(hashes, kind="stable")
    hashes, texts = hashes[order], texts[order].astype(np.int64)
    edges = np.flatnonzero(np.diff(hashes)) + 1
    starts, ends = np.concatenate(([0], edges)), np.concatenate((edges, [len(hashes)]))
    sizes = ends - starts
    shared = (sizes > 1) & (sizes <= common)  # most hashes are those of one text
    starts, sizes = starts[shared], sizes[shared]
    keys = []
    for size in np.unique(sizes):
        left, right = np.triu_indices(int(size), 1)
        left, right = left[left < first], right[left < first]
        begin = starts[sizes == size][:, None]
        keys.append((texts[begin + left] * number + texts[begin + right]).ravel())
    return np.unique(np.concatenate([np.empty(0, dtype=np.int64), *keys]), return_counts=True)


def marked(text: str, found: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is one of the passages; overlapping ones are joined."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, end in sorted(found):
        start = max(start, at)
        if start >= end:
            continue
        if start > at:
            pieces.append((text[at:start], False))
        pieces.append((text[start:end], True))
        at = end
    return [*pieces, (text[at:], False)] if at < len(text) else pieces


def as_read(pieces: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Without the signs that make a line a heading."""
    return [(re.sub(r"(?m)^#+ ", "", piece), same) for piece, same in pieces]


def paragraphs(text: str) -> list[str]:
    return [one.strip() for one in text.split("\n") if one.strip()]
