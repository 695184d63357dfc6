"""What a text is cut into, how long it takes at the fastest, and the digest by which a version is known."""

from __future__ import annotations

import hashlib


def digest(language: str, title: str, body: str) -> str:
    """SHA-256, in hex, of what a reader was shown."""
    return hashlib.sha256("\n".join((language, title, body)).encode()).hexdigest()


def fastest(characters: int, speed: int) -> int:
    """Seconds below which nobody has read so many characters at `speed` characters a minute."""
    return characters * 60 // speed if speed > 0 else 0


def options(text: str) -> list[str]:
    """One answer a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]
