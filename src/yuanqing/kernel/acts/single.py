"""Acts on one record."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.utils.translation import gettext as _

from yuanqing.kernel.acts.deeds import deed, finish, save
from yuanqing.kernel.acts.steps import Conflict, Refused, forbidden, lifecycle_of, register, too_late
from yuanqing.kernel.acts.timeline import last_word
from yuanqing.kernel.lifecycle import Text
from yuanqing.kernel.records import Record


def act(
    model: type[Record], *, creates: bool = False, label: Text = "", step: str = ""
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function the act of its name on one record of `model`.

    Called as `verb(record, by=account, expected_version=…)`, or, with `creates`, as `verb(by=account, …)` where the
    function returns the new, unsaved record. Raises Refused, Conflict or ValidationError; then nothing is written.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        definition = register(model, step or function.__name__, function, label, many=False, creates=creates)

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
                save(record)
                for change in entry.later:
                    change()
                finish(entry, definition, record)
            return record

        run.definition = definition  # type: ignore[attr-defined]
        return run

    return decorate


def _check(step: str, record: Record, by: Any, expected_version: int | None = None) -> None:
    reason = forbidden(step, record, by, type(record))
    if reason:
        raise Refused(reason)
    late = too_late(step, record)
    if late:
        raise Conflict(f"{late}{last_word(record)}")
    if expected_version is not None and expected_version != record.version:
        raise Conflict(_("您打开之后这条记录已经变动：%(who)s请核对后再办。") % {"who": last_word(record)})


def _move(record: Record, step: str) -> None:
    lifecycle = lifecycle_of(type(record))
    row = lifecycle.step(step) if lifecycle else None
    if row and row.target:
        record.state = row.target  # type: ignore[attr-defined]


def _lock(record: Record) -> None:
    rows = type(record)._base_manager.select_for_update(no_key=True)
    record.refresh_from_db(from_queryset=rows)
