"""What counts as watched: arithmetic on seconds of film and seconds of the server's clock; plain values only.

A player reports its position every few seconds. Between two reports it cannot have played more film than time has
passed, so each report may add no more than that. Time that was not used for playing (a slow line filling its buffer) may
be used a little later, up to `bank` seconds; a report that asks for more is given nothing, and what was saved up is lost.
"""

from __future__ import annotations

import struct
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


SEGMENT, INFO, SCALE, DURATION = 0x18538067, 0x1549A966, 0x2AD7B1, 0x4489
UNKNOWN = -1  # a size that is not said: what is recorded live


def webm_seconds(file: BinaryIO, size: int) -> float:
    """The length that a WebM says it has (RFC 8794, RFC 9559); 0 where it says nothing, as recordings often do."""
    segment = _element(file, 0, size, SEGMENT)
    info = _element(file, *segment, INFO) if segment else None
    length = _element(file, *info, DURATION) if info else None
    if not info or not length or length[1] - length[0] not in (4, 8):
        return 0.0
    file.seek(length[0])
    (ticks,) = struct.unpack(">f" if length[1] - length[0] == 4 else ">d", file.read(length[1] - length[0]))
    scale = _element(file, *info, SCALE)
    nanoseconds = 1_000_000
    if scale:
        file.seek(scale[0])
        nanoseconds = int.from_bytes(file.read(min(8, scale[1] - scale[0])))
    found = ticks * nanoseconds / 1e9
    return found if 0 < found < 1e6 else 0.0


def _element(file: BinaryIO, start: int, end: int, wanted: int) -> tuple[int, int] | None:
    """Where the content of the first element with this identifier begins and ends, between two places of the file."""
    at = start
    for _n in range(1000):
        if at + 2 > end:
            return None
        file.seek(at)
        head = file.read(12)
        name, used = _number(head, keep=True)
        length, more = _number(head[used:], keep=False)
        at += used + more
        if not used or not more:
            return None
        stop = end if length == UNKNOWN else min(at + length, end)
        if name == wanted:
            return at, stop
        at = stop
    return None


def _number(head: bytes, *, keep: bool) -> tuple[int, int]:
    """(number, bytes it takes) of a number of variable width; identifiers keep the bits that say how wide they are."""
    width = 9 - head[0].bit_length() if head else 9
    if width > 8 or len(head) < width:
        return 0, 0
    value = int.from_bytes(head[:width])
    rest = value & ((1 << (7 * width)) - 1)
    if keep:
        return value, width
    return (UNKNOWN if rest == (1 << (7 * width)) - 1 else rest), width
