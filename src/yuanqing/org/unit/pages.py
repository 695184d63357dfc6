"""单位: the tree of any day, a unit's record, and a form for each act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Case, Q, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from yuanqing.kernel import acts
from yuanqing.kernel.addresses import address
from yuanqing.org.unit import actions, forms, queries
from yuanqing.org.unit.models import Placement, Unit
from yuanqing.org.unit.policies import refusal
from yuanqing.shell import charts, navigation
from yuanqing.shell.filters import Choice, InUnit, Search
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record import Event

SHOWN = 20
PICTURED = 60
Text = Any
LIVES = (("now", gettext_lazy("现有")), ("ended", gettext_lazy("已撤销")))
REPORTING = (("True", gettext_lazy("是")), ("False", gettext_lazy("否")))


# What the pages of every noun of the organisation share


def reader(request: HttpRequest) -> Any:
    """The account that reads; every page is behind the sign-in."""
    return request.user


def form_page(
    request: HttpRequest,
    form: forms.ActForm,
    perform: Callable[..., Any],
    *,
    title: Text,
    back: str,
    done: Text = "",
    **more: Any,
) -> HttpResponse:
    """GET shows the form, POST takes the act with what it holds; a ValidationError goes back to its fields."""
    if request.method == "POST" and form.is_valid():
        try:
            record = perform(**form.values)
        except ValidationError as error:
            place_errors(form, error)
        else:
            messages.success(request, str(done or _("已办理：%(what)s。") % {"what": title}))
            return redirect(record.get_absolute_url() if hasattr(record, "get_absolute_url") else back)
    context = {"form": form, "title": title, "back": back, **more}
    return render(request, "org/form.html", context, status=422 if form.errors else 200)


def place_errors(form: Any, error: ValidationError) -> None:
    """Each sentence at its field; what belongs to no field of this form stands on top."""
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for field, sentences in found.items():
        for sentence in sentences:
            form.add_error(field if field in form.fields else None, sentence)


def act_links(record: Any, steps: list[tuple[str, str, Text]], *, by: Any) -> list[dict[str, Any]]:
    """The acts that have a form of their own, as links; a refused one carries the reason."""
    found = [
        {"label": label, "href": reverse(name, args=[record.pk]), "reason": acts.refusal(step, record, by=by)}
        for step, name, label in steps
    ]
    return found if any(not link["reason"] for link in found) else []


def events(record: Any, *others: Any) -> list[Event]:
    """The ledger's entries about a record as a timeline."""
    return [
        Event(h.at, h.label, h.who, "，".join(str(v) for k, v in h.note.items() if k in ("reason", "on") and v))
        for h in acts.history(record, *others)
    ]


def within_reach(account: Any) -> Callable[[str], tuple[str, str] | None]:
    """The unit filter of a list: path and name of what the reader types, among the units she sees."""

    def find(text: str) -> tuple[str, str] | None:
        unit = queries.find_unit(Unit.objects.visible_to(account), text)
        return (unit.path, unit.name) if unit else None

    return find


# The tree


@require_GET
def tree(request: HttpRequest) -> HttpResponse:
    """Levels open one by one; `?on=` shows the tree of a day with the names and parents of then."""
    day_form = forms.Day(request.GET or None)
    day = day_form.day()
    scopes = reader(request).scopes("org.unit.view")
    places = _level(request, None, day, scopes)
    below = [_level(request, Unit(pk=place.pk), day, []) if len(places) <= 3 else [] for place in places]
    nodes = _nodes(places, day)
    for node, children in zip(nodes, below, strict=True):  # the second level is shown at once when the first is short
        if children:
            node |= {"children": _nodes(children, day), "open": True, "more": ""}
    text = request.GET.get("q", "").strip()
    found = queries.matching(_visible(request), text).select_related("parent")[:50] if text else []
    context = {
        "nodes": nodes,
        "day": day,
        "day_form": day_form,
        "query": text,
        "found": found,
        "tabs": tabs("unit:list"),
        "may_found": not refusal("found", None, by=request.user),
        "import_url": navigation.route("post:org-import") if reader(request).can("org.unit.import_units") else "",
    }
    return render(request, "org/unit/tree.html", context)


