"""岗位、任职、干部管理权限: lists, a post's record with its holders, a form for each act, and the import of everything."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Case, Q, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from yuanqing.kernel import acts
from yuanqing.org.account.policies import lacking
from yuanqing.org.post import actions, forms, queries
from yuanqing.org.post.models import Appointment, Jurisdiction, Post
from yuanqing.org.post.policies import refusal
from yuanqing.org.post.tasks import SHEETS, apply, check, current_rows, may_import
from yuanqing.org.unit.models import Unit
from yuanqing.org.unit.pages import act_links, events, form_page, within_reach
from yuanqing.org.unit.queries import code_table, find_unit, line_above
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, InUnit, Search
from yuanqing.shell.importing.wizard import ImportWizard
from yuanqing.shell.listing import Column, Listing, View

LIVES = (("now", gettext_lazy("现有")), ("ended", gettext_lazy("已撤销")))
PERIODS = (("now", gettext_lazy("现行")), ("past", gettext_lazy("已终止")), ("future", gettext_lazy("未开始")))
YES_NO = (("True", gettext_lazy("是")), ("False", gettext_lazy("否")))


def _rank(rank: str) -> str:
    return code_table("rank").get(rank, rank)


def _holders(post: Any) -> str:
    return _("、").join(a.person.name for a in post.holders) or _("空缺")


def _only_holder(post: Any) -> str:
    """The holder's page where there is exactly one; several are linked on the post's own page."""
    return post.holders[0].person.get_absolute_url() if len(post.holders) == 1 else ""


def _months(post: Any) -> int | None:
    """Months in post of whoever has been there longest."""
    first = min((a.during.lower for a in post.holders), default=None)
    return queries.months_between(first, timezone.localdate()) if first else None


class PostListing(Listing):
    name = "post"
    title = gettext_lazy("岗位")
    order = "code"
    columns = (
        Column("code", gettext_lazy("代码"), sort="code"),
        Column("name", gettext_lazy("岗位名称"), link=lambda p: p.get_absolute_url(), sort="name", phone=True),
        Column("unit", gettext_lazy("单位"), "unit", sort="unit__path", phone=True),
        Column("rank", gettext_lazy("职级"), value=lambda p: _rank(p.rank), sort="rank"),
        Column(
            "is_key",
            gettext_lazy("重点岗位"),
            "badge",
            lambda p: _("重点") if p.is_key else _("一般"),
            tone=lambda p: "amber" if p.is_key else "grey",
        ),
        Column("holders", gettext_lazy("现任"), value=_holders, link=_only_holder, phone=True),
        Column("months", gettext_lazy("任职月数"), "number", _months),
        Column("ended_on", gettext_lazy("撤销日期"), "day", optional=True),
    )
    views = (
        View(gettext_lazy("重点岗位"), "life=now&is_key=True", Q(ended_on__isnull=True, is_key=True)),
        View(gettext_lazy("已撤销"), "life=ended", Q(ended_on__isnull=False)),
    )
    empty = gettext_lazy("还没有岗位")
    empty_hint = gettext_lazy("从“设置岗位”开始，或用模板导入。")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        self.filters = (
            Search("q", gettext_lazy("查找"), ("name", "code")),
            InUnit("unit", gettext_lazy("单位及下级"), "unit__path", within_reach(request.user)),
            Choice("rank", gettext_lazy("职级"), lambda: list(code_table("rank").items())),
            Choice("is_key", gettext_lazy("重点岗位"), YES_NO),
            Choice("life", gettext_lazy("状态"), LIVES),
        )
        super().__init__(request, rows)


def _visible(request: HttpRequest) -> Any:
    return Post.objects.visible_to(request.user)


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    life = Case(When(ended_on__isnull=True, then=Value("now")), default=Value("ended"))
    rows = queries.with_holders(_visible(request).select_related("unit").annotate(life=life), timezone.localdate())
    context = {"may_create": not refusal("create", None, by=request.user), "tabs": tabs("post:list")}
    return PostListing(request, rows).respond("org/post/list.html", context)


def tabs(current: str) -> list[dict[str, Any]]:
    names = {"post:list": _("岗位"), "post:jurisdictions": _("干部管理权限")}
    return [{"label": label, "href": reverse(name), "current": name == current} for name, label in names.items()]


STEPS = [
    ("amend", "post:amend", gettext_lazy("更正")),
    ("mark_key", "post:mark_key", gettext_lazy("重点岗位标记")),
    ("end", "post:end", gettext_lazy("撤销岗位")),
]


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The post, who has held it for how long, and who manages its holder."""
    post = get_object_or_404(_visible(request).select_related("unit"), pk=pk)
    today = timezone.localdate()
    held = list(post.appointments.select_related("person").order_by("-during"))
    lines = [(a, queries.months_between(a.during.lower, a.during.upper or today)) for a in held]
    may = not lacking(request.user, "org.post.appoint", post.unit) and not post.ended_on
    context = {
        "post": post,
        "above": line_above(post.unit),
        "rank": _rank(post.rank),
        "lines": lines,
        "may_appoint": may,
        "may_relieve": not lacking(request.user, "org.post.end_appointment", post.unit),
        "manager": queries.manager_of(post.unit, post.rank, today) if post.rank else None,
        "links": act_links(post, STEPS, by=request.user) if not post.ended_on else [],
        "events": events(post, *held),
    }
    return render(request, "org/post/detail.html", context)


