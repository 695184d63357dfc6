"""月报审核: the reviewer's queue, and the two decisions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from yuanqing.discipline.monthly_return import actions, queries
from yuanqing.discipline.monthly_return.models import MonthlyReturn
from yuanqing.discipline.monthly_return.pages import check_title, differences, found
from yuanqing.kernel import typed
from yuanqing.norms.period.models import Period
from yuanqing.shell import navigation
from yuanqing.shell.worklist.sources import Waiting, waiting_source

AT_ONCE = 30


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for the reviewer, each with its differences; to be decided with one thumb."""
    waiting = queries.to_review(request.user).select_related("period", "unit").order_by("period__month_on", "path")
    periods = {row.period_id: row.period for row in waiting}
    agreeing = {pk: actions.agreeing(period, by=request.user).count() for pk, period in periods.items()}
    cards = [_card(record) for record in waiting[:AT_ONCE]]
    context = {
        "cards": cards,
        "count": len(waiting),
        "periods": [{"period": period, "agreeing": agreeing[pk]} for pk, period in periods.items()],
    }
    return render(request, "discipline/return_review/list.html", context)


def _card(record: MonthlyReturn) -> dict[str, Any]:
    form = queries.form_of(record.period)
    return {
        "record": record,
        "differences": differences(record, form),
        "explained": [(check_title(form, key), text) for key, text in record.explanations.items()],
        "accept": reverse("return_review:accept", args=[record.pk]),
        "send_back": reverse("return_review:send_back", args=[record.pk]),
    }


def _version(request: HttpRequest) -> int | None:
    return typed.whole(request.POST.get("version"))


def _onward(request: HttpRequest, record: MonthlyReturn) -> HttpResponse:
    """Back to the queue when the decision was taken there."""
    from_queue = request.POST.get("from") == "queue"
    return redirect("return_review:list") if from_queue else redirect(record.get_absolute_url())


@require_POST
def accept(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = found(request, pk)
    actions.accept(record, by=request.user, note=request.POST.get("note", ""), expected_version=_version(request))
    messages.success(request, _("%(what)s审核通过。") % {"what": record})
    return _onward(request, record)


@require_POST
def send_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = found(request, pk)
    actions.send_back(record, by=request.user, note=request.POST.get("note", ""), expected_version=_version(request))
    messages.success(request, _("%(what)s已退回修改。") % {"what": record})
    return _onward(request, record)


@require_POST
def accept_all(request: HttpRequest, pk: UUID) -> HttpResponse:
    period = get_object_or_404(Period, pk=pk)
    done = actions.accept_all(period, by=request.user)
    messages.success(request, _("审核通过 %(count)d 份与记录一致的月报。") % {"count": done})
    return redirect("return_review:list")


@waiting_source
def waiting_for_review(account: Any) -> list[Waiting]:
    if not account.can("discipline.monthly_return.accept"):
        return []
    count = queries.to_review(account).count()
    title = _("%(count)d 份月报等待审核") % {"count": count}
    return [Waiting(title, reverse("return_review:list"), _("去审核"), "speech.2.8", count=count)]


def _number_waiting(request: HttpRequest) -> int:
    return int(queries.to_review(request.user).count())


navigation.register(
    "discipline", gettext_lazy("月报审核"), "return_review:list", icon="checkup-list", order=22,
    when=lambda account: account.can("discipline.monthly_return.accept"), count=_number_waiting,
)  # fmt: skip

urlpatterns = [
    path("", queue, name="list"),
    path("<uuid:pk>/accept/", accept, name="accept"),
    path("<uuid:pk>/send-back/", send_back, name="send_back"),
    path("<uuid:pk>/accept-all/", accept_all, name="accept_all"),
]
