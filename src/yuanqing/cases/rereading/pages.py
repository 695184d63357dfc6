"""盲评: drawing by lot, the list, and one case as the blind reader sees it: papers without names of who handled it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from yuanqing.cases.disposal.queries import habits, summary
from yuanqing.cases.keyring.queries import unlock_address, unlocked
from yuanqing.cases.lead.queries import Codes
from yuanqing.cases.rereading import actions, forms, queries
from yuanqing.cases.rereading.lifecycle import LIFECYCLE
from yuanqing.cases.rereading.models import Rereading
from yuanqing.kernel.acts import Refused, insist, refusal
from yuanqing.kernel.sealing.envelope import Unopenable
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice
from yuanqing.shell.form_page import place_errors, said_done
from yuanqing.shell.listing import Column, Listing
from yuanqing.shell.worklist.sources import Waiting, waiting_source


class RereadingListing(Listing):
    name = "rereading"
    title = gettext_lazy("盲评")
    order = "-drawn_on"
    empty = gettext_lazy("没有盲评")
    empty_hint = gettext_lazy("线索管理人员抽取以后，抽中的在这里。")


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    codes = Codes()
    rows: Any = Rereading.objects.visible_to(request.user).select_related("easing")
    columns = (
        Column(
            "drawn_on", gettext_lazy("抽取日期"), "day", link=Rereading.get_absolute_url, sort="drawn_on", phone=True
        ),
        Column("kind", gettext_lazy("事项"), value=lambda r: codes.label("easing", r.easing.kind), phone=True),
        Column("due_on", gettext_lazy("期限"), "clock", value=lambda r: r.due_on if r.state == "drawn" else None),
        Column("state", gettext_lazy("状态"), "badge", "get_state_display", sort="state"),
        Column("opinion", gettext_lazy("意见"), value=lambda r: codes.label("opinion", r.opinion), phone=True),
    )
    filters = (
        Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
        Choice("opinion", gettext_lazy("意见"), codes.choices("opinion")),
    )
    listing = RereadingListing(request, rows, columns=columns, filters=filters)
    may = not refusal("draw", None, by=request.user, model=Rereading)
    context = {"may_draw": may, "undrawn": len(queries.undrawn(request.user)) if may else 0}
    return listing.respond("cases/rereading/list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def draw(request: HttpRequest) -> HttpResponse:
    """By lot; needs the unlocked key of whoever draws, since the files are sealed to the readers."""
    insist("draw", None, by=request.user, model=Rereading)
    key = unlocked(request)
    if key is None:
        return redirect(unlock_address(request.path))
    if request.method == "POST":
        actions.draw_lot(by=request.user, key=key)
        return redirect("rereading:list")
    count = len(queries.undrawn(request.user))
    note = _("没有抽过的从轻事项 %(n)d 件，将随机抽取 %(k)d 件，各交一名没有经手的人。") % {
        "n": count, "k": queries.how_many(count),
    }  # fmt: skip
    return render(request, "cases/rereading/draw.html", {"note": note, "count": count})


@never_cache
@require_http_methods(["GET", "POST"])
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The papers that led to the decision, without the decision and without names; and the reader's own opinion."""
    rows = Rereading.objects.visible_to(request.user).select_related("easing__lead__key")
    record = get_object_or_404(rows, pk=pk)
    key, papers, codes = unlocked(request), [], Codes()
    if key is not None:
        try:
            papers = queries.shown(record.easing.lead, key)
        except Unopenable:
            key = None
    closed = refusal("give", record, by=request.user)
    given = request.POST if request.method == "POST" else None
    form = forms.Give(given, initial={"version": record.version}, record=record)
    if given is not None and closed:
        raise Refused(closed)
    if given is not None and form.is_valid():
        try:
            actions.give(record, by=request.user, expected_version=form.cleaned_data["version"], **form.values)
            said_done(request, _("提出盲评意见"))
            return redirect(record)
        except ValidationError as error:
            place_errors(form, error)
    lead = record.easing.lead
    context = {
        "record": record,
        "form": form if not closed else None,
        "kind": codes.label("easing", record.easing.kind),
        "ground": codes.label("ground", record.easing.ground),
        "level": codes.label("level", lead.level),
        "category": codes.label("category", lead.category),
        "opinion": codes.label("opinion", record.opinion),
        "papers": [(codes.label("paper", one.paper.kind), one) for one in papers],
        "is_unlocked": key is not None,
        "unlock": unlock_address(request.path),
    }
    return render(request, "cases/rereading/detail.html", context, status=422 if form.is_bound else 200)


@require_GET
def easings(request: HttpRequest) -> HttpResponse:
    """Who eases how often, with what chance explains; and what re-readings said."""
    if not request.user.can("cases.rereading.view"):  # type: ignore[union-attr]
        raise Http404
    context = {
        "habits": habits(request.user),
        "summary": summary(request.user),
        "rereadings": queries.results(request.user),
    }
    return render(request, "cases/rereading/easings.html", context)


@waiting_source
def waiting(account: Any) -> list[Waiting]:
    """Re-readings that wait for the account's opinion."""
    if not account.can("cases.rereading.give"):
        return []
    rows = (
        Rereading.objects.filter(reader=account.pk, state="drawn").order_by("due_on").values_list("due_on", flat=True)
    )
    found = list(rows)
    title = _("%(count)d 件抽中的线索等您提出盲评意见") % {"count": len(found)}
    due = found[0] if found else timezone.localdate()
    return [Waiting(title, reverse("rereading:list"), _("去看看"), clause="speech.4.5", due=due, count=len(found))]


navigation.register(
    "enforcement",
    gettext_lazy("盲评"),
    "rereading:list",
    icon="eye",
    order=26,
    when=lambda account: account.can("cases.rereading.give") or account.can("cases.rereading.draw"),
)

navigation.register(
    "enforcement",
    gettext_lazy("从轻情况"),
    "rereading:easings",
    icon="scale",
    order=25,
    when=lambda account: account.can("cases.rereading.view") and not account.can("cases.rereading.give"),
)

urlpatterns = [
    path("", list_, name="list"),
    path("easings/", easings, name="easings"),
    path("draw/", draw, name="draw"),
    path("<uuid:pk>/", detail, name="detail"),
]
