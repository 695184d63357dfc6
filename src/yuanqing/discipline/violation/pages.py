"""违规问题: the list, the record, and one form page for each act."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from yuanqing.discipline.violation import actions, forms, queries
from yuanqing.discipline.violation.lifecycle import LIFECYCLE
from yuanqing.discipline.violation.models import Violation
from yuanqing.discipline.violation.policies import found_for, may_read, may_read_all
from yuanqing.discipline.violation.queries import Codes
from yuanqing.kernel import acts, typed
from yuanqing.kernel.acts import insist, refusal
from yuanqing.org.person.models import Person
from yuanqing.org.unit.pages import within_reach
from yuanqing.shell import navigation
from yuanqing.shell.file.queries import attachments
from yuanqing.shell.filters import Choice, Control, Dates, InUnit, Option, Search
from yuanqing.shell.listing import Column, Listing, Tab, View
from yuanqing.shell.record import Event, record_context
from yuanqing.shell.worklist.sources import Waiting, waiting_source

TONES = {"received": "amber", "routed": "accent", "concluded": "green", "unfounded": "grey", "superseded": "grey"}
RULES = {"eight_points": gettext_lazy("八项规定"), "ten_disciplines": gettext_lazy("十条纪律")}


# The list


class OfType:
    """问题类型: one of the types, or a whole of them: `type=B1` finds B1a and B1b."""

    name, parameters = "type", ("type",)
    label = gettext_lazy("类型")

    def __init__(self, codes: Codes, field: str = "type") -> None:
        self.codes, self.field = codes, field

    def condition(self, given: QueryDict) -> Q:
        chosen = given.get("type", "")
        return Q(**{f"{self.field}__in": self.codes.leaves_of(chosen) or [chosen]}) if chosen else Q()

    def control(self, given: QueryDict, others: Any) -> Control:
        chosen = given.get("type", "")
        options = tuple(Option(code, label, code == chosen) for code, label in self.codes.all_types())
        return Control("choice", "type", self.label, chosen, options=options)


class InState(Choice):
    """状态: without a choice, everything but what a later entry replaced."""

    def condition(self, given: QueryDict) -> Q:
        return super().condition(given) or ~Q(state="superseded")


def type_label(record: Violation) -> str:
    return f"{record.clause.code} {record.clause.title}"


def columns_of(codes: Codes) -> tuple[Column, ...]:
    return (
        Column("number", gettext_lazy("编号"), link=Violation.get_absolute_url, sort="number", phone=True),
        Column("unit", gettext_lazy("单位"), "unit", sort="unit__sort_key", phone=True),
        Column("type", gettext_lazy("类型"), value=type_label, link=lambda r: r.clause.get_absolute_url(), sort="type"),
        Column("level", gettext_lazy("最高级别"), value=lambda r: codes.level_label(r.level), sort="level"),
        Column("people", gettext_lazy("涉及人数"), "number", sort="people"),
        Column("received_on", gettext_lazy("受理日期"), "day", sort="received_on"),
        Column("concluded_on", gettext_lazy("查处日期"), "day", sort="concluded_on"),
        Column(
            "state",
            gettext_lazy("状态"),
            "badge",
            lambda r: LIFECYCLE.states[r.state],
            tone=lambda r: TONES[r.state],
            phone=True,
        ),
        Column("route", gettext_lazy("去向"), value=lambda r: codes.routes.get(r.route, ""), optional=True),
        Column("source", gettext_lazy("来源"), value=lambda r: codes.source_label(r.source), optional=True),
        Column(
            "severity", gettext_lazy("严重程度"), value=lambda r: codes.severities.get(r.severity, ""), optional=True
        ),
        Column("lowering", gettext_lazy("从轻更正"), value=lambda r: codes.lowering_label(r.lowering), optional=True),
    )


def filters_of(codes: Codes, account: Any) -> tuple[Any, ...]:
    reads_all = may_read_all(account)
    words = ("number", "facts", "outcome") if reads_all else ("number",)
    return (
        Search("q", gettext_lazy("编号、事实") if reads_all else gettext_lazy("编号"), words),
        InUnit("unit", gettext_lazy("单位"), "unit__path", within_reach(account)),
        Choice("rules", gettext_lazy("规则"), list(RULES.items())),
        OfType(codes),
        Choice("level", gettext_lazy("最高级别"), [(c, e.label) for c, e in codes.levels.items()]),
        InState("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
        Choice("route", gettext_lazy("去向"), list(codes.routes.items())),
        Choice("source", gettext_lazy("来源"), [(c, e.label) for c, e in codes.sources.items()]),
        Dates("received", gettext_lazy("受理日期"), "received_on"),
        Dates("concluded", gettext_lazy("查处日期"), "concluded_on"),
    )


class ViolationListing(Listing):
    name = "violation"
    title = gettext_lazy("违规问题")
    order = "-received_on"
    views = (
        View(gettext_lazy("待分流"), "state=received", Q(state="received")),
        View(gettext_lazy("待办结"), "state=routed", Q(state="routed")),
        View(gettext_lazy("已查处"), "state=concluded", Q(state="concluded")),
        View(gettext_lazy("已被更正"), "state=superseded", Q(state="superseded")),
    )
    empty = gettext_lazy("还没有登记违规问题")
    empty_hint = gettext_lazy("从“登记”开始，或者用模板导入台账。")

    def respond(self, template: str, context: dict[str, Any] | None = None) -> HttpResponse:
        """The sums at the head change with the rows, so they travel with the table."""
        if self.request.headers.get("HX-Target") == f"listing-{self.name}":
            template = "discipline/violation/list.html#rows"
            return render(self.request, template, {"listing": self, "sums": self.sums, "is_part": True})
        return super().respond(template, context)

    @cached_property
    def tabs(self) -> list[Tab]:
        """The first view leaves out what a later entry replaced, so its number does too."""
        first, *others = super().tabs
        return [replace(first, count=first.count - others[-1].count), *others]

    @property
    def counted(self) -> int | None:
        """The first view leaves some out; whichever view is open, its rows are counted with it."""
        return next((tab.count for tab in self.tabs if tab.current), None)

    @property
    def sums(self) -> dict[str, int]:
        return queries.sums(self.rows, self.page.paginator.count)


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    codes, account = Codes.now(), request.user
    rows: Any = Violation.objects.visible_to(account)
    rows = rows.select_related("unit", "clause").annotate(people=queries.number_of_people())
    listing = ViolationListing(request, rows, columns=columns_of(codes), filters=filters_of(codes, account))
    context = {"may_record": not refusal("record", None, by=account, model=Violation)}
    context["may_import"] = not refusal("import", None, by=account, model=Violation)
    return listing.respond("discipline/violation/list.html", context)


# The record


def visible(request: HttpRequest, pk: UUID, *parts: Prefetch[Any]) -> Violation:
    """The violation, when this reader may see it; whoever it concerns is told that there is none."""
    rows = Violation.objects.visible_to(request.user).select_related("unit", "clause__pack", "corrects")
    found: Violation = get_object_or_404(rows.defer("clause__pack__content").prefetch_related(*parts), pk=pk)
    return found


def address(step: str, pk: UUID) -> str:
    return reverse("correction:correct" if step == "correct" else f"violation:{step}", args=[pk])


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    record, codes = visible(request, pk, queries.PEOPLE), Codes.now()
    found_for(record, request.user)
    people = record.involved.all()
    measures = queries.measures_of(people)
    reads = may_read(request.user, record)
    return render(
        request,
        "discipline/violation/detail.html",
        {
            **record_context(record, by=request.user, url=lambda step: address(step, pk)),
            "reads": reads,
            "attachments": attachments(request.user, "violation.material", record) if reads else None,
            "codes": labels(record, codes),
            "people": [person_line(p, measures.get(p.pk, []), codes, reads) for p in people],
            "proposed": queries.proposal(record, codes) if record.state == "received" else None,
            "routes": codes.routes,
            "events": events(record, codes),
            "readers": queries.readers(record),
        },
    )


def events(record: Violation, codes: Codes) -> list[Event]:
    """What happened to the entry and to those it corrected; a correction touches two of them and is told once."""
    told = {(h.at, h.label): h for h in acts.history(*queries.line_of(record))}
    return [Event(h.at, h.label, h.who, queries.said(h.note, codes)) for h in told.values()]


def labels(record: Violation, codes: Codes) -> dict[str, Any]:
    """Codes of the record in words."""
    return {
        "level": codes.level_label(record.level),
        "source": codes.source_label(record.source),
        "severity": codes.severities.get(record.severity, record.severity),
        "route": codes.routes.get(record.route, ""),
        "basis": codes.route_label(record.route_basis),
        "lowering": codes.lowering_label(record.lowering),
    }


def person_line(person: Any, measures: Iterable[Any], codes: Codes, reads: bool) -> dict[str, Any]:
    return {
        "position": person.position + 1,
        "name": person.name if reads else "",
        "person": person.person if reads else None,
        "level": codes.level_label(person.level),
        "is_party_member": person.is_party_member,
        "is_sanctioned": person.is_sanctioned,
        "waiver": person.waiver if reads else bool(person.waiver),
        "measures": [
            {
                "label": codes.measure_label(m.code),
                "form": m.form,
                "on": m.decided_on,
                "document": m.document if reads else "",
            }
            for m in measures
        ],
    }


# Registering


@require_http_methods(["GET", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    insist("record", None, by=request.user, model=Violation)
    codes = Codes.now()
    words: dict[str, Any] = {"codes": codes, "account": request.user}
    data = request.POST.copy() if request.method == "POST" else None
    is_more = data is not None and "more" in data
    if data is not None and is_more:
        data["people-TOTAL_FORMS"] = str(min((typed.whole(data.get("people-TOTAL_FORMS")) or 1) + 1, 60))
    form = forms.RecordForm(data, **words)
    people: Any = forms.People(data, prefix="people", form_kwargs=words)
    if data is not None and not is_more and form.is_valid() and people.is_valid():
        try:
            made = actions.record(by=request.user, people=[p.someone for p in people.filled], **form.values)
            return redirect(made)
        except ValidationError as error:
            form.take(error)
            people.take(error)
    status = 200 if data is None or is_more else 422
    context = {"form": form, "people": people, "is_more": is_more}
    return render(request, "discipline/violation/record.html", context, status=status)


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """People the reader may see whose number or name begins like what is being typed, as options of the field."""
    typed = next((v for name, v in request.GET.items() if name == "q" or name.endswith("-person")), "")
    words = str(typed).split()
    rows: Any = Person.objects.none()
    if words and not refusal("record", None, by=request.user, model=Violation):
        begun = (
            Q(number__istartswith=words[0]) | Q(name__startswith=words[0]) | Q(sort_key__startswith=words[0].lower())
        )
        rows = Person.objects.visible_to(request.user).filter(begun, left_on__isnull=True).select_related("unit")[:20]
    options = ((f"{p.number} {p.name}", p.unit.name) for p in rows)
    return HttpResponse(format_html_join("", '<option value="{}">{}</option>', options))


# The other acts: a form each

ActPage = Callable[[HttpRequest, UUID], HttpResponse]


def act_page(
    step: str,
    form_class: type[forms.ActForm],
    act: Callable[..., Any],
    *,
    note: Callable[[Violation, Codes], Any] = lambda record, codes: None,
    more: Callable[[Violation, Codes], dict[str, Any]] = lambda record, codes: {},
) -> ActPage:
    """GET shows the form, POST takes the step; what is closed says why, on the page as in the act."""

    @require_http_methods(["GET", "POST"])
    def page(request: HttpRequest, pk: UUID) -> HttpResponse:
        violation, codes = visible(request, pk), Codes.now()
        insist(step, violation, by=request.user)
        words = {"codes": codes, "account": request.user, "record": violation, **more(violation, codes)}
        given = request.POST if request.method == "POST" else None
        form = form_class(given, initial={"version": violation.version}, **words)
        if given is not None and form.is_valid():
            try:
                act(violation, by=request.user, expected_version=form.cleaned_data["version"], **form.values)
                return redirect(violation)
            except ValidationError as error:
                form.take(error)
        lifecycle_step = LIFECYCLE.step(step)
        context = {"record": violation, "form": form, "note": note(violation, codes), "step": lifecycle_step}
        return render(request, "discipline/violation/act.html", context, status=422 if form.is_bound else 200)

    page.__name__ = step
    return page


def proposed_note(violation: Violation, codes: Codes) -> str:
    """Which row of the table decided, in words."""
    proposed = queries.proposal(violation, codes)
    facts = _("，").join(codes.facts_in_words(proposed.facts))
    return _("按去向表应交%(route)s：%(row)s（%(facts)s）。依据 %(basis)s。") % {
        "route": codes.routes.get(proposed.to, proposed.to),
        "row": proposed.row.label,
        "facts": facts,
        "basis": proposed.basis,
    }


route = act_page(
    "route",
    forms.RouteForm,
    actions.route,
    note=proposed_note,
    more=lambda record, codes: {"proposed": queries.proposal(record, codes)},
)
transfer = act_page("transfer", forms.TransferForm, actions.transfer)
measure = act_page(
    "measure", forms.MeasureForm, actions.measure, note=lambda r, c: _("登记以后只能用“更正”撤回，不能改动。")
)
conclude = act_page("conclude", forms.ConcludeForm, actions.conclude)
dismiss = act_page(
    "dismiss", forms.DismissForm, actions.dismiss, note=lambda r, c: _("查否须由登记、分流以外的人办理，理由留存备查。")
)


# Elsewhere in the shell


@waiting_source
def waiting(account: Any) -> list[Waiting]:
    """What waits to be routed, and what waits to be concluded."""
    if not account.can("discipline.violation.route"):
        return []
    counts = queries.waiting(account)
    lines = (
        ("to_route", _("%(count)d 件违规问题等待分流"), "received", _("去分流"), "speech.2.5"),
        ("to_conclude", _("%(count)d 件违规问题正在办理"), "routed", _("去办理"), "speech.2.8"),
    )
    return [
        Waiting(
            title=title % {"count": counts[key]},
            clause=clause,
            due=None,
            url=f"{reverse('violation:list')}?{urlencode({'state': state})}",
            button=button,
            count=counts[key],
        )
        for key, title, state, button, clause in lines
        if counts[key]
    ]


navigation.register(
    "discipline",
    gettext_lazy("违规问题"),
    "violation:list",
    icon="gavel",
    order=10,
    when=lambda account: account.can("discipline.violation.view"),
)

urlpatterns = [
    path("", list_, name="list"),
    path("record/", record, name="record"),
    path("people/", people, name="people"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/route/", route, name="route"),
    path("<uuid:pk>/transfer/", transfer, name="transfer"),
    path("<uuid:pk>/measure/", measure, name="measure"),
    path("<uuid:pk>/conclude/", conclude, name="conclude"),
    path("<uuid:pk>/dismiss/", dismiss, name="dismiss"),
]
