"""The ledger as a list to look through: who, what, on which kind of record; never what the record says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise

from yuanqing.kernel.acts import registry
from yuanqing.kernel.acts.timeline import happenings
from yuanqing.kernel.ledger.models import Entry
from yuanqing.org.account.models import Account
from yuanqing.org.account.queries import NOUNS
from yuanqing.org.scope.rules import as_scope
from yuanqing.org.unit.models import within
from yuanqing.org.unit.queries import covers_all
from yuanqing.shell.filters import Control, Option

Text = str | Promise


def entries(account: Any) -> QuerySet[Any]:
    """What was done by the people within the auditor's scope; by anybody and the system where that is everything."""
    scope = as_scope(account.scopes("kernel.ledger.view"))
    rows: QuerySet[Any] = Entry.objects.all()
    if covers_all(scope):
        return rows
    return rows.filter(by_id__in=Account.objects.filter(within(scope, "person__unit__path")).values("pk"))


@dataclass(frozen=True)
class By:
    """Who acted, by a part of the name; the ledger knows ids only."""

    name: str
    label: Text

    @property
    def parameters(self) -> tuple[str, ...]:
        return (self.name,)

    def condition(self, given: QueryDict) -> Q:
        text = given.get(self.name, "").replace("\x00", "").strip()
        if not text:
            return Q()
        found = Account.objects.filter(Q(display_name__icontains=text) | Q(username__icontains=text))
        return Q(by_id__in=found.values("pk"))

    def control(self, given: QueryDict, others: QuerySet[Any]) -> Control:
        return Control("search", self.name, self.label, given.get(self.name, ""))


@dataclass(frozen=True)
class Noun:
    """A kind of record, by the beginning of the act's name."""

    name: str
    label: Text

    @property
    def parameters(self) -> tuple[str, ...]:
        return (self.name,)

    def condition(self, given: QueryDict) -> Q:
        value = given.get(self.name, "")
        return Q(act__startswith=f"{value}.") if value in NOUNS else Q()

    def control(self, given: QueryDict, others: QuerySet[Any]) -> Control:
        value = given.get(self.name, "")
        options = tuple(Option(noun, label, noun == value) for noun, label in NOUNS.items())
        return Control("choice", self.name, self.label, value, options=options)


def act_choices() -> list[tuple[str, str]]:
    """Every act by its name in words, with its noun."""
    found = {
        a.name: f"{NOUNS.get(a.name.rpartition('.')[0], a.name.rpartition('.')[0])} · {a.label}"
        for a in registry.values()
    }
    return sorted(found.items(), key=lambda one: one[1])


def told(rows: Iterable[Entry], account: Any = None) -> list[Entry]:
    """Entries with `who`, `what`, `kind` and, only where this reader may see the record, `address`."""
    listed = list(rows)
    for entry, happening in zip(listed, happenings(listed), strict=True):
        told_of: Any = entry
        told_of.who, told_of.what = happening.who, happening.label
        told_of.address = told_of.whose = ""
        noun = entry.act.rpartition(".")[0]
        told_of.kind = str(NOUNS.get(noun, noun))
    if account is not None:
        _address(listed, account)
        doers = Account.objects.visible_to(account).filter(pk__in={entry.by_id for entry in listed} - {None})
        whose = {one.pk: one.get_absolute_url() for one in doers}
        for told_of in listed:
            told_of.whose = whose.get(told_of.by_id, "")
    return listed


def _address(listed: list[Entry], account: Any) -> None:
    ids: dict[str, set[Any]] = {}
    for entry in listed:
        ids.setdefault(entry.model, set()).add(entry.record_id)
    known: dict[Any, str] = {}
    for label, wanted in ids.items():
        model: Any = apps.get_model(label)
        for record in model._default_manager.visible_to(account).filter(pk__in=wanted):
            known[record.pk] = _address_of(record)
    for entry in listed:
        entry.address = known.get(entry.record_id, "")  # type: ignore[attr-defined]


def _address_of(record: Any) -> str:
    try:
        return str(record.get_absolute_url())
    except Exception:
        return ""
