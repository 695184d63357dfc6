"""An act under way: its transaction, what it keeps, its ledger entries and the hooks that follow."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.kernel.acts.steps import Act, Conflict, discover
from yuanqing.kernel.database.scope import as_system
from yuanqing.kernel.ledger import append
from yuanqing.kernel.ledger.models import Entry
from yuanqing.kernel.records import Record, current_deed


@dataclass
class Deed:
    """One act under way."""

    stamp: append.Stamp
    by: Any
    notes: dict[str, Any] = field(default_factory=dict)
    kept: list[Record] = field(default_factory=list)
    later: list[Callable[[], None]] = field(default_factory=list)

    def stamped(self) -> append.Stamp:
        text = json.dumps(self.notes, ensure_ascii=False, sort_keys=True, default=str) if self.notes else ""
        return append.Stamp(self.stamp.act, self.stamp.at, self.stamp.by_id, text)


@dataclass(frozen=True)
class Touched:
    """Which records an act touched, for hooks: entries first..last of the ledger hold their ids."""

    model: type[Record]
    step: str
    by: Any
    at: Any
    batch: append.Batch
    are_new: bool = False  # all of them were made by this act: nothing refers to them yet

    IDS = "SELECT record_id FROM kernel_entry WHERE seq BETWEEN %(first_seq)s AND %(last_seq)s"

    @property
    def params(self) -> dict[str, Any]:
        return {"first_seq": self.batch.first_seq, "last_seq": self.batch.last_seq}

    def records(self) -> models.QuerySet[Any]:
        """The touched records themselves, for a hook that is not set-based."""
        entries = Entry.objects.filter(seq__range=(self.batch.first_seq, self.batch.last_seq))
        return self.model._base_manager.filter(pk__in=entries.values("record_id"))


_hooks: dict[tuple[type[Record], str], list[Callable[[Touched], None]]] = {}


def after(model: type[Record], step: str) -> Callable[[Callable[[Touched], None]], Callable[[Touched], None]]:
    """Register a set-based hook that runs inside the act, after its ledger entries.

    The step "*" is every write to the model, also where an act on another model keeps its records.
    """

    def register(hook: Callable[[Touched], None]) -> Callable[[Touched], None]:
        _hooks.setdefault((model, step), []).append(hook)
        return hook

    return register


@contextmanager
def deed(name: str, by: Any) -> Iterator[Deed]:
    """One act in one transaction; nested acts join the transaction and keep their own entries."""
    entry = Deed(append.Stamp(name, _now(by), by.pk), by)
    try:
        with transaction.atomic(), as_system():  # the policy must know everything, and what is allowed may do its work
            outer = current_deed.get()
            token = current_deed.set(entry)
            try:
                yield entry
            finally:
                current_deed.reset(token)
            if outer is None:
                connection.check_constraints()  # deferred ones speak here, also within a longer transaction
    except IntegrityError as error:
        raise _in_words(error) from error


def _now(by: Any) -> datetime:
    """The instant of the act, unless the actor's own clock is coarser: a reporter's shows days only."""
    instant: datetime = getattr(by, "now", timezone.now)()
    return instant


def _in_words(error: IntegrityError) -> ValidationError | Conflict:
    """What the database refused: a rule of the row in the rule's own sentence, otherwise that somebody was first."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    rule = next((r for m in _record_models() for r in m._meta.constraints if r.name == name), None)
    if rule is not None and rule.violation_error_message != rule.default_violation_error_message:
        sentence = str(rule.violation_error_message)
        return Conflict(sentence) if isinstance(rule, models.UniqueConstraint) else ValidationError(sentence)
    return Conflict(_("刚刚有人写入了与此冲突的内容（%(rule)s），请刷新后再办。") % {"rule": name})


def _record_models() -> Iterator[type[models.Model]]:
    return (m for m in apps.get_models() if issubclass(m, Record))


def keep(record: Record) -> None:
    """Save another record inside the act under way, and enter it in the ledger with it."""
    entry = current_deed.get()
    if entry is None:
        raise RuntimeError("keep() belongs inside an act")
    save(record)
    if record not in entry.kept:
        entry.kept.append(record)


def once_saved(change: Callable[[], None]) -> None:
    """Run this after the act's own record is saved: the place to `keep` records that refer to a new one."""
    entry = current_deed.get()
    if entry is None:
        raise RuntimeError("once_saved() belongs inside an act")
    entry.later.append(change)


def note(**values: Any) -> None:
    """Add reasons and numbers to the ledger entry of the act under way; never names or contents of sealed fields."""
    entry = current_deed.get()
    if entry is None:
        raise RuntimeError("note() belongs inside an act")
    entry.notes.update(values)


def on_behalf(account_id: UUID) -> None:
    """The act under way rests on a right that this account lent (代理); the ledger and every history say so."""
    entry = current_deed.get()
    if entry is not None:
        entry.notes["behalf"] = str(account_id)


def save(record: Record) -> None:
    """Validate in words what the database cannot say at a field; constraints, references and the random key it checks
    itself."""
    record.version += 1
    known = {f.name for f in record._meta.concrete_fields if f.is_relation and getattr(record, f.attname) is not None}
    record.full_clean(exclude={*known, record._meta.pk.name}, validate_constraints=False)
    record.save()


def finish(entry: Deed, definition: Act, record: Record) -> None:
    stamp = entry.stamped()
    records = [record, *(k for k in entry.kept if k != record)]
    groups = by_model(records)
    for (model, _ids), batch in zip(groups, append.append(groups, stamp), strict=True):
        are_new = all(one.version == 1 for one in records if type(one) is model)
        run_hooks(Touched(model, step_on(definition, model), entry.by, stamp.at, batch, are_new))


def by_model(records: Iterable[Record]) -> list[tuple[type[Record], list[UUID]]]:
    found: dict[type[Record], list[UUID]] = {}
    for record in records:
        found.setdefault(type(record), []).append(record.pk)
    return list(found.items())


def step_on(definition: Act, model: type[Record]) -> str:
    """The act's step as hooks know it; "" for records of other models that the act keeps on the way."""
    return definition.step if model is definition.model else ""


def run_hooks(touched: Touched) -> None:
    discover()
    for step in (touched.step, "*"):
        for hook in _hooks.get((touched.model, step), []):
            hook(touched)
