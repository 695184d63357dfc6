"""立案审查调查: the ledger of cases, a case with its papers and lists, and a form page for each act of the team."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from yuanqing.cases.case import actions, forms, queries
from yuanqing.cases.case.lifecycle import ENDED, LIFECYCLE
from yuanqing.cases.case.models import Case
from yuanqing.cases.case.queries import Codes
from yuanqing.cases.keyring.pages import ActPages
from yuanqing.cases.keyring.queries import own_key, readers, unlock_address, unlocked
from yuanqing.cases.lead.models import Lead
from yuanqing.cases.lead.queries import may_convene, opened
from yuanqing.cases.petition.rules import PAUSED
from yuanqing.kernel.acts import insist, refusal
from yuanqing.kernel.packs.published import current
from yuanqing.kernel.sealing.envelope import Unopenable
from yuanqing.shell import navigation
from yuanqing.shell.filters import Among, Choice, Dates, InMonth, Search
from yuanqing.shell.form_page import place_errors, said_done
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record import record_context
from yuanqing.shell.worklist.sources import Waiting, counted, waiting_source

OF_THE_TRIAL = (
    "try_case", "supplement", "reinvestigate", "decide", "deliver", "tell", "execute", "extend", "archive",
)  # fmt: skip


# The ledger


def columns_of(codes: Codes) -> tuple[Column, ...]:
    return (
        Column("number", gettext_lazy("案号"), "code", link=Case.get_absolute_url, sort="number", phone=True),
        Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda r: "grey" if r.state in ENDED else "accent", sort="state", phone=True),
        Column("due_on", gettext_lazy("期限"), "clock", sort="due_on", phone=True),
        Column("category", gettext_lazy("问题类别"), value=lambda r: codes.label("category", r.category), sort="category"),
        Column("level", gettext_lazy("级别"), value=lambda r: codes.label("level", r.level), sort="level"),
        Column("owner", gettext_lazy("责任人"), value=lambda r: str(r.owner or "") if r.is_running else ""),
        Column("filed_on", gettext_lazy("立案日期"), "day", sort="filed_on"),
        Column("outcome", gettext_lazy("处理结果"), value=lambda r: codes.label("outcome", r.outcome)),
        Column("returns", gettext_lazy("退回次数"), "number", sort="returns", optional=True),
    )  # fmt: skip


def filters_of(codes: Codes) -> tuple[Any, ...]:
    return (
        Search("q", gettext_lazy("案号"), ("number",)),
        Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
        Among(
            "standing",
            gettext_lazy("等什么"),
            [
                ("staff", gettext_lazy("等待安排办案人员"), queries.to_staff()),
                ("extend", gettext_lazy("等待决定以案促改"), queries.to_extend()),
                ("archive", gettext_lazy("可以归档"), queries.to_archive()),
                ("late", gettext_lazy("已经过期"), queries.is_late()),
            ],
        ),
        Choice("category", gettext_lazy("问题类别"), codes.leads.choices("category")),
        Choice("level", gettext_lazy("级别"), codes.leads.choices("level")),
        Choice("outcome", gettext_lazy("处理结果"), codes.choices("outcome")),
        InMonth("filed", gettext_lazy("立案月份"), "filed_on"),
        Dates("due", gettext_lazy("期限"), "due_on"),
    )


class CaseListing(Listing):
    name = "case"
    title = gettext_lazy("立案")
    order = "-filed_on"
    empty = gettext_lazy("没有您能打开的案件")
    empty_hint = gettext_lazy("批准立案的线索由线索管理人员开立案卷，封存给安排的办案人员。")
    views = (
        View(gettext_lazy("审查调查到期"), "state=investigating", Q(state="investigating")),
        View(gettext_lazy("案件审理到期"), "state=in_trial", Q(state="in_trial")),
        View(gettext_lazy("待决定"), "state=tried", Q(state="tried")),
        View(gettext_lazy("处分决定执行到期"), "state=decided", Q(state="decided")),
    )


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    codes, account = Codes(), request.user
    rows: Any = Case.objects.visible_to(account).select_related("owner")
    listing = CaseListing(request, rows, columns=columns_of(codes), filters=filters_of(codes))
    may_open = not refusal("open", None, by=account, model=Case)
    context = {
        "openable": queries.openable(account) if may_open else [],
        "late": rows.filter(queries.is_late()).count(),
        **own_key(account),
    }
    return listing.respond("cases/case/list.html", context)


# The record


def visible(request: HttpRequest, pk: UUID) -> Case:
    """The case, when the reader's key opens it; its lead is another file, which most of its people cannot open."""
    rows = Case.objects.visible_to(request.user)
    rows = rows.select_related("key", "unit", "owner", "tried_by", "decided_by", "submitted_by")
    found: Case = get_object_or_404(rows, pk=pk)
    return found


