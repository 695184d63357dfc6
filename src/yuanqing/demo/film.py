"""A film for the demo without anybody's pictures: title cards, set by typst, as H.264 frames that are not compressed, in an MP4.

Every macroblock is I_PCM (ITU-T H.264, 7.3.5), so that a frame is its own samples behind a few bytes; the boxes of the file
are those of ISO 14496-12 and 14496-15.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import typst

from yuanqing.shell.document.pdf import font_folders, installed

WIDTH, HEIGHT = 640, 352  # multiples of 16
SCALE = 1000  # ticks of a second
CARDS = """
#set page(width: 640pt, height: 352pt, margin: (x: 56pt, y: 48pt), fill: rgb("#10312f"))
#set text(font: "Noto Sans SC", fill: rgb("#f2f5f4"), size: 19pt)
#set par(leading: 14pt)
#for (n, card) in json(bytes(sys.inputs.cards)).enumerate() {
  text(size: 12pt, fill: rgb("#8fb8b3"))[源清示范集团 · 警示教育片（虚构）]
  v(34pt)
  text(size: 30pt, weight: "bold", card.at(0))
  v(14pt)
  card.at(1)
  pagebreak(weak: true)
}
"""


def film(cards: Sequence[tuple[str, str]], seconds: int) -> bytes:
    """An MP4 that shows each card (heading, words) for so many seconds."""
    pages: Any = typst.compile(
        CARDS.encode(),
        sys_inputs={"cards": json.dumps(cards, ensure_ascii=False)},
        font_paths=installed(font_folders()),
        ignore_system_fonts=True,
        format="png",
        ppi=72.0,
    )
    return mp4([frame(pixels(page), n) for n, page in enumerate(pages)], seconds)


def pixels(picture: bytes) -> Any:
    """A PNG of eight bits a sample with transparency → height × width × 3."""
    packed = b"".join(re.findall(rb"(?s)IDAT(.*?).{4}.{4}(?:IEND|(?=IDAT))", picture))
    rows = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(HEIGHT, 1 + WIDTH * 4)
    found = np.zeros((HEIGHT + 1, WIDTH * 4), np.uint8)
    for n, row in enumerate(rows, 1):
        found[n] = _row(int(row[0]), row[1:], found[n - 1])
    return found[1:].reshape(HEIGHT, WIDTH, 4)[:, :, :3]


def _row(kind: int, row: Any, above: Any) -> Any:
    """One row with its prediction added again: none, left, above, or the nearest of the three neighbours (Paeth)."""
    if kind == 0:
        return row
    if kind == 1:
        return np.cumsum(row.reshape(-1, 4), axis=0, dtype=np.uint8).ravel()
    if kind == 2:
        return row + above
    made, up = [0] * 4, [0] * 4 + above.tolist()
    for n, value in enumerate(row.tolist()):
        left, top, corner = made[n], up[n + 4], up[n]
        guess = (left + top) // 2
        if kind == 4:
            far = left + top - corner
            guess = min((left, top, corner), key=lambda one: abs(far - one))
        made.append((value + guess) & 255)
    return np.array(made[4:], np.uint8)


def frame(picture: Any, number: int) -> bytes:
    """One picture as an access unit: an IDR slice of I_PCM macroblocks, with its length before it."""
    red, green, blue = (picture[:, :, n].astype(np.float32) for n in range(3))
    light = 16 + 0.257 * red + 0.504 * green + 0.098 * blue
    colours = (128 - 0.148 * red - 0.291 * green + 0.439 * blue, 128 + 0.439 * red - 0.368 * green - 0.071 * blue)
    parts = [_blocks(light, 16)]
    parts += [_blocks(one.reshape(HEIGHT // 2, 2, WIDTH // 2, 2).mean(axis=(1, 3)), 8) for one in colours]
    samples = np.concatenate([np.clip(np.rint(one), 16, 240).astype(np.uint8) for one in parts], axis=1)
    head = _bits([("ue", 0), ("ue", 7), ("ue", 0), (4, 0), ("ue", number % 2), (2, 0), ("ue", 0), ("ue", 25)])
    body = [_aligned(head), *(b"\x0d\x00" + one.tobytes() for one in samples[1:])]
    body.insert(1, samples[0].tobytes())
    unit = b"\x65" + b"".join(body) + b"\x80"
    unit = re.sub(rb"\x00\x00(?=[\x00-\x03])", b"\x00\x00\x03", unit)
    return len(unit).to_bytes(4) + unit


def _blocks(plane: Any, side: int) -> Any:
    """A plane → macroblocks in the order of reading × their samples."""
    high, wide = plane.shape
    tiles = plane.reshape(high // side, side, wide // side, side).swapaxes(1, 2)
    return tiles.reshape(-1, side * side)


def _bits(fields: Sequence[tuple[str | int, int]]) -> str:
    """Numbers of fixed width, and unsigned Exp-Golomb codes ("ue")."""
    return "".join(_golomb(value) if width == "ue" else format(value, f"0{width}b") for width, value in fields)


def _golomb(value: int) -> str:
    text = format(value + 1, "b")
    return "0" * (len(text) - 1) + text


def _aligned(bits: str, stop: str = "") -> bytes:
    bits += stop
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8)


def _parameters() -> tuple[bytes, bytes]:
    """Sequence and picture parameter sets: constrained baseline, level 3, no loop filter to speak of."""
    wide, high = WIDTH // 16 - 1, HEIGHT // 16 - 1
    sequence: list[tuple[str | int, int]] = [
        ("ue", 0),
        ("ue", 0),
        ("ue", 2),
        ("ue", 0),
        (1, 0),
        ("ue", wide),
        ("ue", high),
        (1, 1),
        (1, 1),
        (1, 0),
        (1, 0),
    ]
    picture: list[tuple[str | int, int]] = [
        ("ue", 0),
        ("ue", 0),
        (1, 0),
        (1, 0),
        ("ue", 0),
        ("ue", 0),
        ("ue", 0),
        (1, 0),
        (2, 0),
        *(("ue", 0),) * 3,
        (3, 0),
    ]
    return b"\x67\x42\xc0\x1e" + _aligned(_bits(sequence), "1"), b"\x68" + _aligned(_bits(picture), "1")


def box(name: str, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return (8 + len(content)).to_bytes(4) + name.encode() + content


def _words(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(4) for number in numbers)


MATRIX = _words(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def mp4(frames: Sequence[bytes], seconds: int) -> bytes:
    """Frames, each shown for so many seconds, with the description before them, so that playing begins at once."""
    head = box("ftyp", b"isom", _words(512), b"isomavc1mp41")
    length = len(frames) * seconds * SCALE
    size = len(_description(frames, seconds, length, 0))
    places = len(head) + size + 8
    return head + _description(frames, seconds, length, places) + box("mdat", *frames)


def _description(frames: Sequence[bytes], seconds: int, length: int, place: int) -> bytes:
    return box(
        "moov",
        box("mvhd", _words(0, 0, 0, SCALE, length, 0x10000, 0x01000000, 0, 0), MATRIX, bytes(24), _words(2)),
        box(
            "trak",
            box("tkhd", _words(3, 0, 0, 1, 0, length, 0, 0, 0, 0), MATRIX, _words(WIDTH << 16, HEIGHT << 16)),
            box(
                "mdia",
                box("mdhd", _words(0, 0, 0, SCALE, length, 0x55C40000)),
                box("hdlr", _words(0, 0), b"vide", bytes(12), b"\0"),
                box("minf", *_media(frames, seconds, place)),
            ),
        ),
    )


def _media(frames: Sequence[bytes], seconds: int, place: int) -> Iterator[bytes]:
    yield box("vmhd", _words(1, 0, 0))
    yield box("dinf", box("dref", _words(0, 1), box("url ", _words(1))))
    sequence, picture = _parameters()
    sets = b"\xe1" + len(sequence).to_bytes(2) + sequence + b"\x01" + len(picture).to_bytes(2) + picture
    record = box("avcC", b"\x01" + sequence[1:4] + b"\xff" + sets)
    size = WIDTH.to_bytes(2) + HEIGHT.to_bytes(2)
    sample = (
        bytes(6) + b"\0\1" + bytes(16) + size + _words(0x480000, 0x480000, 0) + b"\0\1" + bytes(32) + b"\0\x18\xff\xff"
    )
    yield box(
        "stbl",
        box("stsd", _words(0, 1), box("avc1", sample, record)),
        box("stts", _words(0, 1, len(frames), seconds * SCALE)),
        box("stsc", _words(0, 1, 1, len(frames), 1)),
        box("stsz", _words(0, 0, len(frames), *map(len, frames))),
        box("stco", _words(0, 1, place)),
    )
