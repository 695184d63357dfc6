"""筛选: what the reader of a list may narrow it by; each filter is one control and one condition in SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise

from yuanqing.kernel.almanac import Month

Text = str | Promise
Choices = Sequence[tuple[Any, Text]] | Callable[[], Sequence[tuple[Any, Text]]]


@dataclass(frozen=True)
class Option:
    """One choice of a filter with the number of rows it would leave."""

    value: str
    label: Text
    chosen: bool
    count: int | None = None


@dataclass(frozen=True)
class Control:
    """What the template draws for a filter."""

    kind: str
    name: str
    label: Text
    value: str = ""
    until: str = ""
    options: tuple[Option, ...] = ()
    help: Text = ""


@dataclass(frozen=True)
class Choice:
    """One of a few values; with `facets` each shows how many rows it would leave."""

    name: str
    label: Text
    choices: Choices
    field: str = ""
    facets: bool = False

    @property
    def parameters(self) -> tuple[str, ...]:
        return (self.name,)

    def condition(self, given: QueryDict) -> Q:
        value = given.get(self.name, "")
        known = {str(key) for key, _label in self._choices()}
        return Q(**{self.field or self.name: value}) if value in known else Q()

    def control(self, given: QueryDict, others: QuerySet[Any]) -> Control:
        value, counts = given.get(self.name, ""), self._counts(others) if self.facets else {}
        options = tuple(
            Option(str(key), label, str(key) == value, counts.get(str(key), 0) if self.facets else None)
            for key, label in self._choices()
        )
        return Control("choice", self.name, self.label, value, options=options)

    def _choices(self) -> Sequence[tuple[Any, Text]]:
        return self.choices() if callable(self.choices) else self.choices

    def _counts(self, rows: QuerySet[Any]) -> dict[str, int]:
        field = self.field or self.name
        counted = rows.order_by().values(field).annotate(number_of_rows=Count("pk", distinct=True))
        return {str(row[field]): row["number_of_rows"] for row in counted}


@dataclass(frozen=True)
class Among:
    """One of a few named selections, each a condition of its own: mine, waiting for a decision, overdue."""

    name: str
    label: Text
    among: Sequence[tuple[str, Text, Q]]

    @property
    def parameters(self) -> tuple[str, ...]:
        return (self.name,)

    def condition(self, given: QueryDict) -> Q:
        value = given.get(self.name, "")
        return next((condition for key, _label, condition in self.among if key == value), Q())

    def control(self, given: QueryDict, others: QuerySet[Any]) -> Control:
        value = given.get(self.name, "")
        options = tuple(Option(key, label, key == value) for key, label, _condition in self.among)
        return Control("choice", self.name, self.label, value, options=options)


@dataclass(frozen=True)
class Dates:
    """From a day until a day, both included; `?on_from=2026-10-01&on_until=2026-10-31`."""

    name: str
    label: Text
    field: str
    is_instant: bool = False

    @property
    def parameters(self) -> tuple[str, ...]:
        return (f"{self.name}_from", f"{self.name}_until")

    def condition(self, given: QueryDict) -> Q:
        first, last = (_as_day(given.get(name, "")) for name in self.parameters)
        condition = Q(**{f"{self.field}__gte": _start(first, self.is_instant)}) if first else Q()
        after = last + timedelta(days=1) if last and last < date.max else None
        return condition & Q(**{f"{self.field}__lt": _start(after, self.is_instant)}) if after else condition

    def control(self, given: QueryDict, others: QuerySet[Any]) -> Control:
        first, last = (given.get(name, "") for name in self.parameters)
        return Control("dates", self.name, self.label, first, last)


@dataclass(frozen=True)
class InMonth:
    """A calendar month; `field` is a date (or an instant) in it."""

    name: str
    label: Text
    field: str
    is_instant: bool = False

    @property
    def parameters(self) -> tuple[str, ...]:
        return (self.name,)

    def condition(self, given: QueryDict) -> Q:
        try:
            month = Month.parse(given.get(self.name, ""))
        except ValueError:
            return Q()
        first, after = (_start(m.first_day, self.is_instant) for m in (month, month.next()))
        return Q(**{f"{self.field}__gte": first, f"{self.field}__lt": after})

    def control(self, given: QueryDict, others: QuerySet[Any]) -> Control:
        return Control("month", self.name, self.label, given.get(self.name, ""))


@dataclass(frozen=True)
class InUnit:
    """A unit and everything below it; `field` is a materialised path, `find` turns what is given into a prefix.

    `find(text)` takes a code or a name and returns (path, shown name), or None when there is no such unit.
    """

    name: str
    label: Text
    field: str
    find: Callable[[str], tuple[str, str] | None]
    help: Text = ""

    @property
    def parameters(self) -> tuple[str, ...]:
        return (self.name,)

    def condition(self, given: QueryDict) -> Q:
        text = given.get(self.name, "").strip()
        if not text:
            return Q()
        found = self.find(text)
        return Q(**{f"{self.field}__startswith": found[0]}) if found else Q(pk__in=[])

    def control(self, given: QueryDict, others: QuerySet[Any]) -> Control:
        return Control("unit", self.name, self.label, given.get(self.name, ""), help=self.help)


@dataclass(frozen=True)
class Search:
    """Words in any of some fields; every word must be found."""

    name: str
    label: Text
    fields: tuple[str, ...]

    @property
    def parameters(self) -> tuple[str, ...]:
        return (self.name,)

    def condition(self, given: QueryDict) -> Q:
        condition = Q()
        for word in given.get(self.name, "").split()[:8]:
            found = Q()
            for field in self.fields:
                found |= Q(**{f"{field}__icontains": word})
            condition &= found
        return condition

    def control(self, given: QueryDict, others: QuerySet[Any]) -> Control:
        return Control("search", self.name, self.label, given.get(self.name, ""))


Filter = Among | Choice | Dates | InMonth | InUnit | Search


def _start(day: date, is_instant: bool) -> date | datetime:
    """What the day begins with: itself, or its midnight here; plain comparisons can use an index."""
    return timezone.make_aware(datetime.combine(day, time.min)) if is_instant else day


def _as_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
