"""问题线索: the ledger of leads, a lead with its opened papers, and a form page for each act."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from yuanqing.cases.element import queries as element
from yuanqing.cases.keyring.pages import ActPages, unlock_first
from yuanqing.cases.keyring.queries import own_key, readers, unlock_address, unlocked
from yuanqing.cases.lead import actions, forms, queries, rules
from yuanqing.cases.lead.lifecycle import ENDED, LIFECYCLE
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.lead.queries import Codes
from yuanqing.cases.petition.models import Petition
from yuanqing.cases.petition.queries import opened as opened_petition
from yuanqing.cases.petition.rules import PAUSED
from yuanqing.kernel.acts import insist, refusal
from yuanqing.kernel.packs.published import current
from yuanqing.kernel.sealing import unlocking
from yuanqing.kernel.sealing.envelope import Unopenable
from yuanqing.shell import navigation
from yuanqing.shell.filters import Among, Choice, Dates, InMonth, Search
from yuanqing.shell.form_page import place_errors, said_done
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record import record_context
from yuanqing.shell.worklist.sources import Waiting, counted, waiting_source

TONES = {"pooled": "amber", "assigned": "amber", "proposed": "amber", "inquired": "amber", "verified": "amber"}
# Where the page of a step stands, when its noun is not this one.
ELSEWHERE = {
    **dict.fromkeys(
        ("inquire", "verify", "shelve", "close", "remind", "pass_on", "file", "send_back", "return_inquiry",
         "return_check", "reopen", "request", "deny", "delay", "lower", "merge", "send_up"),
        "disposal",
    ),
    **dict.fromkeys(("ask", "answer", "check_reply", "report_inquiry"), "inquiry"),
    **dict.fromkeys(("join", "write_report", "sign", "report_check"), "verification"),
}  # fmt: skip
WAITING = ("proposed", "inquired", "verified")  # for a decision


# The ledger


def columns_of(codes: Codes) -> tuple[Column, ...]:
    return (
        Column("number", gettext_lazy("编号"), "code", link=Lead.get_absolute_url, sort="number", phone=True),
        Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda r: TONES.get(r.state, "grey" if r.state in ENDED else "accent"), sort="state", phone=True),
        Column("due_on", gettext_lazy("期限"), "clock", sort="due_on", phone=True),
        Column("method", gettext_lazy("处置方式"), value=lambda r: codes.label("method", r.method)),
        Column("handler", gettext_lazy("承办人"), value=lambda r: str(r.handler or "")),
        Column("source", gettext_lazy("来源"), value=lambda r: codes.label("source", r.source), sort="source"),
        Column("category", gettext_lazy("问题类别"), value=lambda r: codes.label("category", r.category), sort="category"),
        Column("level", gettext_lazy("级别"), value=lambda r: codes.label("level", r.level), sort="level"),
        Column("elements", gettext_lazy("要素"), "number", value=lambda r: len(r.elements)),
        Column("received_on", gettext_lazy("入册日期"), "day", sort="received_on"),
        Column("outcome", gettext_lazy("结果"), value=lambda r: codes.label("outcome", r.outcome), optional=True),
        Column("escalations", gettext_lazy("逾期上报"), "number", sort="escalations", optional=True),
        Column("unit", gettext_lazy("管理单位"), value=lambda r: r.unit.name, optional=True),
    )  # fmt: skip


def filters_of(codes: Codes, account: Any) -> tuple[Any, ...]:
    named = {"mine": gettext_lazy("由我承办"), "decide": gettext_lazy("等待审批"), "late": gettext_lazy("已经过期")}
    standing = queries.standing(account)
    return (
        Search("q", gettext_lazy("编号"), ("number",)),
        Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
        Among("standing", gettext_lazy("等谁办"), [(name, label, standing[name]) for name, label in named.items()]),
        Choice("method", gettext_lazy("处置方式"), codes.choices("method")),
        Choice("source", gettext_lazy("来源"), codes.choices("source")),
        Choice("category", gettext_lazy("问题类别"), codes.choices("category")),
        Choice("level", gettext_lazy("级别"), codes.choices("level")),
        Choice("outcome", gettext_lazy("结果"), codes.choices("outcome")),
        InMonth("received", gettext_lazy("入册月份"), "received_on"),
        Dates("due", gettext_lazy("期限"), "due_on"),
    )


class LeadListing(Listing):
    name = "lead"
    title = gettext_lazy("问题线索")
    order = "-received_on"
    empty = gettext_lazy("没有您能打开的问题线索")
    empty_hint = gettext_lazy("线索由“登记”或从信访举报转入；只列出封存给您的。")
    views = (
        View(gettext_lazy("待分办"), "state=pooled", Q(state="pooled")),
        View(gettext_lazy("谈话函询"), "state=inquiring", Q(state="inquiring")),
        View(gettext_lazy("初步核实"), "state=verifying", Q(state="verifying")),
        View(gettext_lazy("暂存待查"), "state=held", Q(state="held")),
        View(gettext_lazy("待批处置意见"), "state=proposed", Q(state="proposed")),
    )


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    codes, account = Codes(), request.user
    rows: Any = Lead.objects.visible_to(account).select_related("handler", "unit")
    listing = LeadListing(request, rows, columns=columns_of(codes), filters=filters_of(codes, account))
    context = {
        "may_register": not refusal("register", None, by=account, model=Lead),
        "late": rows.filter(queries.standing(account)["late"]).count(),
        **own_key(account),
    }
    return listing.respond("cases/lead/list.html", context)


# The record


def visible(request: HttpRequest, pk: UUID) -> Lead:
    """The lead, when the reader's key opens it; whoever must keep out is told that there is none."""
    rows = Lead.objects.visible_to(request.user)
    rows = rows.select_related("key", "unit", "handler", "owner", "proposed_by", "decided_by", "into", "petition")
    found: Lead = get_object_or_404(rows, pk=pk)
    return found


