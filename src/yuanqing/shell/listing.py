"""清单: a list page declared once: columns, filters, order, pages, named views, column choice and export."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.db.models.fields.related import ForeignObjectRel
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from yuanqing.kernel import typed
from yuanqing.org.scope.rules import Scope
from yuanqing.org.unit.models import Unit
from yuanqing.shell.filters import Control, Filter
from yuanqing.shell.words import query_string

Text = str | Promise
SIZES = (25, 50, 100)
EXPORT_LIMIT = 100_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Column:
    """One column: what it shows, what it links to, how it is ordered, what it exports.

    kind: text, code (a number that names a record, never broken), number, day, moment, month, clock, badge, percent,
    unit, person, clause.
    phone: shown on the card at phone width (choose about three). `optional` columns are hidden until chosen.
    """

    key: str
    label: Text
    kind: str = "text"
    value: Callable[[Any], Any] | str = ""  # attribute path ("unit.name") or function; default: the key
    link: Callable[[Any], str] | None = None
    sort: str = ""  # field to order by; "" is not sortable
    phone: bool = False
    optional: bool = False
    export: Callable[[Any], Any] | None = None
    # of a badge its colour: red, amber, green, accent, grey; of a clock how it ended, "" while it runs
    tone: Callable[[Any], str] | None = None

    @property
    def align(self) -> str:
        return "end" if self.kind in ("number", "percent") else ""

    def read(self, row: Any) -> Any:
        if callable(self.value):
            return self.value(row)
        found = row
        for part in (self.value or self.key).split("."):
            found = found.get(part) if isinstance(found, dict) else getattr(found, part, None)
        return found() if callable(found) else found


@dataclass(frozen=True)
class View:
    """A named selection above the list: a query string, and the same condition in SQL for its number."""

    label: Text
    query: str
    where: Q


@dataclass(frozen=True)
class Shown:
    """One cell as the template draws it."""

    column: Column
    value: Any
    href: str
    tone: str


@dataclass(frozen=True)
class Head:
    """One column heading with the link that orders by it."""

    column: Column
    href: str
    order: str  # ascending, descending or ""


@dataclass(frozen=True)
class Tab:
    """A named view with its number of rows."""

    label: Text
    href: str
    count: int
    current: bool


class _Counted:
    """Rows that say afterwards how many they were."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self.rows, self.number = rows, 0

    def __iter__(self) -> Iterator[Any]:
        for row in self.rows:
            self.number += 1
            yield row


def may_repeat(rows: QuerySet[Any], *conditions: Q) -> bool:
    """Whether a row can be there several times: where it, or one of these conditions, is joined with many of something."""
    joins = rows.query.alias_map.values()
    is_joined = any(isinstance(getattr(join, "join_field", None), ForeignObjectRel) for join in joins)
    return rows.query.distinct or is_joined or any(_meets_many(rows.model, condition) for condition in conditions)


def _meets_many(model: Any, condition: Q) -> bool:
    return any(
        _meets_many(model, part) if isinstance(part, Q) else isinstance(part, tuple) and _leads_to_many(model, part[0])
        for part in condition.children
    )


def _leads_to_many(model: Any, lookup: str) -> bool:
    """Whether one of the relations that a lookup names, such as unit__posts__code, has many at its other end."""
    for name in lookup.split("__"):
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:  # what is compared, such as startswith
            return False
        if not field.is_relation:
            return False
        if field.one_to_many or field.many_to_many:
            return True
        model = field.related_model
    return False


