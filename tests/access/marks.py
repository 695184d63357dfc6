"""Where the actors stand, and the words by which what belongs to a place is known again."""

from __future__ import annotations

PLACES = {"own": "01", "parent": "0", "child": "0101", "sibling": "02", "none": "0201"}
SECRET = "密语{code}号"  # stands in every free text of a unit, so that it can be looked for in what others are shown


def secret(code: str) -> str:
    return SECRET.format(code=code)
