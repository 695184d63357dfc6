"""The packs in force: what forms, weights, deadlines and roles are read from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.kernel.database.prepared import prepared_cursor
from yuanqing.kernel.packs.models import PackVersion
from yuanqing.kernel.packs.schema import Pack, build

Editions = dict[str, list[PackVersion]]  # by name, from the first to the latest; without their content
# Editions are only ever added and their ids are random, so that this number says which there are.
WHICH = "SELECT bit_xor(uuid_hash_extended(id, 0)) FROM kernel_packversion"

_read: ContextVar[list[Editions] | None] = ContextVar("read", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Inside, it is asked once which editions there are: a page asks for many packs, and for the same many times."""
    token = _read.set([])
    try:
        yield
    finally:
        _read.reset(token)


def forget() -> None:
    """A new edition is out."""
    read = _read.get()
    if read is not None:
        read.clear()


def learn(which: str | None) -> None:
    """Which editions there are was asked together with something else; what a page has read already stays."""
    read = _read.get()
    if read == []:
        read.append(_listed(None if which is None else int(which)))


def _editions() -> Editions:
    """Every edition: one small statement says which there are, and the list of these is read once in each process."""
    read = _read.get()
    if read:
        return read[0]
    with prepared_cursor() as cursor:
        cursor.execute(WHICH)
        found = _listed(cursor.fetchone()[0])
    if read is not None:
        read.append(found)
    return found


@lru_cache(maxsize=8)
def _listed(which: int | None) -> Editions:
    found: Editions = {}
    for row in PackVersion.objects.order_by("name", "effective_from", "published_at").defer("content"):
        found.setdefault(row.name, []).append(row)
    return found


class NotInForce(LookupError):
    """No edition of the pack applies on the day; the text is a sentence for the reader."""


def version_in_force(name: str, on: date | None = None) -> PackVersion:
    """The edition that applies on a day (today): the latest that has come into force; one that ended has no successor.

    Days before the first edition are judged by the first: records older than the installation need some rule.
    """
    day = on or timezone.localdate()
    editions = _editions().get(name)
    row = _applying(editions, day) if editions else None
    if row is None or has_ended(pack_of(row), day):
        raise NotInForce(_("%(day)s 没有施行中的规则包“%(name)s”，请先发布。") % {"day": day, "name": name})
    return row


def _applying(editions: list[PackVersion], day: date) -> PackVersion:
    return next((row for row in reversed(editions) if row.effective_from <= day), editions[0])


def has_ended(pack: Pack, day: date) -> bool:
    return pack.effective_to is not None and pack.effective_to < day


def current(name: str, on: date | None = None) -> Pack:
    """The pack in force on a day (today); its content is read once in each process."""
    return pack_of(version_in_force(name, on))


def pack_of(version: PackVersion | UUID) -> Pack:
    """The pack as this edition was published; editions never change, so each is parsed once in each process."""
    return _pack(version.pk if isinstance(version, PackVersion) else version)


def packs_in_force(on: date | None = None) -> dict[str, Pack]:
    """Every pack in force on a day by name: what references between packs are resolved in."""
    day = on or timezone.localdate()
    packs = {name: pack_of(_applying(editions, day)) for name, editions in _editions().items()}
    return {name: pack for name, pack in packs.items() if not has_ended(pack, day)}


@lru_cache(maxsize=256)
def _pack(pk: UUID) -> Pack:
    row = PackVersion.objects.get(pk=pk)
    return build(row.content, row.cite)