def address(step: str, pk: UUID) -> str:
    return reverse(f"{'trial' if step in OF_THE_TRIAL else 'case'}:{step}", args=[pk])


@never_cache
@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    record, codes = visible(request, pk), Codes()
    key, papers, broken = unlocked(request), [], False
    if key is not None:
        try:
            papers = opened(record, key)
        except Unopenable:
            broken = True
    words = record_context(record, by=request.user, url=lambda step: address(step, pk))
    deadlines = current("deadlines").by_code
    context = {
        **words,
        "open_buttons": [b for b in words["buttons"] if not b.reason],
        "closed_buttons": [b for b in words["buttons"] if b.reason],
        "codes": {name: codes.label(name, getattr(record, name)) for name in ("category", "level", "outcome")},
        "proposal": codes.label("outcome", record.proposal),
        "lead": Lead.objects.visible_to(request.user).filter(pk=record.lead_id).first(),
        "due": deadlines[record.due].label if record.due in deadlines else "",
        "missing": queries.missing_before_trial(record) if record.state == "investigating" else [],
        "is_unlocked": key is not None,
        "is_broken": broken or any(not one.is_intact for one in papers),
        "papers": [(codes.label("paper", one.paper.kind), one) for one in papers],
        "officers": record.officers.select_related("account"),
        "measures": [(codes.label("measure", m.kind), m) for m in record.measures.all()],
        "evidence": [(codes.label("evidence", e.kind), e) for e in record.evidence.all()],
        "custody": record.custody.select_related("evidence"),
        "interventions": [(codes.label("intervention", i.kind), i) for i in record.interventions.all()],
        "follow_ups": record.follow_ups.visible_to(request.user).select_related("unit"),
        "may_issue": record.decided_on is not None and request.user.can("cases.redress.issue", record.unit),  # type: ignore[union-attr]
        "readers": readers(record.key),
        "unlock": unlock_address(request.path),
        "may_pause": record.due != PAUSED and request.user.can("cases.pause.ask"),  # type: ignore[union-attr]
        "sittings": record.sittings.visible_to(request.user),
        "may_convene": may_convene(record, request.user),
        "may_begin_term": request.user.can("cases.term.begin"),  # type: ignore[union-attr]
        "pauses_seen": request.user.can("cases.pause.view"),  # type: ignore[union-attr]
    }
    return render(request, "cases/case/detail.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def open_(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A filed lead gets its case file; needs the unlocked key, since its content goes under a new one."""
    lead = get_object_or_404(queries.openable(request.user), pk=pk)
    insist("open", None, by=request.user, model=Case)
    key = unlocked(request)
    if key is None:
        return redirect(unlock_address(request.path))
    given = request.POST if request.method == "POST" else None
    form = forms.Confirm(given, record=None, account=request.user)
    if given is not None and form.is_valid():
        try:
            file = actions.opened_file(request.user, lead, key.secret_of(lead.key))
            made = actions.open(by=request.user, lead=lead, file=file)
            said_done(request, _("开立案卷"))
            return redirect(made)
        except ValidationError as error:
            place_errors(form, error)
    note = _("线索 %(number)s 已批准立案。案卷用自己的钥匙封存，只有安排的办案人员能打开。") % {"number": lead.number}
    context = {
        "form": form,
        "title": _("开立案卷"),
        "button": _("开立案卷"),
        "note": note,
        "back": reverse("case:list"),
    }
    return render(request, "cases/case/form.html", context, status=422 if form.is_bound else 200)


act_page = ActPages(visible, LIFECYCLE, "cases/case/form.html").page

staff = act_page("staff", forms.Staff, actions.staff, gettext_lazy("审查、审理由不同的人承担，各自至少两人。"), True)
announce = act_page("announce", forms.OnADay, actions.announce, gettext_lazy("向本人宣布，并通报有关组织。"))
plan = act_page(
    "plan",
    forms.Plan,
    actions.plan,
    gettext_lazy("报负责人批准；批准以前不得使用审查措施，批准以后审查组不得自行改动。"),
)
approve_plan = act_page("approve_plan", forms.Reason, actions.approve_plan)
use_measure = act_page("use_measure", forms.UseMeasure, actions.use_measure, gettext_lazy("每用一次措施登记一条。"))
add_evidence = act_page("add_evidence", forms.AddEvidence, actions.add_evidence)
hand_on = act_page(
    "hand_on", forms.HandOn, actions.hand_on, gettext_lazy("每次交接登记一条；接收人重新计算 SHA-256，与目录核对。")
)
show_facts = act_page(
    "show_facts", forms.ShowFacts, actions.show_facts, gettext_lazy("把错误事实给本人看，听取并原样记下他的意见。")
)
submit = act_page(
    "submit", forms.Submit, actions.submit, gettext_lazy("移送以后由没有参加审查的人审理，一个月内审结。")
)
prolong = act_page("prolong", forms.Prolong, actions.prolong)
note_intervention = act_page("note_intervention", forms.NoteIntervention, actions.note_intervention)
drop = act_page("drop", forms.Reason, actions.drop, gettext_lazy("撤销案件由没有参加审查和审理的人决定。"))


# Elsewhere in the shell


@waiting_source
def waiting(account: Any) -> list[Waiting]:
    """Cases to open, investigate, try and decide, and what is late; only of what one's key opens."""
    if not account.can("cases.case.view"):
        return []
    counts, address = queries.waiting(account), reverse("case:list")
    may_open = not refusal("open", None, by=account, model=Case)
    counts["open"] = queries.openable(account).count() if may_open else 0
    lines = (
        ("open", _("%(count)d 件批准立案的线索等待开立案卷"), "", _("去开立")),
        ("staff", _("%(count)d 件案件等待安排办案人员"), "?standing=staff", _("去安排")),
        ("investigate", _("%(count)d 件案件由您审查"), "?state=investigating", _("去办理")),
        ("trial", _("%(count)d 件案件由您审理"), "?state=in_trial", _("去审理")),
        ("decide", _("%(count)d 件案件等待决定"), "?state=tried", _("去审批")),
        ("carry_out", _("%(count)d 件处分决定等待送达、宣布和执行"), "?state=decided", _("去办理")),
        ("extend", _("%(count)d 件案件等待决定以案促改"), "?standing=extend", _("去决定")),
        ("archive", _("%(count)d 件案件可以归档"), "?standing=archive", _("去归档")),
        ("late", _("%(count)d 件案件已经过期"), "?standing=late&order=due_on", _("去看看")),
    )
    steps = {"carry_out": "execute", **{name: name for name in ("staff", "decide", "extend", "archive")}}
    needs = {line: f"cases.case.{step}" for line, step in steps.items()}
    return counted(account, counts, lines, address, "speech.4.6", needs)


navigation.register(
    "enforcement",
    gettext_lazy("立案审查"),
    "case:list",
    icon="folder",
    order=30,
    when=lambda account: account.can("cases.case.view"),
)

ACTS = (
    "staff", "announce", "plan", "approve_plan", "use_measure", "add_evidence", "hand_on", "show_facts", "submit",
    "prolong", "note_intervention", "drop",
)  # fmt: skip
urlpatterns = [
    path("", list_, name="list"),
    path("open/<uuid:pk>/", open_, name="open"),
    path("<uuid:pk>/", detail, name="detail"),
    *(path(f"<uuid:pk>/{name.replace('_', '-')}/", globals()[name], name=name) for name in ACTS),
]
