"""Calls that come together are done together; each gets its own answer, and one that fails spoils no other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from yuanqing.kernel.acts.together import Together


def test_what_waits_is_done_in_one_go_and_answered_apart():
    begun, may_go, runs = Event(), Event(), list[list[int]]()

    def run(many):
        runs.append(list(many))
        begun.set()
        may_go.wait(20)
        return [n * n for n in many]

    together = Together(run, most=50)
    with ThreadPoolExecutor(10) as pool:
        first = pool.submit(together, 0)
        assert begun.wait(20)
        rest = [pool.submit(together, n) for n in range(1, 9)]
        while len(together.waiting) < 8:
            pass
        may_go.set()
        assert [first.result(20), *(one.result(20) for one in rest)] == [n * n for n in range(9)]
    assert runs[0] == [0]
    assert sorted(runs[1]) == list(range(1, 9))
    assert len(runs) == 2


def test_no_more_than_so_many_are_done_at_once():
    sizes = list[int]()

    def run(many):
        sizes.append(len(many))
        return list(many)

    together = Together(run, most=3)
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(together, range(500))) == list(range(500))
    assert max(sizes) <= 3
    assert sum(sizes) == 500


def test_one_that_fails_spoils_no_other():
    begun, may_go = Event(), Event()

    def run(many):
        begun.set()
        may_go.wait(20)
        if 3 in many:
            raise ValueError("three")
        return list(many)

    together = Together(run, most=50)
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(together, 0)
        assert begun.wait(20)
        rest = [pool.submit(together, n) for n in (1, 2, 3, 4)]
        while len(together.waiting) < 4:
            pass
        may_go.set()
        assert first.result(20) == 0
        assert [rest[n].result(20) for n in (0, 1, 3)] == [1, 2, 4]
        with pytest.raises(ValueError, match="three"):
            rest[2].result(20)
    assert together(5) == 5
