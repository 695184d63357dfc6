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

from yuanqing.kernel.packs.models import PackVersion
from yuanqing.kernel.packs.schema import Pack, build

_read: ContextVar[dict[tuple[str, date], PackVersion] | None] = ContextVar("read", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Inside, the edition in force is looked up once for a name and day: a page asks for the same pack many times."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def read_ahead(*names: str) -> None:
    """Look up the editions of today of these packs in one statement, where they are looked up once."""
    read, day = _read.get(), timezone.localdate()
    if read is not None:
        for row in PackVersion.objects.filter(name__in=names).in_force(day).defer("content"):
            read[row.name, day] = row


def forget() -> None:
    """A new edition is out."""
    read = _read.get()
    if read is not None:
        read.clear()


class NotInForce(LookupError):
    """No edition of the pack applies on the day; the text is a sentence for the reader."""


def version_in_force(name: str, on: date | None = None) -> PackVersion:
    """The edition that applies on a day (today): the latest that has come into force; one that ended has no successor.

    Days before the first edition are judged by the first: records older than the installation need some rule.
    """
    day, read = on or timezone.localdate(), _read.get()
    row = read.get((name, day)) if read is not None else None
    row = row or _looked_up(name, day)
    if row is None or has_ended(pack_of(row), day):
        raise NotInForce(_("%(day)s 没有施行中的规则包“%(name)s”，请先发布。") % {"day": day, "name": name})
    if read is not None:
        read[name, day] = row
    return row


def _looked_up(name: str, day: date) -> PackVersion | None:
    editions = PackVersion.objects.filter(name=name).defer("content")
    latest = editions.filter(effective_from__lte=day).order_by("-effective_from", "-published_at").first()
    found: PackVersion | None = latest or editions.order_by("effective_from", "published_at").first()
    return found


def has_ended(pack: Pack, day: date) -> bool:
    return pack.effective_to is not None and pack.effective_to < day


def current(name: str, on: date | None = None) -> Pack:
    """The pack in force on a day (today): one small query, its content is read once in each process."""
    return pack_of(version_in_force(name, on))


def pack_of(version: PackVersion | UUID) -> Pack:
    """The pack as this edition was published; editions never change, so each is parsed once in each process."""
    return _pack(version.pk if isinstance(version, PackVersion) else version)


def packs_in_force(on: date | None = None) -> dict[str, Pack]:
    """Every pack in force on a day by name: what references between packs are resolved in."""
    day = on or timezone.localdate()
    first = PackVersion.objects.order_by("name", "effective_from", "published_at").distinct("name")
    chosen = dict(first.values_list("name", "pk")) | dict(PackVersion.objects.in_force(day).values_list("name", "pk"))
    packs = {name: _pack(pk) for name, pk in sorted(chosen.items())}
    return {name: pack for name, pack in packs.items() if not has_ended(pack, day)}


@lru_cache(maxsize=256)
def _pack(pk: UUID) -> Pack:
    row = PackVersion.objects.get(pk=pk)
    return build(row.content, row.cite)
