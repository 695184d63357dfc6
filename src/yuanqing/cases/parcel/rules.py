"""材料包: a signed head that names the addressee and the digest, and behind it an age file that only the addressee opens.

    yuanqing transfer package v1\\n name: value …\\n \\n — origin signature\\n \\n age file

The head is a signed note (C2SP) and the rest an age v1 file, so that both can be checked and opened with public tools. Receipts
are notes alone, answers are packages of another first line. Nothing here knows a database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from yuanqing.cases.partner.rules import LONGEST, lines_of, text_of

PACKAGE = "yuanqing transfer package v1"
RECEIPT = "yuanqing transfer receipt v1"
ANSWER = "yuanqing transfer answer v1"
MOST = 64 << 20  # bytes of a package
MANY = 200  # matters in one package
SIGNATURE = "\n\n— ".encode()


@dataclass(frozen=True)
class Head:
    """封面: what everybody may read on a package, an answer or a receipt."""

    serial: UUID
    number: str  # of the package, with the sender
    to: str  # age public key of the addressee; of a receipt the sender's verifier key
    on: date
    digest: str  # SHA-256 of the age file, of a receipt that of the package
    way: str = ""
    matters: int = 0
    answer: str = ""  # code of the deadline by which an answer is wanted

    def text(self, kind: str) -> str:
        lines = [("package", str(self.serial)), ("number", self.number), ("to", self.to), ("on", self.on.isoformat())]
        if kind == PACKAGE:
            lines += [("way", self.way), ("matters", str(self.matters)), ("answer", self.answer or "-")]
        return text_of(kind, [*lines, ("sha256", self.digest)])


def head_of(note: str, kind: str) -> Head:
    """ValueError when a line is missing or says something impossible, or the note is of another kind."""
    said = lines_of(note, kind)
    try:
        head = Head(
            UUID(said["package"]), said["number"], said["to"], date.fromisoformat(said["on"]), said["sha256"],
            said.get("way", ""), int(said.get("matters", "0")), said.get("answer", "").removeprefix("-"),
        )  # fmt: skip
    except (KeyError, ValueError) as error:
        raise ValueError("a line is missing or wrong") from error
    fits = len(head.digest) == 64 and 0 < len(head.number) <= 40 and head.text(kind) == text_of(kind, said.items())
    if not fits or (kind == PACKAGE and not 0 < head.matters <= MANY):
        raise ValueError("a line is missing or wrong")
    return head


def digest_of(body: bytes) -> str:
    return sha256(body).hexdigest()


def assembled(note: str, body: bytes) -> bytes:
    return note.encode() + b"\n" + body


def parts_of(file: bytes) -> tuple[str, bytes]:
    """(signed note, age file) of a package or an answer; ValueError when it has not this form."""
    gap = file.find(SIGNATURE, 0, LONGEST)
    end = file.find(b"\n", gap + len(SIGNATURE), gap + LONGEST) if gap >= 0 else -1
    if end < 0 or file[end + 1 : end + 2] != b"\n":
        raise ValueError("not a package")
    try:
        return file[: end + 1].decode(), file[end + 2 :]
    except UnicodeDecodeError as error:
        raise ValueError("not a package") from error


def may_go(to: str, relation: str) -> bool:
    """Whether what the pack lists under `to` names this relation."""
    return relation in [one.strip() for one in to.split(",")]
