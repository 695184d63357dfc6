"""Python's garbage collector: what is loaded stays, and need not be looked through again and again."""

from __future__ import annotations

import gc

# New objects before the collector looks. A page has thousands alive while it is drawn and leaves few in cycles
# (shell/drawing.py): looking amid a page finds little. For this a process may hold some forty megabytes more.
OBJECTS = 200_000


def settle() -> None:
    """Call when everything is loaded: the collector forgets about it, and looks seldom through what comes after."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS, 20, 20)
