"""PDF 和旧版 Office 文件: whether they are whole, readable without a password, and run nothing when opened."""

from __future__ import annotations

import re
import zlib
from typing import IO

from django.utils.translation import gettext as _

from yuanqing.kernel.store.contents import Unfit

CHUNK = 4 << 20
OVERLAP = 4096
INFLATED = 64 << 20  # of all object streams of one file together
NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA|SubmitForm|ImportData)\b")
LOCKED = re.compile(rb"/Encrypt\b")
STREAM = re.compile(rb"/ObjStm\b.{0,400}?stream\r?\n", re.DOTALL)
MACROS = tuple(word.encode("utf-16-le") for word in ("_VBA_PROJECT", "_VBA_PROJECT_CUR", "VBA\x00", "Macros\x00"))
OBJECTS = tuple(word.encode("utf-16-le") for word in ("\x01Ole10Native", "ObjectPool"))
PACKAGE = "EncryptedPackage".encode("utf-16-le")
STREAMS = {
    "application/msword": ("WordDocument",),
    "application/vnd.ms-excel": ("Workbook", "Book"),
    "application/vnd.ms-powerpoint": ("PowerPoint Document",),
}


def examine_pdf(file: IO[bytes], size: int) -> None:
    """Raises Unfit for a torn PDF, a locked one, and one that runs or carries something."""
    file.seek(max(0, size - 2048))
    if b"%%EOF" not in file.read(2048):
        raise Unfit(_("PDF 已损坏或没有传完，无法打开。请重新导出后再上传。"))
    budget, tail = INFLATED, b""
    file.seek(0)
    while chunk := file.read(CHUNK):
        text = tail + chunk
        _look(text)
        for match in STREAM.finditer(text):
            stream = zlib.decompressobj()
            try:
                inside = stream.decompress(text[match.end() :], min(budget, CHUNK))
            except zlib.error:
                continue
            budget -= len(inside)
            if budget <= 0:
                raise Unfit(_("文件解开后太大，为安全起见不予接收。请拆成几个文件。"))
            _look(inside)
        tail = chunk[-OVERLAP:]


def _look(text: bytes) -> None:
    if b"#" in text:
        text = NAME.sub(lambda found: bytes([int(found[1], 16)]), text)
    if LOCKED.search(text):
        raise Unfit(_("文件设有打开密码，无法检查内容。请去掉密码后再上传。"))
    if ACTIVE.search(text):
        raise Unfit(_("PDF 里有脚本、附件或会启动别的程序的内容，为安全起见不予接收。请打印为 PDF 后再上传。"))


def examine_compound(file: IO[bytes], size: int, media_type: str) -> None:
    """Old Office files: the directory names every stream in UTF-16."""
    file.seek(0)
    tail, found = b"", False
    wanted = tuple(name.encode("utf-16-le") for name in STREAMS[media_type])
    if size < 1536:
        raise Unfit(_("文件已损坏或没有传完，无法打开。请重新保存后再上传。"))
    while chunk := file.read(CHUNK):
        text = tail + chunk
        if PACKAGE in text:
            raise Unfit(_("文件设有打开密码，无法检查内容。请去掉密码后再上传。"))
        if any(word in text for word in MACROS):
            raise Unfit(_("文件带有宏，为安全起见不予接收。请另存为不带宏的格式后再上传。"))
        if any(word in text for word in OBJECTS):
            raise Unfit(_("文件里嵌入了别的程序或对象，为安全起见不予接收。请删去嵌入的对象后再上传。"))
        found = found or any(name in text for name in wanted)
        tail = chunk[-OVERLAP:]
    if not found:
        raise Unfit(_("内容与扩展名不符。请用原来的程序打开，另存后再上传。"))
