"""过问干预登记: the register over all cases that the reader's key opens; what was said is sealed in the case's file."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from yuanqing.cases.case.models import Intervention
from yuanqing.cases.case.queries import Codes
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Dates, Search
from yuanqing.shell.listing import Column, Listing

DUTY, TITLE = gettext_lazy("四 执纪"), gettext_lazy("过问干预登记")


def columns_of(codes: Codes) -> tuple[Column, ...]:
    return (
        Column("case", gettext_lazy("案号"), value=lambda r: r.case.number, link=lambda r: r.case.get_absolute_url(), sort="case__number", phone=True),
        Column("kind", gettext_lazy("方式"), value=lambda r: codes.label("intervention", r.kind), sort="kind", phone=True),
        Column("happened_on", gettext_lazy("发生日期"), "day", sort="happened_on", phone=True),
        Column("noted_by", gettext_lazy("登记人"), value=lambda r: str(r.noted_by or "")),
        Column("state", gettext_lazy("案件状态"), value=lambda r: r.case.get_state_display(), sort="case__state"),
    )  # fmt: skip


class InterventionListing(Listing):
    name = "intervention"
    title = TITLE
    order = "-happened_on"
    empty = gettext_lazy("没有登记过问干预")
    empty_hint = gettext_lazy("有人打听、说情、干预的，在案卷页点“登记过问干预”；谁、怎样过问封存在案卷里。")


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    codes = Codes()
    filters = (
        Search("q", gettext_lazy("案号"), ("case__number",)),
        Choice("kind", gettext_lazy("方式"), codes.choices("intervention")),
        Dates("happened", gettext_lazy("发生日期"), "happened_on"),
    )
    rows: Any = Intervention.objects.visible_to(request.user).select_related("case", "noted_by")
    listing = InterventionListing(request, rows, columns=columns_of(codes), filters=filters)
    subtitle = _("只列出您的钥匙能打开的案件；打听案情、说情、干预、未经批准接触都要登记。")
    return listing.respond("shell/record_list.html", {"trail": DUTY, "subtitle": subtitle})


navigation.register(
    "enforcement", TITLE, "intervention:list", icon="ear", order=52, when=lambda account: account.can("cases.case.view")
)

urlpatterns = [path("", list_, name="list")]
