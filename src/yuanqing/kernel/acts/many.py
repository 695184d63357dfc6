"""Acts on many rows at once: a handful of statements, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.db import connection, models
from django.db.models.sql import UpdateQuery

from yuanqing.kernel.acts.deeds import Deed, Touched, by_model, deed, run_hooks, step_on
from yuanqing.kernel.acts.steps import Act, insist, lifecycle_of, register
from yuanqing.kernel.ledger import append
from yuanqing.kernel.lifecycle import Text
from yuanqing.kernel.records import Record


class Many:
    """Set-based writes of one act: each is one statement, whatever the number of rows."""

    def __init__(self, entry: Deed, definition: Act) -> None:
        self.entry = entry
        self.definition = definition

    def insert(self, statement: str, params: dict[str, Any], *, model: type[Record] | None = None) -> int:
        """Run `INSERT INTO … SELECT …` (named parameters) on the act's model, or another; returns the rows written."""
        return self._run(model or self.definition.model, statement, params)

    def update(self, rows: models.QuerySet[Any], **values: Any) -> int:
        """Update a queryset of records; returns the rows written."""
        query: Any = rows.order_by().query.chain(UpdateQuery)
        query.add_update_values({**values, "version": models.F("version") + 1})
        text, params = query.get_compiler(connection=connection).as_sql()
        named = {f"p{n}": value for n, value in enumerate(params)}
        for name in named:
            text = text.replace("%s", f"%({name})s", 1)
        return self._run(rows.model, text, named)

    def change(self, statement: str, params: dict[str, Any]) -> int:
        """Run an `UPDATE` (named parameters) of the act's model that raises `version`; returns the rows written."""
        return self._run(self.definition.model, statement, params)

    def step(self, name: str, rows: models.QuerySet[Any], **values: Any) -> int:
        """Take a step of the lifecycle on every row that is in one of its source states."""
        model: type[models.Model] = rows.model
        lifecycle = lifecycle_of(model)
        row = lifecycle.step(name) if lifecycle else None
        if row is None:
            raise KeyError(name)
        return self.update(rows.filter(state__in=row.source), state=row.target, **values)

    def create(self, records: Iterable[Record]) -> int:
        """Insert new records of any models; the database checks their constraints and references."""
        records = list(records)
        groups = by_model(records)
        for model, _ids in groups:
            fresh = [r for r in records if type(r) is model]
            for record in fresh:
                record.version = 1
            model._base_manager.bulk_create(fresh, batch_size=2000)
        for (model, _ids), batch in zip(groups, append.append(groups, self.entry.stamped()), strict=True):
            self._ran(model, batch, are_new=True)
        return len(records)

    def _run(self, model: type[Record], statement: str, params: dict[str, Any]) -> int:
        changed = f'{statement} RETURNING "{model._meta.db_table}".*'
        return self._ran(model, append.append_changed(model, changed, params, self.entry.stamped()))

    def _ran(self, model: type[Record], batch: append.Batch | None, *, are_new: bool = False) -> int:
        if batch is None:
            return 0
        step = step_on(self.definition, model)
        run_hooks(Touched(model, step, self.entry.by, self.entry.stamp.at, batch, are_new))
        return batch.size


def act_many(
    model: type[Record], *, label: Text = "", step: str = "", creates: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function a set-based act: `verb(…, by=account)` runs it as `function(many, …, by=account)`.

    The policy is asked once, with no record; the function must restrict its rows to what the account may touch.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        definition = register(model, step or function.__name__, function, label, many=True, creates=creates)

        @wraps(function)
        def run(*args: Any, by: Any, **kwargs: Any) -> Any:
            with deed(definition.name, by) as entry:
                insist(definition.step, None, by=by, model=model)
                return function(Many(entry, definition), *args, by=by, **kwargs)

        run.definition = definition  # type: ignore[attr-defined]
        return run

    return decorate