@require_GET
def branch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The level below a unit: a fragment for the tree, a page of its own without scripts."""
    day = forms.Day(request.GET or None).day()
    unit = get_object_or_404(_visible(request), pk=pk)
    nodes = _nodes(_level(request, unit, day, []), day)
    is_inner = bool(request.headers.get("HX-Request"))
    context = {"unit": unit, "nodes": nodes, "day": day, "is_inner": is_inner}
    if is_inner:
        return render(request, "org/unit/branch.html#inner", context)
    return render(request, "org/unit/branch.html", {**context, "above": queries.line_above(unit)})


def _visible(request: HttpRequest) -> Any:
    return Unit.objects.visible_to(request.user)


def _level(request: HttpRequest, unit: Unit | None, day: date | None, tops: list[str]) -> list[queries.Place]:
    if day is None:
        return queries.level_now(_visible(request), unit, tops=tops)
    return queries.level_then(Placement.objects.visible_to(request.user), unit, day, tops=tops)


def _nodes(places: list[queries.Place], day: date | None) -> list[dict[str, Any]]:
    kinds, query = queries.code_table("unit_kind"), f"?on={day.isoformat()}" if day else ""
    return [
        {
            "label": place.name,
            "href": address("unit:detail", place.pk) + query,
            "note": " · ".join(n for n in (place.code, kinds.get(place.kind, place.kind), *_changes(place)) if n),
            "children": [],
            "open": False,
            "more": address("unit:branch", place.pk) + query if place.has_children else "",
        }
        for place in places
    ]


def _changes(place: queries.Place) -> list[str]:
    renamed = [_("现已更名")] if place.is_renamed else []
    return [*renamed, _("现已改变隶属")] if place.is_moved else renamed


def tabs(current: str) -> list[dict[str, Any]]:
    names = {"unit:list": _("树"), "unit:table": _("清单"), "unit:picture": _("图")}
    return [{"label": label, "href": reverse(name), "current": name == current} for name, label in names.items()]


@require_GET
def picture(request: HttpRequest) -> HttpResponse:
    """The level below a unit (the top one) as a picture, with the number of units in each branch."""
    units = _visible(request)
    chosen = queries.find_unit(units, request.GET.get("unit", ""))
    tops = queries.level_now(units, chosen, tops=reader(request).scopes("org.unit.view"))
    if chosen is None and len(tops) == 1:
        chosen = units.get(pk=tops[0].pk)
        tops = queries.level_now(units, chosen)
    sizes = queries.sizes_below(units, [p.path for p in tops])
    here = reverse("unit:picture")
    below = tuple(
        charts.Branch(p.name, sizes[p.path], f"{here}?{urlencode({'unit': p.code})}" if p.has_children else "")
        for p in tops[:PICTURED]
    )
    top = charts.Branch(chosen.name if chosen else _("全部单位"), sum(sizes.values()) + bool(chosen), "", below)
    chart = charts.tree(_("单位分布在哪里？"), top, unit=_("个单位"), names=(_("单位"), _("本级及以下单位数")))
    above = queries.line_above(chosen) if chosen else []
    context = {"chart": chart, "root": chosen, "above": above, "cut": len(tops) > PICTURED}
    return render(request, "org/unit/picture.html", {**context, "tabs": tabs("unit:picture")})


class UnitListing(Listing):
    name = "unit"
    title = gettext_lazy("单位")
    order = "path"
    columns = (
        Column("code", gettext_lazy("代码"), sort="code", phone=True),
        Column("name", gettext_lazy("单位名称"), link=lambda u: u.get_absolute_url(), sort="sort_key", phone=True),
        Column("short_name", gettext_lazy("简称"), optional=True),
        Column("parent", gettext_lazy("上级单位"), "unit", sort="parent__sort_key", phone=True),
        Column(
            "kind",
            gettext_lazy("类别"),
            value=lambda u: queries.code_table("unit_kind").get(u.kind, u.kind),
            sort="kind",
        ),
        Column("peer_group", gettext_lazy("同类组"), sort="peer_group"),
        Column("is_reporting", gettext_lazy("报送月报"), value=lambda u: _("是") if u.is_reporting else _("否")),
        Column("began_on", gettext_lazy("设立日期"), "day", sort="began_on"),
        Column("ended_on", gettext_lazy("撤销日期"), "day", sort="ended_on", optional=True),
    )
    views = (
        View(gettext_lazy("现有单位"), "life=now", Q(ended_on__isnull=True)),
        View(gettext_lazy("报送月报的"), "life=now&reporting=True", Q(ended_on__isnull=True, is_reporting=True)),
        View(gettext_lazy("已撤销"), "life=ended", Q(ended_on__isnull=False)),
    )
    empty = gettext_lazy("还没有单位")
    empty_hint = gettext_lazy("从“设立单位”开始，或用模板导入。")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        self.filters = (
            Search("q", gettext_lazy("查找"), ("name", "short_name", "code", "spelling")),
            InUnit("unit", gettext_lazy("单位及下级"), "path", within_reach(request.user)),
            Choice("life", gettext_lazy("状态"), LIVES),
            Choice("reporting", gettext_lazy("报送月报"), REPORTING, "is_reporting"),
        )
        super().__init__(request, rows)


@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """Every unit as a list."""
    life = Case(When(ended_on__isnull=True, then=Value("now")), default=Value("ended"))
    rows = _visible(request).select_related("parent").annotate(life=life)
    return UnitListing(request, rows).respond("org/unit/table.html", {"tabs": tabs("unit:table")})


@require_GET
def options(request: HttpRequest) -> HttpResponse:
    """Suggestions while a unit is being typed."""
    text = next((v for v in map(str, request.GET.values()) if v.strip()), "")
    found = queries.matching(_visible(request).active(), text).order_by("path")[:12] if text else []
    return render(request, "org/options.html", {"values": [f"{u.code}　{u.name}" for u in found]})


# A unit's record

STEPS = [
    ("rename", "unit:rename", gettext_lazy("更名")),
    ("move", "unit:move", gettext_lazy("改变隶属")),
    ("classify", "unit:classify", gettext_lazy("改变类别")),
    ("set_reporting", "unit:set_reporting", gettext_lazy("月报范围")),
    ("end", "unit:end", pgettext_lazy("unit", "撤销")),
]


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The unit as it is and as it was; what belongs to it, and where its returns and violations are."""
    unit = get_object_or_404(_visible(request).select_related("parent"), pk=pk)
    day_form = forms.Day(request.GET or None)
    day = day_form.day()
    placements = list(unit.placements.select_related("parent").order_by("-during"))
    then = next((p for p in placements if day and day in p.during), None)
    children = _level(request, unit, day, [])
    people = unit.people.visible_to(request.user).present()
    posts = unit.posts.visible_to(request.user).filter(ended_on__isnull=True)
    context = {
        "unit": unit,
        "above": queries.line_above(unit),
        "day": day,
        "day_form": day_form,
        "then": then,
        "absent": day is not None and then is None,
        "placements": placements,
        "children": children[:SHOWN],
        "children_count": len(children),
        "people": people[:SHOWN],
        "people_count": people.count(),
        "posts": posts[:SHOWN],
        "posts_count": posts.count(),
        "kind": queries.code_table("unit_kind").get(unit.kind, unit.kind),
        "links": act_links(unit, STEPS, by=request.user) if not unit.ended_on else [],
        "may_found": not refusal("found", Unit(parent=unit), by=request.user),
        "elsewhere": _elsewhere(request, unit),
        "events": events(unit),
    }
    return render(request, "org/unit/detail.html", context)


