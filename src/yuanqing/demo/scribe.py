"""Puts sentences together from the words of the demo's essays, so that no two authors share a longer run of letters by chance."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

from yuanqing.demo import essay_words as words

CHOICE = re.compile(r"\[([^\[\]]*)\]")
RUN = 24  # letters in a row that the check of copies counts
TRIES, MOST = 250, 40  # how often a sentence is tried; letters that an author may have in common with another by chance
NUMBERED = ("第一", "第二", "第三", "一、", "二、", "三、", "四、")


class Scribe:
    """代笔: one for all authors of a demo; it remembers every run of letters that it has written, and for whom."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.author = 0
        self.written: dict[str, set[int]] = {}
        self.shared: dict[int, int] = {}
        self.before = ""

    def parts(self, kind: str, headings: Sequence[str], borrowed: Sequence[str] = ()) -> list[list[str]]:
        """The sentences of each part by the next author, about a field; what is borrowed comes on top."""
        self.author, self.shared, self.before = self.author + 1, {}, ""
        self._add(_runs("".join(filter(str.isalnum, "".join(borrowed)))))
        field = self.chance.choice(words.FIELDS)
        found = []
        for heading, moves in zip(headings, words.PARTS[kind], strict=True):
            self._add(_runs(self.before + heading))
            self.before = (self.before + heading)[1 - RUN :]
            found.append([said for move in moves for said in self.sentences(move, 3, field)])
        return found

    def _add(self, runs: Sequence[str]) -> None:
        """The author has these words, whoever wrote them first."""
        for other, n in self._same(runs).items():
            self.shared[other] = self.shared.get(other, 0) + n
        for run in runs:
            self.written.setdefault(run, set()).add(self.author)

    def _same(self, runs: Sequence[str]) -> dict[int, int]:
        """Letters that the runs have in common with each author."""
        places: dict[int, list[int]] = {}
        for place, run in enumerate(runs):
            for other in self.written.get(run, ()):
                places.setdefault(other, []).append(place)
        return {other: _covered(found) for other, found in places.items() if other != self.author}

    def another(self, move: Sequence[str]) -> str:
        """Something that nobody has said in these words; "" when they are used up."""
        self.author, self.shared, self.before = self.author + 1, {}, ""
        about = self.chance.choice(words.FIELDS)
        tried = (self._said(pattern, about, most=0) for pattern in self.chance.sample(list(move), len(move)))
        return next(filter(None, tried), "")

    def sentences(self, move: Sequence[str], count: int, about: Mapping[str, str]) -> list[str]:
        """So many different things to say at this place, what is numbered first; fewer when the words are used up."""
        found: list[str] = []
        patterns = self.chance.sample(list(move), len(move))
        for pattern in sorted(patterns, key=lambda one: not one.startswith(NUMBERED)):
            said = self._said(pattern, about) if len(found) < count else ""
            found += [said] if said else []
        return found

    def _said(self, pattern: str, about: Mapping[str, str], most: int = MOST) -> str:
        for _n in range(TRIES):
            chosen = CHOICE.sub(lambda found: self.chance.choice(found[1].split("|")), pattern)
            said = chosen.format(**self._numbers(), **about)
            letters = self.before + "".join(filter(str.isalnum, said))
            runs = _runs(letters)
            if self._is_own(runs, most):
                self._add(runs)
                self.before = letters[1 - RUN :]
                return said
        return ""

    def _is_own(self, runs: Sequence[str], most: int) -> bool:
        """Whether with these the author still shares little with everybody, and says nothing twice."""
        is_new = not any(self.author in self.written.get(run, ()) for run in runs)
        return is_new and all(self.shared.get(other, 0) + n <= most for other, n in self._same(runs).items())

    def _numbers(self) -> dict[str, object]:
        draw, pick = self.chance.randint, self.chance.choice
        return {
            "n": draw(12, 96), "k": draw(2, 9), "many": draw(120, 960), "month": draw(2, 12), "soon": draw(10, 12), "low": draw(55, 74), "high": draw(82, 95),
            "when": pick(words.WHEN), "group": pick(words.GROUPS), "checker": pick(words.CHECKERS),
        }  # fmt: skip


def _runs(letters: str) -> list[str]:
    return [letters[n : n + RUN] for n in range(len(letters) - RUN + 1)]


def _covered(places: Sequence[int]) -> int:
    """How many letters the runs that begin at these places cover."""
    return sum(min(after - at, RUN) for at, after in zip(places, [*places[1:], places[-1] + RUN], strict=True))
