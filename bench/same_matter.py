"""Messages about the same matter, found by blind marks in PostgreSQL: how many, and how long it takes.

    python -m bench.same_matter --petitions petitions.csv.gz --groups same_matter.json
    python -m bench.same_matter --leads 1000000

The first seals real messages (id, title, text in a CSV file), learns their marks through the product, and asks for each
message of a listed group (a JSON object of lists of ids) whether its like are among the first ten; then it hands in some
of them again with a fifth of their letters changed. The second fills the table with so many made-up leads, whose marks are
drawn from those of the messages where these are given, and asks the same way.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import statistics
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import numpy as np

from bench.figures_log import record
from bench.private_home import private_home, set_up

Message = tuple[str, str]  # title, text
FIRST, CHANGED, COPIES, ASKED, PORTION, SEED = 10, 0.2, 800, 300, 20_000, 20261126


def read(path: Path) -> dict[int, Message]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return {int(row["id"]): (row["title"], row["text"]) for row in csv.DictReader(file)}


def sealed(messages: Mapping[int, Message]) -> dict[int, UUID]:
    """Each message as a report in the database; the id of its sealed text."""
    from yuanqing.hotline.report.actions import Parcel, submit
    from yuanqing.hotline.report.policies import REPORTER
    from yuanqing.kernel.acts import SYSTEM
    from yuanqing.kernel.sealing import actions, envelope, store
    from yuanqing.norms.clause.actions import publish_shipped

    publish_shipped(by=SYSTEM)
    holder = actions.found_escrow(by=SYSTEM, public=envelope.new_identity()[1], needed=3, custodians=5)
    found, waiting = dict[int, UUID](), list[Parcel]()
    for number, (title, text) in messages.items():
        pk, bundle = uuid4(), store.new_bundle([holder])
        value = store.new_value(bundle.key, "hotline", pk, "content")
        bundle.pieces, bundle.values = store.sealed_in(value, f"{title}\n{text}".encode()), [value]
        waiting.append(Parcel(pk, bundle, pk.bytes * 2, "accusation", "level_middle", False, "zh-hans"))
        found[number] = value.pk
        if len(waiting) == 500 or len(found) == len(messages):
            submit(by=REPORTER, parcels=waiting)
            waiting = []
    return found


def recall(messages: Mapping[int, Message], groups: Mapping[str, list[int]]) -> None:
    from yuanqing.cases.likeness import actions, queries

    ids = sealed(messages)
    marks = {number: queries.features(*message) for number, message in messages.items()}
    for number, value_id in ids.items():
        actions.learn(value_id, marks[number])
    shares = []
    for group in groups.values():
        for number in group:
            wanted = {ids[other] for other in group if other != number}
            found = {one.value_id for one in queries.like(ids[number], marks[number], most=FIRST)}
            shares.append(len(wanted & found) / min(FIRST, len(wanted)))
    said = round(statistics.mean(shares), 4)
    record(
        f"same matter: recall in the first ten, {len(shares)} messages of {len(messages):,}",
        said,
        "",
        "≥ .94",
        said >= 0.94,
    )
    copies(messages, ids)


def copies(messages: Mapping[int, Message], ids: Mapping[int, UUID]) -> None:
    """The same text again with a fifth of its letters replaced by letters of other texts."""
    from yuanqing.cases.likeness import queries

    chance = random.Random(SEED)
    letters = "".join(text for _title, text in list(messages.values())[:400])
    chosen = chance.sample(list(messages), min(COPIES, len(messages)))

    def changed(text: str) -> str:
        return "".join(chance.choice(letters) if chance.random() < CHANGED else one for one in text)

    hits = 0
    for number in chosen:
        again = queries.features(*map(changed, messages[number]))
        hits += ids[number] in {one.value_id for one in queries.like(uuid4(), again, most=FIRST)}
    said = round(hits / len(chosen), 4)
    record(f"same matter: copies with a fifth of the letters changed, {len(chosen)}", said, "", "≥ .99", said >= 0.99)


# A country's leads


def drawn(messages: Mapping[int, Message], number: int) -> tuple[np.ndarray, np.ndarray]:
    """(marks, weights) of so many made-up leads: halves of two messages, and one mark in eight that is the lead's own."""
    from yuanqing.cases.likeness import queries, rules

    chance = np.random.default_rng(SEED)
    if messages:
        base = [queries.features(*message) for message in messages.values()]
        known, total = queries.frequencies({mark for one in base for mark in one})
        kept = [rules.heaviest(one, known, total) for one in base]
        kept = [
            (kept[n], [base[n][mark].weight for mark in kept[n]])
            for n in range(len(base))
            if len(kept[n]) == rules.KEPT
        ]
        source = np.array([marks for marks, _weights in kept], dtype=np.int32)
        heavy = (np.array([weights for _marks, weights in kept]) * rules.UNIT).clip(1, 255).astype(np.uint8)
    else:
        source = (chance.zipf(1.3, (5000, rules.KEPT)) % 2_000_000 + 1).astype(np.int32)
        heavy = chance.integers(16, 64, (5000, rules.KEPT)).astype(np.uint8)
    one, two = chance.integers(0, len(source), (2, number))
    first = chance.random((number, rules.KEPT)) < 0.5
    marks = np.where(first, source[one], source[two])
    weights = np.where(first, heavy[one], heavy[two])
    own = chance.random((number, rules.KEPT)) < 0.125
    marks[own] = chance.integers(-(2**31), 2**31, int(own.sum()), dtype=np.int64).astype(np.int32)
    return marks, weights


