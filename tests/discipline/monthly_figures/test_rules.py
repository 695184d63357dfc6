"""Which rows a printed list names when there are too many: whole upper levels, never a part of one if another fits."""

from __future__ import annotations

from yuanqing.discipline.monthly_figures.rules import cut

TREE = [{"path": path} for path in ("0/", "0/1/", "0/1/a/", "0/1/b/", "0/2/", "0/2/c/")]


def paths(limit: int) -> tuple[list[str], int]:
    kept, more = cut(TREE, limit)
    return [row["path"] for row in kept], more


def test_all_that_fit():
    assert paths(6) == ([row["path"] for row in TREE], 0)


def test_upper_levels():
    assert paths(5) == (["0/", "0/1/", "0/2/"], 3)
    assert paths(3) == (["0/", "0/1/", "0/2/"], 3)
    assert paths(2) == (["0/"], 5)


def test_when_even_the_first_level_is_too_long():
    flat = [{"path": f"0/{n}/"} for n in range(5)]
    kept, more = cut(flat, 3)
    assert ([row["path"] for row in kept], more) == (["0/0/", "0/1/", "0/2/"], 2)
