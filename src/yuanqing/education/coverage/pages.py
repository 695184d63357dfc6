"""教育覆盖: leaders and key posts first, unit by group as a heat map and as a table, who is missing, what changed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from yuanqing.education.activity.models import Activity
from yuanqing.education.activity.pages import GROUPS
from yuanqing.education.coverage import queries, rules
from yuanqing.kernel import typed
from yuanqing.kernel.acts import Refused
from yuanqing.org.account.policies import lacking
from yuanqing.org.unit.models import Unit
from yuanqing.org.unit.pages import within_reach
from yuanqing.shell import navigation
from yuanqing.shell.charts import HeatCell, bars, heat_map
from yuanqing.shell.filters import Choice, InUnit, Search
from yuanqing.shell.listing import Column, Listing, View


def year_of(request: HttpRequest) -> int:
    return typed.year(request.GET.get("year"), timezone.localdate().year)


def _allowed(request: HttpRequest) -> None:
    reason = lacking(request.user, queries.CAPABILITY)
    if reason:
        raise Refused(reason)


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Whom education reached this year, in the unit looked at and those directly below it."""
    _allowed(request)
    year, today = year_of(request), timezone.localdate()
    focus, units = queries.focus_of(request.user, request.GET.get("unit", ""))
    found = queries.cells(queries.of_year(request.user, year), focus) if focus else {}
    lines: list[tuple[Unit, str]] = [
        (unit, unit.code) for unit in units if queries.together(found, below=unit.code).invited
    ]
    if focus and queries.together(found, below="").invited:
        lines.insert(0, (focus, ""))
    outcomes = queries.outcomes(request.user, year, today)
    shown = [group for group in GROUPS if queries.together(found, group=group).invited]
    context = {
        "year": year, "focus": focus, "whole": queries.together(found),
        "groups": [(GROUPS[group], group, queries.together(found, group=group)) for group in shown],
        "heat": _heat(year, lines, shown, found) if lines else None,
        "legend": [("0", _("没有缺")), ("2", _("缺一成以上")), ("4", _("缺近四成以上")), ("none", _("没有对象"))],
        "table": [(unit, code, [found.get((code, group), queries.Cell()) for group in shown], queries.together(found, below=code)) for unit, code in lines],
        "heads": [GROUPS[group] for group in shown],
        "outcomes": outcomes,
        "learnt": _learnt([one for one in outcomes if one.quiz.people]),
    }  # fmt: skip
    return render(request, "education/coverage/overview.html", context)


def _learnt(outcomes: list[queries.Outcome]) -> Any:
    """The same people before and after, activity by activity."""
    if not outcomes:
        return None
    labels = [_("%(title)s（%(n)s 人）") % {"title": one.activity.title, "n": one.quiz.people} for one in outcomes]
    series = [
        (_("学前平均"), [round(one.quiz.before / 100, 1) for one in outcomes]),
        (_("学后平均"), [round(one.quiz.after / 100, 1) for one in outcomes]),
    ]
    links = [one.activity.get_absolute_url() for one in outcomes]
    return bars(
        _("学前学后都考过的人，平均多少分"), labels, series, unit=_("分"), source=_("已交的答卷"), corner=_("教育活动"), links=links,
    )  # fmt: skip


def _heat(
    year: int, lines: list[tuple[Unit, str]], groups: list[str], found: dict[tuple[str, str], queries.Cell]
) -> Any:
    return heat_map(
        _("还差谁：各单位各类人员参加的比例"),
        [unit.name for unit, _code in lines],
        [str(GROUPS[group]) for group in groups],
        [
            [_cell(year, unit, group, found.get((code, group), queries.Cell())) for group in groups]
            for unit, code in lines
        ],
        unit=_("已参加的百分比"),
        source=_("签到、签到名单、在线学习记录"),
        corner=_("单位"),
        links=[
            f"{reverse('coverage:overview')}?{urlencode({'year': year, 'unit': unit.code})}" for unit, _code in lines
        ],
    )


def _cell(year: int, unit: Unit, group: str, cell: queries.Cell) -> HeatCell:
    if cell.share is None:
        return HeatCell(None, "none")
    href = _missing_url(year, unit.code, group) if cell.missing else ""
    note = _("应参加 %(a)s 人，还差 %(b)s 人") % {"a": cell.invited, "b": cell.missing}
    return HeatCell(cell.share // 100, rules.depth(cell.missing, cell.invited), f"{cell.share // 100}%", href, note)


def _missing_url(year: int, unit: str = "", group: str = "") -> str:
    given = {"year": year, "unit": unit, "group": group}
    return f"{reverse('coverage:missing')}?{urlencode({k: v for k, v in given.items() if v})}"


class MissingListing(Listing):
    name = "missing"
    title = gettext_lazy("还没有参加的人")
    order = "unit__path"
    columns = (
        Column("person", gettext_lazy("姓名"), "person", sort="person__sort_key", phone=True),
        Column("number", gettext_lazy("人员编号"), value="person.number"),
        Column("unit", gettext_lazy("单位"), "unit", sort="unit__path"),
        Column("group", gettext_lazy("类别"), value=lambda p: GROUPS[p.group], sort="group", phone=True),
        Column("activity", gettext_lazy("教育活动"), value="activity.title", link=lambda p: p.activity.get_absolute_url(), sort="activity__title", phone=True),
        Column("due_at", gettext_lazy("最迟"), "clock", sort="due_at"),
    )  # fmt: skip
    empty = gettext_lazy("都参加了")
    empty_hint = gettext_lazy("这一年通知到的人，没有还差的。")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        now = timezone.now()
        self.views = (View(gettext_lazy("已经逾期的"), f"year={year_of(request)}&late=yes", Q(due_at__lt=now)),)
        self.filters = (
            Search("q", gettext_lazy("姓名、编号"), ("person__name", "person__number")),
            InUnit("unit", gettext_lazy("单位及下级"), "unit__path", within_reach(request.user)),
            Choice("group", gettext_lazy("类别"), list(GROUPS.items()), facets=True),
            Choice("activity", gettext_lazy("教育活动"), _activities(request), field="activity_id"),
        )
        super().__init__(request, rows)


def _activities(request: HttpRequest) -> list[tuple[Any, str]]:
    rows = Activity.objects.visible_to(request.user).filter(due_on__year=year_of(request))
    return list(rows.order_by("begins_on").values_list("pk", "title"))


@require_GET
def missing(request: HttpRequest) -> HttpResponse:
    """By name, as far as the reader's scope reaches."""
    _allowed(request)
    rows = queries.missing(request.user, year_of(request))
    if request.GET.get("late") == "yes":
        rows = rows.filter(due_at__lt=timezone.now())
    return MissingListing(request, rows).respond("education/coverage/missing.html", {"year": year_of(request)})


navigation.register(
    "education", gettext_lazy("教育覆盖"), "coverage:overview", icon="table", order=15,
    when=lambda account: account.can(queries.CAPABILITY),
)  # fmt: skip

urlpatterns = [
    path("", overview, name="overview"),
    path("missing/", missing, name="missing"),
]
