"""处分: the register, one sanction with the person's periods, and what an integrity opinion rests on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from yuanqing.cases.keyring.pages import ActPages
from yuanqing.cases.sanction import actions, forms, queries
from yuanqing.cases.sanction.lifecycle import LIFECYCLE
from yuanqing.cases.sanction.models import Sanction
from yuanqing.cases.sanction.queries import Codes
from yuanqing.cases.sanction.rules import FOR_GOOD, Running, barred
from yuanqing.kernel.acts import insist, refusal
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Dates, Search
from yuanqing.shell.form_page import place_errors, said_done
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record import record_context
from yuanqing.shell.worklist.sources import Waiting, waiting_source


def columns_of(codes: Codes) -> tuple[Column, ...]:
    return (
        Column("person", gettext_lazy("受处分人"), value=lambda r: r.person.name, link=Sanction.get_absolute_url, sort="person__sort_key", phone=True),
        Column("kind", gettext_lazy("处分种类"), value=lambda r: codes.label(r.kind), sort="kind", phone=True),
        Column("unit", gettext_lazy("所在单位"), value=lambda r: r.unit.name, sort="unit__path"),
        Column("decided_on", gettext_lazy("决定日期"), "day", sort="decided_on"),
        Column("ends_on", gettext_lazy("影响期最后一天"), "day", sort="ends_on", phone=True),
        Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda r: "amber" if r.state == "in_force" else "grey", sort="state"),
        Column("document", gettext_lazy("文号"), optional=True),
        Column("form", gettext_lazy("形态"), "number", optional=True),
    )  # fmt: skip


class SanctionListing(Listing):
    name = "sanction"
    title = gettext_lazy("处分")
    order = "-decided_on"
    empty = gettext_lazy("没有处分")
    empty_hint = gettext_lazy("决定作出以后点“登记处分”；影响期由系统按规则包计算，期满自动结束。")
    views = (
        View(gettext_lazy("影响期内"), "state=in_force", Q(state="in_force")),
        View(
            gettext_lazy("留党察看到期"),
            "kind=party_probation&state=in_force",
            Q(kind="party_probation", state="in_force"),
        ),
    )


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    codes = Codes()
    rows: Any = Sanction.objects.visible_to(request.user).select_related("person", "unit")
    filters = (
        Search("q", gettext_lazy("姓名或文号"), ("person__name", "document")),
        Choice("kind", gettext_lazy("处分种类"), [(c, e.label) for c, e in codes.kinds.items()]),
        Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
        Dates("ends", gettext_lazy("影响期最后一天"), "ends_on"),
    )
    listing = SanctionListing(request, rows, columns=columns_of(codes), filters=filters)
    may_impose = not refusal("impose", None, by=request.user, model=Sanction)
    return listing.respond("cases/sanction/list.html", {"may_impose": may_impose})


def visible(request: HttpRequest, pk: UUID) -> Sanction:
    rows = Sanction.objects.visible_to(request.user).select_related("person", "unit", "case")
    found: Sanction = get_object_or_404(rows, pk=pk)
    return found


def lines(found: list[Running], codes: Codes) -> list[dict[str, Any]]:
    return [
        {
            "kind": codes.label(p.sanction),
            "bars": codes.barred[p.bars].label,
            "starts_on": p.starts_on,
            "ends_on": None if p.ends_on == FOR_GOOD else p.ends_on,
            "months": p.added.months,
            "days": p.added.days,
        }
        for p in found
    ]


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    record, codes = visible(request, pk), Codes()
    every = queries.about(record.person, request.user)
    context = {
        **record_context(record, by=request.user, url=lambda step: reverse(f"sanction:{step}", args=[pk])),
        "kind": codes.label(record.kind),
        "level": codes.level(record.level),
        "periods": lines(queries.periods(every, codes), codes),
        "waits": codes.waits_for_restoration(record),
        "others": [(codes.label(one.kind), one) for one in every if one.pk != record.pk],
    }  # fmt: skip
    return render(request, "cases/sanction/detail.html", context)


@require_http_methods(["GET", "POST"])
def impose(request: HttpRequest) -> HttpResponse:
    insist("impose", None, by=request.user, model=Sanction)
    given = request.POST if request.method == "POST" else None
    form = forms.Impose(given, account=request.user)
    if given is not None and form.is_valid():
        try:
            made = actions.impose(by=request.user, **form.values)
            said_done(request, _("登记处分"))
            return redirect(made)
        except ValidationError as error:
            place_errors(form, error)
    context = {"form": form, "title": _("登记处分"), "button": _("登记处分"), "back": reverse("sanction:list")}
    context["note"] = _("影响期自决定之日起算；影响期内又受处分的，新期限加上没有执行完的旧期限。")
    return render(request, "cases/sanction/form.html", context, status=422 if form.is_bound else 200)


act_page = ActPages(visible, LIFECYCLE, "cases/sanction/form.html").page

restore = act_page(
    "restore", forms.Restore, actions.restore, gettext_lazy("从恢复之日起两年内不得任相当或者更高职务。")
)
revoke = act_page(
    "revoke",
    forms.Revoke,
    actions.revoke,
    gettext_lazy("申诉、复查后原处分撤销的，影响期随之消灭，与它合并的期限重新计算。"),
)


@require_GET
def opinion(request: HttpRequest) -> HttpResponse:
    """What is barred for a person on a day."""
    if not request.user.can("cases.sanction.view"):  # type: ignore[union-attr]
        raise Http404
    codes, found, person = Codes(), None, None
    form = forms.Ask(request.GET if "person" in request.GET else None, account=request.user)
    if form.is_bound and form.is_valid():
        person = form.cleaned_data["person"]
        every = queries.about(person, request.user)
        found = lines(barred(queries.periods(every, codes), form.cleaned_data["on"]), codes)
    return render(request, "cases/sanction/opinion.html", {"form": form, "found": found, "person": person})


@waiting_source
def waiting(account: Any) -> list[Waiting]:
    """Members on probation whose rights wait to be restored, and periods that end within thirty days."""
    if not account.can("cases.sanction.restore"):
        return []
    counts, address = queries.counts(account), reverse("sanction:list")
    lines_ = (
        ("restore", _("%(count)d 人留党察看，期满要登记恢复党员权利"), "?kind=party_probation&state=in_force"),
        ("soon", _("%(count)d 项处分三十天内影响期满"), "?state=in_force&order=ends_on"),
    )
    return [
        Waiting(
            title % {"count": counts[key]}, f"{address}{query}", _("去看看"), clause="speech.4.8", count=counts[key]
        )
        for key, title, query in lines_
        if counts[key]
    ]


navigation.register(
    "enforcement",
    gettext_lazy("处分"),
    "sanction:list",
    icon="gavel",
    order=40,
    when=lambda account: account.can("cases.sanction.view"),
)

urlpatterns = [
    path("", list_, name="list"),
    path("impose/", impose, name="impose"),
    path("opinion/", opinion, name="opinion"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/restore/", restore, name="restore"),
    path("<uuid:pk>/revoke/", revoke, name="revoke"),
]
