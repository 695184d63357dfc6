"""Reading the seven elements out of a text by rules: word lists of the pack, forms of dates, amounts and names.

Plain text in, finds out; nothing leaves the process. What is found is shown with the words that say it, what is not found
as missing: a checklist, never a probability. How well persons and employers are found, by shape of sentence, is measured
in tests/cases/element.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

ELEMENTS = ("when", "where", "who", "what", "how", "why", "thing")
SHOWN = 4  # finds of an element that are shown
AROUND = 10  # letters shown on both sides of a word that says what was done
Words = Mapping[str, Sequence[str]]  # group of the pack → its words

NUMBER = r"[0-9０-９一二三四五六七八九十百千万亿两零〇几数半多余]"
MONEY = re.compile(
    rf"(?:人民币|现金|约|近|共计|合计|价值)?[0-9０-９,，.]*{NUMBER}+(?:余|多)?(?:元|万元|亿元|万|块钱|块|美元|港元|欧元)"
)
DAY = re.compile(
    r"(?:(?:19|20)\d{2}|[一二][九〇零○]?[〇零○一二三四五六七八九]{2,3})年(?:(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:份|底|初|(?:\d{1,2}|[一二三四五六七八九十]{1,3})[日号])?)?"
    r"|(?:19|20)\d{2}[./-]\d{1,2}(?:[./-]\d{1,2})?"
    r"|(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:\d{1,2}|[一二三四五六七八九十]{1,3})[日号]"
    r"|(?:去年|今年|前年|上个月|本月|上周|昨天|前天|近[一二三两几]年|[一二三两几]年前)(?:底|初|春节|中秋|国庆|年底|\d{1,2}月)?"
)
LETTERS = "一-鿿"
HAN = f"[{LETTERS}]"
AFTER_END = (
    "[长级员理置罚分方门于]|书记"  # what makes another word of what looks like the end of an organisation's name
)
GENERIC = re.compile(r"(?:.{0,2}家|某个?|哪个|各|每个)")  # any of them, none by name
NAMES = ("nr",)  # classes of the dictionary's words that are names of people
FUNCTION = ("v", "p", "c", "u", "d", "r", "m", "uj", "ul", "f", "t")
NEVER_LAST = "和及向将的让开带在用是同与把给被从对虚签发拿多说也都要"  # letters that follow a name and end none


@dataclass(frozen=True)
class Find:
    """一处: an element, the words that name it, and where they stand in the text."""

    element: str
    said: str
    start: int
    kind: str = ""  # of `who`: person, employer

    @property
    def end(self) -> int:
        return self.start + len(self.said)


def either(words: Iterable[str]) -> str:
    """A pattern for any of these words, longer ones first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


@cache
def _cutter() -> Any:
    import rjieba

    return rjieba.Jieba()


def finds(text: str, words: Words) -> list[Find]:
    """Everything found, in the order of the text."""
    found: list[Find] = []
    for element, read in READERS.items():
        found += [find for find in read(text, words) if find.element == element]
    return sorted(set(found), key=lambda find: (find.start, find.element, -len(find.said)))


def checklist(found: Sequence[Find]) -> dict[str, list[str]]:
    """Element → the words that name it, at most a few; [] where nothing does."""
    said: dict[str, list[str]] = {element: [] for element in ELEMENTS}
    for find in found:
        if find.said not in said[find.element] and len(said[find.element]) < SHOWN:
            said[find.element].append(find.said)
    return said


def checkability(said: Mapping[str, Sequence[str]]) -> list[str]:
    """Codes of the reasons why a report can be checked (…_named) or cannot yet (…_missing); the pack has the sentences."""
    first = ("who", "what", "when", "thing")
    return [f"{one}_{'named' if said[one] else 'missing'}" for one in first]


# When, where, what, how, why, things


def _patterns(element: str, *patterns: re.Pattern[str]) -> Callable[[str, Words], Iterator[Find]]:
    def read(text: str, words: Words) -> Iterator[Find]:
        listed = either(words.get(element, ()))
        for pattern in (*patterns, *([re.compile(listed)] if listed else [])):
            yield from (Find(element, one.group(), one.start()) for one in pattern.finditer(text))

    return read


def _clauses(element: str) -> Callable[[str, Words], Iterator[Find]]:
    """The clause around each listed word, cut short."""

    def read(text: str, words: Words) -> Iterator[Find]:
        for one in re.finditer(either(words[element]), text) if words.get(element) else ():
            start = max(_break_before(text, one.start()), one.start() - AROUND)
            end = min(_break_after(text, one.end()), one.end() + AROUND)
            yield Find(element, text[start:end], start)

    return read


def _break_before(text: str, at: int) -> int:
    return max((text.rfind(mark, 0, at) for mark in "，。；！？、\n,;"), default=-1) + 1


