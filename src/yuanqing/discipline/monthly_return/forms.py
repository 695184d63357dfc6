"""What is typed into a return: read from a page or a sheet, kept as a draft, drawn as grids, and made a report."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from yuanqing.discipline.monthly_return.actions import Filled
from yuanqing.discipline.monthly_return.models import MonthlyReturn
from yuanqing.discipline.monthly_return.queries import Grounds
from yuanqing.discipline.monthly_return.rules import Finding, is_all_zero, read_number
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.packs.entries import Entry, Item, Section
from yuanqing.kernel.packs.form import Cell as FormCell
from yuanqing.kernel.packs.form import Form
from yuanqing.shell.grid import Cell, Grid, Line

CELL, REASON, EXPLAIN, GAP = "f-", "reason-f-", "explain-", "gap-"
LONGEST = 2000
Past = tuple[Sequence[Month], Mapping[str, tuple[int | None, ...]]]


@dataclass(frozen=True)
class Content:
    """草稿内容: what differs from the records, as typed; an untouched number follows its record as that changes."""

    cells: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    explanations: Mapping[str, str] = field(default_factory=dict)
    gaps: Mapping[str, str] = field(default_factory=dict)  # unit code → why it is not waited for
    editor: str = ""
    ready_by: str = ""  # who asked the leader to sign

    def as_draft(self) -> dict[str, Any]:
        return {"cells": dict(self.cells), "reasons": dict(self.reasons), "explanations": dict(self.explanations),
                "gaps": dict(self.gaps), "ready_by": self.ready_by}  # fmt: skip


def content_of(grounds: Grounds) -> Content:
    """The draft; else the return as it was sent back; else the answers of last month with the numbers of the records."""
    record, form = grounds.record, grounds.form
    draft = getattr(record, "draft", None)
    if draft is not None:
        known = {name: value for name, value in draft.content.items() if name in Content.__dataclass_fields__}
        return Content(**known)
    if record.first_submitted_at is not None:
        changed = {
            cell.code: str(record.cells.get(cell.code, ""))
            for cell in form.cells
            if record.cells.get(cell.code, 0) != record.prefilled.get(cell.code, 0)
        }
        gaps = {gap["unit"]: gap["reason"] for gap in record.declared_gaps}
        return Content(changed, record.reasons, record.explanations, gaps)
    last = grounds.last.cells if grounds.last else {}
    return Content({c.code: last[c.code] for c in form.cells if c.item.value == "choice" and c.code in last})


def read_posted(form: Form, posted: Mapping[str, Any], before: Content) -> Content:
    """What a page posts; parts of the draft that the page does not show stay as they were."""
    seen = _seen(posted.get("seen", ""))
    cells = dict(before.cells)
    for cell in form.cells:
        given = posted.get(CELL + cell.code)
        if given is None:
            continue
        text = str(given).strip()[:LONGEST]
        if _follows(cell, text, seen):
            cells.pop(cell.code, None)
        else:
            cells[cell.code] = text
    shows_grid = any(name.startswith(CELL) for name in posted)
    return replace(
        before,
        cells=cells,
        reasons=_texts(posted, REASON) if shows_grid else before.reasons,
        explanations={**before.explanations, **_texts(posted, EXPLAIN)},
        gaps={**before.gaps, **_texts(posted, GAP)},
        ready_by="",
    )


def _seen(text: str) -> dict[str, int]:
    """The numbers of the records as the page showed them: an untouched one is no change, whatever came in since."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _follows(cell: FormCell, text: str, seen: Mapping[str, int]) -> bool:
    if cell.item.value != "count":
        return text == ""
    try:
        return read_number(text) == seen.get(cell.code, 0)
    except ValueError:
        return False


def _texts(posted: Mapping[str, Any], prefix: str) -> dict[str, str]:
    found = {name.removeprefix(prefix): str(posted[name]).strip()[:300] for name in posted if name.startswith(prefix)}
    return {name: text for name, text in found.items() if text}


def as_filled(
    form: Form, content: Content, recorded: Mapping[str, int], names: Mapping[str, str], statement: str = ""
) -> Filled:
    """The report that the draft makes; text that is no number stays text, and the gates say where. `names`: unit code → name."""
    cells: dict[str, int | str] = dict(recorded)
    for cell in form.cells:
        text = content.cells.get(cell.code)
        if text is not None:
            cells[cell.code] = _value(cell, text)
    gaps = [
        {"unit": unit, "name": names[unit], "reason": reason} for unit, reason in content.gaps.items() if unit in names
    ]
    reasons = {
        code: text for code, text in content.reasons.items() if text and cells.get(code, 0) != recorded.get(code, 0)
    }
    return Filled(cells, reasons, _used(content.explanations), gaps, statement)


def _used(explanations: Mapping[str, str]) -> dict[str, str]:
    return {key: text for key, text in explanations.items() if text.strip()}


def statement(record: MonthlyReturn, form: Form, content: Content, recorded: Mapping[str, int]) -> str:
    """The nil statement that the leader signs where every number is 0; "" where there is anything to report."""
    filled = as_filled(form, content, recorded, {})
    if not is_all_zero(form, filled.as_content()["cells"]):
        return ""
    return _("本单位%(month)s无受理、无查处，特此签报。") % {"month": record.period.month.label}


