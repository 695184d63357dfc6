"""压缩包和 Office 文件: looked at from the directory inward; nothing is unpacked before the directory is found sound.

Each member is then inflated once, in pieces and within limits, to see that the directory told the truth and that nothing in it runs.
"""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _

from yuanqing.kernel.store.contents import Unfit
from yuanqing.kernel.store.media import COMPOUND, ZIP, extension_of


@dataclass(frozen=True)
class Limits:
    """What a package may claim: bytes in all, members, how far one may inflate."""

    inflated: int = 1 << 30
    members: int = 5000
    ratio: int = 300
    small: int = 8 << 20  # a member below this may inflate as far as it likes
    xml: int = 64 << 20  # a part that a reader holds in memory as a whole


LIMITS = Limits()
HEADER = 30
CHUNK = 1 << 20
ARCHIVES = frozenset(
    [
        "zip",
        "rar",
        "7z",
        "gz",
        "tgz",
        "bz2",
        "xz",
        "tar",
        "cab",
        "iso",
        "img",
        "dmg",
        "jar",
        "apk",
        "zst",
        "lz4",
        "arj",
        "lzh",
    ]
)
PROGRAMS = frozenset(
    [
        "exe",
        "dll",
        "com",
        "scr",
        "pif",
        "msi",
        "msp",
        "bat",
        "cmd",
        "ps1",
        "psm1",
        "vbs",
        "vbe",
        "js",
        "jse",
        "wsf",
        "wsh",
        "hta",
        "lnk",
        "reg",
        "cpl",
        "jar",
        "sh",
        "app",
        "elf",
        "chm",
        "url",
        "svg",
        "svgz",
        "html",
        "htm",
        "xhtml",
        "mht",
        "mhtml",
        "xml",
        "php",
        "asp",
        "aspx",
        "jsp",
        "docm",
        "dotm",
        "xlsm",
        "xltm",
        "xlam",
        "pptm",
        "potm",
        "ppsm",
        "iqy",
        "slk",
    ]
)
PAGES = frozenset(["html", "htm", "xhtml", "js", "svg", "xml"])  # what a package of pages consists of
PROGRAM_MARKS = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"L\x00\x00\x00\x01\x14\x02\x00",
)
ARCHIVE_MARKS = (ZIP, b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"PK\x05\x06")
DECLARATION = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
DECLARATION_UTF16 = re.compile(rb"<\x00!\x00[DE]\x00|\x00<\x00!\x00[DE]")
COMMANDS = re.compile(rb"\bDDE(AUTO)?\b|<(\w+:)?ddeLink\b")
REMOTE = re.compile(
    rb"Type=\"[^\"]*/(attachedTemplate|oleObject|frame|subDocument|externalLinkPath)\"[^>]*TargetMode=\"External\""
    rb"|TargetMode=\"External\"[^>]*Type=\"[^\"]*/(attachedTemplate|oleObject|frame|subDocument|externalLinkPath)\""
)
PARTS = {
    "docx": ("word/document.xml",),
    "xlsx": ("xl/workbook.xml",),
    "pptx": ("ppt/presentation.xml",),
    "odt": ("content.xml",),
    "ods": ("content.xml",),
    "odp": ("content.xml",),
    "ofd": ("OFD.xml",),
}


def examine(file: IO[bytes], size: int, extension: str, *, holds_pages: bool = False) -> None:
    """Raises Unfit for a package that is unsound, hides something, or is not what its extension says.

    An archive that `holds_pages` may bring pages with their scripts, for a reader that shows them in a sandbox.
    """
    try:
        with zipfile.ZipFile(file) as package:
            members = package.infolist()
            directory(members, size)
            names = {member.filename for member in members}
            office = extension in PARTS
            if office:
                _of_kind(extension, names)
            elif {"[Content_Types].xml", "OFD.xml", "mimetype"} & names:
                raise Unfit(_("内容与扩展名不符：这是 Office 文件，不是压缩包。请改回原来的扩展名再上传。"))
            for member in members:
                if office:
                    _office_member(file, member)
                else:
                    _archive_member(file, member, PAGES if holds_pages else frozenset())
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
        RuntimeError,
        struct.error,
    ):
        raise Unfit(_("文件已损坏或没有传完，无法打开。请重新保存后再上传。")) from None


