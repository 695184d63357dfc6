"""What counts as watched: arithmetic on seconds of film and seconds of the server's clock; plain values only.

A player reports its position every few seconds. Between two reports it cannot have played more film than time has
passed, so each report may add no more than that. Time that was not used for playing (a slow line filling its buffer) may
be used a little later, up to `bank` seconds; a report that asks for more is given nothing, and what was saved up is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

DRIFT = 1.02  # clocks of players run up to two per cent fast

Span = tuple[float, float]


@dataclass(frozen=True)
class Limits:
    """界限: seconds saved up at most, seconds between two reports at most; from the education pack."""

    bank: float
    gap: float


@dataclass(frozen=True)
class Mark:
    """报告点: where the film stood at a report, and how many seconds of playing are saved up."""

    position: float
    saved: float = 0.0


@dataclass(frozen=True)
class Report:
    """一次报告: what the player says, and how many seconds after the report before the server heard it."""

    position: float
    elapsed: float
    is_visible: bool = True
    rate: float = 1.0


def judge(before: Mark, report: Report, limits: Limits) -> tuple[Span | None, Mark, str]:
    """(film credited, the mark for the next report, why nothing was credited: "", hidden, fast, gap or back)."""
    played = report.position - before.position
    here = Mark(report.position)
    if not report.is_visible:
        return None, here, "hidden"
    if report.rate > DRIFT:
        return None, here, "fast"
    if report.elapsed > limits.gap:
        return None, here, "gap"
    if played < 0:
        return None, here, "back"
    allowed = min(before.saved, limits.bank) + max(0.0, report.elapsed) * DRIFT
    if played > allowed:
        return None, here, "fast"
    span = (before.position, report.position) if played else None
    return span, Mark(report.position, min(allowed - played, limits.bank)), ""


def union(spans: Sequence[Sequence[float]], more: Span | None = None) -> list[list[float]]:
    """The spans in order, overlapping and touching ones joined."""
    whole: list[list[float]] = []
    for start, end in sorted((float(a), float(b)) for a, b in [*spans, *([more] if more else [])]):
        if whole and start <= whole[-1][1]:
            whole[-1][1] = max(whole[-1][1], end)
        else:
            whole.append([start, end])
    return whole


def covered(spans: Sequence[Sequence[float]], length: float) -> float:
    """Seconds of a film of so many seconds that the spans cover."""
    return sum(max(0.0, min(end, length) - max(start, 0.0)) for start, end in union(spans))


def share(spans: Sequence[Sequence[float]], length: float) -> int:
    """How much of the film is covered, in basis points, rounded down."""
    return min(10_000, int(covered(spans, length) * 10_000 / length)) if length > 0 else 0


def mp4_seconds(file: BinaryIO, size: int) -> float:
    """The length that an MP4 says it has (boxes moov, mvhd of ISO 14496-12); 0 where it says nothing that can be read."""
    body = _box(file, 0, size, b"moov")
    head = _box(file, *body, b"mvhd") if body else None
    if not head:
        return 0.0
    file.seek(head[0])
    data = file.read(32)
    if len(data) < 32:
        return 0.0
    wide = data[0] == 1
    scale = int.from_bytes(data[20:24] if wide else data[12:16])
    ticks = int.from_bytes(data[24:32] if wide else data[16:20])
    return ticks / scale if scale else 0.0


def _box(file: BinaryIO, start: int, end: int, name: bytes) -> tuple[int, int] | None:
    """Where the content of the first box of this name begins and ends, between two places of the file."""
    at = start
    for _n in range(1000):
        if at + 8 > end:
            return None
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            return None
        length, skipped = int.from_bytes(head[:4]), 8
        if length == 1:
            length, skipped = int.from_bytes(head[8:16]), 16
        elif length == 0:
            length = end - at
        if length < skipped:
            return None
        if head[4:8] == name:
            return at + skipped, min(at + length, end)
        at += length
    return None