class Listing:
    """清单: subclass it, name the columns and filters, and let a page return `Listing(request, rows).respond(…)`."""

    name: ClassVar[str] = "list"
    title: ClassVar[Text] = ""
    columns: Sequence[Column] = ()
    filters: Sequence[Filter] = ()
    views: Sequence[View] = ()
    order: ClassVar[str] = "pk"
    size: ClassVar[int] = 25
    empty: ClassVar[Text] = ""
    empty_hint: ClassVar[Text] = ""
    exports: ClassVar[bool] = True

    def __init__(
        self,
        request: HttpRequest,
        rows: QuerySet[Any],
        *,
        columns: Sequence[Column] | None = None,
        filters: Sequence[Filter] | None = None,
        views: Sequence[View] | None = None,
    ) -> None:
        """`columns`, `filters` and `views` that depend on the reader or on a pack take the place of the class's."""
        self.columns = self.columns if columns is None else columns
        self.filters = self.filters if filters is None else filters
        self.views = self.views if views is None else views
        self.request = request
        self.given: QueryDict = request.GET
        self.all_rows = rows

    # What is shown

    @cached_property
    def conditions(self) -> list[Q]:
        return [f.condition(self.given) for f in self.filters]

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """Every row the filters leave, in order; the primary key last, so that pages never overlap."""
        return self._without(None).order_by(*self.ordering)

    @cached_property
    def chosen_order(self) -> str:
        given = self.given.get("order", "")
        return given if given.removeprefix("-") in {c.key for c in self.columns if c.sort} else ""

    @property
    def ordering(self) -> tuple[str, ...]:
        if not self.chosen_order:
            return tuple(dict.fromkeys((self.order, "pk")))
        field = next(c.sort for c in self.columns if c.key == self.chosen_order.removeprefix("-"))
        return ("-" + field if self.chosen_order.startswith("-") else field, "pk")

    @cached_property
    def page_size(self) -> int:
        given = typed.whole(self.given.get("size"))
        return given if given is not None and given in SIZES else self.size

    @cached_property
    def page(self) -> Page[Any]:
        pages = Paginator(self.rows, self.page_size)
        if self.counted is not None:
            pages.count = self.counted
        return pages.get_page(self.given.get("page"))

    @property
    def counted(self) -> int | None:
        """How many rows there are to turn over, where that is known already; None asks once more."""
        return self._counts["all_rows"] if self.views and not any(self.conditions) else None

    @cached_property
    def shown_columns(self) -> list[Column]:
        chosen = set(self.given.getlist("col"))
        if chosen:
            return [c for c in self.columns if c.key in chosen] or list(self.columns)
        return [c for c in self.columns if not c.optional]

    @cached_property
    def lines(self) -> list[list[Shown]]:
        return [[self._cell(column, row) for column in self.shown_columns] for row in self.page.object_list]

    def _cell(self, column: Column, row: Any) -> Shown:
        href, value = column.link(row) if column.link else "", column.read(row)
        if column.kind == "unit" and isinstance(value, Unit) and not self._units_opened.covers(value.path):
            value = str(value)  # a name that the reader may know; its page is not open to her
        return Shown(column, value, href, column.tone(row) if column.tone else "grey")

    @cached_property
    def _units_opened(self) -> Scope:
        found: Scope = self.request.user.scopes("org.unit.view")  # type: ignore[union-attr]
        return found

    # Links and controls around the rows

    def link(self, **changes: Any) -> str:
        return self.request.path + query_string(dict(self.given.lists()), {"format": None, **changes})

    @cached_property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.shown_columns]

    def _head(self, column: Column) -> Head:
        if not column.sort:
            return Head(column, "", "")
        is_ascending, is_descending = self.chosen_order == column.key, self.chosen_order == f"-{column.key}"
        href = self.link(order=f"-{column.key}" if is_ascending else column.key, page=None)
        return Head(column, href, "ascending" if is_ascending else "descending" if is_descending else "")

    @cached_property
    def controls(self) -> list[Control]:
        return [f.control(self.given, self._without(i)) for i, f in enumerate(self.filters)]

    def _without(self, index: int | None) -> QuerySet[Any]:
        """The rows that all other filters leave: what a choice is counted on."""
        rows = self.all_rows
        for i, condition in enumerate(self.conditions):
            rows = rows.filter(condition) if condition and i != index else rows
        return rows

    @cached_property
    def tabs(self) -> list[Tab]:
        """Named views with their numbers."""
        if not self.views:
            return []
        return [
            Tab(_("全部"), self.request.path, self._counts["all_rows"], not self.is_filtered),
            *(
                Tab(v.label, f"{self.request.path}?{v.query}", self._counts[f"view_{i}"], self._is_view(v))
                for i, v in enumerate(self.views)
            ),
        ]

    @cached_property
    def _counts(self) -> dict[str, int]:
        """How many rows there are and how many each view holds, in one statement; sorted out one by one only if they must be."""
        distinct = may_repeat(self.all_rows, *(view.where for view in self.views))
        counts: dict[str, int] = self.all_rows.order_by().aggregate(
            all_rows=Count("pk", distinct=distinct),
            **{f"view_{i}": Count("pk", filter=v.where, distinct=distinct) for i, v in enumerate(self.views)},
        )
        return counts

    def _is_view(self, view: View) -> bool:
        return {k: v for k, v in self.given.lists() if k in self.parameters and any(v)} == dict(
            QueryDict(view.query).lists()
        )

    @property
    def parameters(self) -> set[str]:
        return {name for f in self.filters for name in f.parameters}

    @property
    def is_filtered(self) -> bool:
        return any(self.given.get(name) for name in self.parameters)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Order, size and columns, carried along as hidden fields of the filter form."""
        return [(name, v) for name in ("order", "size", "col") for v in self.given.getlist(name)]

    @property
    def column_choice(self) -> list[tuple[Column, bool]]:
        shown = {c.key for c in self.shown_columns}
        return [(c, c.key in shown) for c in self.columns]

    @property
    def kept_by_columns(self) -> list[tuple[str, str]]:
        """Everything but the columns, for the form that chooses them."""
        return [(name, v) for name, values in self.given.lists() if name not in ("col", "page") for v in values]

    @property
    def page_links(self) -> list[tuple[str, str, bool]]:
        """(number or …, link, is current)"""
        pages = self.page.paginator.get_elided_page_range(self.page.number, on_each_side=2, on_ends=1)
        return [(str(n), self.link(page=n) if isinstance(n, int) else "", n == self.page.number) for n in pages]

    @property
    def previous_link(self) -> str:
        return self.link(page=self.page.previous_page_number()) if self.page.has_previous() else ""

    @property
    def next_link(self) -> str:
        return self.link(page=self.page.next_page_number()) if self.page.has_next() else ""

    @property
    def size_links(self) -> list[tuple[int, str, bool]]:
        return [(n, self.link(size=n, page=None), n == self.page_size) for n in SIZES]

    @property
    def export_link(self) -> str:
        return self.link(format="xlsx", page=None) if self.exports else ""

    # Answers

    def respond(self, template: str, context: dict[str, Any] | None = None) -> HttpResponse:
        """The page, the table alone when htmx asks for it, or the whole list as XLSX."""
        if self.exports and self.given.get("format") == "xlsx":
            return self.export()
        self.request.number_read = self.page.paginator.count  # type: ignore[attr-defined]
        if self.request.headers.get("HX-Target") == f"listing-{self.name}":
            return render(self.request, "shell/listing.html", {"listing": self})
        return render(self.request, template, {"listing": self, **(context or {})})

    def export(self) -> HttpResponse:
        """Every row the filters leave, with the columns chosen."""
        from yuanqing.shell.document.sheets import Kind
        from yuanqing.shell.document.xlsx import SheetColumn, write_table

        kinds: dict[str, Kind] = {
            "number": "int",
            "day": "date",
            "moment": "datetime",
            "clock": "date",
            "percent": "percent",
        }
        columns = [SheetColumn(str(c.label), kinds.get(c.kind, "text")) for c in self.shown_columns]
        rows = ([self._exported(c, row) for c in self.shown_columns] for row in self._export_rows())
        today = timezone.localdate()
        counted = _Counted(rows)
        response = HttpResponse(write_table(str(self.title), columns, counted, on=today), content_type=XLSX)
        self.request.number_read = counted.number  # type: ignore[attr-defined]
        response.headers["Content-Disposition"] = f'attachment; filename="{self.name}-{today.isoformat()}.xlsx"'
        return response

    def _export_rows(self) -> Any:
        return self.rows[:EXPORT_LIMIT].iterator(chunk_size=2000)

    def _exported(self, column: Column, row: Any) -> Any:
        value = column.export(row) if column.export else column.read(row)
        if column.kind == "percent" and value is not None:
            return Decimal(value) / 10_000
        return value if value is None or column.kind in ("number", "day", "moment", "clock") else str(value)
