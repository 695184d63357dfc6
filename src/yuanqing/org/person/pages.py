"""人员: the rolls, a person's record, and a form for each act."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from yuanqing.kernel import acts
from yuanqing.org.person import actions, forms, queries
from yuanqing.org.person.models import Person
from yuanqing.org.person.policies import refusal
from yuanqing.org.unit.models import Unit
from yuanqing.org.unit.pages import act_links, events, form_page, reader, within_reach
from yuanqing.org.unit.queries import code_table, find_unit, line_above
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, InUnit, Search
from yuanqing.shell.listing import Column, Listing, View

PRESENCE = (("here", gettext_lazy("在册")), ("left", gettext_lazy("已离开")))
YES_NO = (("True", gettext_lazy("是")), ("False", gettext_lazy("否")))


class PersonListing(Listing):
    name = "person"
    title = gettext_lazy("人员")
    order = "sort_key"
    columns = (
        Column("name", gettext_lazy("姓名"), link=lambda p: p.get_absolute_url(), sort="sort_key", phone=True),
        Column("number", gettext_lazy("编号"), sort="number"),
        Column("unit", gettext_lazy("所在单位"), "unit", sort="unit__path", phone=True),
        Column(
            "level",
            gettext_lazy("级别"),
            value=lambda p: code_table("level").get(p.level, p.level),
            sort="level",
            phone=True,
        ),
        Column("is_party_member", gettext_lazy("中共党员"), value=lambda p: _("是") if p.is_party_member else _("否")),
        Column("holds_key_post", gettext_lazy("在重点岗位"), value=lambda p: _("是") if p.holds_key_post else _("否")),
        Column("email", gettext_lazy("电子邮箱"), optional=True),
        Column("left_on", gettext_lazy("离开日期"), "day", optional=True),
    )
    views = (
        View(gettext_lazy("在册"), "presence=here", Q(left_on__isnull=True)),
        View(
            gettext_lazy("重点岗位人员"),
            "presence=here&holds_key_post=True",
            Q(left_on__isnull=True, holds_key_post=True),
        ),
    )
    empty = gettext_lazy("还没有人员")
    empty_hint = gettext_lazy("从“登记人员”开始，或用模板导入。")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        self.filters = (
            Search("q", gettext_lazy("查找"), ("name", "number", "spelling")),
            InUnit("unit", gettext_lazy("单位及下级"), "unit__path", within_reach(request.user)),
            Choice("level", gettext_lazy("级别"), lambda: list(code_table("level").items())),
            Choice("is_party_member", gettext_lazy("中共党员"), YES_NO),
            Choice("holds_key_post", gettext_lazy("在重点岗位"), YES_NO),
            Choice("presence", gettext_lazy("状态"), PRESENCE),
        )
        super().__init__(request, rows)


def _visible(request: HttpRequest) -> Any:
    return Person.objects.visible_to(request.user)


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    held = Person.appointments.rel.related_model.objects.filter(  # type: ignore[attr-defined]
        person=OuterRef("pk"), post__is_key=True, during__endswith__isnull=True
    )
    presence = Case(When(left_on__isnull=True, then=Value("here")), default=Value("left"))
    rows = _visible(request).select_related("unit").annotate(holds_key_post=Exists(held), presence=presence)
    context = {
        "may_enrol": not refusal("enrol", None, by=request.user),
        "import_url": navigation.route("post:org-import") if reader(request).can("org.person.import_people") else "",
    }
    return PersonListing(request, rows).respond("org/person/list.html", context)


@require_GET
def options(request: HttpRequest) -> HttpResponse:
    """Suggestions while a person is being typed."""
    text = next((v for v in map(str, request.GET.values()) if v.strip()), "")
    found = queries.matching(_visible(request).present(), text)[:12] if text else []
    return render(request, "org/options.html", {"values": [f"{p.number}　{p.name}" for p in found]})


STEPS = [
    ("amend", "person:amend", gettext_lazy("更正信息")),
    ("transfer", "person:transfer", gettext_lazy("调动")),
    ("leave", "person:leave", gettext_lazy("离开")),
]


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who it is, where, in which posts since when, and what was done to the record."""
    person = get_object_or_404(_visible(request).select_related("unit"), pk=pk)
    held = list(person.appointments.select_related("post__unit").order_by("-during"))
    opened = reader(request).scopes("org.post.view")
    context = {
        "person": person,
        "above": line_above(person.unit),
        "level": code_table("level").get(person.level, person.level),
        "ranks": sorted({code_table("rank").get(a.post.rank, a.post.rank) for a in held if not a.during.upper} - {""}),
        "appointments": [(one, opened.covers(one.post.unit.path)) for one in held],
        "links": act_links(person, STEPS, by=request.user) if not person.left_on else [],
        "account": _account(request, person),
        "events": events(person, *held),
    }
    return render(request, "org/person/detail.html", context)


def _account(request: HttpRequest, person: Person) -> Any:
    """The person's account, when the reader may see accounts."""
    if not reader(request).can("org.account.view"):
        return None
    return Person.account.related.related_model.objects.visible_to(request.user).filter(person=person).first()  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    reason = refusal("enrol", None, by=request.user)
    if reason:
        raise acts.Refused(reason)
    unit = find_unit(Unit.objects.visible_to(request.user), request.GET.get("unit", ""))
    form = forms.Enrol(request.POST or None, account=request.user, initial={"unit": unit})
    return form_page(
        request,
        form,
        lambda **v: actions.enrol(by=request.user, **v),
        title=_("登记人员"),
        back=reverse("person:list"),
    )


def _act(request: HttpRequest, pk: UUID, step: str, form_class: Any, perform: Any, **more: Any) -> HttpResponse:
    person = get_object_or_404(_visible(request), pk=pk)
    reason = acts.refusal(step, person, by=request.user)
    if reason:
        raise acts.Refused(reason)
    first = {"version": person.version, **{n: getattr(person, n) for n in form_class.base_fields if hasattr(person, n)}}
    form = form_class(request.POST or None, account=request.user, initial={**first, **more.pop("initial", {})})

    def run(**values: Any) -> Any:
        perform(person, by=request.user, expected_version=form.cleaned_data["version"], **values)
        return person

    title = str(next(label for name, _url, label in STEPS if name == step))
    return form_page(request, form, run, title=title, back=person.get_absolute_url(), about=person.number, **more)


@require_http_methods(["GET", "POST"])
def amend(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(request, pk, "amend", forms.Amend, actions.amend)


@require_http_methods(["GET", "POST"])
def transfer(request: HttpRequest, pk: UUID) -> HttpResponse:
    note = _("任职不随调动结束：需要免去原岗位的，请到岗位上办理免职。")
    return _act(request, pk, "transfer", forms.Transfer, actions.transfer, note=note, initial={"unit": ""})


@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    note = _("现任岗位从这一天起免去，账号同时停用；记录仍然保留。")
    return _act(request, pk, "leave", forms.Leave, actions.leave, note=note, dangerous=True)


navigation.register(
    "organisation", gettext_lazy("人员"), "person:list", icon="users", order=20, when=lambda a: a.can("org.person.view")
)

urlpatterns = [
    path("", list_, name="list"),
    path("options/", options, name="options"),
    path("enrol/", enrol, name="enrol"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/amend/", amend, name="amend"),
    path("<uuid:pk>/transfer/", transfer, name="transfer"),
    path("<uuid:pk>/leave/", leave, name="leave"),
]
