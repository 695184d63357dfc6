"""The word lists in force, and the checklist of an unlocked text in words."""

from __future__ import annotations

from dataclasses import dataclass

from yuanqing.cases.element import rules
from yuanqing.kernel.packs.published import NotInForce, current
from yuanqing.kernel.packs.schema import Pack

PACK = "elements"


@dataclass(frozen=True)
class Named:
    """一个要素: its name, and the words of the text that name it; none where it is missing."""

    code: str
    label: str
    said: tuple[str, ...]


def words_of(pack: Pack) -> dict[str, tuple[str, ...]]:
    """The word lists by group."""
    return {entry.code: tuple(entry.data["values"]["words"].split()) for entry in pack.table("words")}


def read(text: str) -> tuple[list[Named], list[str]]:
    """(the seven elements, why the text can be checked or cannot yet); empty while no word lists are in force."""
    try:
        pack, labels = current(PACK), {entry.code: entry.label for entry in current("leads").table("element")}
    except NotInForce:
        return [], []
    said = rules.checklist(rules.finds(text, words_of(pack)))
    reasons = {entry.code: entry.label for entry in pack.table("reason")}
    named = [Named(code, labels.get(code, code), tuple(said[code])) for code in rules.ELEMENTS]
    return named, [reasons[code] for code in rules.checkability(said) if code in reasons]
