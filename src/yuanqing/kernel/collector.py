"""Python's garbage collector: what is loaded stays, and need not be looked through again and again."""

from __future__ import annotations

import gc

OFTEN, SELDOM = 20_000, 50_000  # new objects before the collector looks; a process that soon ends can wait longer


def settle(objects: int = OFTEN) -> None:
    """Call when everything is loaded: the collector forgets about it, and looks seldom through what comes after."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(objects, 20, 20)
