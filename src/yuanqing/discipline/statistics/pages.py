"""统计表: the official table on a page, its rows, its workbook, the trend and the heat map beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from yuanqing.discipline.statistics.forms import ScopeForm, default_month
from yuanqing.discipline.statistics.queries import per_head
from yuanqing.discipline.statistics.rules import heads, rate_of, shares_of
from yuanqing.discipline.violation import queries
from yuanqing.discipline.violation.models import Involved, Violation
from yuanqing.discipline.violation.pages import RULES, OfType, type_label
from yuanqing.discipline.violation.policies import may_read_all
from yuanqing.discipline.violation.queries import Codes
from yuanqing.discipline.violation.rules import TOTAL, Change, Row, percent_text
from yuanqing.kernel.addresses import page
from yuanqing.kernel.almanac import Month, months_between
from yuanqing.org.unit.models import Unit
from yuanqing.org.unit.pages import within_reach
from yuanqing.shell import charts, navigation
from yuanqing.shell.document.xlsx import SheetColumn, SheetData, write_book
from yuanqing.shell.filters import Choice, Dates, InUnit, Search
from yuanqing.shell.listing import XLSX, Column, Listing
from yuanqing.shell.markup import escaped
from yuanqing.shell.reading.queries import also_read
from yuanqing.shell.words import integer

SPANS = {"month": gettext_lazy("当月"), "year": gettext_lazy("本年累计")}
TITLE = gettext_lazy("查处违反中央八项规定精神问题统计表")
SOURCE = gettext_lazy("违规问题登记簿，按查处日期")
MOST_UNITS = 40
MOST_RATES = 20


@require_GET
def table(request: HttpRequest) -> HttpResponse:
    codes = Codes.now()
    form = ScopeForm(request.GET or None, account=request.user)
    chosen: Mapping[str, Any] = form.cleaned_data if form.is_valid() else {}
    unit, month = chosen.get("unit"), chosen.get("month") or default_month()
    visible = Violation.objects.visible_to(request.user)
    rows = queries.in_scope(visible, unit)
    counts = queries.official_counts(rows, Month(month.year - 1, 1), month)
    official, before, year_ago = (
        queries.table_of(counts, one, codes) for one in (month, month.previous(), month.year_ago())
    )
    if request.GET.get("format") == "xlsx":
        return workbook(official, codes, unit, month)
    context = {
        "form": form if form.is_bound else ScopeForm(account=request.user, initial={"month": str(month)}),
        "title": TITLE,
        "unit": unit,
        "month": month,
        "heads": heads(codes.layout, codes.column_label, head_words()),
        "blocks": blocks(official, codes, unit, month),
        "changes": changes(official, before, year_ago),
        "export": f"?{urlencode({'unit': unit.code if unit else '', 'month': str(month), 'format': 'xlsx'})}",
        "trend": trend({m: queries.problems_of(counted) for m, counted in counts.items()}, month),
        "types": [(code, codes.rules.entry(code).label) for code in columns_of_heat(codes)],
        "heat": heat_map(request, rows, codes, unit, month),
        "rates": rate_chart(request, unit, month),
    }
    return render(request, "discipline/statistics/table.html", context, status=422 if form.errors else 200)


def head_words() -> dict[str, str]:
    return {"total": _("总计"), "levels": _("级别"), "subtotal": _("小计")}


def days_of(span: str, month: Month) -> tuple[date, date]:
    return (date(month.year, 1, 1) if span == "year" else month.first_day), month.last_day


class Cell(NamedTuple):
    """A share, or a number with the list of what it counts."""

    text: str
    href: str = ""
    value: int | None = None

    @property
    def markup(self) -> str:
        if self.value is None:
            return f'<td class="end">{escaped(self.text)}</td>'
        if self.href:
            return f'<td class="end"><a href="{escaped(self.href)}">{escaped(self.text)}</a></td>'
        return f'<td class="end"><span class="muted">{escaped(self.text)}</span></td>'


def drawn(cells: Iterable[Cell]) -> SafeString:
    """Two hundred cells make the table; a template takes long over each."""
    return SafeString("".join(cell.markup for cell in cells))


def blocks(official: Sequence[Row], codes: Codes, unit: Unit | None, month: Month) -> list[dict[str, Any]]:
    """当月 and 本年累计, each with its measures; the shares stand below the problems."""
    found = []
    for span, label in SPANS.items():
        lines = [line(row, codes, unit, month) for row in official if row.span == span]
        problems = next(row for row in official if row.span == span and row.measure == "problems")
        shares = shares_of(problems, codes.layout)
        cells = [Cell(percent_text(shares[c]) if shares.get(c) else "") for c in codes.layout.columns]
        lines.insert(1, {"label": _("占比"), "unit": "%", "cells": cells, "markup": drawn(cells), "is_share": True})
        found.append({"label": label, "lines": lines, "blank": SafeString("<td></td>" * len(cells))})
    return found


def line(row: Row, codes: Codes, unit: Unit | None, month: Month) -> dict[str, Any]:
    label, counted_in = queries.MEASURES[row.measure]
    whole = opened(row, unit, month)
    cells = [
        Cell(integer(number), f"{whole}{narrowed(column, codes)}" if number else "", number)
        for column, number in ((column, row.cells[column]) for column in codes.layout.columns)
    ]
    return {"label": label, "unit": counted_in, "cells": cells, "markup": drawn(cells), "is_share": False}


def opened(row: Row, unit: Unit | None, month: Month) -> str:
    """The list of exactly the rows that the total of a line counts."""
    first, last = days_of(row.span, month)
    given = {"rules": "eight_points", "concluded_from": first.isoformat(), "concluded_until": last.isoformat()}
    if unit:
        given["unit"] = unit.code
    if row.measure == "problems":
        return f"{page('violation:list')}?{urlencode({**given, 'state': 'concluded'})}"
    counted = "sanctioned" if row.measure == "people_sanctioned" else "handled"
    return f"{page('statistics:people')}?{urlencode({**given, 'counted': counted})}"


def narrowed(column: str, codes: Codes) -> str:
    """What narrows that list to one column of the table."""
    if column == TOTAL:
        return ""
    return f"&{'level' if column in codes.levels else 'type'}={quote(column)}"


def changes(official: Sequence[Row], before: Sequence[Row], year_ago: Sequence[Row]) -> list[dict[str, Any]]:
    """Each measure of the month beside last month's and last year's."""
    found = []
    for n, (label, counted_in) in enumerate(queries.MEASURES.values()):
        now = official[n].total
        last_year = Change(now, year_ago[n].total)
        found.append(
            {
                "label": label,
                "unit": counted_in,
                "value": now,
                "delta": Change(now, before[n].total).delta,
                "note": _("比去年同月 %(change)s") % {"change": last_year.text},
            }
        )
    return found


def workbook(official: Sequence[Row], codes: Codes, unit: Unit | None, month: Month) -> HttpResponse:
    """The same table as XLSX."""
    columns = [_("范围"), _("指标"), *(codes.column_label(c) for c in codes.layout.columns)]
    lines = [
        [str(SPANS[row.span]), str(queries.MEASURES[row.measure][0]), *(row.cells[c] for c in codes.layout.columns)]
        for row in official
    ]
    heading = _("%(unit)s%(title)s（%(month)s）") % {
        "unit": unit.name if unit else "",
        "title": TITLE,
        "month": month.label,
    }
    labels = [SheetColumn(label, "text" if n < 2 else "int") for n, label in enumerate(columns)]
    notes = (_("来源：%(source)s；已被更正取代的登记不计。") % {"source": SOURCE},)
    book = write_book([SheetData(_("统计表"), labels, lines, heading=heading)], on=timezone.localdate(), notes=notes)
    response = HttpResponse(book, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="statistics-{month}.xlsx"'
    return response


def trend(known: Mapping[Month, int], month: Month) -> charts.Chart:
    """Problems of each month of this year, last year pale behind."""
    months = list(months_between(Month(month.year, 1), Month(month.year, 12)))
    return charts.trend(
        _("查处的问题比去年多还是少？"),
        [_("%(month)d月") % {"month": m.month} for m in months],
        [known.get(m, 0) if m <= month else None for m in months],
        last_year=[known.get(m.year_ago(), 0) for m in months],
        names=(_("%(year)d年") % {"year": month.year}, _("%(year)d年") % {"year": month.year - 1}),
        unit=_("起"),
        source=str(SOURCE),
        corner=_("月份"),
    )


def columns_of_heat(codes: Codes) -> list[str]:
    """A1 … B6: fine enough to act on, few enough to see."""
    return [part for top in codes.layout.tops for part in codes.layout.children(top)]


def heat_map(request: HttpRequest, rows: Any, codes: Codes, unit: Unit | None, month: Month) -> charts.Chart | None:
    """Where and what: units below the one chosen × types, of the year so far."""
    units = Unit.objects.visible_to(request.user).active()
    below = units.filter(parent=unit) if unit else roots(units)
    below = list(below.only("code", "name", "path").order_by("path")[:MOST_UNITS])
    if not below:
        return None
    types = columns_of_heat(codes)
    counts = queries.by_unit_and_type(rows, below, month)
    first, last = days_of("year", month)
    leaves = [codes.leaves_of(t) for t in types]
    plain = [[sum(counts.get((u.pk, leaf), 0) for leaf in group) for group in leaves] for u in below]
    top = max(max(values) for values in plain)
    words = {"rules": "eight_points", "state": "concluded", "concluded_from": first, "concluded_until": last}
    labels, listed = {t: codes.column_label(t) for t in types}, f"{page('violation:list')}?{urlencode(words)}"
    cells = [
        [
            charts.HeatCell(
                n,
                str(charts.shade(n, top)),
                str(n) if n else "",
                f"{listed}&{urlencode({'unit': u.code, 'type': t})}" if n else "",
                labels[t],
            )
            for t, n in zip(types, values, strict=True)
        ]
        for u, values in zip(below, plain, strict=True)
    ]
    return charts.heat_map(
        _("%(year)d年以来，问题集中在哪些单位、哪些类型？") % {"year": month.year},
        [u.name for u in below],
        types,
        cells,
        unit=_("起"),
        source=str(SOURCE),
        corner=_("单位"),
        links=[f"?{urlencode({'unit': u.code, 'month': str(month)})}" for u in below],
    )


def rate_chart(request: HttpRequest, unit: Unit | None, month: Month) -> charts.Chart | None:
    """Who has many for its size, and could chance explain it: the units with the highest rates."""
    units = Unit.objects.visible_to(request.user).active()
    lines = per_head(request.user, units.filter(path__startswith=unit.path) if unit else units, month)
    problems, people = sum(r.problems for _u, r in lines), sum(r.people for _u, r in lines)
    if len(lines) < 2 or not problems:
        return None
    given = {"received_from": month.plus(-11).first_day, "received_until": month.last_day}
    return charts.dot_interval(
        _("按人数算，哪些单位的问题多？差别大于偶然吗？"),
        [
            charts.Interval(
                _("%(unit)s（%(people)d人%(problems)d起）") % {"unit": u.name, "people": r.people, "problems": r.problems},
                r.value / 100, r.low / 100, r.high / 100, f"{page('violation:list')}?{urlencode({**given, 'unit': u.code})}",
            )
            for u, r in lines[:MOST_RATES]
        ],
        names=(_("单位"), _("每百人"), _("下限"), _("上限")), reference=rate_of(problems, people) / 100, unit=_("起/百人"),
        source=_("违规问题登记簿，最近十二个月受理，不含下级；虚线是全体的比例，横条碰到虚线的，差别可能只是偶然"),
    )  # fmt: skip


def roots(units: Any) -> Any:
    """The level below the only root, or the roots when there are several."""
    tops = units.filter(Q(parent__isnull=True) | ~Q(parent__in=units))
    known = list(tops.values_list("pk", flat=True)[:2])
    return units.filter(parent=known[0]) if len(known) == 1 else tops


# The people behind a number


class PeopleListing(Listing):
    name = "people"
    title = gettext_lazy("涉及人员")
    order = "-violation__concluded_on"
    empty = gettext_lazy("没有这样的人员")


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Persons dealt with in concluded violations; their names only for those who handle the matters."""
    codes, reads = Codes.now(), may_read_all(request.user)
    rows = Involved.objects.visible_to(request.user).filter(violation__state="concluded")
    rows = rows.select_related("violation__unit", "violation__clause")
    columns, filters = columns_of(codes, reads), filters_of(codes, request.user)
    listing = PeopleListing(request, rows, columns=columns, filters=filters)
    return listing.respond("discipline/statistics/people.html", {})


