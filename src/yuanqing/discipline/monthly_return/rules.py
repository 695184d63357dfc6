"""What a return must satisfy before it is taken, and how a block pasted from a spreadsheet is read.

The gates stand in this order: scope, consistency, time, lock, value, cross-item. All of them are tried, so that a
clerk sees everything at once; a cell that fails an early gate is left out of the later ones.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Literal, NamedTuple

from django.utils.translation import gettext as _

from yuanqing.kernel.almanac import Month
from yuanqing.kernel.packs.form import Breach, Cell, Form
from yuanqing.kernel.packs.relation import Relation

Gate = Literal["scope", "consistency", "time", "lock", "value", "cross_item"]
Severity = Literal["hard", "soft"]
Window = Literal["early", "open", "grace", "late", "locked"]
Values = Mapping[str, int | str]
GATES: tuple[Gate, ...] = ("scope", "consistency", "time", "lock", "value", "cross_item")
LARGEST = 999_999_999


@dataclass(frozen=True, slots=True)
class Finding:
    """审核发现: why a return cannot be taken (hard), or what must be explained first (soft).

    `key` is the cell or check it is about; an explanation or reason is kept under it.
    """

    gate: Gate
    severity: Severity
    key: str
    sentence: str
    explanation_needed: bool = False

    @property
    def is_blocking(self) -> bool:
        return self.severity == "hard" or self.explanation_needed


@dataclass(frozen=True)
class Filing:
    """报送内容: everything the gates look at, as plain values; an absent number is 0.

    `last` holds what the unit reported last month, None when there was no return; checks on last month then wait.
    """

    values: Values
    prefilled: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    explanations: Mapping[str, str] = field(default_factory=dict)
    last: Values | None = None
    window: Window = "open"
    opens_on: str = ""
    days_late: int = 0
    is_owed: bool = True
    is_closed: bool = False
    is_nil: bool = False
    nil_statement: str = ""
    is_signed: bool = False


class Past(NamedTuple):
    """往月报送: a return of an earlier month, as far as this month's is held against it."""

    state: str
    is_reported: bool
    cells: dict[str, Any]


def window_of(now: datetime, opens_at: datetime, due_at: datetime, grace_until: datetime, locks_at: datetime) -> Window:
    """Where an instant stands in a return's frozen windows; an extension moves the due time only."""
    if now < opens_at:
        return "early"
    if now <= due_at:
        return "open"
    if now <= grace_until:
        return "grace"
    return "late" if now <= locks_at else "locked"


def last_values(months: Sequence[Month], past: Mapping[Month, Past]) -> dict[str, tuple[int | None, ...]]:
    """Cell code → number reported in each of the months; None where nothing was reported.

    Only cells that ever were above 0 are named.
    """
    columns = [past[month].cells if month in past and past[month].is_reported else None for month in months]
    codes = {code for cells in columns if cells for code, value in cells.items() if isinstance(value, int)}
    return {code: tuple(None if cells is None else cells.get(code, 0) for cells in columns) for code in codes}


def findings(form: Form, filing: Filing) -> list[Finding]:
    """Everything the gates find, in their order; the return may be taken when none of it is blocking."""
    unsound = [*_scope(form, filing), *_consistency(form, filing)]
    bad = frozenset(finding.key for finding in unsound)
    return [
        *unsound,
        *_time(filing),
        *_lock(filing),
        *_value(form, filing, bad),
        *_cross_item(form, filing, bad),
    ]


def title_of(cell: Cell) -> str:
    """What the clerk calls the cell: its item, row and column."""
    return "·".join(part.label for part in (cell.item, cell.row, cell.column) if part is not None)


def _scope(form: Form, filing: Filing) -> Iterator[Finding]:
    if not filing.is_owed:
        yield Finding("scope", "hard", "", _("本单位本月不需要报送此表。"))
    known = {cell.code for cell in form.cells}
    for code in filing.values:
        if code not in known:
            yield Finding("scope", "hard", code, _("报表没有“%(code)s”这一格。") % {"code": code})


def _consistency(form: Form, filing: Filing) -> Iterator[Finding]:
    checks: dict[str, Callable[[Form, Cell, int | str], str]] = {
        "count": _wrong_count, "text": _wrong_text, "choice": _wrong_choice,
    }  # fmt: skip
    for cell in form.cells:
        value = filing.values.get(cell.code)
        if value is None or value == "":
            if cell.item.required and cell.item.value != "count":
                yield Finding("consistency", "hard", cell.code, _("请填写“%(cell)s”。") % {"cell": title_of(cell)})
            continue
        wrong = checks[cell.item.value](form, cell, value)
        if wrong:
            yield Finding("consistency", "hard", cell.code, wrong)


