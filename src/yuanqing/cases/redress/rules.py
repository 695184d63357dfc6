"""What would tell who was meant; plain values only."""

from __future__ import annotations

from collections.abc import Iterable


def identifying(texts: Iterable[str], names: Iterable[str]) -> list[str]:
    """Which of the names stand in any of the texts, whatever spaces are put between their characters.

    A name of one character is no name; what is found is shown to the writer, who may read the file anyway.
    """
    joined = "\n".join("".join(text.split()) for text in texts)
    wanted = {"".join(name.split()) for name in names}
    return sorted(name for name in wanted if len(name) > 1 and name in joined)