def _value(cell: FormCell, text: str) -> int | str:
    if cell.item.value != "count":
        return text
    try:
        return read_number(text)
    except ValueError:
        return text


# Drawing


@dataclass(frozen=True)
class Answer:
    """One of the ten disciplines: its state and what is said about it."""

    clause: Entry
    state: str
    description: str
    state_name: str
    description_name: str
    error: str = ""


@dataclass(frozen=True)
class Sheet:
    """填报页: the sections of the form as grids and questions."""

    record: MonthlyReturn
    form: Form
    content: Content
    recorded: Mapping[str, int]
    past: Past = ((), {})
    findings: Sequence[Finding] = ()
    read_only: bool = False

    @property
    def seen(self) -> str:
        return json.dumps(dict(self.recorded))

    @property
    def parts(self) -> list[dict[str, Any]]:
        return [
            {"section": section, "grid": self._grid(section), "answers": list(self._answers(section))}
            for section in self.form.sections
        ]

    @property
    def choices(self) -> list[Any]:
        table = next((item.choices for item in self.form.pack.of_kind("item") if item.choices), "")
        return sorted(self.form.pack.table(table), key=lambda choice: choice.order or 0) if table else []

    def _grid(self, section: Section) -> Grid:
        counted = [item for item in self.form.items_of(section.code) if item.value == "count"]
        columns = self.form.columns_of(section)
        many = len(columns) > 1
        return Grid(
            f"part-{section.code}",
            columns=[column.label for _item in counted for column in columns] if many else [i.label for i in counted],
            groups=[(f"{item.label}（{item.unit}）", len(columns)) for item in counted] if many else (),
            lines=self._lines(section, counted, [column.code for column in columns]),
            corner=_("问题类型") if many else _("条款") if section.layout == "clauses" else "",
            months=[_("%(month)d月") % {"month": month.month} for month in self.past[0]],
            sum_rows=False,
            sum_columns=section.layout != "items",
            read_only=self.read_only,
        )

    def _lines(self, section: Section, counted: Sequence[Item], columns: Sequence[str]) -> list[Line]:
        if section.layout == "items":
            cells = tuple(self._cell(item.code) for item in counted)
            return [Line(_("两类规定合计"), cells)]
        lines, heading = [], ""
        for row in self.form.rows_of(section):
            top = self._top(section, row)
            if top and top.code != heading:
                heading = top.code
                lines.append(Line(f"{top.code} {top.label}"))
            codes = [".".join((item.code, row.code, *column)) for item in counted for column in _each(columns)]
            lines.append(
                Line(f"{row.code} {row.label}", tuple(self._cell(code) for code in codes), level=1 if top else 0)
            )
        return lines

    def _top(self, section: Section, row: Entry) -> Entry | None:
        """The outermost whole that a problem type belongs to."""
        pack = self.form.pack_of_rows(section)
        found: Entry | None = None
        while row.parent:
            row = found = pack.entry(row.parent)
        return found

    def _cell(self, code: str) -> Cell:
        months, known = self.past
        recorded, typed = self.recorded.get(code, 0), self.content.cells.get(code)
        shown = typed if typed is not None else (str(recorded) if recorded else None)
        return Cell(
            CELL + code,
            value=shown or "0" if recorded or shown not in (None, "", "0") else None,
            prefilled=recorded,
            past=known.get(code, tuple(0 for _month in months)),
            href=f"{self._records}{code}/" if recorded else "",
            reason=self.content.reasons.get(code, ""),
            error=self._error(code),
        )

    @cached_property
    def _records(self) -> str:
        """Where the records behind the cells are shown: each at its code."""
        return reverse("monthly_return:records", args=[self.record.pk, "-"]).removesuffix("-/")

    @cached_property
    def _errors(self) -> dict[str, str]:
        return {f.key: f.sentence for f in reversed(self.findings) if f.is_blocking}

    def _error(self, code: str) -> str:
        return self._errors.get(code, "")

    def _answers(self, section: Section) -> Iterator[Answer]:
        items = {item.value: item.code for item in self.form.items_of(section.code)}
        if section.layout != "clauses" or "choice" not in items:
            return
        for row in self.form.rows_of(section):
            state, words = f"{items['choice']}.{row.code}", f"{items['text']}.{row.code}"
            known = self.content.cells
            error = self._error(state) or self._error(words) or self._of_row(row.code)
            yield Answer(row, known.get(state, ""), known.get(words, ""), CELL + state, CELL + words, error)

    def _of_row(self, row: str) -> str:
        return next((f.sentence for f in self.findings if f.key.endswith(f"@{row}") and f.is_blocking), "")


def _each(columns: Sequence[str]) -> list[tuple[str, ...]]:
    return [(column,) for column in columns] or [()]


def as_reported(record: MonthlyReturn, form: Form) -> Sheet:
    """What was reported, to look at: the numbers as they stood, not as the records are now."""
    changed = {c.code: str(record.cells[c.code]) for c in form.cells if c.code in record.cells}
    zeroed = {code: "0" for code in record.prefilled if code not in record.cells}
    return Sheet(record, form, Content({**changed, **zeroed}, record.reasons), record.prefilled, read_only=True)


def new_editor() -> str:
    """Names one opening of the page, so that its own saves are told from another clerk's."""
    return secrets.token_urlsafe(9)
