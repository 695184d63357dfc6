"""The code on the screen at the door: it changes every few seconds, so that a picture of it is soon worth nothing."""

from __future__ import annotations

import hashlib
import hmac


def code_at(secret: str, second: int, step: int) -> str:
    """What the screen shows during the step that holds this second (Unix time)."""
    turn = second // step
    return f"{turn:x}-{hmac.new(secret.encode(), str(turn).encode(), hashlib.sha256).hexdigest()[:20]}"


def is_fresh(secret: str, code: str, second: int, step: int, valid: int) -> bool:
    """Whether the screen showed this code within the last `valid` seconds; neither older ones nor those to come."""
    turn, _dash, _digest = code.partition("-")
    try:
        shown = int(turn, 16) * step
    except ValueError:
        return False
    if not 0 <= shown <= second < shown + step + valid:
        return False
    return hmac.compare_digest(code_at(secret, shown, step).encode(), code.encode())
