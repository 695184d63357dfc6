"""Python's garbage collector: what is loaded stays, and need not be looked through again and again."""

from __future__ import annotations

import gc

# New objects before the collector looks. A page leaves two or three thousand in cycles and has more alive while it is drawn:
# looking amid a page finds little and costs a tenth of it. For this a process may hold some forty megabytes more.
OBJECTS = 200_000


def settle() -> None:
    """Call when everything is loaded: the collector forgets about it, and looks seldom through what comes after."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS, 20, 20)
