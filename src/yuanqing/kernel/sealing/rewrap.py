"""换封: everything sealed to one holder is sealed to another as well, in portions; interrupted, it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy

from yuanqing.kernel.acts import act_many, note
from yuanqing.kernel.acts.many import Many
from yuanqing.kernel.sealing import envelope
from yuanqing.kernel.sealing.envelope import Job
from yuanqing.kernel.sealing.models import Holder, SealingKey, Wrap

PORTION = 2000


def waiting(old: Holder, new: Holder, after: int = 0) -> Any:
    """Wraps of the old holder, from one on, whose matter the new one cannot open yet."""
    opened = Wrap.objects.filter(holder=new, key=OuterRef("key"))
    rows = Wrap.objects.filter(~Exists(opened), holder=old, pk__gt=after)
    return rows.select_related("key").order_by("pk")


def rewrap(*, by: Any, old: Holder, new: Holder, identity: str, workers: int = 2) -> int:
    """Seal to `new` whatever `old` opens; returns how many. Each portion is one act, so nothing is half done.

    The work is of a module that knows no models: a process that was just born has none yet. While a portion is written
    down, the next one is sealed.
    """
    done = 0
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:

        def begun(rows: Sequence[Wrap]) -> list[Future[list[bytes]]]:
            jobs, half = [_job(row, old, new) for row in rows], -(-len(rows) // workers)
            parts = [jobs[at : at + half] for at in range(0, len(jobs), half or 1)]
            return [pool.submit(envelope.resealed, part, identity, new.public) for part in parts]

        rows = list(waiting(old, new)[:PORTION])
        parts = begun(rows)
        while rows:
            following = list(waiting(old, new, rows[-1].pk)[:PORTION])
            ahead = begun(following)
            bodies = [body for part in parts for body in part.result()]
            done += take_over(by=by, rows=rows, bodies=bodies, new=new)
            rows, parts = following, ahead
    return done


def _job(row: Wrap, old: Holder, new: Holder) -> Job:
    generation = row.generation
    return (
        settings.ORIGIN,
        str(row.key_id),
        f"{old.pk}.{generation}",
        bytes(row.body),
        row.key.public,
        f"{new.pk}.{generation}",
    )


@act_many(SealingKey, label=gettext_lazy("成批换封"))
def take_over(many: Many, *, by: Any, rows: Sequence[Wrap], bodies: Sequence[bytes], new: Holder) -> int:
    """Keep a portion of new wraps, and enter the new recipient into each key."""
    Wrap.objects.bulk_create(
        Wrap(key_id=row.key_id, holder=new, generation=row.generation, body=body)
        for row, body in zip(rows, bodies, strict=True)
    )
    note(holder=new.name, fingerprint=new.fingerprint)
    statement = """
        UPDATE kernel_sealingkey SET version = version + 1, recipients =
            (SELECT array_agg(DISTINCT r ORDER BY r) FROM unnest(recipients || %(holder)s::uuid) r)
        WHERE id = ANY(%(keys)s)
    """
    return many.change(statement, {"holder": new.pk, "keys": [row.key_id for row in rows]})


def drop(old: Holder) -> int:
    """Throw away the wraps of a retired holder where somebody else opens the matter; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM kernel_wrap w WHERE w.holder_id = %s AND EXISTS (
                SELECT 1 FROM kernel_wrap o JOIN kernel_holder h ON h.id = o.holder_id
                WHERE o.key_id = w.key_id AND o.id <> w.id AND h.retired_on IS NULL)
            """,
            [old.pk],
        )
        return int(cursor.rowcount)
