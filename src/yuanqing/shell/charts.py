"""图表: pure functions from numbers to what the browser draws, always together with the table of the same numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.safestring import SafeString

Text = str | Promise
Number = int | float | None


@dataclass(frozen=True)
class Chart:
    """One picture: `kind` and `data` are read by charts.js, `columns` and `rows` are the same numbers as a table."""

    kind: str
    title: Text
    data: dict[str, Any]
    columns: tuple[Text, ...]
    rows: tuple[tuple[Any, ...], ...]
    unit: Text = ""
    source: Text = ""
    size: str = "medium"  # small, medium, tall: heights are classes, style attributes are forbidden
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def payload(self) -> dict[str, Any]:
        """What the data block on the page holds."""
        return {"kind": self.kind, "title": self.title, "unit": self.unit, **self.data}


@dataclass(frozen=True)
class HeatMap(Chart):
    """A heat map stands on a page as a table; where scripts draw it, they read its points."""

    @property
    def payload(self) -> dict[str, Any]:
        lines = enumerate(line["cells"] for line in self.extra["lines"])
        points = [[x, y, cell.value] for y, line in lines for x, cell in enumerate(line) if cell.value is not None]
        return {**super().payload, "points": points}


class HeatCell(NamedTuple):
    """One unit in one month: `level` colours it (0 pale … 4 deep, or a state: late, missing, nil, none)."""

    value: Number
    level: str
    text: Text = ""
    href: str = ""
    note: Text = ""

    def __html__(self) -> str:
        """Its cell of the table. Built here, since a map has a thousand of them and a template takes long over each."""
        text = escape(str(self.text)) if self.text else ""
        note = f' title="{escape(str(self.note))}"' if self.note else ""
        inside = f'<a href="{escape(self.href)}">{text or "·"}</a>' if self.href else text
        return SafeString(f'<td class="heat-{self.level}"{note}>{inside}</td>')


STATES = ("none", "late", "missing", "nil", "done", "soon")


def heat_map(
    title: Text,
    rows: Sequence[Text],
    columns: Sequence[Text],
    values: Sequence[Sequence[HeatCell | Number]],
    *,
    unit: Text = "",
    source: Text = "",
    corner: Text = "",
    links: Sequence[str] = (),
) -> Chart:
    """Who is behind, and when: rows of units, columns of months; plain numbers are shaded in five steps."""
    plain = [v for line in values for v in line if not isinstance(v, HeatCell) and v is not None]
    top = max(plain, default=0)
    cells = [[_heat_cell(v, top) for v in line] for line in values]
    lines = [
        {
            "label": label,
            "href": links[i] if i < len(links) else "",
            "cells": cells[i],
            "markup": SafeString("".join(cell.__html__() for cell in cells[i])),
        }
        for i, label in enumerate(rows)
    ]
    return HeatMap(
        "heat_map",
        title,
        {"rows": list(rows), "columns": list(columns), "top": top},
        (corner, *columns),
        tuple((label, *(cell.value for cell in line)) for label, line in zip(rows, cells, strict=True)),
        unit,
        source,
        "tall" if len(rows) > 12 else "medium",
        {"lines": lines, "corner": corner},
    )


def _heat_cell(value: HeatCell | Number, top: Number) -> HeatCell:
    if isinstance(value, HeatCell):
        return value
    if value is None:
        return HeatCell(None, "none")
    return HeatCell(value, str(shade(value, top)), str(value))


def shade(value: float, top: Number) -> int:
    """Step 0…4 of a value in 0…top; zero is always 0 and the largest always 4."""
    if not top or value <= 0:
        return 0
    return min(4, 1 + int(3 * value / top))


def trend(
    title: Text,
    labels: Sequence[Text],
    values: Sequence[Number],
    *,
    last_year: Sequence[Number] = (),
    top: Number = None,
    names: tuple[Text, Text] = ("", ""),
    unit: Text = "",
    source: Text = "",
    corner: Text = "",
) -> Chart:
    """Is it better: this year as a firm line, last year as a pale one; `top` is the most there can be."""
    series = [{"name": names[0], "values": list(values), "pale": False}]
    if last_year:
        series.append({"name": names[1], "values": list(last_year), "pale": True})
    columns = (corner, *(str(one["name"]) for one in series))
    padded = [[*list(one), *[None] * (len(labels) - len(one))] for one in (list(values), list(last_year))]
    rows = tuple((label, *(padded[k][i] for k in range(len(series)))) for i, label in enumerate(labels))
    return Chart("trend", title, {"labels": list(labels), "series": series, "top": top}, columns, rows, unit, source)


@dataclass(frozen=True)
class Interval:
    """One line of a ranking: the value and the range within which it is not really different."""

    label: Text
    value: Number
    low: Number
    high: Number
    href: str = ""


def dot_interval(
    title: Text,
    lines: Sequence[Interval],
    *,
    names: tuple[Text, Text, Text, Text] = ("", "", "", ""),
    reference: Number = None,
    unit: Text = "",
    source: Text = "",
) -> Chart:
    """Is the difference real: a dot with its interval per unit, and the reference as a line across."""
    data = {
        "lines": [{"label": i.label, "value": i.value, "low": i.low, "high": i.high, "href": i.href} for i in lines],
        "reference": reference,
        "names": list(names),
    }
    rows = tuple((i.label, i.value, i.low, i.high) for i in lines)
    return Chart(
        "dot_interval",
        title,
        data,
        names,
        rows,
        unit,
        source,
        "long" if len(lines) > 24 else "tall" if len(lines) > 12 else "medium",
    )


def bars(
    title: Text,
    labels: Sequence[Text],
    series: Sequence[tuple[Text, Sequence[Number]]],
    *,
    stacked: bool = False,
    unit: Text = "",
    source: Text = "",
    corner: Text = "",
    links: Sequence[str] = (),
) -> Chart:
    """How much of each: horizontal bars, one group per label, so that Chinese names need not be turned."""
    data = {
        "labels": list(labels),
        "series": [{"name": name, "values": list(values)} for name, values in series],
        "stacked": stacked,
        "links": list(links),
    }
    rows = tuple((label, *(values[i] for _name, values in series)) for i, label in enumerate(labels))
    size = "tall" if len(labels) > 8 else "medium"  # beneath, every second name would be left out
    return Chart("bars", title, data, (corner, *(name for name, _values in series)), rows, unit, source, size)


def small_multiples(
    title: Text,
    labels: Sequence[Text],
    panels: Sequence[tuple[Text, Sequence[Number]]],
    *,
    unit: Text = "",
    source: Text = "",
    corner: Text = "",
) -> Chart:
    """The same line for every unit on one scale, so that shapes can be compared."""
    top = max((v for _name, values in panels for v in values if v is not None), default=0)
    data = {
        "labels": list(labels),
        "panels": [{"name": name, "values": list(values)} for name, values in panels],
        "top": top,
    }
    rows = tuple((name, *values) for name, values in panels)
    return Chart("small_multiples", title, data, (corner, *labels), rows, unit, source, "tall")


@dataclass(frozen=True)
class Branch:
    """A node of a tree picture."""

    name: Text
    value: Number = None
    href: str = ""
    children: tuple[Branch, ...] = ()


def tree(
    title: Text, root: Branch, *, unit: Text = "", source: Text = "", names: tuple[Text, Text] = ("", "")
) -> Chart:
    """Where: the organisation from left to right, the figure behind each name."""
    rows = tuple(_tree_rows(root, 0))
    return Chart("tree", title, {"root": _tree_data(root)}, names, rows, unit, source, "tall")


def _tree_data(branch: Branch) -> dict[str, Any]:
    return {
        "name": branch.name,
        "value": branch.value,
        "href": branch.href,
        "children": [_tree_data(child) for child in branch.children],
    }


def _tree_rows(branch: Branch, depth: int) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [("\u3000" * depth + str(branch.name), branch.value)]
    for child in branch.children:
        rows += _tree_rows(child, depth + 1)
    return rows


def sparkline(values: Sequence[Number], width: int = 96, height: int = 24) -> dict[str, Any]:
    """Points of a small line drawn on the server: twelve values beside a figure; gaps are left out."""
    known = [(i, v) for i, v in enumerate(values) if v is not None]
    top = max((v for _i, v in known), default=0) or 1
    step = (width - 6) / max(1, len(values) - 1)
    points = [(round(3 + i * step, 1), round(height - 3 - (height - 6) * v / top, 1)) for i, v in known]
    return {
        "points": " ".join(f"{x},{y}" for x, y in points),
        "last": points[-1] if points else None,
        "width": width,
        "height": height,
    }