def columns_of(codes: Codes, reads: bool) -> tuple[Column, ...]:
    name = Column("name", gettext_lazy("姓名"), phone=True)
    return (
        Column(
            "number",
            gettext_lazy("编号"),
            value="violation.number",
            link=lambda r: r.violation.get_absolute_url(),
            phone=True,
        ),
        *((name,) if reads else ()),
        Column("unit", gettext_lazy("单位"), "unit", "violation.unit", sort="violation__unit__sort_key", phone=True),
        Column("level", gettext_lazy("级别"), value=lambda r: codes.level_label(r.level), sort="level"),
        Column(
            "type",
            gettext_lazy("类型"),
            value=lambda r: type_label(r.violation),
            link=lambda r: r.violation.clause.get_absolute_url(),
        ),
        Column(
            "form",
            gettext_lazy("最重形态"),
            value=lambda r: _("第 %(form)d 种") % {"form": r.form} if r.form else _("不予处理"),
            sort="form",
        ),
        Column(
            "is_sanctioned",
            gettext_lazy("党纪政务处分"),
            value=lambda r: _("是") if r.is_sanctioned else _("否"),
            sort="is_sanctioned",
        ),
        Column(
            "concluded_on",
            gettext_lazy("查处日期"),
            "day",
            value="violation.concluded_on",
            sort="violation__concluded_on",
        ),
    )