class JurisdictionListing(Listing):
    name = "jurisdiction"
    title = gettext_lazy("干部管理权限")
    order = "unit__path"
    columns = (
        Column("unit", gettext_lazy("干部所在单位"), "unit", sort="unit__path", phone=True),
        Column("rank", gettext_lazy("职级"), value=lambda r: _rank(r.rank), sort="rank", phone=True),
        Column("manager", gettext_lazy("主管单位"), "unit", sort="manager__path", phone=True),
        Column("starts_on", gettext_lazy("从"), "day", sort="starts_on"),
        Column("ends_on", gettext_lazy("到"), "day", sort="ends_on"),
    )
    empty = gettext_lazy("还没有设定干部管理权限")
    empty_hint = gettext_lazy("设定以后，处置问题时按它确定由哪个单位办理。")

    def __init__(self, request: HttpRequest, rows: Any, *, may_end: bool) -> None:
        self.filters = (
            InUnit("unit", gettext_lazy("单位及下级"), "unit__path", within_reach(request.user)),
            Choice("rank", gettext_lazy("职级"), lambda: list(code_table("rank").items())),
            Choice("period", gettext_lazy("状态"), PERIODS),
        )
        link = Column("end", "", value=_end_label, link=lambda r: reverse("post:end_jurisdiction", args=[r.pk]))
        super().__init__(request, rows, columns=(*self.columns, link) if may_end else None)


def _end_label(rule: Any) -> str:
    return _("终止") if rule.period == "now" else ""


@require_GET
def jurisdictions(request: HttpRequest) -> HttpResponse:
    """Which unit manages which cadres; the nearest rule above a unit holds."""
    today = timezone.localdate()
    past = When(ends_on__lt=today, then=Value("past"))
    period = Case(past, When(starts_on__gt=today, then=Value("future")), default=Value("now"))
    rows = Jurisdiction.objects.visible_to(request.user).select_related("unit", "manager").annotate(period=period)
    context = {
        "tabs": tabs("post:jurisdictions"),
        "may_set": not refusal("set_jurisdiction", None, by=request.user),
    }
    may_end = not refusal("end_jurisdiction", None, by=request.user)
    listing = JurisdictionListing(request, rows, may_end=may_end)
    return listing.respond("org/post/jurisdictions.html", context)


# Acts


def _open(step: str, request: HttpRequest) -> None:
    reason = refusal(step, None, by=request.user)
    if reason:
        raise acts.Refused(reason)


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    _open("create", request)
    unit = find_unit(Unit.objects.visible_to(request.user), request.GET.get("unit", ""))
    form = forms.Create(request.POST or None, account=request.user, initial={"unit": unit})
    back = unit.get_absolute_url() if unit else reverse("post:list")
    return form_page(request, form, lambda **v: actions.create(by=request.user, **v), title=_("设置岗位"), back=back)


def _act(request: HttpRequest, pk: UUID, step: str, form_class: Any, perform: Any, **more: Any) -> HttpResponse:
    post = get_object_or_404(_visible(request), pk=pk)
    reason = acts.refusal(step, post, by=request.user)
    if reason:
        raise acts.Refused(reason)
    first = {"version": post.version, **{n: getattr(post, n) for n in form_class.base_fields if hasattr(post, n)}}
    form = form_class(request.POST or None, account=request.user, initial=first)

    def run(**values: Any) -> Any:
        perform(post, by=request.user, expected_version=form.cleaned_data["version"], **values)
        return post

    title = str(next(label for name, _url, label in STEPS if name == step))
    return form_page(request, form, run, title=title, back=post.get_absolute_url(), about=post, **more)


