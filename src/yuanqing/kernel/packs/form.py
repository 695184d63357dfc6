"""A form drawn from its pack: what is asked, where each number comes from, and which relations must hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from yuanqing.kernel.packs.entries import Check, Entry, Item, Section
from yuanqing.kernel.packs.relation import Relation
from yuanqing.kernel.packs.schema import Pack

Values = Mapping[str, Any]  # cell code → number or text; an absent number is 0


@dataclass(frozen=True, slots=True)
class Cell:
    """填报格: one thing to fill in, with the figure that proposes its value."""

    code: str
    item: Item
    section: Section
    row: Entry | None = None
    column: Entry | None = None
    where: Mapping[str, str] = field(default_factory=dict)

    @property
    def figure(self) -> str:
        return self.item.figure or ""

    @property
    def place(self) -> str:
        """Where in its section the cell stands; the cells of one place differ only by item."""
        return ".".join(one.code for one in (self.row, self.column) if one is not None)


@dataclass(frozen=True, slots=True)
class Breach:
    """审核问题: a relation that does not hold, where, and the two numbers compared."""

    check: Check
    place: str
    left: int | str
    right: int | str

    @property
    def is_hard(self) -> bool:
        return self.check.level == "hard"

    @property
    def key(self) -> str:
        """What an explanation is kept under."""
        return f"{self.check.code}@{self.place}" if self.place else self.check.code


class Form:
    """报表: the pack's sections opened out into cells, and its checks made ready to run."""

    def __init__(self, pack: Pack, packs: Mapping[str, Pack]) -> None:
        self.pack = pack
        self.sections: list[Section] = pack.of_kind("section")
        self._packs = packs
        self.cells: list[Cell] = [cell for section in self.sections for cell in self._cells_of(section)]
        self._by_code = {cell.code: cell for cell in self.cells}

    def cell(self, code: str) -> Cell:
        return self._by_code[code]

    def cells_of(self, section: str) -> list[Cell]:
        return [cell for cell in self.cells if cell.section.code == section]

    def items_of(self, section: str) -> list[Item]:
        return [item for item in self.pack.of_kind("item") if item.section == section]

    def rows_of(self, section: Section) -> list[Entry]:
        """Leaves of a choice table, or the clauses of a pack, in their order."""
        return self._lines(section.rows) if section.rows else []

    def pack_of_rows(self, section: Section) -> Pack:
        """The pack that the rows of a section come from: it knows which wholes they belong to."""
        return self._packs[(section.rows or "").partition(".")[0]]

    def columns_of(self, section: Section) -> list[Entry]:
        return self._lines(section.columns) if section.columns else []

    def figures(self) -> list[str]:
        """Names of the figures that fill this form."""
        return sorted({cell.figure for cell in self.cells if cell.figure})

    def breaches(self, values: Values, last: Values | None = None) -> list[Breach]:
        """Every relation that does not hold, in the order of the pack; last month's values answer to `last.`."""
        return [breach for prepared in self._checks for breach in prepared.run(values, last or {})]

    def _lines(self, reference: str) -> list[Entry]:
        name, _dot, table = reference.partition(".")
        pack = self._packs[name]
        return pack.of_kind("clause") if table == "clauses" else pack.leaves(table)

    def _cells_of(self, section: Section) -> Iterable[Cell]:
        items = self.items_of(section.code)
        if section.layout == "items":
            return [Cell(item.code, item, section, where=item.where) for item in items]
        columns: list[Entry | None] = [*self.columns_of(section)] if section.columns else [None]
        return [
            self._cell(section, item, row, column)
            for row in self.rows_of(section)
            for column in columns
            for item in items
        ]

    def _cell(self, section: Section, item: Item, row: Entry, column: Entry | None) -> Cell:
        code = ".".join(one.code for one in (item, row, column) if one is not None)
        names = {"{row}": row.code, "{column}": column.code if column else ""}
        where = {name: names.get(value, value) for name, value in item.where.items()}
        return Cell(code, item, section, row, column, where)

    @cached_property
    def _checks(self) -> list[_Prepared]:
        return [_Prepared(check, self) for check in self.pack.of_kind("check")]


class _Prepared:
    """A check with the cells of each place looked up once, so that a thousand returns cost a thousand sums."""

    def __init__(self, check: Check, form: Form) -> None:
        self.check = check
        self.rule = Relation.parse(check.rule)
        self.when = Relation.parse(check.when) if check.when else None
        self.places: dict[str, dict[str, list[str]]] = {}
        names = self.rule.names | (self.when.names if self.when else set())
        for cell in form.cells:
            if cell.item.code in names and check.section in (None, cell.section.code):
                self.places.setdefault(self._place(cell), {}).setdefault(cell.item.code, []).append(cell.code)
        self.place_of = {
            code: place for place, items in self.places.items() for cells in items.values() for code in cells
        }
        # Where everything is 0 and 0 is right, an empty place need not be looked at.
        self.holds_when_empty = not self._broken({}, {}, {})

    def _place(self, cell: Cell) -> str:
        if self.check.each == "form":
            return ""
        return cell.row.code if self.check.each == "row" and cell.row else cell.place

    def run(self, values: Values, last: Values) -> list[Breach]:
        if self.holds_when_empty:
            touched = {self.place_of[code] for code in (*values, *last) if code in self.place_of}
            places = [place for place in self.places if place in touched]
        else:
            places = list(self.places)
        found = []
        for place in places:
            sides = self._broken(self.places[place], values, last)
            if sides:
                found.append(Breach(self.check, place, *sides))
        return found

    def _broken(
        self, cells: Mapping[str, list[str]], values: Values, last: Values
    ) -> tuple[int | str, int | str] | None:
        def look(name: str, of_last_month: bool) -> int | str:
            known = last if of_last_month else values
            found = [known.get(code, 0) for code in cells.get(name, ())]
            if len(found) == 1 and isinstance(found[0], str):
                return found[0]
            return sum(value for value in found if isinstance(value, int))

        if self.when is not None and not self.when.holds(look):
            return None
        return None if self.rule.holds(look) else self.rule.sides(look)
