"""Checking a proof: pure arithmetic on the file a reporter keeps; needs neither database nor keys of the installation.

ciphertext --SHA-256, salt--> commitment, which stands in the row
row as JSON --SHA-256--> digest, which stands in the ledger entry
entry --RFC 6962--> leaf --audit path--> root, which the signed checkpoint on the bulletin names
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.utils.translation import gettext as _

from yuanqing.kernel.ledger import merkle


def problems(proof: Mapping[str, Any], checkpoint: str = "", verifier_key: str = "") -> list[str]:
    """What does not fit, as sentences; empty when the report is in the ledger that the checkpoint stands for.

    `checkpoint` is the one copied from the bulletin; without it the one in the file is used, and only its signature
    (with `verifier_key`) says whose it is.
    """
    try:
        return list(_problems(proof, checkpoint or proof["checkpoint"], verifier_key))
    except (KeyError, ValueError, TypeError, IndexError, AttributeError):
        return [_("证明文件不完整，读不懂。")]


def _problems(proof: Mapping[str, Any], checkpoint: str, verifier_key: str) -> Iterator[str]:
    row = json.loads(proof["row"])
    committed = sha256(bytes.fromhex(proof["salt"]) + bytes.fromhex(proof["ciphertext_sha256"])).hexdigest()
    is_other = row["commitment"] != f"\\x{committed}" or row["salt"] != f"\\x{proof['salt']}"
    if is_other and not row.get("destroyed_on"):  # of what was destroyed only the commitment is left, in row and entry
        yield _("封存的内容与承诺值不符：内容被改动。")
    entry = str(proof["entry"])
    if sha256(proof["row"].encode()).hexdigest() != entry.split("\n")[8]:
        yield _("记录与台账条目不符：记录被改动。")
    if row["id"] != entry.split("\n")[4]:
        yield _("台账条目说的是另一条记录。")
    size, root = _size_and_root(checkpoint)
    leaf, path = sha256(b"\x00" + entry.encode()).digest(), [base64.b64decode(one) for one in proof["path"]]
    if not merkle.is_included(leaf, int(proof["index"]), size, path, root):
        yield _("台账条目不在这个检查点的台账里。")
    if verifier_key and not is_signed(checkpoint, verifier_key):
        yield _("检查点的签名不对。")


def _size_and_root(checkpoint: str) -> tuple[int, bytes]:
    lines = checkpoint.strip().split("\n")
    return int(lines[1]), base64.b64decode(lines[2])


def is_signed(checkpoint: str, verifier_key: str) -> bool:
    """Whether a key written as name+hash+key signed the note."""
    _name, named, encoded = verifier_key.strip().split("+", 2)
    text, _gap, signatures = checkpoint.partition("\n\n")
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(encoded)[1:])
    for line in signatures.strip().split("\n"):
        raw = base64.b64decode(line.split(" ")[-1])
        if raw[:4].hex() == named:
            try:
                public.verify(raw[4:], f"{text}\n".encode())
            except InvalidSignature:
                continue
            return True
    return False