def address(step: str, pk: UUID) -> str:
    return reverse(f"{ELSEWHERE.get(step, 'lead')}:{step}", args=[pk])


@never_cache
@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    record, codes = visible(request, pk), Codes()
    key, papers, broken = unlocked(request), [], False
    if key is not None:
        try:
            papers = queries.opened(record, key)
        except Unopenable:
            broken = True
    words = record_context(record, by=request.user, url=lambda step: address(step, pk))
    deadlines = current("deadlines").by_code
    context = {
        **words,
        "open_buttons": [b for b in words["buttons"] if not b.reason],
        "closed_buttons": [b for b in words["buttons"] if b.reason],
        "codes": labels(record, codes),
        "due": deadlines[record.due].label if record.due in deadlines else "",
        "missing": [codes.label("element", c) for c in rules.missing(record.elements, list(codes.table("element")))],
        "suggested": codes.label("method", rules.suggestion(len(record.elements), len(codes.table("element")))),
        "is_unlocked": key is not None,
        "is_broken": broken or any(not one.is_intact for one in papers),
        "papers": [(codes.label("paper", one.paper.kind), one) for one in papers],
        "easings": [easing_line(row, codes) for row in record.easings.select_related("asked_by", "decided_by")],
        "inquiries": record.inquiries.all(),
        "members": record.members.select_related("account"),
        "readers": readers(record.key),
        "unlock": unlock_address(request.path),
        "may_pause": record.due != PAUSED and request.user.can("cases.pause.ask"),  # type: ignore[union-attr]
        "sittings": record.sittings.visible_to(request.user),
        "may_convene": queries.may_convene(record, request.user),
        "may_begin_term": request.user.can("cases.term.begin"),  # type: ignore[union-attr]
        "pauses_seen": request.user.can("cases.pause.view"),  # type: ignore[union-attr]
    }
    return render(request, "cases/lead/detail.html", context)


def labels(record: Lead, codes: Codes) -> dict[str, str]:
    """Codes of the record in words."""
    names = ("source", "category", "level", "method", "outcome", "ground", "measure")
    found = {name: codes.label(name, getattr(record, name)) for name in names}
    step = LIFECYCLE.step(record.proposal)
    return {**found, "proposal": str(step.label) if step and record.state in WAITING else ""}


def easing_line(row: Any, codes: Codes) -> dict[str, Any]:
    return {"kind": codes.label("easing", row.kind), "ground": codes.label("ground", row.ground), "row": row}


# Registering