def _elsewhere(request: HttpRequest, unit: Unit) -> list[dict[str, Any]]:
    """Lists of other duties about this unit, where this installation has them and the reader may see them."""
    lists = (
        ("monthly_return:list", "discipline.monthly_return.view", _("月报")),
        ("violation:list", "discipline.violation.view", _("违规问题")),
        ("person:list", "org.person.view", _("人员")),
        ("post:list", "org.post.view", _("岗位")),
    )
    query = urlencode({"unit": unit.code})
    known = [(name, label) for name, capability, label in lists if reader(request).can(capability, unit)]
    return [{"label": label, "href": f"{route}?{query}"} for name, label in known if (route := navigation.route(name))]


# Acts


@require_http_methods(["GET", "POST"])
def found(request: HttpRequest) -> HttpResponse:
    account = request.user
    above = queries.find_unit(_visible(request), request.GET.get("parent", ""))
    reason = refusal("found", None, by=account)
    if reason:
        raise acts.Refused(reason)
    form = forms.Found(request.POST or None, account=account, initial={"parent": above})
    back = above.get_absolute_url() if above else reverse("unit:list")
    return form_page(
        request, form, lambda **v: actions.found(by=account, **v), title=_("设立单位"), back=back, about=above or ""
    )


def _act(request: HttpRequest, pk: UUID, step: str, form_class: Any, perform: Any, **more: Any) -> HttpResponse:
    """A form page about one unit; absent and out of sight look the same."""
    unit = get_object_or_404(_visible(request), pk=pk)
    reason = acts.refusal(step, unit, by=request.user)
    if reason:
        raise acts.Refused(reason)
    first = {"version": unit.version, **{n: getattr(unit, n) for n in form_class.base_fields if hasattr(unit, n)}}
    first |= more.pop("initial", {})
    form = form_class(request.POST or None, account=request.user, initial=first)

    def run(**values: Any) -> Any:
        perform(unit, by=request.user, expected_version=form.cleaned_data["version"], **values)
        return unit

    title = str(next(label for name, _url, label in STEPS if name == step))
    return form_page(request, form, run, title=title, back=unit.get_absolute_url(), about=unit, **more)


