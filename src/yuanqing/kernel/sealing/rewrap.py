"""换封: everything sealed to one holder is sealed to another as well, in portions; interrupted, it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy

from yuanqing.kernel.acts import act_many, note
from yuanqing.kernel.acts.many import Many
from yuanqing.kernel.sealing import envelope
from yuanqing.kernel.sealing.envelope import Job
from yuanqing.kernel.sealing.models import Holder, SealingKey, Wrap

PORTION = 2000


def waiting(old: Holder, new: Holder) -> Any:
    """Wraps of the old holder whose matter the new one cannot open yet."""
    opened = Wrap.objects.filter(holder=new).values("key")
    return Wrap.objects.filter(holder=old).exclude(key__in=opened).select_related("key").order_by("pk")


def rewrap(*, by: Any, old: Holder, new: Holder, identity: str, workers: int = 2) -> int:
    """Seal to `new` whatever `old` opens; returns how many. Each portion is one act, so nothing is half done.

    The work is of a module that knows no models: a process that was just born has none yet.
    """
    done = 0
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        while rows := list(waiting(old, new)[:PORTION]):
            jobs = [_job(row, old, new) for row in rows]
            half = -(-len(jobs) // workers)
            parts = [jobs[at : at + half] for at in range(0, len(jobs), half)]
            made = pool.map(envelope.resealed, parts, [identity] * len(parts), [new.public] * len(parts))
            bodies = [body for part in made for body in part]
            done += take_over(by=by, rows=rows, bodies=bodies, new=new)
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