def _wrong_count(form: Form, cell: Cell, value: int | str) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST:
        return ""
    return _("“%(cell)s”应是不小于0的整数，现为“%(value)s”。") % {"cell": title_of(cell), "value": value}


def _wrong_text(form: Form, cell: Cell, value: int | str) -> str:
    return "" if isinstance(value, str) else _("“%(cell)s”应是文字。") % {"cell": title_of(cell)}


def _wrong_choice(form: Form, cell: Cell, value: int | str) -> str:
    choices = {choice.code for choice in form.pack.table(cell.item.choices or "")}
    if value in choices:
        return ""
    return _("“%(cell)s”没有“%(value)s”这个选项。") % {"cell": title_of(cell), "value": value}


def _time(filing: Filing) -> Iterator[Finding]:
    if filing.window == "early":
        sentence = _("填报尚未开始，%(day)s起可以报送。") % {"day": filing.opens_on}
        yield Finding("time", "hard", "early", sentence)
    elif filing.window in ("grace", "late"):
        sentence = _("已逾期%(days)d天，请说明原因。") % {"days": filing.days_late}
        yield _soft("time", "late", sentence, filing)


def _lock(filing: Filing) -> Iterator[Finding]:
    if filing.is_closed:
        yield Finding("lock", "hard", "closed", _("本月已经结账，更正请在以后月份办理。"))
    elif filing.window == "locked":
        yield Finding("lock", "hard", "locked", _("填报已经锁定，需要延期请向上级申请。"))


def _soft(gate: Gate, key: str, sentence: str, filing: Filing) -> Finding:
    return Finding(gate, "soft", key, sentence, not filing.explanations.get(key, "").strip())


@dataclass(frozen=True, slots=True)
class Override:
    """改动: a reported number beside what the records say; both are kept."""

    code: str
    reported: int
    recorded: int

    @property
    def gap(self) -> int:
        return abs(self.reported - self.recorded)


def overrides(form: Form, values: Values, prefilled: Mapping[str, int]) -> list[Override]:
    """Cells whose reported number is not the recorded one, in the order of the form."""
    found = []
    for cell in form.cells:
        reported, recorded = values.get(cell.code, 0), prefilled.get(cell.code, 0)
        if cell.figure and isinstance(reported, int) and reported != recorded:
            found.append(Override(cell.code, reported, recorded))
    return found


def is_all_zero(form: Form, values: Values) -> bool:
    """Nothing was received, dealt with or left open: every number of the form is 0."""
    return not any(values.get(cell.code) for cell in form.cells if cell.item.value == "count")


def _value(form: Form, filing: Filing, bad: frozenset[str]) -> Iterator[Finding]:
    for change in overrides(form, filing.values, filing.prefilled):
        if change.code not in bad and not filing.reasons.get(change.code, "").strip():
            words = {
                "cell": title_of(form.cell(change.code)), "reported": change.reported, "recorded": change.recorded,
            }  # fmt: skip
            sentence = _("“%(cell)s”填报%(reported)d，记录为%(recorded)d，请写明改动理由。") % words
            yield Finding("value", "hard", change.code, sentence, explanation_needed=True)
    wrong = _wrong_nil(is_all_zero(form, filing.values), filing)
    if wrong:
        yield Finding("value", "hard", "nil", wrong)


def _wrong_nil(all_zero: bool, filing: Filing) -> str:
    """A nil return is a signed statement of the unit's head, and nothing but zeros is one."""
    if not filing.is_nil:
        return _("各项均为0，请由单位负责人签署零报告声明。") if all_zero else ""
    if not all_zero:
        return _("有不为0的项目，不能作零报告。")
    if not filing.nil_statement.strip():
        return _("零报告须写明声明。")
    return "" if filing.is_signed else _("零报告须由单位负责人签署。")


def _cross_item(form: Form, filing: Filing, bad: frozenset[str]) -> Iterator[Finding]:
    sound = {code: value for code, value in filing.values.items() if code not in bad}
    for breach in form.breaches(sound, filing.last):
        if _cannot_tell(breach, form, filing.last is None, bad):
            continue
        if breach.is_hard:
            yield Finding("cross_item", "hard", breach.key, sentence_of(breach, form))
        else:
            yield _soft("cross_item", breach.key, sentence_of(breach, form), filing)


def _cannot_tell(breach: Breach, form: Form, first_month: bool, bad: frozenset[str]) -> bool:
    """The relation asks for last month's return, which does not exist, or for a cell that is no number."""
    relations = [Relation.parse(text) for text in (breach.check.rule, breach.check.when) if text]
    if first_month and any(term.of_last_month for one in relations for term in (*one.left, *one.right)):
        return True
    names = {name for one in relations for name in one.names}
    return any(c.code in bad and c.item.code in names and _is_at(c, breach.place) for c in form.cells)


