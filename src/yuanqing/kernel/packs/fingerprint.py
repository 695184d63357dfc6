"""A pack's fingerprint: the same for the same content, however the YAML or the workbook was laid out."""

from __future__ import annotations

import json
from hashlib import sha256

from yuanqing.kernel.packs.schema import Pack, as_data


def canonical(pack: Pack) -> bytes:
    """JSON in UTF-8 with sorted keys; defaults are left out, so that new optional fields change no old fingerprint."""
    return json.dumps(as_data(pack), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def fingerprint(pack: Pack) -> str:
    """SHA-256 of the canonical form, 64 hexadecimal digits."""
    return sha256(canonical(pack)).hexdigest()
