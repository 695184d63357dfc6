"""Workbooks as an attacker or a hurried colleague would send them, made here and nowhere stored."""

import io
import struct
import zipfile
import zlib

from yuanqing.shell.document.xlsx import write_table

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def sound() -> bytes:
    return write_table("单位", ["单位代码", "单位名称"], [["0101", "甲"]])


def with_members(**members: bytes) -> bytes:
    """A sound workbook whose members are replaced or added; double underscores are slashes, a trailing _xml is .xml."""
    wanted = {
        name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"): content
        for name, content in members.items()
    }
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sound())) as source, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name not in wanted:
                target.writestr(name, source.read(name))
        for name, content in wanted.items():
            target.writestr(name, content)
    return kept.getvalue()


def sheet(cells: bytes) -> bytes:
    return (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + cells
        + b"</sheetData></worksheet>"
    )


def bomb(size: int = 300 * 1024 * 1024) -> bytes:
    """One sheet of blanks that inflates to ``size``."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("xl/workbook.xml", b"<workbook/>")
        with target.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member:
            for _block in range(size // (1 << 20)):
                member.write(b" " * (1 << 20))
    return kept.getvalue()


def corner() -> bytes:
    """Two cells, the second in the last corner of the sheet: a reader that fills the area needs 17 billion cells."""
    cells = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return with_members(xl__worksheets__sheet1_xml=sheet(cells))


def overlapping(count: int = 50) -> bytes:
    """Many names in the directory, all pointing at the same stretch of the file."""
    content = zlib.compress(b" " * 100_000, 9)[2:-4]
    name = b"xl/workbook.xml"
    local = b"PK\x03\x04" + struct.pack(
        "<HHHHHIIIHH", 20, 0, 8, 0, 0, zlib.crc32(b" " * 100_000), len(content), 100_000, len(name), 0
    )
    body = local + name + content
    directory = b""
    for number in range(count):
        alias = name if number == 0 else f"xl/{number}.xml".encode()
        fields = struct.pack(
            "<HHHHHHIIIHHHHHII",
            20,
            20,
            0,
            8,
            0,
            0,
            zlib.crc32(b" " * 100_000),
            len(content),
            100_000,
            len(alias),
            0,
            0,
            0,
            0,
            0,
            0,
        )
        directory += b"PK\x01\x02" + fields + alias
    return body + directory + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(body), 0)


def encrypted_members() -> bytes:
    """The flag of zip encryption set on every member."""
    data = bytearray(sound())
    place = 0
    while (place := data.find(b"PK\x01\x02", place)) >= 0:
        data[place + 8] |= 1
        place += 4
    return bytes(data)


def encrypted_office() -> bytes:
    return OLE + b"\0" * 1000 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 100


def understated() -> bytes:
    """A sheet that inflates to far more than the directory says, its checksum forged to fit the part that is said."""
    content = sheet(b" " * 100_000)
    data = with_members(xl__worksheets__sheet1_xml=content)
    for old, new in ((len(content), 200), (zlib.crc32(content), zlib.crc32(content[:200]))):
        data = data.replace(struct.pack("<I", old), struct.pack("<I", new))
    return data


def package(*names: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as target:
        for name in names:
            target.writestr(name, b"x")
    return kept.getvalue()


CORPUS: dict[str, tuple[bytes, str]] = {
    "zero bytes": (b"", "空的"),
    "only blanks": (b" \r\n", "空的"),
    "old xls": (OLE + b"\0" * 2000, ".xls"),
    "encrypted by Office": (encrypted_office(), "密码"),
    "encrypted members": (encrypted_members(), "密码"),
    "html renamed": ("<html><table><tr><td>甲</td></tr></table>".encode(), "网页"),
    "xml spreadsheet renamed": (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "XML"),
    "csv renamed": ("单位代码,单位名称\n0101,甲\n".encode("gb18030"), "CSV"),
    "csv with mark": (b"\xef\xbb\xbf" + "单位代码,单位名称\n".encode(), "CSV"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "不是 Excel"),
    "word": (package("word/document.xml"), "Word"),
    "xlsb": (package("xl/workbook.bin"), ".xlsb"),
    "ods": (package("content.xml", "mimetype"), ".ods"),
    "any zip": (package("readme.txt"), "压缩包"),
    "macros": (with_members(xl__vbaProject_bin=b"x"), "宏"),
    "cut off": (sound()[:-200], "损坏"),
    "first half": (sound()[:1500], "损坏"),
    "zip bomb": (bomb(), "太大"),
    "ratio": (bomb(20 * 1024 * 1024), "压缩率"),
    "overlapping": (overlapping(), "重叠"),
    "cell in the last corner": (corner(), "很远"),
    "understated size": (understated(), "大小不符"),
    "climbing name": (package("xl/workbook.xml", "../../etc/passwd"), "异常"),
    "many members": (package("xl/workbook.xml", *(f"{n}.xml" for n in range(3000))), "成员过多"),
    "broken sheet": (with_members(xl__worksheets__sheet1_xml=b"<worksheet><sheetData><row"), "损坏"),
    "no workbook inside": (package("xl/workbook.xml"), "损坏"),
}