def _is_at(cell: Cell, place: str) -> bool:
    """Whether the cell belongs to the place of a check: the whole form, its row, or its own place."""
    return place in ("", cell.place, cell.row.code if cell.row else "")


def sentence_of(breach: Breach, form: Form) -> str:
    """The pack's own sentence, where it was broken, and the two sides of the relation."""
    numbers = _("%(left)s 对 %(right)s") % {"left": breach.left, "right": breach.right}
    where = _place_title(breach, form)
    return f"{breach.check.label}（{where}：{numbers}）。" if where else f"{breach.check.label}（{numbers}）。"


def _place_title(breach: Breach, form: Form) -> str:
    if not breach.place:
        return ""
    cell = next(c for c in form.cells if _is_at(c, breach.place))
    parts = (cell.row, cell.column) if breach.check.each == "cell" else (cell.row,)
    return "·".join(part.label for part in parts if part is not None)


NUMBER = re.compile(r"\d+|\d{1,3}(,\d{3})+", re.ASCII)
ZEROS = frozenset({"", "-", "—", "–", "--", "——"})


@dataclass(frozen=True, slots=True)
class Misread:
    """粘贴错误: a pasted cell that is no number; row and column count from 1 within the pasted block."""

    row: int
    column: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Block:
    """粘贴块: rows of numbers as pasted; a cell that could not be read is None and listed in `errors`."""

    rows: tuple[tuple[int | None, ...], ...]
    errors: tuple[Misread, ...]


def read_number(text: str) -> int:
    """A count as people write it: full-width digits, thousands separators, blank or a dash for 0.

    ValueError carries a sentence for the clerk.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if plain in ZEROS:
        return 0
    if not NUMBER.fullmatch(plain):
        raise ValueError(_("“%(text)s”不是整数") % {"text": text.strip()})
    number = int(plain.replace(",", ""))
    if number > LARGEST:
        raise ValueError(_("“%(text)s”太大") % {"text": text.strip()})
    return number


def read_block(text: str) -> Block:
    """A block of cells as Excel puts it on the clipboard: rows by line, columns by tab, quotes around line breaks."""
    lines = list(csv.reader(text.splitlines(keepends=True), delimiter="\t"))
    rows, errors = [], []
    for row, line in enumerate(lines, 1):
        numbers: list[int | None] = []
        for column, raw in enumerate(line or [""], 1):
            try:
                numbers.append(read_number(raw))
            except ValueError as error:
                numbers.append(None)
                where = {"row": row, "column": column, "error": error}
                errors.append(Misread(row, column, _("第%(row)d行第%(column)d列：%(error)s。") % where))
        rows.append(tuple(numbers))
    return Block(tuple(rows), tuple(errors))


def placed(block: Block, grid: Sequence[Sequence[str]], row: int = 0, column: int = 0) -> dict[str, int]:
    """Cell code → number when the block is pasted with its corner at this place (from 0) of a grid of cell codes.

    Unreadable cells are left out; ValueError when the block does not fit.
    """
    height, width = len(block.rows), max((len(line) for line in block.rows), default=0)
    if row + height > len(grid) or column + width > len(grid[0]):
        size = {"rows": height, "columns": width, "free_rows": len(grid) - row, "free_columns": len(grid[0]) - column}
        raise ValueError(
            _("粘贴的内容有%(rows)d行%(columns)d列，从这里起只有%(free_rows)d行%(free_columns)d列。") % size
        )
    return {
        grid[row + down][column + right]: number
        for down, line in enumerate(block.rows)
        for right, number in enumerate(line)
        if number is not None
    }


def submission_digest(previous: str, number: int, at: datetime, content: Mapping[str, Any]) -> str:
    """The link of a submission to the one before: SHA-256 over both, in a text that PostgreSQL writes the same way."""
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")
    return sha256(canonical([previous, number, moment, content]).encode()).hexdigest()


def canonical(value: Any) -> str:
    """JSON as PostgreSQL prints `jsonb`: shorter keys first, then by bytes; so that thousands are chained in one statement."""
    if isinstance(value, Mapping):
        pairs = sorted(((key.encode(), item) for key, item in value.items()), key=lambda pair: (len(pair[0]), pair[0]))
        return "{" + ", ".join(f"{_plain(key.decode())}: {canonical(item)}" for key, item in pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(canonical(item) for item in value) + "]"
    return _plain(value)


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
