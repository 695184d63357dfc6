"""How fast writings are compared: every pair of 3,000 in one go, one more against all, and how both grow to 100,000.

Run `python -m bench.copies [most [least]]`; the texts are made up, one in fifty holds a planted copy of 30 % of another.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from functools import lru_cache

import numpy as np
from tests.education.writing.texts import copied, honest

from bench.figures_log import record
from yuanqing.education.writing import rules

RUN, ASK, LETTERS = 24, 600, 1000
SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
SLICE = 10_000  # texts whose runs are sorted at a time


def texts(count: int) -> tuple[list[str], set[tuple[int, int]]]:
    """Made-up texts, and which pairs were planted."""
    chance, made, planted = random.Random(count), list[list[str]](), set[tuple[int, int]]()
    for n in range(count):
        own = honest(n, LETTERS)
        if n % 50 == 49:
            source = chance.randrange(n)
            own = copied(own, made[source], 0.3, n, shuffled=n % 100 == 99)
            planted.add((source, n))
        made.append(own)
    return ["".join(one) for one in made], planted


def measure(count: int) -> dict[str, float]:
    made, planted = texts(count)
    begun = time.process_time()
    letters = [rules.plain(one).letters for one in made]
    prints, often = map(list, zip(*(rules.runs(one, RUN) for one in letters), strict=True))
    lengths = [len(one) for one in letters]
    del letters
    printed = time.process_time()
    least = min(-(-ASK * length // (10_000 * RUN * n)) for length, n in zip(lengths, often, strict=True))
    shared = rules.pairs(prints, slices=max(1, count // SLICE), least=least)
    near = [(a, b) for a, b, n in shared if rules.may_cover(n, often[b], lengths[b], ASK, RUN)]
    near.sort(key=lambda pair: pair[1])
    own = lru_cache(2)(lambda n: rules.grams(rules.plain(made[n]).letters, RUN))
    close = [(a, b) for a, b in near if rules.letters_shared(own(b), prints[a], RUN) * 10_000 >= ASK * lengths[b]]
    paired = time.process_time()
    plain = lru_cache(4096)(lambda n: rules.plain(made[n]))
    found = {(a, b) for a, b in close if rules.share(made[b], rules.passages(plain(b), plain(a), RUN)) >= ASK}
    compared = time.process_time()
    return {
        "texts": count,
        "runs": sum(map(len, prints)),
        "print_s": round(printed - begun, 2),
        "pairs_s": round(paired - printed, 2),
        "passages_s": round(compared - paired, 2),
        "all_s": round(compared - begun, 2),
        "candidates": len(shared),
        "counted": len(near),
        "compared": len(close),
        "missed": len(planted - found),
        "unplanted": len(found - planted),
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def main(most: int = 100_000, least: int = 0) -> None:
    np.seterr(over="ignore")
    for count in (size for size in SIZES if least <= size <= most):
        row = measure(count)
        sys.stdout.write("  ".join(f"{name}={value}" for name, value in row.items()) + "\n")
        sys.stdout.flush()
        if count == 3_000:
            record(
                "every pair of 3,000 writings compared", row["all_s"], "s of processor time", "< 10", row["all_s"] < 10
            )
            record("planted copies missed among 3,000 writings", row["missed"], "pairs", "0", row["missed"] == 0)
        if count == 100_000:
            record(
                "every pair of 100,000 writings compared",
                row["all_s"],
                "s of processor time",
                "< 600",
                row["all_s"] < 600,
            )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
