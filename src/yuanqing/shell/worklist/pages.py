"""我的工作台 and 全景: what I owe, what waits for me, what is new; and the year at a glance."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from yuanqing.kernel import typed
from yuanqing.kernel.addresses import page
from yuanqing.kernel.almanac import Month
from yuanqing.norms.period.models import Period
from yuanqing.shell import charts, navigation
from yuanqing.shell.inbox.models import Message
from yuanqing.shell.worklist import queries
from yuanqing.shell.worklist.sources import Waiting, cited, waiting_for, waiting_source

SHOWN = 20
NEWS = 5


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    owed = queries.own_list(request.user, SHOWN, NEWS)
    news = Message.objects.visible_to(request.user).filter(read_at__isnull=True).order_by("-sent_at", "-pk")
    waiting = waiting_for(request.user)
    context = {
        "owed": owed.shown,
        "owed_total": owed.total,
        "coming": owed.coming,
        "waiting": waiting,
        "news": list(news[:NEWS]),
        "now": timezone.now(),
        "today": timezone.localdate(),
    }
    return render(request, "shell/worklist/desk.html", context)


@waiting_source
def first_steps(account: Any) -> list[Waiting]:
    """What an installation still lacks before its first month, for those who can see to it."""
    if not account.can("org.account.open_account"):
        return []
    lacking = queries.set_up()
    steps = [
        (lacking.units, _("还没有单位：导入单位、人员和岗位"), "post:org-import", _("去导入")),
        (lacking.accounts, _("还只有您一个账号：给要用的人开设账号"), "account:open_account", _("去开设")),
        (lacking.granting, _("还没有安全管理员：开设账号后，由操作员在服务器上授予（yuanqing account grant）"), "account:list", _("看账号")),
    ]  # fmt: skip
    return [Waiting(title, reverse(url), button) for lacks, title, url, button in steps if lacks]


@waiting_source
def first_month(account: Any) -> list[Waiting]:
    """The month that starts the cycle, while none was ever opened."""
    if not account.can("norms.period.open_period") or Period.objects.exists():
        return []
    return [Waiting(_("还没有开启过月度：在月度日历里开启第一个月"), reverse("period:list"), _("去开启"), "speech.2.8")]


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Five demands and every obligation under them; who is behind, and when."""
    year = typed.year(request.GET.get("year"), timezone.localdate().year)
    focus, units = queries.focus_units(request.user, request.GET.get("unit", ""))
    counted = queries.year_so_far(request.user, year, units)
    demands = queries.demands(request.user, year, counted.kinds)
    context: dict[str, Any] = {
        "year": year,
        "demands": [{"demand": one, "clause": cited(f"speech.{one.number}")} for one in demands],
        "focus": focus,
        "owed": sum(one.owed for one in demands),
        "met": sum(one.met for one in demands),
        "overdue": sum(one.overdue for one in demands),
        "laggards": counted.laggards,
        "legend": [("none", _("没有到期事项")), ("0", _("都按时")), ("2", _("有的逾期")), ("4", _("逾期最多"))],
    }
    if focus is not None:
        context["heat"] = _heat_map(units, year, counted.heat)
    return render(request, "shell/worklist/overview.html", context)


def _heat_map(units: list[Any], year: int, counts: dict[tuple[Any, Month], queries.Behind]) -> charts.Chart:
    months = {month: month.label for month in (Month(year, n) for n in range(1, 13))}
    top = max((one.behind for one in counts.values()), default=0)
    note, url = _("%(unit)s %(month)s：到期 %(owed)s 件，逾期或未履行 %(behind)s 件"), page("obligation:list")

    def cell(unit: Any, month: Month, label: str) -> charts.HeatCell:
        found = counts.get((unit.pk, month))
        if found is None:
            return charts.HeatCell(None, "none")
        said = note % {"unit": unit, "month": label, "owed": found.owed, "behind": found.behind}
        shade = str(charts.shade(found.behind, top))
        return charts.HeatCell(found.behind, shade, str(found.behind), f"{url}?month={month}&unit={unit.code}", said)

    return charts.heat_map(
        _("谁落后，在哪个月？"),
        [unit.short_name or unit.name for unit in units],
        [_("%(month)s月") % {"month": month.month} for month in months],
        [[cell(unit, month, label) for month, label in months.items()] for unit in units],
        unit=_("件"),
        source=_("应履行事项：到期未履行和逾期履行的件数；下级单位含其全部下级。"),
        corner=_("单位"),
        links=[f"{reverse('worklist:overview')}?year={year}&unit={unit.code}" for unit in units],
    )


urlpatterns = [path("", desk, name="desk"), path("overview/", overview, name="overview")]


def _owed_count(request: HttpRequest) -> int:
    return queries.owed_count(request.user)


navigation.register("desk", gettext_lazy("我的工作台"), "worklist:desk", icon="home", order=10, count=_owed_count)
navigation.register(
    "overview",
    gettext_lazy("全景"),
    "worklist:overview",
    icon="layout-dashboard",
    order=10,
    when=lambda account: account.can("norms.obligation.view"),
)
