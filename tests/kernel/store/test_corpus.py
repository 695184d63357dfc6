"""More than three hundred files: each gets its verdict, quickly, within little memory, and nothing of a refused one stays."""

from __future__ import annotations

import resource
import time
from collections import Counter

from tests.kernel.store.corpus import corpus

from yuanqing.kernel.store import names
from yuanqing.kernel.store.contents import Store, Unfit
from yuanqing.kernel.store.verdict import judge

LONGEST = 10.0  # seconds
GROWTH = 300 << 10  # KB of memory, of the whole run


def verdict_on(sample, store: Store) -> str:
    try:
        name = names.clean(sample.name)
        with store.draft(1 << 31) as draft:
            draft.write(sample.content)
            draft.handle.flush()
            found = judge(draft.path, name)
            store.file(draft)
            return found.media_type
    except Unfit as unfit:
        return "" if str(unfit) else "a refusal without a sentence"


def test_every_file_gets_its_verdict(tmp_path):
    store, samples = Store(tmp_path / "files"), corpus()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wrong, slowest = [], 0.0
    for sample in samples:
        began = time.process_time()
        found = verdict_on(sample, store)
        slowest = max(slowest, time.process_time() - began)
        if found != sample.verdict:
            wrong.append((sample.name, sample.content[:24], found or "refused", sample.verdict or "refused"))
    assert wrong == []
    assert len(samples) >= 300
    assert slowest < LONGEST
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < GROWTH
    assert list((tmp_path / "files" / "incoming").iterdir()) == []
    counted = Counter(bool(sample.verdict) for sample in samples)
    assert counted[True] > 30
    kept = list(store.digests())
    assert len(kept) == len({store.path(d).read_bytes() for d in kept}) <= counted[True]
    outside = [path for path in tmp_path.rglob("*") if path.is_file() and not path.is_relative_to(tmp_path / "files")]
    assert outside == []
