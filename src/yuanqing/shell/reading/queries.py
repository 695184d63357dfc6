"""Which nouns leave a trace when they are read, and who read the records about a person."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey

from yuanqing.kernel.acts.steps import capability_of
from yuanqing.kernel.secrecy import classification
from yuanqing.org.account import queries as accounts
from yuanqing.org.person.models import Person
from yuanqing.shell.reading.models import ReadEntry

NEVER_SHOWN = {"password"}  # classified, but no page, file or answer holds it
_also: set[str] = set()


def also_read(noun: str) -> None:
    """Name a noun without records of its own whose pages show the sensitive records of others."""
    _also.add(noun)


@cache
def sensitive() -> frozenset[str]:
    """Nouns with a record that has a sensitive or sealed field."""
    return frozenset(
        capability_of(model)
        for model in apps.get_models()
        if any(
            level in ("sensitive", "sealed") and field not in NEVER_SHOWN
            for field, level in classification(model).items()
        )
    )


def own_nouns() -> tuple[str, ...]:
    """Nouns of which a person may see who read the records about himself: a switch of the roles pack."""
    entry = accounts.switch("own_reads")
    return tuple(entry.nouns) if entry is not None and entry.value else ()


def leaves_a_trace(noun: str) -> bool:
    return noun in sensitive() or noun in _also or noun in own_nouns()


def reads_about(person: Person) -> Any:
    """The read entries of the records about a person, as far as the switch allows."""
    ids: set[Any] = set()
    nouns = own_nouns()
    for model in apps.get_models():
        if capability_of(model) in nouns:
            ids |= _about(model, person)
    return ReadEntry.objects.filter(noun__in=nouns, record_id__in=ids).select_related("by")


def _about(model: Any, person: Person) -> set[Any]:
    if model is Person:
        return {person.pk}
    names = [f.name for f in model._meta.concrete_fields if isinstance(f, ForeignKey) and f.related_model is Person]
    return {pk for name in names for pk in model._base_manager.filter(**{name: person}).values_list("pk", flat=True)}
