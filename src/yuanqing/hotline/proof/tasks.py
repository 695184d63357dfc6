"""Checking a proof without the installation: the file from the mailbox, and the checkpoint copied from a bulletin."""

from __future__ import annotations

import json
from pathlib import Path

from django.utils.translation import gettext as _

from yuanqing.hotline.proof.rules import problems
from yuanqing.kernel.commands import Needs, OperatorError, command


@command("report verify", help="check a reporter's proof file, without database", needs=Needs.DJANGO)
def verify(file: Path, *, checkpoint: Path | None = None, key: str = "") -> str:
    """`checkpoint` is a text file with the checkpoint as printed on a bulletin; `key` the key printed beside it."""
    try:
        proof = json.loads(file.read_text(encoding="utf-8"))
        note = checkpoint.read_text(encoding="utf-8") if checkpoint else ""
    except (OSError, ValueError) as error:
        raise OperatorError(f"{file}: {error}") from error
    wrong = problems(proof, note, key or str(proof.get("verifier_key", "")))
    if wrong:
        raise OperatorError("\n".join(wrong))
    return _("相符：这份举报在台账之中，内容没有改动。")
