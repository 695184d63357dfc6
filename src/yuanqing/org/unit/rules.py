"""Chinese sort keys, and the tree as plain values."""

from __future__ import annotations

from pypinyin import Style, lazy_pinyin


def sort_key(text: str) -> str:
    """Pinyin of each character with its tone, so that rows sort as a Chinese reader expects; at most 200 characters."""
    return " ".join(lazy_pinyin(text, style=Style.TONE3))[:200].lower()