def _break_after(text: str, at: int) -> int:
    ends = [found for mark in "，。；！？\n,;" if (found := text.find(mark, at)) >= 0]
    return min(ends, default=len(text))


# Who: employers and persons


def employers(text: str, words: Words) -> list[Find]:
    """Names that end as names of organisations do, as far back as they are one name."""
    ends = rf"(?:{either(words['employer'])})(?!{AFTER_END})"
    inner = re.compile(either(words["before_employer"]))
    pattern = re.compile(rf"[0-9A-Za-z{LETTERS}]{{1,24}}?{ends}(?:[0-9A-Za-z{LETTERS}]{{0,12}}?{ends})*")
    found = []
    for one in pattern.finditer(text):
        start = one.start()
        for cut in inner.finditer(one.group()):
            if cut.end() < len(one.group()):
                start = one.start() + cut.end()
        start += 1 if text.startswith("原", start) else 0
        said = text[start : one.end()]
        if len(said) > 2 and said not in words["no_employer"] and not GENERIC.match(said):
            found.append(Find("who", said, start, "employer"))
    return found


def persons(text: str, words: Words) -> list[Find]:
    """Surname and post; surname and 某; and full names where one may stand, or as the dictionary cuts them."""
    family, duty = either(words["surname"]), either(words["duty"])
    veiled, posted = rf"(?:{family})(?:某某|某|××|XX|\*\*)", rf"(?!任副)(?:{family})(?:{duty})"
    found = [Find("who", one.group(), one.start(), "person") for one in re.finditer(f"{veiled}|{posted}", text)]
    taken = {at for find in found for at in range(find.start, find.end)}
    names = re.compile(rf"(?:{family}){HAN}{{1,2}}")
    edge = re.compile(rf"(?:^|[^{LETTERS}]|{either(words['before_person'])}|{duty})$")
    certain = re.compile(
        rf"(?:^|[^{LETTERS}]|{duty}|举报|检举|控告|反映)$"
    )  # a name is likely here, be it a word as well
    follow = re.compile(rf"(?:[^{LETTERS}]|$|{either(words['after_person'])}|{duty})")
    cuts = _cuts(text)
    for one in _overlapping(names, text):
        before = text[max(0, one.start() - 6) : one.start()]
        if one.start() in taken or not edge.search(before):
            continue
        end = _name_ends(text, one.start(), one.end(), cuts, follow, words, is_certain=bool(certain.search(before)))
        if end:
            found.append(Find("who", text[one.start() : end], one.start(), "person"))
            taken |= set(range(one.start(), end))
    return found


def _cuts(text: str) -> dict[int, tuple[int, str]]:
    """Where the dictionary's words begin → (where they end, their class)."""
    at, found = 0, dict[int, tuple[int, str]]()
    for word, tag in _cutter().tag(text, True):
        found[at] = (at + len(word), tag)
        at += len(word)
    return found


def _overlapping(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    at = 0
    while one := pattern.search(text, at):
        yield one
        at = one.start() + 1


def _name_ends(
    text: str, start: int, longest: int, cuts: Mapping[int, tuple[int, str]], follow: re.Pattern[str], words: Words,
    is_certain: bool,
) -> int:  # fmt: skip
    """Where the name that begins here ends; 0 when none does. First what must follow a name, then the dictionary; where a
    name is certain it may be a word of the language as well."""
    shortest = start + (3 if text[start : start + 2] in words["surname"] else 2)
    whole, tag = cuts.get(start, (0, ""))
    if any(text[start : start + n] in words["no_person"] for n in (2, 3, 4)):
        return 0
    for end in range(longest, shortest - 1, -1):
        known = whole == end and not tag.startswith(NAMES)  # a word of the language, not a name
        if text[end - 1] in NEVER_LAST or (known and not is_certain):
            continue
        if (whole == end and not known) or (follow.match(text, end) and (end in cuts or end - start > 2 or is_certain)):
            return end
    if whole == shortest - 1 and cuts.get(whole, (0, ""))[1] not in ("", *FUNCTION):  # surname | given name
        end = cuts[whole][0]
        return end if end <= longest and text[end - 1] not in NEVER_LAST else 0
    return 0


def _who(text: str, words: Words) -> Iterator[Find]:
    places = employers(text, words)
    inside = [(find.start, find.end) for find in places]
    yield from places
    for find in persons(text, words):
        if not any(start <= find.start and find.end <= end for start, end in inside):
            yield find


READERS: dict[str, Callable[[str, Words], Iterator[Find]]] = {
    "when": _patterns("when", DAY),
    "where": _patterns("where"),
    "who": _who,
    "what": _clauses("what"),
    "how": _clauses("how"),
    "why": _clauses("why"),
    "thing": _patterns("thing", MONEY),
}