class Counted(Choice):
    """Handled, or sanctioned: the two measures of the table that count people."""

    def condition(self, given: Any) -> Q:
        return {"handled": Q(form__gt=0), "sanctioned": Q(is_sanctioned=True)}.get(given.get(self.name, ""), Q())


def filters_of(codes: Codes, account: Any) -> tuple[Any, ...]:
    counted = [("handled", gettext_lazy("批评教育和处理")), ("sanctioned", gettext_lazy("党纪政务处分"))]
    return (
        Search("q", gettext_lazy("编号"), ("violation__number",)),
        InUnit("unit", gettext_lazy("单位"), "violation__unit__path", within_reach(account)),
        Choice("rules", gettext_lazy("规则"), list(RULES.items()), "violation__rules"),
        OfType(codes, "violation__type"),
        Choice("level", gettext_lazy("级别"), [(c, e.label) for c, e in codes.levels.items()]),
        Counted("counted", gettext_lazy("处理"), counted),
        Choice("form", gettext_lazy("最重形态"), [(n, _("第 %(form)d 种") % {"form": n}) for n in (1, 2, 3, 4)]),
        Dates("concluded", gettext_lazy("查处日期"), "violation__concluded_on"),
    )


also_read("discipline.statistics")  # people dealt with are listed by name

navigation.register(
    "discipline",
    gettext_lazy("统计表"),
    "statistics:table",
    icon="report-analytics",
    order=15,
    when=lambda account: account.can("discipline.violation.view"),
)

urlpatterns = [path("", table, name="table"), path("people/", people, name="people")]