def directory(members: list[zipfile.ZipInfo], size: int, limits: Limits = LIMITS) -> None:
    """Counts, names, links, encryption, declared sizes and overlaps, from the directory alone."""
    if not members:
        raise Unfit(_("压缩包是空的。"))
    if len(members) > limits.members:
        raise Unfit(_("压缩包里的文件太多，为安全起见不予接收。请拆成几个压缩包。"))
    if any(member.flag_bits & 0x1 for member in members):
        raise Unfit(_("文件设有打开密码，无法检查内容。请去掉密码后再上传。"))
    names = [member.filename for member in members]
    if any(_leaves(name) for name in names) or len(set(names)) != len(names):
        raise Unfit(_("压缩包内部的文件名不合规定，为安全起见不予接收。请重新打包。"))
    if any(stat.S_ISLNK(member.external_attr >> 16) for member in members):
        raise Unfit(_("压缩包里有快捷方式（链接），为安全起见不予接收。请放入文件本身，重新打包。"))
    if sum(member.file_size for member in members) > limits.inflated:
        raise Unfit(_("文件解开后太大，为安全起见不予接收。请拆成几个文件。"))
    for member in members:
        if member.file_size > max(member.compress_size, 1) * limits.ratio and member.file_size > limits.small:
            raise Unfit(_("文件压缩率异常，为安全起见不予接收。请重新保存或重新打包。"))
    _apart(members, size)


def _leaves(name: str) -> bool:
    return (
        name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or name[1:2] == ":" or "\x00" in name
    )


def _apart(members: list[zipfile.ZipInfo], size: int) -> None:
    end = 0
    for member in sorted(members, key=lambda one: one.header_offset):
        if member.header_offset < end:
            raise Unfit(_("压缩包内部结构异常（成员互相重叠），为安全起见不予接收。"))
        end = (
            member.header_offset
            + HEADER
            + len(member.orig_filename.encode("utf-8", "replace")) // 3
            + member.compress_size
        )
    if end > size:
        raise Unfit(_("文件不完整，可能没有传完。请重新上传。"))
    if min(member.header_offset for member in members) > 0:
        raise Unfit(_("压缩包前面夹带了别的内容，为安全起见不予接收。请重新打包。"))


def _of_kind(extension: str, names: set[str]) -> None:
    if not all(part in names for part in PARTS[extension]):
        raise Unfit(_("内容与扩展名不符。请用原来的程序打开，另存后再上传。"))
    lowered = {name.lower() for name in names}
    if any(
        name.endswith(("vbaproject.bin", "vbadata.xml")) or "macrosheets/" in name or name.startswith("basic/")
        for name in lowered
    ):
        raise Unfit(_("文件带有宏，为安全起见不予接收。请另存为不带宏的格式后再上传。"))
    if any("activex/" in name or "oleobject" in name for name in lowered):
        raise Unfit(_("文件里嵌入了别的程序或对象，为安全起见不予接收。请删去嵌入的对象后再上传。"))


def _office_member(file: IO[bytes], member: zipfile.ZipInfo) -> None:
    name = member.filename.lower()
    is_xml = name.endswith((".xml", ".rels", ".vml"))
    if is_xml and member.file_size > LIMITS.xml:
        raise Unfit(_("文件解开后太大，为安全起见不予接收。请拆成几个文件。"))
    tail = b""
    for number, chunk in enumerate(inflated(file, member)):
        if number == 0 and chunk.startswith(PROGRAM_MARKS):
            raise Unfit(_("文件里夹带了程序，为安全起见不予接收。"))
        if is_xml:
            _look_at_xml(name, tail + chunk)
            tail = chunk[-512:]