@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, pk: UUID) -> HttpResponse:
    note = _("从这一天起用新名称；这一天以前的报表和沿革仍是旧名称。")
    return _act(request, pk, "rename", forms.Rename, actions.rename, note=note)


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: UUID) -> HttpResponse:
    note = _("下级单位随之划转。这一天以前的报表和沿革不变。")
    return _act(request, pk, "move", forms.Move, actions.move, note=note, initial={"parent": ""})


@require_http_methods(["GET", "POST"])
def classify(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(request, pk, "classify", forms.Classify, actions.classify)


@require_http_methods(["GET", "POST"])
def set_reporting(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(request, pk, "set_reporting", forms.SetReporting, actions.set_reporting)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    note = _("撤销后不再报送，历史仍可查看。")
    return _act(request, pk, "end", forms.End, actions.end, note=note, dangerous=True)


navigation.register(
    "organisation", gettext_lazy("单位"), "unit:list", icon="sitemap", order=10, when=lambda a: a.can("org.unit.view")
)

urlpatterns = [
    path("", tree, name="list"),
    path("table/", table, name="table"),
    path("picture/", picture, name="picture"),
    path("options/", options, name="options"),
    path("found/", found, name="found"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/branch/", branch, name="branch"),
    path("<uuid:pk>/rename/", rename, name="rename"),
    path("<uuid:pk>/move/", move, name="move"),
    path("<uuid:pk>/classify/", classify, name="classify"),
    path("<uuid:pk>/set-reporting/", set_reporting, name="set_reporting"),
    path("<uuid:pk>/end/", end, name="end"),
]
