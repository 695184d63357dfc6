"""Indexing large batches in the background, and all of it anew each night or on command."""

from __future__ import annotations

from procrastinate.contrib.django import app

from yuanqing.kernel.commands import command
from yuanqing.kernel.duty import noun_modules
from yuanqing.shell.search.index import forget_unknown, index_batch, rebuild, subjects


@app.task(name="yuanqing.index_later")
def index_later(model: str, first_seq: int, last_seq: int) -> None:
    list(noun_modules("actions"))
    index_batch(model, first_seq, last_seq)


@app.periodic(cron="40 18 * * *")  # 02:40 in Shanghai: names that other records carry may have changed
@app.task(name="yuanqing.rebuild_search", queueing_lock="rebuild_search")
def rebuild_nightly(timestamp: int) -> None:
    rebuild_search()


@command("search rebuild", help="index every record anew")
def rebuild_search() -> str:
    list(noun_modules("actions"))
    counts = {name: rebuild(name) for name in subjects}
    forget_unknown()
    return "\n".join(f"{name}\t{count}" for name, count in counts.items())
