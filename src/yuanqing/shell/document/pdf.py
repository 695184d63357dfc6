"""公文(PDF): prints an official document by typst as PDF/A-2b in the layout of GB/T 9704-2012.

Fonts come from the folder named by ``YUANQING_FONTS`` (方正小标宋, 仿宋_GB2312, 楷体_GB2312, 黑体, where the organisation owns them), then
from the package of free fonts; those of the operating system are never used, so the same document prints alike everywhere.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst

from yuanqing.shell.document.compose import (
    PITCH,
    Grid,
    Line,
    Piece,
    Turn,
    compose,
    imprint,
    letterhead_size,
)
from yuanqing.shell.document.official import OfficialDocument, head_places
from yuanqing.shell.document.word_styles import clean

SOURCE = Path(__file__).with_name("official.typ").read_bytes()
SERIF, SANS = "Noto Serif SC", "Noto Sans SC"
# Of each role: the fonts the standard names, the free substitute, and how much the substitute is thickened.
ROLES: dict[str, tuple[tuple[str, ...], str, float]] = {
    "title": (("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", "STZhongsong"), SERIF, 0.022),
    "fangsong": (("FangSong_GB2312", "仿宋_GB2312", "FangSong"), SERIF, 0.0),
    "kai": (("KaiTi_GB2312", "楷体_GB2312", "KaiTi"), SERIF, 0.012),
    "hei": (("SimHei", "黑体"), SANS, 0.0),
    "song": (("SimSun", "宋体"), SERIF, 0.0),
}


def write_pdf(document: OfficialDocument, *, watermark: str = "") -> bytes:
    """The document as PDF/A-2b; the same document and watermark always give the same bytes."""
    folders = font_folders()
    moment = datetime.combine(document.signed_on, time(), UTC)
    printed: bytes = typst.compile(
        SOURCE,
        sys_inputs={"document": json.dumps(values(document, watermark, folders), ensure_ascii=False)},
        font_paths=installed(folders),
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards="a-2b",
        timestamp=int(moment.timestamp()),
    )
    return printed


def font_folders() -> tuple[str, ...]:
    """The organisation's own fonts first, then the free ones."""
    own = os.environ.get("YUANQING_FONTS", "")
    free = str(Path(pylopdf_fonts_zh_cn.serif_path()).parent)
    return (own, free) if own and Path(own).is_dir() else (free,)


@lru_cache(maxsize=4)
def installed(folders: tuple[str, ...]) -> typst.Fonts:
    """The fonts of the folders, searched once for each process."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders))


@lru_cache(maxsize=4)
def roles(folders: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """For each role the fonts to try in order; a substitute says how much it is to be thickened."""
    present = set(installed(folders).families())
    chosen = {}
    for role, (wanted, substitute, thicken) in ROLES.items():
        found = [name for name in wanted if name in present]
        spare = [name for name in (substitute, SERIF, SANS) if name not in found]
        chosen[role] = {"families": [*found, *spare], "thicken": 0.0 if found else thicken}
    return chosen


def values(document: OfficialDocument, watermark: str, folders: tuple[str, ...]) -> dict[str, Any]:
    """What the typst source reads: plain JSON, every text cleaned of characters that cannot be printed."""
    on = document.signed_on
    marks = [clean(mark) for mark in (document.serial, document.secrecy, document.urgency) if mark]
    return {
        "fonts": roles(folders),
        "pitch": PITCH,
        "title": clean(" ".join(document.title.split())),
        "author": clean(document.signature or document.organ),
        "date": [on.year, on.month, on.day],
        "watermark": clean(watermark),
        "marks": marks,
        "organ": clean(document.organ),
        "organ_size": letterhead_size(document.organ),
        "number": clean(document.number),
        "signer": clean(document.signer),
        "pieces": nested(compose(document)),
        "imprint": [[clean(left), clean(right)] for left, right in imprint(document)],
    }


def nested(pieces: Iterable[Piece]) -> list[dict[str, Any]]:
    """Pieces as JSON; those between a turn sideways and the turn back become one piece that holds them."""
    whole: list[dict[str, Any]] = []
    current = whole
    for piece in pieces:
        match piece:
            case Line():
                text, tail, remark = clean(piece.text), clean(piece.tail), clean(piece.remark)
                kind = {"kind": "line", "style": piece.style, "shift": piece.shift}
                current.append({**kind, "text": text, "tail": tail, "remark": remark})
            case Grid():
                current.append(grid(piece))
            case Turn(sideways=None):
                current.append({"kind": "turn"})
            case Turn(sideways=True):
                current = []
                whole.append({"kind": "sideways", "pieces": current})
            case Turn():
                current = whole
    return whole


def grid(piece: Grid) -> dict[str, Any]:
    table = piece.table
    return {
        "kind": "table",
        "caption": clean(piece.caption),
        "note": clean(table.note),
        "size": table.size,
        "columns": [{"width": column.width, "align": column.align} for column in table.columns],
        "head": [
            {"y": line, "x": column, "text": clean(cell.text), "columns": cell.columns, "rows": cell.rows}
            for line, column, cell in head_places(piece.head)
        ],
        "rows": [[clean(text) for text in row] for row in table.rows],
        "emphasised": sorted(table.emphasised),
    }
