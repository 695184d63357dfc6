"""警示教育: the plans of the years, one plan with its activities, and a form for each act."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from yuanqing.education.campaign import actions, forms
from yuanqing.education.campaign.lifecycle import LIFECYCLE
from yuanqing.education.campaign.models import Campaign
from yuanqing.kernel.acts import insist, refusal
from yuanqing.org.unit.pages import within_reach
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, InUnit, Search
from yuanqing.shell.form_page import button_page, change_page, form_page
from yuanqing.shell.listing import Column, Listing
from yuanqing.shell.record import record_context

TRAIL = gettext_lazy("一 教育 · 教育计划")
TONES = {"draft": "grey", "published": "accent", "closed": "green"}


class CampaignListing(Listing):
    name = "campaign"
    title = gettext_lazy("教育计划")
    order = "-year"
    columns = (
        Column("title", gettext_lazy("名称"), value=str, link=Campaign.get_absolute_url, sort="title", phone=True),
        Column("unit", gettext_lazy("单位"), "unit", sort="unit__path", phone=True),
        Column("year", gettext_lazy("年度"), value=lambda row: str(row.year), export=lambda row: row.year, sort="year"),
        Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda c: TONES[c.state], sort="state", phone=True),
        Column("held", gettext_lazy("活动"), "number", sort="held"),
        Column("ended", gettext_lazy("其中已结束"), "number", sort="ended"),
        Column("published_at", gettext_lazy("发布时间"), "moment", sort="published_at"),
    )  # fmt: skip
    empty = gettext_lazy("还没有教育计划")
    empty_hint = gettext_lazy("从“起草教育计划”开始：写明一年的目标，发布以后安排活动。")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        self.filters = (
            Search("q", gettext_lazy("名称"), ("title",)),
            Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
            InUnit("unit", gettext_lazy("单位及下级"), "unit__path", within_reach(request.user)),
        )
        super().__init__(request, rows)


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    rows = Campaign.objects.visible_to(request.user).select_related("unit").defer("aim")
    held = ~Q(activities__state__in=("planned", "cancelled")) & Q(activities__isnull=False)
    rows = rows.annotate(
        held=Count("activities", filter=held), ended=Count("activities", filter=Q(activities__state="ended"))
    )
    context = {"may_draft": not refusal("draft", None, by=request.user, model=Campaign)}
    return CampaignListing(request, rows).respond("education/campaign/list.html", context)


def visible(request: HttpRequest, pk: UUID) -> Campaign:
    rows = Campaign.objects.visible_to(request.user).select_related("unit", "published_by")
    found: Campaign = get_object_or_404(rows, pk=pk)
    return found


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The aim, and what is done about it in the order of the calendar."""
    record = visible(request, pk)
    related: Any = record.activities
    account: Any = request.user
    shown = record_context(
        record, by=account, url=lambda step: reverse(f"campaign:{step}", args=[pk]), asks={"close": _("效果小结")}
    )
    context = {
        **shown,
        "buttons": [button for button in shown["buttons"] if not button.reason],
        "forms": ("edit",),
        "activities": list(related.all().visible_to(account).order_by("begins_on", "pk")),
        "may_plan": record.state != "closed" and account.can("education.activity.plan", record.unit),
    }
    return render(request, "education/campaign/detail.html", context)


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    insist("draft", None, by=request.user, model=Campaign)
    form = forms.Draft(request.POST or None, account=request.user)
    run: Any = lambda **values: actions.draft(by=request.user, **values)  # noqa: E731
    return form_page(request, form, run, title=_("起草教育计划"), back=reverse("campaign:list"), trail=TRAIL)


edit = change_page(
    "edit", actions.edit, visible, forms.Edit, title=gettext_lazy("修改教育计划"), trail=TRAIL,
    initial=lambda record: {"title": record.title, "aim": record.aim},
)  # fmt: skip
publish, close = button_page(actions.publish, visible), button_page(actions.close, visible, "outcome")

navigation.register(
    "education", gettext_lazy("教育计划"), "campaign:list", icon="calendar", order=14,
    when=lambda account: account.can("education.campaign.view"),
)  # fmt: skip

urlpatterns = [
    path("", list_, name="list"),
    path("draft/", draft, name="draft"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/edit/", edit, name="edit"),
    path("<uuid:pk>/publish/", publish, name="publish"),
    path("<uuid:pk>/close/", close, name="close"),
]
