"""验收: the one place that says whether a file from outside is kept, and as what.

Nothing here parses with somebody else's reader, runs anything, or holds a whole file: memory stays below some ten megabytes.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from yuanqing.kernel.store import media, packages, papers, pictures
from yuanqing.kernel.store.contents import Unfit
from yuanqing.kernel.store.media import KINDS, Kind

HARMFUL_SAMPLE = b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE"  # apart, so that scanners leave this file alone
SAMPLE_REACH = 1 << 20
RUN_OF_TEXT = 4 << 20
BOXES = 10_000


def judge(path: Path, name: str, families: Collection[str] = media.FAMILIES, *, holds_pages: bool = False) -> Kind:
    """What the file is; raises Unfit with a sentence for the reader when it is not to be kept.

    `name` has been cleaned; `families` are those of the kinds that the purpose allows; an archive `holds_pages` only
    where they are played in a sandbox.
    """
    size = path.stat().st_size
    if size == 0:
        raise Unfit(_("文件是空的。请确认已填写并保存，然后重新上传。"))
    with path.open("rb") as file:
        kind = _kind(file, name, families)
        examine(file, size, kind, name, holds_pages)
    return kind


def _kind(file: IO[bytes], name: str, families: Collection[str]) -> Kind:
    head = file.read(media.HEAD)
    extension = media.extension_of(name)
    if head.startswith(media.COMPOUND) and extension in ("docx", "xlsx", "pptx"):
        raise Unfit(_("文件设有打开密码，或者是旧格式改了扩展名，无法检查内容。请去掉密码，另存后再上传。"))
    kind = KINDS.get(media.told_by(head, name))
    if kind is None:
        raise Unfit(_("这类文件不能上传。可以上传：%(kinds)s。") % {"kinds": in_words(families)})
    if extension not in kind.extensions:
        raise Unfit(
            _("内容与扩展名不符：这其实是 %(kind)s 文件，扩展名却是“%(extension)s”。请改正文件名后再上传。")
            % {"kind": kind.label, "extension": extension or _("（没有）")}
        )
    if kind.family not in families:
        raise Unfit(
            _("这里不能上传 %(kind)s 文件。可以上传：%(kinds)s。") % {"kind": kind.label, "kinds": in_words(families)}
        )
    return kind


def in_words(families: Collection[str]) -> str:
    """The extensions that are taken, as people write them."""
    found = [e for kind in KINDS.values() if kind.family in families for e in kind.extensions]
    return _("、").join(dict.fromkeys(found))


def examine(file: IO[bytes], size: int, kind: Kind, name: str, holds_pages: bool = False) -> None:
    file.seek(0)
    if HARMFUL_SAMPLE in file.read(SAMPLE_REACH):
        raise Unfit(_("文件被认出是病毒样本，不予接收。"))
    if kind.media_type in pictures.READERS:
        pictures.examine(file, size, kind.media_type)
        pictures.nothing_behind(file, size)
    elif kind.media_type == "application/pdf":
        papers.examine_pdf(file, size)
        pictures.nothing_behind(file, size)
    elif kind.media_type in papers.STREAMS:
        papers.examine_compound(file, size, kind.media_type)
    elif kind.family == "text":
        _text(file)
    elif kind.family in ("video", "sound"):
        _recording(file, size, kind.media_type)
        pictures.nothing_behind(file, size)
    else:
        packages.examine(file, size, media.extension_of(name), holds_pages=holds_pages)


def _text(file: IO[bytes]) -> None:
    file.seek(0)
    while chunk := file.read(RUN_OF_TEXT):
        if b"\x00" in chunk and not chunk.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise Unfit(_("内容与扩展名不符：文本文件里有二进制内容。"))
        if chunk[:2] == b"\xff\xfe" or chunk[:2] == b"\xfe\xff":
            return


def _recording(file: IO[bytes], size: int, media_type: str) -> None:
    """An MP4 must be whole: its boxes lead exactly to its end, and one of them describes the film."""
    if media_type not in ("video/mp4", "audio/mp4"):
        return
    place, names = 0, set()
    for _number in range(BOXES):
        if place == size:
            break
        file.seek(place)
        head = file.read(16)
        length, name = int.from_bytes(head[:4], "big"), head[4:8]
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if len(head) < 8 or (length < 8 and length != 0) or place + length > size:
            raise Unfit(_("视频已损坏或没有传完，无法播放。请重新导出后再上传。"))
        names.add(name)
        place = size if length == 0 else place + length
    if b"moov" not in names and b"moof" not in names:
        raise Unfit(_("视频已损坏或没有传完，无法播放。请重新导出后再上传。"))
