"""文件名: what a file may be called, whatever system it comes from and goes to."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

from yuanqing.kernel.store.contents import Unfit

LONGEST = 150  # letters; with three bytes a letter it still fits the 255 × 2 bytes of a zip entry and most systems
SEPARATORS = re.compile(r"[/\\]")
FORBIDDEN = re.compile(r'[<>:"|?*]')
# letters that change the direction of what follows, so that “exe.pdf” may read “fdp.exe”
TURNING = frozenset("\u200e\u200f\u061c" + "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))))
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def clean(name: str) -> str:
    """The name without folders and marks that some system cannot bear; raises Unfit for one made to deceive."""
    if any(letter in TURNING or unicodedata.category(letter) in ("Cc", "Cs") for letter in name):
        raise Unfit(_("文件名里有看不见的控制字符，为安全起见不予接收。请重新命名后再上传。"))
    last = SEPARATORS.split(unicodedata.normalize("NFC", name))[-1]
    last = FORBIDDEN.sub("_", last).strip().rstrip(". ").lstrip(".")
    if not last:
        raise Unfit(_("文件没有名字。请重新命名后再上传。"))
    if DEVICES.match(last):
        last = f"_{last}"
    stem, dot, extension = last.rpartition(".")
    if dot and len(last) > LONGEST:
        return stem[: LONGEST - len(extension) - 1] + dot + extension[:20]
    return last[:LONGEST]
