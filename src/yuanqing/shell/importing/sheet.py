"""导入表: what a workbook must contain, what was found in it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from yuanqing.shell.importing.typed import narrow, spoken

Kind = Literal["text", "code", "int", "decimal", "date", "month", "choice", "bool"]
Text = str | Promise


@dataclass(frozen=True)
class Column:
    """列: one column of a sheet.

    ``kind`` code is text that may look like a number (leading zeros count); ``digits`` fixes its length. A choice accepts
    the code or the label of a choice and gives the code. ``aliases`` are other headings under which the column is found.
    """

    key: str
    label: Text
    kind: Kind = "text"
    required: bool = False
    choices: Sequence[tuple[str, Text]] = ()
    max_length: int = 0
    digits: int = 0
    minimum: int | None = None
    maximum: int | None = None
    help: Text = ""
    aliases: tuple[str, ...] = ()

    @cached_property
    def choice_names(self) -> dict[str, str]:
        """Everything that may be typed for a choice, in every language, with the code it means."""
        names: dict[str, str] = {}
        for key, label in self.choices:
            for name in (key, *spoken(label)):
                names.setdefault(narrow(name).casefold(), key)
        return names

    @property
    def headings(self) -> tuple[str, ...]:
        """Everything the column's heading may say."""
        return (self.key, *self.aliases, *spoken(self.label))


@dataclass(frozen=True)
class Sheet:
    """导入工作表: ``unique`` names the columns that together may not occur twice in the file."""

    name: Text
    key: str
    columns: Sequence[Column]
    example_rows: Sequence[Mapping[str, Any]] = ()
    unique: tuple[str, ...] = ()
    required: bool = True
    help: Text = ""

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)


@dataclass(frozen=True)
class Problem:
    """差错: where, what stands there, what is wrong and how to mend it. ``row`` is 0 when the sheet as a whole is meant."""

    message: str
    sheet: str = ""
    row: int = 0
    letter: str = ""
    label: str = ""
    value: str = ""

    def __str__(self) -> str:
        return "".join(part for part in (self.place, self.message) if part)

    @property
    def place(self) -> str:
        """Where, in words: 单位，第5行，B列“单位代码”："""
        parts = [self.sheet] if self.sheet else []
        if self.row:
            parts.append(_("第%(row)d行") % {"row": self.row})
        if self.letter:
            parts.append(_("%(letter)s列“%(label)s”") % {"letter": self.letter, "label": self.label})
        return "，".join(parts) + "：" if parts else ""


class Row(dict[str, Any]):
    """数据行: values by column key, knowing where it stood, so that a check can point at it."""

    def __init__(self, sheet: Sheet, number: int, letters: Mapping[str, str]) -> None:
        super().__init__()
        self.sheet = sheet
        self.number = number
        self.letters = letters
        self.typed: dict[str, str] = {}

    def wrong(self, key: str, message: str) -> Problem:
        """An error at one cell of this row; ``key`` "" means the row as a whole."""
        if not key:
            return Problem(message, str(self.sheet.name), self.number)
        label = str(self.sheet.column(key).label)
        value = self.typed.get(key, "")
        return Problem(message, str(self.sheet.name), self.number, self.letters.get(key, ""), label, value)


Rows = dict[str, list[Row]]


@dataclass
class Parsed:
    """读取结果: rows by sheet key; with one error nothing may be applied. Remarks do not stop an import."""

    rows: Rows = field(default_factory=dict)
    errors: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(len(rows) for rows in self.rows.values())


class Rejected(Exception):
    """整体退回: nothing of a workbook was taken over; carries the errors."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems[:20]))


@dataclass(frozen=True)
class Counts:
    """导入结果: how many records came into being, changed, or were already so."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
