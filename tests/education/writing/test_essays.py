"""What the demo's leaders write: long enough, each in his own words, and exactly the planted copies are found."""

from __future__ import annotations

from typing import Any

from yuanqing.demo.essays import BORROW, Essays
from yuanqing.demo.world import SEED
from yuanqing.education.writing import queries, rules

RUN, ASK = 24, 600


def _flagged(bodies: list[str]) -> set[tuple[int, int]]:
    plain = [rules.plain(body) for body in bodies]
    near = rules.pairs([rules.runs(one.letters, RUN)[0] for one in plain])
    found = [(a, b, rules.passages(plain[b], plain[a], RUN)) for a, b, _n in near]
    return {(a, b) for a, b, passages in found if rules.share(bodies[b], passages) >= ASK}


def test_the_reflections_of_the_demo(school: Any) -> None:
    nobody: Any = None
    essays = Essays(nobody, nobody, SEED)
    bodies = [essays.body("writing.reflection") for _n in range(40)]
    outline = queries.outlines()["writing.reflection"]
    assert [queries.missing_parts(outline, body) for body in bodies] == [[]] * 40
    assert min(map(rules.length, bodies)) >= outline.least
    assert _flagged(bodies) == {(place - 9, place) for place in BORROW}
    richer = [essays._richer("writing.reflection", body) for body in bodies[:12]]
    assert all(len(more) > len(body) + 80 for more, body in zip(richer, bodies, strict=False))
    assert _flagged([*richer, *bodies[12:]]) == {(place - 9, place) for place in BORROW}
    assert not any(sign in body for body in [*bodies, *richer] for sign in "[]{}|")


def test_the_summaries_of_the_demo(school: Any) -> None:
    nobody: Any = None
    essays = Essays(nobody, nobody, SEED)
    bodies = [essays.body("writing.summary") for _n in range(7)]
    outline = queries.outlines()["writing.summary"]
    assert [queries.missing_parts(outline, body) for body in bodies] == [[]] * 7
    assert min(map(rules.length, bodies)) >= outline.least
    assert _flagged(bodies) == set()
