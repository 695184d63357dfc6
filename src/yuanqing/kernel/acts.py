"""办理: every write to a kept record is an act, and every act is in the ledger.

A decorated function opens a transaction, locks the record, asks the policy, checks the lifecycle, lets the function
make its change, validates, saves, appends to the ledger and lets obligations be fulfilled, all or nothing.
`refusal` is the one place that says whether a step is open: acts raise it, pages show it, the API answers 409 with it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, wraps
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol
from uuid import UUID

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models.sql import UpdateQuery
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import sql

from yuanqing.kernel.ledger import append
from yuanqing.kernel.ledger.models import Entry
from yuanqing.kernel.lifecycle import Lifecycle, Text
from yuanqing.kernel.records import Record, current_deed


class Refused(Exception):
    """The act is not open to this account or in this state; the text is a sentence for the reader."""


class Conflict(Refused):
    """Somebody else was first; the text says who and what."""


class Actor(Protocol):
    """Who acts: an account, or the system itself."""

    pk: Any

    def can(self, capability: str, unit: Any = None) -> bool: ...


class System:
    """系统: acts on schedule, for nobody in particular; its entries have no account."""

    pk = None
    is_authenticated = True
    is_active = True

    def can(self, capability: str, unit: Any = None) -> bool:
        return True

    def scopes(self, capability: str) -> list[str]:
        return [""]

    def __str__(self) -> str:
        return _("系统")


SYSTEM = System()


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

    IDS = "SELECT record_id FROM kernel_entry WHERE seq BETWEEN %(first_seq)s AND %(last_seq)s"

    @property
    def params(self) -> dict[str, Any]:
        return {"first_seq": self.batch.first_seq, "last_seq": self.batch.last_seq}


@dataclass(frozen=True)
class Act:
    """A registered act: what it writes and what it is called."""

    model: type[Record]
    step: str
    label: Text
    is_many: bool
    creates: bool
    function: Callable[..., Any]

    @property
    def name(self) -> str:
        return f"{capability_of(self.model)}.{self.step}"


registry: dict[tuple[type[Record], str], Act] = {}
_hooks: dict[tuple[type[Record], str], list[Callable[[Touched], None]]] = {}


def noun_of(model: type[models.Model]) -> str:
    """`yuanqing.discipline.violation` for a model defined in that noun."""
    return model.__module__.rpartition(".")[0]


def capability_of(model: type[models.Model]) -> str:
    """`discipline.violation`: the stem of the capabilities that roles list."""
    return noun_of(model).removeprefix("yuanqing.")


@cache
def _policy(noun: str) -> Callable[..., str]:
    refusal_of_noun: Callable[..., str] = import_module(f"{noun}.policies").refusal
    return refusal_of_noun


@cache
def lifecycle_of(model: type[models.Model]) -> Lifecycle | None:
    """The lifecycle of the model, when its noun has one and the model has a state."""
    path = f"{noun_of(model)}.lifecycle"
    if not find_spec(path) or not any(f.name == "state" for f in model._meta.concrete_fields):
        return None
    module = import_module(path)
    found: Lifecycle | None = getattr(module, f"{model.__name__.upper()}_LIFECYCLE", getattr(module, "LIFECYCLE", None))
    return found


def refusal(step: str, record: Record | None, *, by: Any, model: type[Record] | None = None) -> str:
    """Why this account may not take the step now; "" when it may."""
    return _forbidden(step, record, by, model or type(record)) or (_too_late(step, record) if record else "")


def _forbidden(step: str, record: Record | None, by: Any, model: type[Any]) -> str:
    if not getattr(by, "is_active", False):
        return _("请先登录。")
    return _policy(noun_of(model))(step, record, by=by)


def _too_late(step: str, record: Record) -> str:
    lifecycle = None if record._state.adding else lifecycle_of(type(record))
    return lifecycle.refusal(step, record.state) if lifecycle else ""  # type: ignore[attr-defined]


def open_steps(record: Record, *, by: Any) -> list[tuple[str, Text, str]]:
    """(step, label, reason for refusal) of every act on an existing record, in the order of its lifecycle."""
    lifecycle = lifecycle_of(type(record))
    names = [s.name for s in lifecycle.steps if s.source] if lifecycle else []
    acts = [registry[type(record), n] for n in names if (type(record), n) in registry]
    return [(a.step, a.label, refusal(a.step, record, by=by)) for a in acts]


def last_word(record: Record) -> str:
    """Who touched the record last, as a sentence; "" when nobody has."""
    entry = Entry.objects.filter(record_id=record.pk).order_by("-seq").first()
    if entry is None:
        return ""
    account = get_user_model()._default_manager.filter(pk=entry.by_id).first() if entry.by_id else SYSTEM
    label = next((a.label for a in registry.values() if a.name == entry.act), entry.act)
    when = timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S")
    return _("%(who)s已于 %(when)s 办理“%(what)s”。") % {"who": account, "when": when, "what": label}


def after(model: type[Record], step: str) -> Callable[[Callable[[Touched], None]], Callable[[Touched], None]]:
    """Register a set-based hook that runs inside the act, after its ledger entries."""

    def register(hook: Callable[[Touched], None]) -> Callable[[Touched], None]:
        _hooks.setdefault((model, step), []).append(hook)
        return hook

    return register


@contextmanager
def deed(name: str, by: Any) -> Iterator[Deed]:
    """One act in one transaction; nested acts join the transaction and keep their own entries."""
    entry = Deed(append.Stamp(name, timezone.now(), by.pk), by)
    with transaction.atomic():
        token = current_deed.set(entry)
        try:
            yield entry
        except IntegrityError as error:
            raise Conflict(_integrity_sentence(error)) from error
        finally:
            current_deed.reset(token)


def _integrity_sentence(error: IntegrityError) -> str:
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    for model in _record_models():
        for rule in model._meta.constraints:
            if rule.name == constraint and rule.violation_error_message != rule.default_violation_error_message:
                return str(rule.violation_error_message)
    return _("刚刚有人写入了与此冲突的内容（%(rule)s），请刷新后再办。") % {"rule": constraint}


def _record_models() -> Iterator[type[models.Model]]:
    from django.apps import apps

    return (m for m in apps.get_models() if issubclass(m, Record))


def keep(record: Record) -> None:
    """Save another record inside the act under way, and enter it in the ledger with it."""
    entry = current_deed.get()
    if entry is None:
        raise RuntimeError("keep() belongs inside an act")
    _save(record)
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


def _save(record: Record) -> None:
    record.version += 1
    record.full_clean()
    record.save()


def _finish(entry: Deed, definition: Act, record: Record) -> None:
    stamp = entry.stamped()
    for model, ids in _by_model([record, *(k for k in entry.kept if k != record)]):
        batch = append.append(model, ids, stamp)
        if batch and model is definition.model:
            _run_hooks(Touched(model, definition.step, entry.by, stamp.at, batch))


def _by_model(records: Iterable[Record]) -> list[tuple[type[Record], list[UUID]]]:
    found: dict[type[Record], list[UUID]] = {}
    for record in records:
        found.setdefault(type(record), []).append(record.pk)
    return list(found.items())


def _run_hooks(touched: Touched) -> None:
    for hook in _hooks.get((touched.model, touched.step), []):
        hook(touched)


def _lock(record: Record) -> None:
    rows = type(record)._base_manager.select_for_update(no_key=True)
    record.refresh_from_db(from_queryset=rows)


def _register(
    model: type[Record], step: str, function: Callable[..., Any], label: Text, many: bool, creates: bool
) -> Act:
    lifecycle = lifecycle_of(model)
    row = lifecycle.step(step) if lifecycle else None
    definition = Act(model, step, label or (row.label if row else step), many, creates, function)
    registry[model, step] = definition
    return definition


def act(
    model: type[Record], *, creates: bool = False, label: Text = "", step: str = ""
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function the act of its name on one record of `model`.

    Called as `verb(record, by=account, expected_version=…)`, or, with `creates`, as `verb(by=account, …)` where the
    function returns the new, unsaved record. Raises Refused, Conflict or ValidationError; then nothing is written.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        definition = _register(model, step or function.__name__, function, label, many=False, creates=creates)

        @wraps(function)
        def run(*args: Any, by: Any, expected_version: int | None = None, **kwargs: Any) -> Any:
            with deed(definition.name, by) as entry:
                if creates:
                    record = function(*args, by=by, **kwargs)
                    _check(definition.step, record, by)
                else:
                    record = args[0]
                    _lock(record)
                    _check(definition.step, record, by, expected_version)
                    function(*args, by=by, **kwargs)
                    _move(record, definition.step)
                _save(record)
                for change in entry.later:
                    change()
                _finish(entry, definition, record)
            return record

        run.definition = definition  # type: ignore[attr-defined]
        return run

    return decorate


def _check(step: str, record: Record, by: Any, expected_version: int | None = None) -> None:
    forbidden = _forbidden(step, record, by, type(record))
    if forbidden:
        raise Refused(forbidden)
    late = _too_late(step, record)
    if late:
        raise Conflict(f"{late}{last_word(record)}")
    if expected_version is not None and expected_version != record.version:
        raise Conflict(_("您打开之后这条记录已经变动：%(who)s请核对后再办。") % {"who": last_word(record)})


def _move(record: Record, step: str) -> None:
    lifecycle = lifecycle_of(type(record))
    row = lifecycle.step(step) if lifecycle else None
    if row and row.target:
        record.state = row.target  # type: ignore[attr-defined]


class Many:
    """Set-based writes of one act: each is one statement, whatever the number of rows."""

    def __init__(self, entry: Deed, definition: Act) -> None:
        self.entry = entry
        self.definition = definition

    def insert(self, statement: str, params: dict[str, Any], *, model: type[Record] | None = None) -> int:
        """Run `INSERT INTO … SELECT …` (named parameters) on the act's model, or another; returns the rows written."""
        return self._run(model or self.definition.model, sql.SQL(statement), params)

    def update(self, rows: models.QuerySet[Any], **values: Any) -> int:
        """Update a queryset of records; returns the rows written."""
        query = rows.order_by().query.chain(UpdateQuery)
        query.add_update_values({**values, "version": models.F("version") + 1})
        text, params = query.get_compiler(connection=connection).as_sql()
        named = {f"p{n}": value for n, value in enumerate(params)}
        for name in named:
            text = text.replace("%s", f"%({name})s", 1)
        return self._run(rows.model, sql.SQL(text), named)

    def step(self, name: str, rows: models.QuerySet[Any], **values: Any) -> int:
        """Take a step of the lifecycle on every row that is in one of its source states."""
        lifecycle = lifecycle_of(rows.model)
        row = lifecycle.step(name) if lifecycle else None
        if row is None:
            raise KeyError(name)
        return self.update(rows.filter(state__in=row.source), state=row.target, **values)

    def create(self, records: Iterable[Record]) -> int:
        """Validate and insert new records of any models."""
        records = list(records)
        for model, ids in _by_model(records):
            fresh = [r for r in records if type(r) is model]
            for record in fresh:
                record.version = 1
            model._base_manager.bulk_create(fresh, batch_size=2000)
            self._ran(model, append.append(model, ids, self.entry.stamped()))
        return len(records)

    def _run(self, model: type[Record], statement: sql.Composable, params: dict[str, Any]) -> int:
        table = sql.Identifier(model._meta.db_table)
        changed = sql.SQL("{} RETURNING {}.*").format(statement, table)
        return self._ran(model, append.append_changed(model, changed, params, self.entry.stamped()))

    def _ran(self, model: type[Record], batch: append.Batch | None) -> int:
        if batch is None:
            return 0
        if model is self.definition.model:
            _run_hooks(Touched(model, self.definition.step, self.entry.by, self.entry.stamp.at, batch))
        return batch.size


def act_many(
    model: type[Record], *, label: Text = "", step: str = "", creates: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function a set-based act: `verb(…, by=account)` runs it as `function(many, …, by=account)`.

    The policy is asked once, with no record; the function must restrict its rows to what the account may touch.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        definition = _register(model, step or function.__name__, function, label, many=True, creates=creates)

        @wraps(function)
        def run(*args: Any, by: Any, **kwargs: Any) -> Any:
            with deed(definition.name, by) as entry:
                reason = refusal(definition.step, None, by=by, model=model)
                if reason:
                    raise Refused(reason)
                return function(Many(entry, definition), *args, by=by, **kwargs)

        run.definition = definition  # type: ignore[attr-defined]
        return run

    return decorate


__all__ = [
    "SYSTEM",
    "Act",
    "Conflict",
    "Refused",
    "Touched",
    "ValidationError",
    "act",
    "act_many",
    "after",
    "keep",
    "last_word",
    "note",
    "once_saved",
    "open_steps",
    "refusal",
    "registry",
]