@require_http_methods(["GET", "POST"])
def amend(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(request, pk, "amend", forms.Amend, actions.amend)


@require_http_methods(["GET", "POST"])
def mark_key(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(request, pk, "mark_key", forms.MarkKey, actions.mark_key)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(request, pk, "end", forms.End, actions.end, dangerous=True)


@require_http_methods(["GET", "POST"])
def appoint(request: HttpRequest, pk: UUID) -> HttpResponse:
    post = get_object_or_404(_visible(request), pk=pk)
    reason = acts.refusal("appoint", Appointment(post=post), by=request.user)
    if reason:
        raise acts.Refused(reason)
    form = forms.Appoint(request.POST or None, account=request.user)

    def run(**values: Any) -> Any:
        actions.appoint(by=request.user, post=post, **values)
        return post

    return form_page(request, form, run, title=_("任职"), back=post.get_absolute_url(), about=post)


@require_http_methods(["GET", "POST"])
def end_appointment(request: HttpRequest, pk: UUID) -> HttpResponse:
    visible = Appointment.objects.visible_to(request.user).select_related("post__unit", "person")
    held = get_object_or_404(visible, pk=pk)
    reason = acts.refusal("end_appointment", held, by=request.user)
    if reason:
        raise acts.Refused(reason)
    form = forms.EndAppointment(request.POST or None, account=request.user, initial={"version": held.version})

    def run(**values: Any) -> Any:
        actions.end_appointment(held, by=request.user, expected_version=form.cleaned_data["version"], **values)
        return held.post

    return form_page(
        request, form, run, title=_("免职"), back=held.post.get_absolute_url(), about=held.post, note=str(held)
    )


@require_http_methods(["GET", "POST"])
def set_jurisdiction(request: HttpRequest) -> HttpResponse:
    _open("set_jurisdiction", request)
    form = forms.SetJurisdiction(request.POST or None, account=request.user)
    note = _("一个单位的规定对它的下级同样有效，直到下级另有规定。")
    return form_page(
        request,
        form,
        lambda **v: actions.set_jurisdiction(by=request.user, **v),
        title=_("设定干部管理权限"),
        back=reverse("post:jurisdictions"),
        note=note,
    )


@require_http_methods(["GET", "POST"])
def end_jurisdiction(request: HttpRequest, pk: UUID) -> HttpResponse:
    visible = Jurisdiction.objects.visible_to(request.user).select_related("unit", "manager")
    rule = get_object_or_404(visible, pk=pk)
    reason = acts.refusal("end_jurisdiction", rule, by=request.user)
    if reason:
        raise acts.Refused(reason)
    form = forms.EndJurisdiction(request.POST or None, account=request.user, initial={"version": rule.version})

    def run(**values: Any) -> Any:
        actions.end_jurisdiction(rule, by=request.user, expected_version=form.cleaned_data["version"], **values)
        return rule

    return form_page(
        request, form, run, title=_("终止干部管理权限"), back=reverse("post:jurisdictions"), about=rule.unit
    )


IMPORT = ImportWizard(
    "org-import",
    gettext_lazy("导入单位、人员和岗位"),
    SHEETS,
    check=check,
    apply=apply,
    may=may_import,
    back="unit:list",
    rows=current_rows,
)

navigation.register(
    "organisation",
    gettext_lazy("岗位与任职"),
    "post:list",
    icon="id-badge-2",
    order=30,
    when=lambda a: a.can("org.post.view"),
)
navigation.register(
    "organisation",
    gettext_lazy("导入与导出"),
    "post:org-import",
    icon="file-import",
    order=40,
    when=lambda a: not may_import(a),
)

urlpatterns = [
    path("", list_, name="list"),
    path("create/", create, name="create"),
    path("jurisdictions/", jurisdictions, name="jurisdictions"),
    path("jurisdictions/set/", set_jurisdiction, name="set_jurisdiction"),
    path("jurisdictions/<uuid:pk>/end/", end_jurisdiction, name="end_jurisdiction"),
    path("appointments/<uuid:pk>/end/", end_appointment, name="end_appointment"),
    *IMPORT.urls("import/"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/amend/", amend, name="amend"),
    path("<uuid:pk>/mark-key/", mark_key, name="mark_key"),
    path("<uuid:pk>/end/", end, name="end"),
    path("<uuid:pk>/appoint/", appoint, name="appoint"),
]