def binary(marks: np.ndarray, weights: np.ndarray, ids: list[UUID]) -> bytes:
    """Rows of cases_mark as COPY takes them in its binary form; all are of one length."""
    kept = marks.shape[1]
    pair = np.dtype([("size", ">i4"), ("mark", ">i4")])
    before = [("fields", ">i2"), ("id_size", ">i4"), ("id", "V16"), ("array_size", ">i4"), ("head", ">i4", 5)]
    after = [("weights_size", ">i4"), ("weights", "u1", kept), ("length_size", ">i4"), ("length", ">f8")]
    shape = np.dtype([*before, ("marks", pair, kept), *after])
    rows = np.zeros(len(marks), shape)
    rows["fields"], rows["id_size"], rows["id"] = 4, 16, np.frombuffer(b"".join(i.bytes for i in ids), "V16")
    rows["array_size"], rows["head"] = 20 + 8 * kept, (1, 0, 23, kept, 1)
    rows["marks"]["size"], rows["marks"]["mark"] = 4, marks
    rows["weights_size"], rows["weights"], rows["length_size"] = kept, weights, 8
    rows["length"] = np.sqrt(((weights / 16.0) ** 2).sum(1)) * 0.6
    return rows.tobytes()


def fill(marks: np.ndarray, weights: np.ndarray, ids: list[UUID]) -> None:
    """Into the table by COPY, without the texts that the marks would belong to, then its index and statistics."""
    import psycopg

    from yuanqing.kernel.database.connection import database_url

    with psycopg.connect(database_url(_home(), "superuser"), autocommit=True) as conn:
        conn.execute("SET session_replication_role = replica")
        conn.execute("SET maintenance_work_mem = '1GB'")
        conn.execute("DROP INDEX texts_by_mark")
        conn.execute("TRUNCATE cases_mark, cases_frequency")
        with conn.cursor().copy(
            "COPY cases_mark (value_id, marks, weights, length) FROM STDIN (FORMAT binary)"
        ) as copy:
            copy.write(b"PGCOPY\n\xff\r\n\x00" + bytes(8))
            for at in range(0, len(marks), PORTION):
                portion = slice(at, at + PORTION)
                copy.write(binary(marks[portion], weights[portion], ids[portion]))
            copy.write(b"\xff\xff")
        found, texts = np.unique(marks, return_counts=True)
        with conn.cursor().copy("COPY cases_frequency (mark, texts) FROM STDIN") as copy:
            copy.write(f"0\t{len(marks)}\n")
            for mark, count in zip(found.tolist(), texts.tolist(), strict=True):
                if mark:
                    copy.write_row((mark, count))
        conn.execute("CREATE INDEX texts_by_mark ON cases_mark USING gin (marks) WITH (fastupdate = off)")
        conn.execute("VACUUM ANALYZE cases_mark")
        conn.execute("VACUUM ANALYZE cases_frequency")


def _home() -> Any:
    from django.conf import settings

    return settings.HOME


def latency(messages: Mapping[int, Message], number: int) -> None:
    from django.db import connection

    from yuanqing.cases.likeness import queries, rules

    marks, weights = drawn(messages, number)
    ids = [uuid4() for _n in range(number)]
    fill(marks, weights, ids)
    chance, times = random.Random(SEED), []
    for n, at in enumerate(chance.sample(range(number), ASKED + 50)):
        pairs = zip(marks[at].tolist(), weights[at].tolist(), strict=True)
        found = {mark: rules.Feature(str(mark), weight / rules.UNIT) for mark, weight in pairs}
        began = time.perf_counter()
        answer = queries.like(ids[at], found)
        if n >= 50:  # the first ones find the table cold
            times.append((time.perf_counter() - began) * 1000)
        assert answer
    times.sort()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('cases_mark') + pg_total_relation_size('cases_frequency')")
        size = cursor.fetchone()[0] / 2**30
    middle, slow = statistics.median(times), times[int(len(times) * 0.95)]
    record(f"same matter among {number:,} leads ({size:.1f} GB): p50", round(middle, 1), "ms", "≤ 25", middle <= 25)
    record(f"same matter among {number:,} leads: p95", round(slow, 1), "ms", "≤ 60", slow <= 60)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--petitions", type=Path, help="messages: a compressed CSV file with id, title, text")
    options.add_argument("--groups", type=Path, help="groups of ids that are about the same matter")
    options.add_argument("--leads", type=int, default=1_000_000, help="0: recall only")
    given = options.parse_args()
    messages = read(given.petitions) if given.petitions else {}
    with private_home():
        set_up()
        if messages and given.groups:
            recall(messages, json.loads(given.groups.read_text(encoding="utf-8")))
        if given.leads:
            latency(messages, given.leads)


if __name__ == "__main__":
    main()
