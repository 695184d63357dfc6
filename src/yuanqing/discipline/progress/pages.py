"""报送进度: a month in figures, in the tree and in the map of units and months; and questions that runs of months raise."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET

from yuanqing.discipline.monthly_return.models import MonthlyReturn
from yuanqing.discipline.monthly_return.queries import FORM, Progress, latest_period
from yuanqing.discipline.progress import queries
from yuanqing.kernel.addresses import address, page
from yuanqing.kernel.almanac import Month
from yuanqing.norms.period.models import Period
from yuanqing.org.unit.models import Unit, within
from yuanqing.shell import charts, navigation
from yuanqing.shell.charts import HeatCell

SHOWN_MONTHS = 14
MOST_ROWS = 80
MOST_BELOW = 200
MOST_QUESTIONS = 20
LEGEND = [
    ("done", gettext_lazy("按时")), ("nil", gettext_lazy("按时，零报告")), ("late", gettext_lazy("迟报")),
    ("missing", gettext_lazy("逾期未报")), ("soon", gettext_lazy("还没有到期")), ("none", gettext_lazy("不用报")),
]  # fmt: skip


NOT_OWED = HeatCell(None, "none")
Told = dict[str, tuple[str, str, str]]


@require_GET
def month(request: HttpRequest) -> HttpResponse:
    """Who has reported and who has not: figures that open to the returns, the tree, the map, the questions."""
    periods = _periods()
    period = _chosen(request, periods)
    scopes = request.user.scopes("discipline.monthly_return.view")  # type: ignore[union-attr]
    chosen = _unit(request)
    visible = MonthlyReturn.objects.visible_to(request.user)
    scope = visible.filter(path__startswith=chosen.path) if chosen else visible
    context: dict[str, Any] = {"period": period, "chosen": chosen, "months": [one.month for one in periods]}
    if period is not None:
        tree = queries.tree(scope.filter(period=period), [chosen.path] if chosen else scopes, MOST_ROWS)
        context |= {
            "figures": _figures(tree.counts, period, chosen),
            "nodes": [_root(tree, root) for root in tree.branches],
            "map": _map(scope, period, tree),
            "legend": LEGEND,
            "questions": _questions(scope, period, request.user),
            "is_over": timezone.now() > period.due_at,
        }
    return render(request, "discipline/progress/month.html", context)


def _periods() -> list[Period]:
    """The months to choose from, the latest first."""
    return list(Period.objects.filter(form=FORM).order_by("-month_on").only("month_on", "due_at", "locks_at")[:24])


def _chosen(request: HttpRequest, periods: list[Period]) -> Period | None:
    try:
        asked = Month.parse(request.GET.get("month", ""))
    except ValueError:
        return next(iter(periods), None)
    found = next((one for one in periods if one.month == asked), None) or latest_period(asked)
    if found is None:
        raise Http404
    return found


def _unit(request: HttpRequest) -> Unit | None:
    code = request.GET.get("unit", "").strip()
    if not code:
        return None
    rows = Unit.objects.filter(within(request.user.scopes("discipline.monthly_return.view")))  # type: ignore[union-attr]
    found: Unit | None = rows.filter(code=code.split()[0]).first() or rows.filter(name=code).first()
    if found is None:
        raise Http404
    return found


def _address(period: Period, unit: str, **more: str) -> str:
    given = {"month": str(period.month), "unit": unit, **more}
    return f"{page('monthly_return:list')}?{urlencode({k: v for k, v in given.items() if v})}"


def _figures(counts: Progress, period: Period, chosen: Unit | None) -> list[dict[str, Any]]:
    """The counts, each with the returns behind it."""
    unit = chosen.code if chosen else ""
    over = timezone.now() > period.due_at
    lines = [
        (_("应报"), counts.due, {}, ""),
        (_("已报"), counts.submitted, {"reported": "True"}, ""),
        (_("按时"), counts.on_time, {"timing": "on_time"}, "green"),
        (_("迟报"), counts.late, {"timing": "late"}, "amber"),
        (_("还没有报"), counts.missing, {"timing": "unreported"}, "red" if over else "amber"),
        (_("零报告"), counts.nil, {"nil": "True"}, ""),
        (_("已退回"), counts.returned, {"state": "returned"}, "amber"),
        (_("已审核"), counts.accepted, {"state": "accepted"}, "green"),
    ]
    return [
        {"label": label, "value": value, "href": _address(period, unit, **more), "tone": tone if value else ""}
        for label, value, more, tone in lines
    ]


# The tree


def _root(tree: queries.Tree, root: str) -> dict[str, Any]:
    """The unit at the top with the level below it opened."""
    own, children = tree.places.get(root), _nodes(tree.branches[root])
    if own is None:
        return {"label": _("全部单位"), "children": children, "open": True}
    return {**_leaf(own, _told()), "children": children, "open": True}


def _nodes(below: list[queries.Branch]) -> list[dict[str, Any]]:
    """The level below; of a very long one the first, and where the rest is found."""
    told = _told()
    nodes = [_node(branch, told) for branch in below[:MOST_BELOW]]
    if len(below) > MOST_BELOW:
        rest = _("还有 %(count)d 家，请用清单查找") % {"count": len(below) - MOST_BELOW}
        nodes.append({"label": rest, "href": page("monthly_return:list")})
    return nodes


def _node(branch: queries.Branch, told: Told) -> dict[str, Any]:
    node = _leaf(branch.record, told)
    if branch.below.due > 1:
        rest = branch.below.due - branch.below.submitted
        words = {"done": branch.below.submitted, "due": branch.below.due, "rest": rest}
        sums = (
            _("连同下级已报 %(done)d / %(due)d 家，%(rest)d 家还没有报") % words
            if rest
            else _("连同下级 %(due)d 家全部已报") % words
        )
        more = address("progress:branch", branch.record.pk)
        node |= {"note": f"{node['note']} · {sums}", "more": more}
    return node


def _leaf(place: queries.Place, told: Told) -> dict[str, Any]:
    _level, _sign, words = told[place.standing]
    return {"label": place.name, "href": place.get_absolute_url(), "note": words}


def branch(request: HttpRequest, pk: Any) -> HttpResponse:
    """The level below a unit: a fragment for the tree, a page of its own without scripts."""
    visible = MonthlyReturn.objects.visible_to(request.user)
    record = visible.filter(pk=pk).select_related("period").first()
    if record is None:
        raise Http404
    nodes = _nodes(queries.branches(visible.filter(period=record.period), record.path))
    part = "#inner" if request.headers.get("HX-Request") else ""
    return render(request, f"discipline/progress/branch.html{part}", {"record": record, "nodes": nodes})


# The map


def _told() -> Told:
    """Where a return stands: (colour, sign, words), looked up once for a page with a thousand of them."""
    return {
        "missing": ("missing", pgettext("heat map", "缺"), _("逾期未报")),
        "soon": ("soon", "", _("还没有报")),
        "late": ("late", pgettext("heat map", "迟"), _("迟报")),
        "nil": ("nil", pgettext("heat map", "零"), _("按时，零报告")),
        "overridden": ("done", pgettext("heat map", "改"), _("按时")),
        "done": ("done", "", _("按时")),
    }


def _month(month: Month) -> str:
    """The head of a column: January bears its year."""
    return _("%(year)d年") % {"year": month.year} if month.month == 1 else _("%(month)d月") % {"month": month.month}


def _map(scope: Any, period: Period, tree: queries.Tree) -> charts.Chart:
    """Units by months; where there are too many, the level below the chosen unit."""
    months = [period.month.plus(-n) for n in range(SHOWN_MONTHS - 1, -1, -1)]
    shown = list(tree.places.values())
    if tree.counts.due > MOST_ROWS:
        shown = [branch.record for below in tree.branches.values() for branch in below][:MOST_ROWS]
        scope = scope.filter(unit__in=[place.unit for place in shown])
    known = queries.history_of(scope, months)
    heads, told = [(m.first_day, m.label) for m in months], _told()

    def cell(place: queries.Place, day: date, label: str) -> HeatCell:
        found = known.get((place.unit, day))
        if found is None:
            return NOT_OWED
        level, sign, words = told[found[1]]
        return HeatCell(1, level, sign, address("monthly_return:detail", found[0]), f"{place.name} {label}：{words}")

    here, depth = f"{page('progress:month')}?month={period.month}", min((p.path.count("/") for p in shown), default=0)
    return charts.heat_map(
        _("谁在什么时候没有按时报？"),
        ["　" * (place.path.count("/") - depth) + place.name for place in shown],
        [_month(m) for m in months],
        [[cell(place, day, label) for day, label in heads] for place in shown],
        source=_("月报首次报送时间"),
        corner=_("单位"),
        links=[f"{here}&{urlencode({'unit': place.code})}" for place in shown],
    )


# Questions


def _questions(scope: Any, period: Period, account: Any) -> list[dict[str, str]]:
    """Runs of months put as questions: they prove nothing, and cost no points."""
    found, asked = [], queries.questions(scope, period.month, account)
    for run in asked.nil[:MOST_QUESTIONS]:
        words = {"unit": run.unit.name, "months": run.months, "count": run.registered}
        text = _("%(unit)s连续 %(months)d 个月零报告，而同期有 %(count)d 件问题登记，请核实。") if run.registered else _(
            "%(unit)s连续 %(months)d 个月零报告，请了解是否确无问题。"
        )  # fmt: skip
        found.append({"text": text % words, "href": _run(run)})
    for run in asked.mismatch[:MOST_QUESTIONS]:
        text = _("%(unit)s连续 %(months)d 个月的月报与登记不一致，请核对登记是否齐全。")
        found.append({"text": text % {"unit": run.unit.name, "months": run.months}, "href": _run(run)})
    return found


def _run(run: queries.Streak) -> str:
    return f"{page('monthly_return:list')}?{urlencode({'unit': run.unit.code})}"


navigation.register(
    "discipline", gettext_lazy("报送进度"), "progress:month", icon="chart-grid-dots", order=21,
    when=lambda account: account.can("discipline.monthly_return.view"),
)  # fmt: skip

urlpatterns = [path("", month, name="month"), path("<uuid:pk>/branch/", require_GET(branch), name="branch")]
