"""Finding clauses: by citation, as a tree, and where they are relied on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q

from yuanqing.kernel.packs.models import PackVersion
from yuanqing.kernel.packs.published import version_in_force
from yuanqing.norms.clause.models import Clause


def clause(citation: str, on: date | None = None) -> Clause:
    """The clause cited as `speech.2.8` (the edition in force on the day, today) or `speech.2.8@1.0` (that edition).

    Raises NotInForce or Clause.DoesNotExist.
    """
    reference, _at, edition = citation.partition("@")
    name, _dot, code = reference.partition(".")
    if edition:
        return _clause(PackVersion.objects.values_list("pk", flat=True).get(name=name, edition=edition), code)
    return _clause(version_in_force(name, on).pk, code)


@lru_cache(maxsize=4096)
def _clause(pack_id: UUID, code: str) -> Clause:
    """Clauses never change, so each is read once in each process."""
    found: Clause = Clause.objects.select_related("pack").defer("pack__content").get(pack_id=pack_id, code=code)
    return found


@lru_cache(maxsize=4096)
def clause_of(pk: UUID) -> Clause:
    """The clause that a record rests on, by its key."""
    found: Clause = Clause.objects.select_related("pack").defer("pack__content").get(pk=pk)
    return found


@dataclass
class Branch:
    """A clause with those below it, for the tree on the page of an edition."""

    clause: Clause
    children: list[Branch] = field(default_factory=list)


def tree(clauses: Iterable[Clause]) -> list[Branch]:
    """The clauses of one edition as a forest; one whose parent was filtered away stands at the top."""
    branches = {one.code: Branch(one) for one in clauses}
    tops: list[Branch] = []
    for branch in branches.values():
        parent = branches.get(branch.clause.parent_code)
        (parent.children if parent else tops).append(branch)
    return tops


def matching(words: str) -> Q:
    """Clauses in which every word occurs, in code, title or text."""
    condition = Q()
    for word in words.split()[:8]:
        condition &= Q(code__istartswith=word) | Q(title__icontains=word) | Q(text__icontains=word)
    return condition


def other_editions(one: Clause) -> Any:
    """The same clause in the other editions of its pack, newest first."""
    rows = Clause.objects.filter(pack__name=one.pack.name, code=one.code).exclude(pk=one.pk)
    return rows.select_related("pack").order_by("-pack__effective_from", "-pack__published_at")


@dataclass(frozen=True)
class Citation:
    """How many records of a kind rely on the clause, among those the reader may see."""

    label: str
    count: int


def citations(one: Clause, account: Any) -> list[Citation]:
    """Every kind of record that refers to clauses, found from the foreign keys, so that no noun has to say it."""
    found = []
    for relation in Clause._meta.related_objects:
        model: Any = relation.related_model
        rows = model._default_manager.visible_to(account).filter(**{relation.field.name: one})
        found.append(Citation(str(model._meta.verbose_name), rows.count()))
    return [citation for citation in found if citation.count]