def _look_at_xml(name: str, text: bytes) -> None:
    if DECLARATION.search(text) or DECLARATION_UTF16.search(text):
        raise Unfit(_("文件内部带有实体声明，为安全起见不予接收。请用 Office 或 WPS 打开，另存后再上传。"))
    if name == "[content_types].xml" and b"macroenabled" in text.lower():
        raise Unfit(_("文件带有宏，为安全起见不予接收。请另存为不带宏的格式后再上传。"))
    if COMMANDS.search(text):
        raise Unfit(_("文件里有会启动别的程序的域（DDE），为安全起见不予接收。请删去后再上传。"))
    if name.endswith(".rels") and REMOTE.search(text):
        raise Unfit(_("文件会从外部地址取内容，为安全起见不予接收。请删去外部链接的模板和对象后再上传。"))


def _archive_member(file: IO[bytes], member: zipfile.ZipInfo, allowed: frozenset[str]) -> None:
    extension = extension_of(member.filename.rstrip(". ").rpartition("/")[2])
    if extension in PROGRAMS - allowed:
        raise Unfit(_("压缩包里有程序或网页文件，为安全起见不予接收。"))
    if extension in ARCHIVES:
        raise Unfit(_("压缩包里又有压缩包，无法逐层检查。请全部解开，再打成一个压缩包。"))
    for number, chunk in enumerate(inflated(file, member)):
        if number:
            continue
        if chunk.startswith(PROGRAM_MARKS):
            raise Unfit(_("压缩包里有程序或网页文件，为安全起见不予接收。"))
        if chunk.startswith(ARCHIVE_MARKS) and extension not in PARTS:
            raise Unfit(_("压缩包里又有压缩包，无法逐层检查。请全部解开，再打成一个压缩包。"))
        if extension in PARTS or chunk.startswith(COMPOUND):
            raise Unfit(_("压缩包里的 Office 文件无法逐个检查。请把它们分别上传。"))


def inflated(file: IO[bytes], member: zipfile.ZipInfo) -> Iterator[bytes]:
    """A member's content in pieces of at most a megabyte; more than declared is a lie, and refused.

    The library's own reader stops at the declared size, so a forged size would hide the rest from it but not from others.
    """
    file.seek(member.header_offset)
    header = file.read(HEADER)
    if not header.startswith(ZIP):
        raise zipfile.BadZipFile(member.filename)
    name, extra = struct.unpack("<HH", header[26:30])
    inside = file.read(name + extra)[:name].decode("utf-8" if member.flag_bits & 0x800 else "cp437", errors="replace")
    if inside != member.orig_filename:
        raise Unfit(_("压缩包内部结构异常（成员名称前后不一），为安全起见不予接收。"))
    total, checked = 0, 0
    for chunk in _pieces(file, member):
        total += len(chunk)
        checked = zlib.crc32(chunk, checked)
        if total > member.file_size:
            raise Unfit(_("压缩包内部结构异常（大小不符），为安全起见不予接收。"))
        yield chunk
    if total != member.file_size or checked != member.CRC:
        raise zipfile.BadZipFile(member.filename)


def _pieces(file: IO[bytes], member: zipfile.ZipInfo) -> Iterator[bytes]:
    place, left = file.tell(), member.compress_size
    stream = None if member.compress_type == zipfile.ZIP_STORED else zlib.decompressobj(-zlib.MAX_WBITS)
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError(member.compress_type)
    while left:
        file.seek(place)
        packed = file.read(min(CHUNK, left))
        if not packed:
            raise EOFError(member.filename)
        place, left = place + len(packed), left - len(packed)
        if stream is None:
            yield packed
            continue
        while packed and not stream.eof:
            yield stream.decompress(packed, CHUNK)
            packed = stream.unconsumed_tail
        if stream.eof and (left or stream.unused_data):
            raise zipfile.BadZipFile(member.filename)
    if stream is not None and not stream.eof:
        raise EOFError(member.filename)
