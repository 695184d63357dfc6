"""Relations between numbers as packs write them: `carried + received - concluded = open`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

Look = Callable[[str, bool], int | str]  # (name, of last month?) → value

_RELATION = re.compile(r"(.+?)\s*(<=|>=|!=|=|<|>)\s*(.+)")
_TERM = re.compile(r"\s*([+-]?)\s*(?:(\d+)|(last\.)?([a-z][a-z0-9_]*)|'([a-z0-9_]*)')\s*", re.ASCII)
_COMPARE: dict[str, Callable[[int | str, int | str], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<=": lambda left, right: int(left) <= int(right),
    ">=": lambda left, right: int(left) >= int(right),
    "<": lambda left, right: int(left) < int(right),
    ">": lambda left, right: int(left) > int(right),
}


@dataclass(frozen=True, slots=True)
class Term:
    """One summand: a number, a quoted word, or the name of an item, this month's or last month's."""

    sign: int
    number: int | None = None
    word: str | None = None
    name: str = ""
    of_last_month: bool = False

    def value(self, look: Look) -> int | str:
        if self.word is not None:
            return self.word
        return self.number if self.number is not None else look(self.name, self.of_last_month)


@dataclass(frozen=True, slots=True)
class Relation:
    """审核关系: two sums of items and numbers compared; a quoted word compares with one chosen answer."""

    left: tuple[Term, ...]
    sign: str
    right: tuple[Term, ...]

    @classmethod
    def parse(cls, text: str) -> Relation:
        found = _RELATION.fullmatch(text.strip())
        if found is None:
            raise ValueError(_("关系“%(text)s”应写成“甲 + 乙 = 丙”的样子") % {"text": text})
        left, right = _terms(found[1]), _terms(found[3])
        if found[2] not in ("=", "!=") and any(term.word is not None for term in (*left, *right)):
            raise ValueError(_("关系“%(text)s”中，文字只能比较相等或不等") % {"text": text})
        return cls(left, found[2], right)

    @property
    def names(self) -> set[str]:
        return {term.name for term in (*self.left, *self.right) if term.name}

    def sides(self, look: Look) -> tuple[int | str, int | str]:
        left, right = _total(self.left, look), _total(self.right, look)
        if isinstance(left, str) or isinstance(right, str):
            return left or "", right or ""  # an unanswered choice or text is looked up as 0, and is the empty word
        return left, right

    def holds(self, look: Look) -> bool:
        return _COMPARE[self.sign](*self.sides(look))


def _terms(text: str) -> tuple[Term, ...]:
    terms: list[Term] = []
    position = 0
    while position < len(text):
        found = _TERM.match(text, position)
        if found is None or (terms and not found[1]):
            raise ValueError(_("看不懂关系中的“%(text)s”") % {"text": text[position:]})
        sign, number, last, name, word = found.groups()
        terms.append(Term(-1 if sign == "-" else 1, int(number) if number else None, word, name or "", bool(last)))
        position = found.end()
    return tuple(terms)


def _total(terms: tuple[Term, ...], look: Look) -> int | str:
    """A sum of numbers; a single word or chosen answer stays a word."""
    values = [(term.sign, term.value(look)) for term in terms]
    if len(values) == 1 and isinstance(values[0][1], str):
        return values[0][1]
    return sum(sign * value for sign, value in values if isinstance(value, int))
