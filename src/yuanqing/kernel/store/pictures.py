"""图片: whether a picture is whole, no larger than a viewer can bear, and carries nothing behind its end."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import IO

from django.utils.translation import gettext as _

from yuanqing.kernel.store.contents import Unfit

PIXELS = 100_000_000  # a page scanned at 600 dpi has 35 million
LONGEST_SIDE = 65_500
TAIL = 65_557  # where the end of a zip directory must begin
Size = tuple[int, int]


def examine(file: IO[bytes], size: int, media_type: str) -> None:
    """Raises Unfit for a picture that is torn, far too large, or something else besides."""
    try:
        width, height = READERS[media_type](file, size)
    except (struct.error, IndexError, ValueError):
        raise Unfit(_("图片已损坏或没有传完，无法打开。请重新保存后再上传。")) from None
    if not 0 < width <= LONGEST_SIDE or not 0 < height <= LONGEST_SIDE or width * height > PIXELS:
        raise Unfit(
            _("图片尺寸异常（%(width)d×%(height)d），为安全起见不予接收。请缩小后再上传。")
            % {"width": width, "height": height}
        )


def nothing_behind(file: IO[bytes], size: int) -> None:
    """Raises Unfit when a zip directory ends the file: then it is an archive too."""
    file.seek(max(0, size - TAIL))
    tail = file.read(TAIL)
    place = tail.rfind(b"PK\x05\x06")
    while place >= 0:
        end = tail[place : place + 22]
        if len(end) == 22 and place + 22 + struct.unpack("<H", end[20:22])[0] == len(tail):
            raise Unfit(_("文件后面夹带了压缩包，为安全起见不予接收。"))
        place = tail.rfind(b"PK\x05\x06", 0, place)


def _png(file: IO[bytes], size: int) -> Size:
    """Chunk by chunk to the last one, which must end the file."""
    file.seek(8)
    found, place = (0, 0), 8
    while True:
        head = file.read(8)
        length, name = struct.unpack(">I4s", head)
        if name == b"IHDR":
            found = struct.unpack(">II", file.read(8))
        place += 12 + length
        if place > size:
            raise ValueError
        if name == b"IEND":
            if place != size:
                raise Unfit(_("图片后面夹带了别的内容，为安全起见不予接收。请重新保存后再上传。"))
            return found
        file.seek(place)


def _gif(file: IO[bytes], size: int) -> Size:
    file.seek(6)
    width, height = struct.unpack("<HH", file.read(4))
    file.seek(size - 1)
    if file.read(1) != b";" or width * height == 0 or not _gif_blocks(file, size):
        raise ValueError
    return width, height


def _gif_blocks(file: IO[bytes], size: int) -> bool:
    """Whether the blocks lead exactly to the end; a script dressed as a picture does not manage that."""
    file.seek(10)
    flags = file.read(1)[0]
    file.seek(13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0))
    images = 0
    while (mark := file.read(1)) in (b"!", b","):
        if mark == b",":
            images += 1
            local = file.read(9)[8]
            file.seek((3 << (local & 7) + 1 if local & 0x80 else 0) + 1, 1)
        else:
            file.seek(1, 1)
        while length := file.read(1)[0]:
            file.seek(length, 1)
    return mark == b";" and images > 0 and file.tell() == size


def _jpeg(file: IO[bytes], size: int) -> Size:
    """Segment by segment to the frame; the end mark must stand near the end of the file."""
    file.seek(2)
    while True:
        mark, kind = struct.unpack(">BB", file.read(2))
        if mark != 0xFF:
            raise ValueError
        if kind == 0xFF:
            file.seek(-1, 1)
            continue
        length = struct.unpack(">H", file.read(2))[0]
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            _depth, height, width = struct.unpack(">BHH", file.read(5))
            break
        if length < 2 or kind == 0xDA:
            raise ValueError
        file.seek(length - 2, 1)
    file.seek(max(0, size - (8 << 20)))  # phones put a short film behind a picture
    if b"\xff\xd9" not in file.read(8 << 20):
        raise ValueError
    return width, height


def _bmp(file: IO[bytes], size: int) -> Size:
    file.seek(2)
    declared = struct.unpack("<I", file.read(4))[0]
    file.seek(18)
    width, height = struct.unpack("<ii", file.read(8))
    if declared > size or declared < 54:
        raise ValueError
    return width, abs(height)


def _webp(file: IO[bytes], size: int) -> Size:
    file.seek(4)
    declared = struct.unpack("<I", file.read(4))[0]
    if declared + 8 > size:
        raise ValueError
    file.seek(12)
    kind, body = file.read(4), file.read(14)
    if kind == b"VP8X":
        return 1 + int.from_bytes(body[8:11], "little"), 1 + int.from_bytes(body[11:14], "little")
    if kind == b"VP8L":
        bits = struct.unpack("<I", body[5:9])[0]
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack("<HH", body[10:14] if kind == b"VP8 " else b"")
    rest = struct.unpack("<H", file.read(2))[0]
    return width & 0x3FFF, (height or rest) & 0x3FFF


def _tiff(file: IO[bytes], size: int) -> Size:
    """The first directory: tags 256 and 257 are width and height."""
    file.seek(0)
    order = "<" if file.read(2) == b"II" else ">"
    file.seek(4)
    (place,) = struct.unpack(f"{order}I", file.read(4))
    if not 8 <= place < size - 2:
        raise ValueError
    file.seek(place)
    (count,) = struct.unpack(f"{order}H", file.read(2))
    found = {}
    for _number in range(min(count, 200)):
        tag, form, _length, value = struct.unpack(f"{order}HHI4s", file.read(12))
        if tag in (256, 257):
            found[tag] = struct.unpack(f"{order}{'H' if form == 3 else 'I'}", value[: 2 if form == 3 else 4])[0]
    return found.get(256, 0), found.get(257, 0)


def _heic(file: IO[bytes], size: int) -> Size:
    """The property `ispe` of the picture; it stands within the first boxes."""
    file.seek(0)
    head = file.read(min(size, 1 << 20))
    sizes, place = [], head.find(b"ispe")
    while place >= 0:
        sizes.append(struct.unpack(">II", head[place + 8 : place + 16]))
        place = head.find(b"ispe", place + 4)
    width, height = max(sizes)
    return width, height


READERS: dict[str, Callable[[IO[bytes], int], Size]] = {
    "image/png": _png,
    "image/gif": _gif,
    "image/jpeg": _jpeg,
    "image/bmp": _bmp,
    "image/webp": _webp,
    "image/tiff": _tiff,
    "image/heic": _heic,
}