@never_cache
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """A lead typed in, or taken over from a petition whose content the reader has unlocked; never with the reporter's name."""
    petition, first = asked_for(request) if request.GET.get("petition") else None, dict[str, Any]()
    insist("register", None, by=request.user, model=Lead)
    if unlocking.holder_of(request.user) is None:
        return redirect("keyring:enrol")
    if petition is not None:
        first = from_petition(request, petition)
    given = request.POST if request.method == "POST" else None
    form = forms.Register(given, initial=first, record=None, account=request.user)
    if petition is not None and not first and (first_page := unlock_first(request, form)):
        return first_page
    if given is not None and form.is_valid():
        try:
            file = actions.opened_file(request.user, form.cleaned_data["unit"], form.secret, form.persons, petition)
            made = actions.register(by=request.user, file=file, petition=petition, **form.envelope)
            seen = Lead.objects.visible_to(request.user).filter(pk=made.pk).exists()
            said_done(request, _("登记问题线索"), _("线索已登记：%(number)s。") % {"number": made.number})
            return redirect(made if seen else "petition:list")
        except ValidationError as error:
            place_errors(form, error)
        except LookupError as error:
            form.add_error(None, str(error))
    context = {"form": form, "title": _("登记问题线索"), "button": _("登记并封存"), "petition": petition}
    context["back"] = petition.get_absolute_url() if petition else reverse("lead:list")
    return render(request, "cases/lead/form.html", context, status=422 if form.is_bound else 200)


def asked_for(request: HttpRequest) -> Petition:
    """The petition that the lead is to come from; absent for whom its key does not open."""
    try:
        pk = UUID(request.GET["petition"])
    except ValueError:
        pk = None
    rows = Petition.objects.visible_to(request.user).select_related("key", "content")
    petition: Petition = get_object_or_404(rows, pk=pk)
    return petition


def from_petition(request: HttpRequest, petition: Petition) -> dict[str, Any]:
    """What the petition says as first values; nothing while the reader's key is locked."""
    insist("hand_over", petition, by=request.user)
    key = unlocked(request)
    if key is None:
        return {}
    page = opened_petition(petition, key)[0]
    answers = page.said.get("answers", {})
    text = "\n".join(filter(None, [page.text, *(str(v) for code, v in answers.items() if code != "who" and v)]))
    first = {"who": answers.get("who", ""), "text": text, "source": "petition", "level": petition.level}
    named, _reasons = element.read(f"{first['who']}\n{text}")
    first["elements"] = [one.code for one in named if one.said]  # a suggestion; the person who registers corrects it
    return {**first, "is_named": petition.is_named, "received_on": timezone.localdate()}


# The other acts: a form each

act_page = ActPages(visible, LIFECYCLE, "cases/lead/form.html").page

assign = act_page("assign", forms.Assign, actions.assign, needs_secret=True)
confirm = act_page(
    "confirm", forms.Nothing, actions.confirm, gettext_lazy("确认由您承办；从分办之日起一个月内提出处置意见并报批。")
)
hand_back = act_page(
    "hand_back", forms.Reason, actions.hand_back, gettext_lazy("需要回避、不归您办理的，写明理由退回。")
)
screen = act_page(
    "screen", forms.Screen, actions.screen, gettext_lazy("处置方式只有四种，由集体研究提出，另一人审批。")
)
restart = act_page("restart", forms.Reason, actions.restart)
bar = act_page("bar", forms.Bar, actions.bar, needs_secret=True)


# Elsewhere in the shell


@waiting_source
def waiting(account: Any) -> list[Waiting]:
    """What waits to be distributed, confirmed, worked on and decided, and what is late; only of what one's key opens."""
    if not account.can("cases.lead.view"):
        return []
    counts, address = queries.waiting(account), reverse("lead:list")
    lines = (
        ("pooled", _("%(count)d 件问题线索等待分办"), "?state=pooled", _("去分办")),
        ("confirm", _("%(count)d 件问题线索等您确认承办"), "?state=assigned", _("去确认")),
        ("mine", _("%(count)d 件问题线索由您承办"), "?standing=mine&order=due_on", _("去办理")),
        ("decide", _("%(count)d 件问题线索等待审批"), "?standing=decide&order=due_on", _("去审批")),
        ("late", _("%(count)d 件问题线索已经过期"), "?standing=late&order=due_on", _("去看看")),
    )
    needs = {"pooled": "cases.lead.assign", "decide": "cases.lead.verify"}
    return counted(account, counts, lines, address, "speech.4.4", needs)


navigation.register(
    "enforcement",
    gettext_lazy("问题线索"),
    "lead:list",
    icon="search",
    order=20,
    when=lambda account: account.can("cases.lead.view"),
)

urlpatterns = [
    path("", list_, name="list"),
    path("register/", register, name="register"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/assign/", assign, name="assign"),
    path("<uuid:pk>/confirm/", confirm, name="confirm"),
    path("<uuid:pk>/hand-back/", hand_back, name="hand_back"),
    path("<uuid:pk>/screen/", screen, name="screen"),
    path("<uuid:pk>/restart/", restart, name="restart"),
    path("<uuid:pk>/bar/", bar, name="bar"),
]
