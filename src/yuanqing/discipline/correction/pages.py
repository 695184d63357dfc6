"""更正: the list of corrections with who lowers how often, and the form that mends an entry by a later one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from yuanqing.discipline.correction import forms, queries, rules
from yuanqing.discipline.correction.actions import correct as correct_act
from yuanqing.discipline.violation.models import Violation
from yuanqing.discipline.violation.pages import visible
from yuanqing.discipline.violation.policies import may_read_all
from yuanqing.discipline.violation.queries import Codes, measures_of
from yuanqing.kernel.acts import Refused, insist
from yuanqing.org.unit.pages import within_reach
from yuanqing.shell import charts, navigation
from yuanqing.shell.filters import Choice, Dates, InUnit, Search
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.words import percent

VIEW = "discipline.correction.view"
LOWERED = ~Q(lowering="")


class IsLowered(Choice):
    """从轻: only corrections that made the finding lighter."""

    def condition(self, given: Any) -> Q:
        return LOWERED if given.get(self.name) == "yes" else Q()


class CorrectionListing(Listing):
    name = "correction"
    title = gettext_lazy("更正")
    order = "-corrected_on"
    views = (View(gettext_lazy("从轻更正"), "lowered=yes", LOWERED),)
    empty = gettext_lazy("还没有更正")
    empty_hint = gettext_lazy("在违规问题的页面上点“更正”，改动会成为一条新的登记，列在这里。")


def columns_of(codes: Codes, reads: bool) -> tuple[Column, ...]:
    reason = Column("correction_reason", gettext_lazy("更正理由"))
    return (
        Column("number", gettext_lazy("更正后"), link=Violation.get_absolute_url, sort="number", phone=True),
        Column("corrects", gettext_lazy("原登记"), link=lambda v: v.corrects.get_absolute_url()),
        Column("unit", gettext_lazy("单位"), "unit", sort="unit__sort_key", phone=True),
        Column(
            "lowering",
            gettext_lazy("从轻更正的情形"),
            value=lambda v: codes.lowering_label(v.lowering),
            sort="lowering",
        ),
        *((reason,) if reads else ()),
        Column("amended_by", gettext_lazy("更正人"), sort="amended_by__display_name", phone=True),
        Column("corrected_on", gettext_lazy("更正日期"), "day", sort="corrected_on"),
    )


def filters_of(codes: Codes, handlers: list[queries.Handler], account: Any) -> tuple[Any, ...]:
    return (
        Search("q", gettext_lazy("编号"), ("number", "corrects__number")),
        InUnit("unit", gettext_lazy("单位"), "unit__path", within_reach(account)),
        Choice("by", gettext_lazy("更正人"), [(str(one.pk), one.name) for one in handlers], "amended_by"),
        IsLowered("lowered", gettext_lazy("从轻"), [("yes", gettext_lazy("从轻更正"))]),
        Choice("lowering", gettext_lazy("情形"), [(c, e.label) for c, e in codes.lowerings.items()]),
        Dates("corrected", gettext_lazy("更正日期"), "corrected_on"),
    )


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    """Every correction in the reader's scope, and whether somebody's lower more often than chance explains."""
    account: Any = request.user
    if not account.can(VIEW):
        raise Refused(_("您的角色没有这项权限。需要时请联系系统管理员。"))
    codes, rows = Codes.now(), queries.corrections(account)
    handlers = queries.handlers(rows)
    listing = CorrectionListing(
        request, rows, columns=columns_of(codes, may_read_all(account)), filters=filters_of(codes, handlers, account)
    )
    made, lowered = sum(h.count.made for h in handlers), sum(h.count.lowered for h in handlers)
    context = {
        "handlers": handlers, "made": made, "lowered": lowered,
        "share": percent((lowered * rules.WHOLE * 2 + made) // (2 * made)) if made else "",
        "questions": [h for h in handlers if h.reading.is_question],
        "chart": chart(handlers, made, lowered) if handlers else None,
    }  # fmt: skip
    return listing.respond("discipline/correction/list.html", context)


def chart(handlers: list[queries.Handler], made: int, lowered: int) -> charts.Chart:
    """A dot with its interval for each who corrected, and everybody's share as a line across."""
    lines = [
        charts.Interval(h.name, h.reading.share / 100, h.reading.low / 100, h.reading.high / 100, h.href)
        for h in handlers
    ]
    names = (_("更正人"), _("从轻的比例"), _("下限"), _("上限"))
    return charts.dot_interval(
        _("谁的更正更常改轻？差别大于偶然吗？"), lines, names=names, reference=round(lowered * 100 / made, 1), unit="%",
        source=_("违规问题登记簿里的更正；虚线是全体的比例，横条是九成把握的区间"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    violation, codes = visible(request, pk), Codes.now()
    insist("correct", violation, by=request.user)
    people = list(violation.involved.select_related("person"))
    measures = measures_of(people)
    before = [(person, measures.get(person.pk, [])) for person in people]
    words: dict[str, Any] = {"codes": codes, "account": request.user}
    given = request.POST if request.method == "POST" else None
    form = forms.CorrectForm(given, initial={"version": violation.version}, record=violation, **words)
    rows: Any = forms.KeptPeople(
        given, prefix="people", initial=forms.as_registered(before), form_kwargs={**words, "before": before}
    )
    if given is not None and form.is_valid() and rows.is_valid():
        try:
            version = form.cleaned_data["version"]
            kept = [row.kept for row in rows.filled]
            correct_act(violation, by=request.user, people=kept, expected_version=version, **form.values)
            return redirect(violation.corrected_by)
        except ValidationError as error:
            form.take(error)
            rows.take(error)
    context = {"record": violation, "form": form, "people": rows}
    return render(request, "discipline/correction/correct.html", context, status=422 if form.is_bound else 200)


navigation.register(
    "discipline",
    gettext_lazy("更正"),
    "correction:list",
    icon="history",
    order=12,
    when=lambda account: account.can(VIEW),
)

urlpatterns = [path("", list_, name="list"), path("<uuid:pk>/", correct, name="correct")]
