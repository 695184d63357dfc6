"""What is found of persons and employers in sentences written for it, by shape; dates, amounts and the rest by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from yuanqing.cases.element import rules
from yuanqing.cases.element.queries import words_of
from yuanqing.norms.packs import shipped

WORDS = words_of(shipped("elements"))
MARKED = re.compile(r"\[([^\]/]+)/([pe])\]")
KINDS = {"p": "person", "e": "employer"}
# shape → the least precision and recall for (persons, employers); measured, then rounded down
Count = dict[str, list[int]]  # kind → [found and right, found, to be found]


def sentences() -> Iterator[tuple[str, str, set[tuple[str, str]]]]:
    shape = ""
    for line in Path(__file__).with_name("sentences.txt").read_text(encoding="utf-8").splitlines()[1:]:
        if line.startswith("#"):
            shape = line[2:]
        elif line.strip():
            marks = {(KINDS[kind], said.rstrip("（")) for said, kind in MARKED.findall(line)}
            yield shape, MARKED.sub(lambda one: one[1], line), marks


def measured() -> dict[str, Count]:
    table: dict[str, Count] = {}
    for shape, text, marks in sentences():
        found = {(one.kind, one.said) for one in rules.finds(text, WORDS) if one.element == "who"}
        for kind in KINDS.values():
            mine, theirs = {f for f in found if f[0] == kind}, {m for m in marks if m[0] == kind}
            for name in (shape, "all"):
                row = table.setdefault(name, {k: [0, 0, 0] for k in KINDS.values()})[kind]
                row[0], row[1], row[2] = row[0] + len(mine & theirs), row[1] + len(mine), row[2] + len(theirs)
    return table


def shares(row: list[int]) -> tuple[float, float]:
    """(precision, recall); what is not there is found without fail."""
    right, found, wanted = row
    return (right / found if found else 1.0, right / wanted if wanted else 1.0)


def test_persons_and_employers_are_found_in_sentences_of_many_shapes(capsys):
    assert len(list(sentences())) >= 200
    table = measured()
    with capsys.disabled():
        for shape, row in sorted(table.items(), key=lambda one: int(one[0].split()[0]) if one[0] != "all" else 99):
            said = "  ".join(f"{kind} P {p:.2f} R {r:.2f}" for kind in row for p, r in [shares(row[kind])])
            print(f"{shape:<45}{said}")
    for kind, least in (("person", 0.9), ("employer", 0.9)):
        assert min(shares(table["all"][kind])) >= least


if __name__ == "__main__":
    for shape, text, marks in sentences():
        found = {(one.kind, one.said) for one in rules.finds(text, WORDS) if one.element == "who"}
        if found != marks:
            print(shape[:2], text, "| missing", marks - found, "| wrong", found - marks)
    for shape, row in measured().items():
        print(shape, {k: tuple(round(x, 2) for x in shares(v)) for k, v in row.items()})
