"""文件种类: what a file is, told by its content; its name must agree.

Only kinds in this table are ever kept. What a browser would run (pages, scripts, drawings with scripts) and what a machine would run is
not among them.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.lifecycle import Text

HEAD = 4096


@dataclass(frozen=True)
class Kind:
    """One kind of file: its media type, how people call it, the extensions it goes by, the family it belongs to."""

    media_type: str
    label: Text
    extensions: tuple[str, ...]
    family: str  # document, sheet, slides, picture, video, sound, text, archive


KINDS = {
    kind.media_type: kind
    for kind in (
        Kind("application/pdf", _("PDF 文件"), ("pdf",), "document"),
        Kind("application/ofd", _("OFD 版式文件"), ("ofd",), "document"),
        Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word", ("docx",), "document"),
        Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel", ("xlsx",), "sheet"),
        Kind("application/vnd.openxmlformats-officedocument.presentationml.presentation", "PowerPoint", ("pptx",), "slides"),
        Kind("application/vnd.oasis.opendocument.text", "ODT", ("odt",), "document"),
        Kind("application/vnd.oasis.opendocument.spreadsheet", "ODS", ("ods",), "sheet"),
        Kind("application/vnd.oasis.opendocument.presentation", "ODP", ("odp",), "slides"),
        Kind("application/msword", _("旧版 Word"), ("doc", "wps"), "document"),
        Kind("application/vnd.ms-excel", _("旧版 Excel"), ("xls", "et"), "sheet"),
        Kind("application/vnd.ms-powerpoint", _("旧版 PowerPoint"), ("ppt", "dps"), "slides"),
        Kind("image/png", "PNG", ("png",), "picture"),
        Kind("image/jpeg", "JPEG", ("jpg", "jpeg"), "picture"),
        Kind("image/gif", "GIF", ("gif",), "picture"),
        Kind("image/webp", "WebP", ("webp",), "picture"),
        Kind("image/bmp", "BMP", ("bmp",), "picture"),
        Kind("image/tiff", "TIFF", ("tif", "tiff"), "picture"),
        Kind("image/heic", "HEIC", ("heic", "heif"), "picture"),
        Kind("video/mp4", _("MP4 视频"), ("mp4", "m4v", "mov"), "video"),
        Kind("video/webm", _("WebM 视频"), ("webm", "mkv"), "video"),
        Kind("audio/mpeg", "MP3", ("mp3",), "sound"),
        Kind("audio/mp4", "M4A", ("m4a",), "sound"),
        Kind("audio/wav", "WAV", ("wav",), "sound"),
        Kind("audio/ogg", "OGG", ("ogg", "oga", "opus"), "sound"),
        Kind("text/plain", _("纯文本"), ("txt", "md", "log"), "text"),
        Kind("text/csv", "CSV", ("csv", "tsv"), "text"),
        Kind("text/vtt", _("字幕"), ("vtt", "srt"), "text"),
        Kind("application/zip", _("ZIP 压缩包"), ("zip",), "archive"),
    )
}  # fmt: skip
FAMILIES = ("document", "sheet", "slides", "picture", "video", "sound", "text", "archive")
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of old Office files, and of encrypted new ones
ZIP = b"PK\x03\x04"
BRANDS = {  # of the ISO base media format
    b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heic", b"heif": "image/heic",
    b"M4A ": "audio/mp4", b"M4B ": "audio/mp4",
}  # fmt: skip
MARKS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
)
SECOND_BYTES_OF_MP3 = (0xFB, 0xFA, 0xF3, 0xF2, 0xE3)
PROGRAMS_LIKE_TEXT = (b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe")  # rare words in GB 18030
RUNS_IN_A_BROWSER = (
    b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<?xml", b"<iframe", b"<img", b"<?php", b"#!", b"<%",
)  # fmt: skip


def extension_of(name: str) -> str:
    """The last part of a name in lower case; "" when it has none."""
    stem, dot, last = name.rpartition(".")
    return last.lower() if dot and stem else ""


def told_by(head: bytes, name: str) -> str:
    """The media type that the first bytes show; "" for what is no known kind.

    Zip and compound packages, and texts, are told apart by their extension here; their inside is looked at afterwards.
    """
    extension = extension_of(name)
    if head.startswith(ZIP):
        return _by_extension(extension, "openxml", "opendocument", "ofd", "zip")
    if head.startswith(COMPOUND):
        return _by_extension(extension, "msword", "ms-excel", "ms-powerpoint")
    if head[4:8] == b"ftyp":
        return BRANDS.get(head[8:12], "video/mp4")
    if head.startswith(b"RIFF"):
        return {b"WAVE": "audio/wav", b"WEBP": "image/webp"}.get(head[8:12], "")
    for mark, found in MARKS:
        if head.startswith(mark):
            return found
    if len(head) > 1 and head[0] == 0xFF and head[1] in SECOND_BYTES_OF_MP3:
        return "audio/mpeg"
    return _by_extension(extension, "text/") if is_text(head) else ""


def _by_extension(extension: str, *parts: str) -> str:
    for media_type, kind in KINDS.items():
        if extension in kind.extensions and any(part in media_type for part in parts):
            return media_type
    return ""


def is_text(head: bytes) -> bool:
    """Readable text in UTF-8, UTF-16 or GB 18030, without control characters, that no browser or shell would run."""
    if head.startswith(PROGRAMS_LIKE_TEXT):
        return False
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head[: len(head) // 2 * 2].decode("utf-16", errors="ignore")
    elif b"\x00" in head:
        return False
    else:
        text = _decoded(head)
    if any(ord(letter) < 32 and letter not in "\t\r\n\f" for letter in text) or not text:
        return False
    start = text.lstrip("\ufeff \t\r\n").lower()
    return not start.startswith(tuple(mark.decode() for mark in RUNS_IN_A_BROWSER))


def _decoded(head: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):  # the last letter may have been cut in two
            try:
                return head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
    return ""
