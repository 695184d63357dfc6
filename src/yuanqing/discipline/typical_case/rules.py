"""De-identification (脱敏): words in a text from which somebody could be recognised.

Hard findings must go, or be explained by whoever checks the case: names of people and units, numbers that look like
an identity card or a telephone. Hints are shown only: dates with a day, exact amounts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

WIDE = str.maketrans("０１２３４５６７８９Ｘｘ－", "0123456789Xx-")
LETTERS = "A-Za-z0-9_"
GAP = r"[\s\u3000·]*"  # names are sometimes set with a space between the characters
IDENTITY = re.compile(rf"(?<![{LETTERS}])(?:\d{{17}}[\dXx]|\d{{15}})(?![{LETTERS}])")
TELEPHONE = re.compile(r"(?<!\d)(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[- ]?\d{7,8})(?!\d)")
DAY = re.compile(r"(?:\d{4}\s*年)?\s*\d{1,2}\s*月\s*\d{1,2}\s*[日号]|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}")
AMOUNT = re.compile(r"\d[\d,，]*(?:\.\d+)?\s*(?:亿|万|千|百)?\s*(?:余)?元")

WHY = {
    "person": gettext_lazy("姓名“%(words)s”"),
    "unit": gettext_lazy("单位名称“%(words)s”"),
    "identity": gettext_lazy("像身份证号的数字“%(words)s”"),
    "telephone": gettext_lazy("像电话号码的数字“%(words)s”"),
    "day": gettext_lazy("具体到日的日期“%(words)s”"),
    "amount": gettext_lazy("确切金额“%(words)s”"),
}
HARD = frozenset({"person", "unit", "identity", "telephone"})


@dataclass(frozen=True, order=True)
class Finding:
    """脱敏发现: the words from `start` to `end` of the text, and of what kind they are."""

    start: int
    end: int
    kind: str
    words: str

    @property
    def is_hard(self) -> bool:
        return self.kind in HARD

    @property
    def sentence(self) -> str:
        return str(WHY[self.kind]) % {"words": self.words}


def identifying(text: str, person_names: Iterable[str], unit_names: Iterable[str]) -> list[Finding]:
    """Everything found, in the order of the text; of findings that lie within each other only the widest."""
    plain = text.translate(WIDE)
    found = [*_names(plain, person_names, "person"), *_names(plain, unit_names, "unit")]
    for kind, pattern in (("identity", IDENTITY), ("telephone", TELEPHONE), ("day", DAY), ("amount", AMOUNT)):
        found += [Finding(*one.span(), kind, one.group()) for one in pattern.finditer(plain)]
    widest: list[Finding] = []
    for one in sorted(set(found), key=lambda f: (f.start, -f.end, not f.is_hard)):
        if not any(w.start <= one.start and one.end <= w.end and w.is_hard >= one.is_hard for w in widest):
            widest.append(Finding(one.start, one.end, one.kind, text[one.start : one.end]))
    return widest


def _names(text: str, names: Iterable[str], kind: str) -> Iterator[Finding]:
    for name in sorted({"".join(one.split()) for one in names if len("".join(one.split())) > 1}):
        for one in re.finditer(GAP.join(map(re.escape, name)), text):
            yield Finding(*one.span(), kind, one.group())


def unexplained(findings: Iterable[Finding], explanations: dict[str, str]) -> list[Finding]:
    """Hard findings that nobody has given a reason for."""
    return [one for one in findings if one.is_hard and not explanations.get(one.words, "").strip()]


@dataclass(frozen=True)
class Span:
    """A stretch of the text, with what was found there."""

    text: str
    finding: Finding | None = None


def marked(text: str, findings: Iterable[Finding]) -> list[Span]:
    """The text cut at its findings, so that a page can show them at the words."""
    spans: list[Span] = []
    at = 0
    for one in sorted(findings):
        if one.start >= at:
            spans += [Span(text[at : one.start]), Span(text[one.start : one.end], one)]
            at = one.end
    spans.append(Span(text[at:]))
    return [span for span in spans if span.text]
