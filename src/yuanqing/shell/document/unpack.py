"""读表: reads a workbook from outside. What the file claims is checked before anything is unpacked.

The directory of the package is read first (number, size and overlap of its members, how far each inflates), then its members are
inflated once within the limits to see that the directory told the truth, and only then the reader gets it. A large workbook is read
in a process of its own with limits on memory and time.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from yuanqing.shell.document.contained import read_apart, read_here

Book = dict[str, list[list[Any]]]


class Unreadable(Exception):
    """打不开的文件: one sentence saying what is wrong with the file and what to do."""


@dataclass(frozen=True)
class Limits:
    """上限: sizes in bytes; a workbook that inflates beyond ``apart`` is read in its own process."""

    size: int = 20 * 1024 * 1024
    inflated: int = 200 * 1024 * 1024
    ratio: int = 200
    members: int = 2000
    cells: int = 4_000_000
    apart: int = 8 * 1024 * 1024
    memory: int = 1536 * 1024 * 1024
    seconds: int = 30


SPREADSHEET = "xl/workbook.xml"
LOCAL_HEADER = 30
CHUNK = 1 << 20
REFERENCE = re.compile(rb'<(?:\w+:)?c\b[^>]{0,200}?\br="([A-Z]{1,3})(\d{1,7})"')
ROW = re.compile(rb'<(?:\w+:)?row\b[^>]{0,200}?\br="(\d{1,9})"')


def read_book(source: bytes | Path | str, limits: Limits | None = None) -> Book:
    """Sheets in order, each a list of rows from A1 on; raises Unreadable with a sentence for the reader."""
    return open_book(source, limits)[0]


def open_book(source: bytes | Path | str, limits: Limits | None = None) -> tuple[Book, dict[str, list[Any]]]:
    """The sheets, and for each sheet its merged ranges as ((row, column), (row, column)), counted from 0."""
    limits = limits or Limits()
    data = load(source, limits)
    inflated = inspect(data, limits)
    try:
        found = read_here(data) if inflated <= limits.apart else read_apart(data, limits.memory, limits.seconds)
    except MemoryError:
        raise Unreadable(_("文件内容太大，超出了系统一次能处理的范围。请拆成几个文件分别上传。")) from None
    except TimeoutError:
        raise Unreadable(_("文件读取时间过长，已停止。请拆成几个文件分别上传。")) from None
    except ValueError:
        raise Unreadable(
            _("文件已损坏或者不是完整的 Excel 工作簿。请在 Excel 或 WPS 中打开，另存为 .xlsx 后再上传。")
        ) from None
    return found


def load(source: bytes | Path | str, limits: Limits) -> bytes:
    """The bytes of the file, no more than allowed."""
    if isinstance(source, bytes):
        data = source
    else:
        with Path(source).open("rb") as file:
            data = file.read(limits.size + 1)
    if len(data) > limits.size:
        size = limits.size // 1024 // 1024
        raise Unreadable(_("文件超过 %(size)d MB。请拆成几个文件分别上传。") % {"size": size})
    return data


def inspect(data: bytes, limits: Limits) -> int:
    """Bytes the package inflates to; raises Unreadable when it is no sound .xlsx."""
    refuse_other_kinds(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
            refuse_odd_directory(members, len(data), limits)
            refuse_other_packages({member.filename for member in members})
            return sum(measure(data, member, limits) for member in members)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        raise Unreadable(_("文件已损坏，无法打开。请在 Excel 或 WPS 中重新另存为 .xlsx 后再上传。")) from None


def refuse_other_kinds(data: bytes) -> None:
    """Says what the file really is when it is not a zip package."""
    if not data.strip():
        raise Unreadable(_("文件是空的。请确认已填写并保存，然后重新上传。"))
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Unreadable(_("文件设有打开密码，系统无法读取。请去掉密码后重新上传。"))
        raise Unreadable(_("这是旧版 .xls 文件。请在 Excel 或 WPS 中另存为 .xlsx 后再上传。"))
    if data.startswith(b"PK\x03\x04"):
        return
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<meta")):
        raise Unreadable(
            _("这其实是网页或 XML 文件，只是改了扩展名。请在 Excel 或 WPS 中打开，另存为 .xlsx 后再上传。")
        )
    if b"\x00" not in data[:4096] and any(mark in start for mark in (b",", b"\t", b";", b"\n")):
        raise Unreadable(
            _("这其实是 CSV 或纯文本文件，只是改了扩展名。请在 Excel 或 WPS 中打开，另存为 .xlsx 后再上传。")
        )
    raise Unreadable(_("这不是 Excel 工作簿。请下载模板，填写后以 .xlsx 格式上传。"))


def refuse_odd_directory(members: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    """Counts, names, encryption, declared sizes and overlaps, all from the directory alone."""
    if len(members) > limits.members:
        raise Unreadable(_("文件内部结构异常（成员过多），为安全起见不予打开。"))
    if any(member.flag_bits & 0x1 for member in members):
        raise Unreadable(_("文件设有打开密码，系统无法读取。请去掉密码后重新上传。"))
    names = [member.filename for member in members]
    unsafe = any(name.startswith(("/", "\\")) or ".." in name.split("/") or "\\" in name for name in names)
    if unsafe or len(set(names)) != len(names):
        raise Unreadable(_("文件内部结构异常（成员名称不合规定），为安全起见不予打开。"))
    if sum(member.file_size for member in members) > limits.inflated:
        raise Unreadable(_("文件解开后太大，超出了系统一次能处理的范围。请删去多余的工作表和空行，或拆成几个文件。"))
    for member in members:
        if member.file_size > max(member.compress_size, 1) * limits.ratio and member.file_size > limits.apart:
            raise Unreadable(_("文件压缩率异常，为安全起见不予打开。请在 Excel 或 WPS 中重新另存为 .xlsx。"))
    end = 0
    for member in sorted(members, key=lambda one: one.header_offset):
        if member.header_offset < end:
            raise Unreadable(_("文件内部结构异常（成员互相重叠），为安全起见不予打开。"))
        end = member.header_offset + LOCAL_HEADER + len(member.filename.encode()) + member.compress_size
    if end > size:
        raise Unreadable(_("文件不完整，可能没有传完。请重新上传。"))


def refuse_other_packages(names: set[str]) -> None:
    """Other formats that are zip packages too, each by its name."""
    if SPREADSHEET in names:
        if any(name.endswith("vbaProject.bin") for name in names):
            raise Unreadable(_("文件带有宏，为安全起见不予打开。请另存为不带宏的 .xlsx 后再上传。"))
        return
    if "word/document.xml" in names:
        raise Unreadable(_("这是 Word 文档，不是表格。请上传 .xlsx 文件。"))
    if "xl/workbook.bin" in names:
        raise Unreadable(_("这是 .xlsb 文件。请在 Excel 或 WPS 中另存为 .xlsx 后再上传。"))
    if "content.xml" in names:
        raise Unreadable(_("这是 .ods 文件。请另存为 .xlsx 后再上传。"))
    raise Unreadable(_("这是压缩包，不是 Excel 工作簿。请上传 .xlsx 文件。"))


def measure(data: bytes, member: zipfile.ZipInfo, limits: Limits) -> int:
    """Bytes a member really inflates to; more than it declares, or cells too far out, are refused."""
    is_sheet = member.filename.startswith("xl/worksheets/")
    total, tail, reach = 0, b"", Reach()
    for chunk in inflated(data, member):
        total += len(chunk)
        if total > member.file_size:
            raise Unreadable(_("文件内部结构异常（大小不符），为安全起见不予打开。"))
        if is_sheet:
            reach.note(tail + chunk)
            tail = chunk[-256:]
        if reach.cells > limits.cells:
            raise Unreadable(
                _(
                    "工作表里有内容写到了很远的单元格（第 %(row)d 行、第 %(column)d 列），范围过大。请删去数据区以外的内容。"
                )
                % {"row": reach.rows, "column": reach.columns}
            )
    return total


def inflated(data: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """A member's content in pieces of at most a megabyte, however much the directory says there is.

    The library's own reader stops at the declared size, so a forged size would hide the rest from it but not from others.
    """
    header = data[member.header_offset : member.header_offset + LOCAL_HEADER]
    if len(header) < LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
        raise zipfile.BadZipFile(member.filename)
    name, extra = struct.unpack("<HH", header[26:30])
    begin = member.header_offset + LOCAL_HEADER + name + extra
    packed = data[begin : begin + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise NotImplementedError(member.compress_type)
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    while not stream.eof:
        chunk = stream.decompress(packed, CHUNK)
        packed = stream.unconsumed_tail
        if not chunk and not packed and not stream.eof:
            raise EOFError(member.filename)
        yield chunk


@dataclass
class Reach:
    """范围: how far out a sheet has cells; one stray cell in the last corner would make the reader fill billions."""

    rows: int = 0
    columns: int = 0

    def note(self, xml: bytes) -> None:
        for letters, row in REFERENCE.findall(xml):
            self.rows = max(self.rows, int(row))
            self.columns = max(self.columns, column_number(letters))
        for row in ROW.findall(xml):
            self.rows = max(self.rows, int(row))

    @property
    def cells(self) -> int:
        return self.rows * self.columns


def column_number(letters: bytes) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
