"""月度日历: when each month is due and why, its windows, and who was given more time."""

from __future__ import annotations

import calendar as weeks
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yuanqing.kernel import typed
from yuanqing.kernel.acts import history, insist, refusal
from yuanqing.kernel.almanac import Calendar, DuePolicy, Month
from yuanqing.kernel.packs.calendar import calendar_in_force
from yuanqing.norms.period import actions, queries
from yuanqing.norms.period.forms import ExtendDue, OpenMonth
from yuanqing.norms.period.lifecycle import LIFECYCLE
from yuanqing.norms.period.models import Extension, Period
from yuanqing.norms.period.rules import UNDER
from yuanqing.org.unit.models import Unit, within
from yuanqing.shell import navigation
from yuanqing.shell.record import Event, state_line

FORM = next(iter(UNDER))


@require_GET
def list_months(request: HttpRequest) -> HttpResponse:
    """A year: every month's due day with its reason, and the working days around it."""
    year = typed.year(request.GET.get("year"), timezone.localdate().year)
    dues = queries.year_of(FORM, year)
    calendar, titles = calendar_in_force(), queries.day_titles()
    marks = {due.due_on: due for due in dues}
    context = {
        "year": year,
        "dues": dues,
        "months": [_sheet(Month(year, n), calendar, titles, marks) for n in range(1, 13)],
        "week": [_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日")],
        "is_provisional": any(due.window.is_provisional for due in dues if due.period is None),
        "next_month": _next_month(),
        "reason": refusal("open_period", None, by=request.user, model=Period),
    }
    return render(request, "norms/period/list.html", context)


def _next_month() -> Month | None:
    """The month after the last one opened, once it has begun; the present one where none is open."""
    today = Month.of(timezone.localdate())
    last = Period.objects.filter(form=FORM).order_by("-month_on").first()
    following = last.month.next() if last else today.previous()
    return following if following <= today else None


def _sheet(month: Month, calendar: Calendar, titles: dict[date, str], marks: dict[date, Any]) -> dict[str, Any]:
    """One month as weeks of days: (number, class, what a reader should know)."""

    def cell(day: date) -> tuple[int, str, str]:
        if day.month != month.month:
            return (0, "", "")
        due = marks.get(day)
        style = "" if calendar.is_workday(day) else "is-free"
        note = titles.get(day, "")
        if due:
            style, note = f"{style} is-due".strip(), _("%(month)s月报截止") % {"month": due.month.label}
        return (day.day, style, note)

    rows = weeks.Calendar().monthdatescalendar(month.year, month.month)
    return {"month": month, "weeks": [[cell(day) for day in row] for row in rows]}


@require_POST
def open_month(request: HttpRequest) -> HttpResponse:
    form = OpenMonth(request.POST)
    if not form.is_valid():
        raise ValidationError(form.errors.get_json_data()["month"][0]["message"])
    period = actions.open_period(by=request.user, form=FORM, month=form.cleaned_data["month"])
    messages.success(request, _("%(month)s已经开启。") % {"month": period.month.label})
    return redirect(period.get_absolute_url())


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    period = get_object_or_404(Period.objects.select_related("form_edition"), pk=pk)
    due = next((d for d in queries.year_of(period.form, _due_year(period)) if d.month == period.month), None)
    context = {
        "record": period,
        "stages": state_line(LIFECYCLE, period.state),
        "policy": DuePolicy(period.policy).label,
        "due": due,
        "window": period.window.state(timezone.now()),
        "extensions": Extension.objects.visible_to(request.user)
        .filter(period=period)
        .select_related("unit", "granted_by"),
        "reason": refusal("extend", None, by=request.user, model=Extension) or _closed(period),
        "events": [Event(h.at, h.label, h.who) for h in history(period)],
    }
    return render(request, "norms/period/detail.html", context)


def _due_year(period: Period) -> int:
    return queries.frozen_rule(period).due_month(period.month).year


def _closed(period: Period) -> str:
    return _("%(month)s已经锁定，不能再延期。") % {"month": period.month.label} if queries.is_locked(period) else ""


@require_http_methods(["GET", "POST"])
def extend(request: HttpRequest, pk: UUID) -> HttpResponse:
    period = get_object_or_404(Period, pk=pk)
    insist("extend", None, by=request.user, model=Extension)
    units = Unit.objects.active().filter(within(request.user.scopes("norms.period.extend")))  # type: ignore[union-attr]
    form = ExtendDue(request.POST or None, units=units, initial={"unit": request.GET.get("unit", "")})
    if request.method == "POST" and form.is_valid():
        try:
            granted = actions.extend(by=request.user, period=period, **form.cleaned_data)
        except ValidationError as error:
            _add(form, error)
        else:
            messages.success(request, _("已准予%(unit)s延期。") % {"unit": granted.unit})
            return redirect(period.get_absolute_url())
    status = 200 if request.method == "GET" else 422
    return render(request, "norms/period/extend.html", {"form": form, "record": period}, status=status)


def _add(form: ExtendDue, error: ValidationError) -> None:
    told = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for field, sentences in told.items():
        form.add_error(field if field in form.fields else None, sentences)


urlpatterns = [
    path("", list_months, name="list"),
    path("open/", open_month, name="open_period"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/extend/", extend, name="extend"),
]
navigation.register("norms", gettext_lazy("月度日历"), "period:list", icon="calendar", order=20)
