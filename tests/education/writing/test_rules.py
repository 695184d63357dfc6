"""Planted copies are found, honest texts are not; the runs are those a reader would mark."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from tests.education.writing.texts import copied, honest

from yuanqing.education.writing import rules

RUN, ASK = 24, 600
RUN_OF_20 = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"


def share_of(one: str, other: str) -> int:
    found = rules.passages(rules.plain(one), rules.plain(other), RUN)
    return rules.share(one, found)


@pytest.mark.parametrize("part", [0.1, 0.3, 1.0])
@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_planted_copies_are_found(part, shuffled, seed):
    mine, theirs = honest(100 + seed), honest(200 + seed)
    text, source = "".join(copied(mine, theirs, part, seed, shuffled)), "".join(theirs)
    prints = [rules.fingerprints(rules.plain(one).letters, RUN) for one in (source, text)]
    [(first, second, shared)] = rules.pairs(prints)
    assert (first, second) == (0, 1)
    assert rules.may_reach(shared, rules.length(text), ASK, RUN)
    assert share_of(text, source) >= max(ASK, part * 10_000 * 0.85)


@pytest.mark.parametrize("slices", [1, 4])
@pytest.mark.parametrize("part", [0.1, 0.3, 1.0])
def test_all_against_all_finds_the_copies_and_nothing_else(part, slices):
    """Counting shared runs says the same as comparing letter by letter: no pair worth asking about is passed over."""
    made = [honest(500 + n) for n in range(40)]
    for later, source in ((17, 3), (29, 3), (35, 20)):
        made[later] = copied(made[later], made[source], part, later, shuffled=later == 29)
    texts = ["".join(one) for one in made]
    letters = [rules.plain(one).letters for one in texts]
    prints, often = zip(*(rules.runs(one, RUN) for one in letters), strict=True)
    near = [
        (a, b)
        for a, b, n in rules.pairs(prints, slices=slices)
        if rules.may_cover(n, often[b], len(letters[b]), ASK, RUN)
    ]
    truth = {(a, b) for b in range(40) for a in range(b) if share_of(texts[b], texts[a]) >= ASK}
    assert truth <= set(near)
    assert {(3, 17), (3, 29), (20, 35)} <= truth
    assert len(near) <= 12


@pytest.mark.parametrize("part", [0.0, 0.1, 0.3, 1.0])
@pytest.mark.parametrize("seed", range(4))
def test_counting_runs_never_says_less_than_the_passages(part, seed):
    theirs = honest(300 + seed)
    text, source = "".join(copied(honest(400 + seed), theirs, part, seed, shuffled=True)), "".join(theirs)
    one, other = rules.plain(text), rules.plain(source)
    counted = rules.letters_shared(rules.grams(one.letters, RUN), rules.runs(other.letters, RUN)[0], RUN)
    found = sum(rules.length(text[start:end]) for start, end, _s, _e in rules.passages(one, other, RUN))
    assert found <= counted <= found + RUN * 2


def test_a_run_that_stands_twice_covers_twice():
    phrase = rules.plain("".join(honest(7, 60))).letters[:30]
    once, twice = phrase + "甲" * 30, phrase + "乙丙" + phrase
    (prints, _n), (others, often) = rules.runs(once, RUN), rules.runs(twice, RUN)
    [(_a, _b, shared)] = rules.pairs([prints, others])
    assert (shared, often) == (7, 2)
    assert rules.may_cover(shared, often, len(twice), 9_000, RUN)
    assert rules.pairs([prints, others], least=8) == []


def test_sixty_honest_texts_are_not_flagged():
    texts = ["".join(honest(seed)) for seed in range(60)]
    prints = [rules.fingerprints(rules.plain(one).letters, RUN) for one in texts]
    flagged = [(a, b) for a, b, _n in rules.pairs(prints) if share_of(texts[b], texts[a]) >= ASK]
    assert flagged == []


def test_nothing_of_the_length_of_a_run_escapes_the_fingerprints():
    """Every two texts that share a run share a fingerprint: what the windows promise."""
    source = "".join(honest(1))
    letters = rules.plain(source).letters
    for start in range(0, 300, 7):
        other = rules.plain("".join(honest(1000 + start, 200))).letters + letters[start : start + RUN]
        assert set(rules.fingerprints(other, RUN)) & set(rules.fingerprints(letters, RUN)), start


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("前面" + RUN_OF_20 + "后面", "别的" + RUN_OF_20 + "话", [(2, 22, 2, 22)]),
        ("甲乙，丙丁戊 己庚辛壬癸。子丑寅卯辰巳午未申酉", RUN_OF_20, [(0, 23, 0, 20)]),  # marks and blanks hide nothing
        (RUN_OF_20[:12], RUN_OF_20[:12], []),  # too short
        ("", RUN_OF_20, []),
    ],
)
def test_passages(one, other, expected):
    assert rules.passages(rules.plain(one), rules.plain(other), 20) == expected


def test_what_was_handed_out_does_not_count_between_peers():
    handed = [(0, 30, 5, 35)]
    assert rules.without([(2, 28, 0, 26), (40, 70, 50, 80)], handed) == [(40, 70, 50, 80)]


def test_marking_joins_and_orders():
    assert rules.marked("甲乙丙丁戊", [(3, 4), (0, 2), (1, 2)]) == [
        ("甲乙", True),
        ("丙", False),
        ("丁", True),
        ("戊", False),
    ]


def test_set_phrases_found_everywhere_say_nothing_about_two():
    phrase = "".join(honest(5, 60))
    prints = [rules.fingerprints(rules.plain(phrase).letters, RUN)] * 12
    assert rules.pairs(prints, common=10) == []
    assert len(rules.pairs(prints, common=12)) == len(list(combinations(range(12), 2)))


@pytest.mark.parametrize(
    ("shared", "letters", "expected"), [(1, 550, True), (1, 551, False), (2, 1100, True), (0, 10, False)]
)
def test_so_few_fingerprints_cannot_reach_the_share(shared, letters, expected):
    """33 letters a fingerprint at most: two windows of 9 and one run of 16 less one."""
    assert rules.may_reach(shared, letters, ASK, RUN) is expected


@pytest.mark.parametrize("part", [0.06, 0.1, 0.3, 1.0])
@pytest.mark.parametrize("shuffled", [False, True])
def test_counting_grams_never_sets_a_copy_aside(part, shuffled):
    for seed in range(20):
        other = honest(seed + 500)
        one = copied(honest(seed), other, part, seed, shuffled)
        mine, theirs = rules.plain("".join(one)), rules.plain("".join(other))
        if rules.share("".join(one), rules.passages(mine, theirs, 24)) >= 600:
            assert rules.may_share(
                rules.grams(mine.letters), np.sort(rules.grams(theirs.letters)), len(mine.letters), 600, 24
            )


def test_counting_grams_sets_most_strangers_aside():
    texts = [rules.plain("".join(honest(seed))) for seed in range(60)]
    hashes = [np.sort(rules.grams(one.letters)) for one in texts]
    kept = sum(
        rules.may_share(hashes[a], hashes[b], len(texts[a].letters), 600, 24) for a in range(60) for b in range(a)
    )
    assert kept <= 60 * 59 // 2 // 20
    assert not rules.may_share(rules.grams("短"), rules.grams("短"), 1, 600, 24)


def test_letters_that_have_two_small_ones_keep_their_places():
    text = "İ" * 30 + "同一句话里有一个少见的字母，位置不能错开，一个也不能。"
    found = rules.plain(text)
    assert len(found.letters) == len(found.places)
    assert rules.passages(found, rules.plain(text), RUN) == [(0, len(text) - 1, 0, len(text) - 1)]


def test_what_many_hold_is_found_at_its_source():
    """Twelve texts share one passage: with three who count as the first there are 3 + 3 * 9 pairs, not 66."""
    passage = rules.runs("大家都抄了的这一句话一共有二十多个字那么长不算标点符号", RUN)[0]
    prints = [passage] * 12
    assert {(a, b) for a, b, _n in rules.pairs(prints, first=3)} == {
        (a, b) for a, b in combinations(range(12), 2) if a < 3
    }
    assert len(rules.pairs(prints, first=12)) == 66
