"""合格证书: my certificates, one to print, the list, and the public page on which anybody checks a code."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import segno
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from yuanqing.education.certificate import actions, rules
from yuanqing.education.certificate.lifecycle import LIFECYCLE
from yuanqing.education.certificate.models import Certificate
from yuanqing.kernel.acts import Refused
from yuanqing.kernel.database.scope import as_system
from yuanqing.org.unit.pages import within_reach
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Dates, InUnit, Search
from yuanqing.shell.listing import Column, Listing
from yuanqing.shell.record import record_context

TONES = {"valid": "green", "revoked": "red"}
NAMES = ("person", "unit", "attempt__quiz__activity")


class CertificateListing(Listing):
    name = "certificate"
    title = gettext_lazy("合格证书")
    order = "-awarded_at"
    columns = (
        Column("code", gettext_lazy("证书编号"), link=Certificate.get_absolute_url, sort="code", phone=True),
        Column("person", gettext_lazy("姓名"), "person", sort="person__sort_key", phone=True),
        Column("unit", gettext_lazy("单位"), "unit", sort="unit__path"),
        Column("quiz", gettext_lazy("测验"), value="attempt.quiz.title", sort="attempt__quiz__title", phone=True),
        Column("score", gettext_lazy("分数"), "number", value="attempt.score", sort="attempt__score"),
        Column("awarded_at", gettext_lazy("发证时间"), "moment", sort="awarded_at"),
        Column(
            "state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda c: TONES[c.state], sort="state"
        ),
    )
    empty = gettext_lazy("还没有证书")
    empty_hint = gettext_lazy("测验合格的，交卷以后自动发证书。")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        self.filters = (
            Search("q", gettext_lazy("编号、姓名"), ("code", "person__name", "person__number")),
            InUnit("unit", gettext_lazy("单位及下级"), "unit__path", within_reach(request.user)),
            Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
            Dates("awarded", gettext_lazy("发证日期"), "awarded_at", is_instant=True),
        )
        super().__init__(request, rows)


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    rows = Certificate.objects.visible_to(request.user).select_related(*NAMES)
    return CertificateListing(request, rows).respond("education/certificate/list.html")


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    account: Any = request.user
    own = Q(person_id=account.person_id) if account.person_id else Q(pk__in=[])
    rows = Certificate.objects.filter(own).select_related(*NAMES)
    return CertificateListing(request, rows).respond("education/certificate/mine.html")


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The certificate as it is printed, with the code that leads to the public page."""
    rows = Certificate.objects.visible_to(request.user).select_related(*NAMES)
    record: Certificate = get_object_or_404(rows, pk=pk)
    shown = record_context(
        record, by=request.user, url=lambda step: reverse(f"certificate:{step}", args=[pk]), asks={"revoke": _("撤销的理由")}
    )  # fmt: skip
    address = request.build_absolute_uri(f"{reverse('certificate:verify')}?code={record.code}")
    context = {
        **shown,
        "buttons": [button for button in shown["buttons"] if not button.reason],
        "address": address,
        "picture": segno.make(address, error="m").svg_data_uri(scale=4, border=1, dark="#10312f", light="#ffffff"),
    }
    return render(request, "education/certificate/detail.html", context)


@require_POST
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = get_object_or_404(Certificate.objects.visible_to(request.user).select_related("unit"), pk=pk)
    try:
        return redirect(actions.revoke(record, by=request.user, reason=request.POST.get("note", "")))
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error


@login_not_required
@require_GET
def verify(request: HttpRequest) -> HttpResponse:
    """For anybody who holds a certificate in hand: whether the code is genuine, and what it stands for; no whole names."""
    typed = request.GET.get("code", "")[:40]
    found = None
    if rules.tidied(typed):
        with as_system():
            found = Certificate.objects.select_related(*NAMES).filter(code=rules.tidied(typed)).first()
    context = {"typed": typed, "found": found, "name": rules.masked(found.person.name) if found else ""}
    return render(request, "education/certificate/verify.html", context)


navigation.register(
    "education", gettext_lazy("我的证书"), "certificate:mine", icon="certificate", order=13,
    when=lambda account: bool(account.person_id),
)  # fmt: skip
navigation.register(
    "education", gettext_lazy("合格证书"), "certificate:list", icon="certificate", order=28,
    when=lambda account: account.can("education.certificate.view"),
)  # fmt: skip

urlpatterns = [
    path("", list_, name="list"),
    path("mine/", mine, name="mine"),
    path("verify/", verify, name="verify"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/revoke/", revoke, name="revoke"),
]
