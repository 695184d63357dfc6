"""月报: the list, the record, filling in, checking and signing, and the reviewer's queue."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Case, F, Q, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yuanqing.discipline.monthly_return import actions, forms, queries
from yuanqing.discipline.monthly_return.lifecycle import LIFECYCLE
from yuanqing.discipline.monthly_return.models import MonthlyReturn
from yuanqing.discipline.monthly_return.policies import may_fill
from yuanqing.discipline.monthly_return.queries import Grounds
from yuanqing.discipline.monthly_return.rules import GATES, Finding, last_values, overrides, title_of
from yuanqing.kernel import acts, typed
from yuanqing.kernel.acts import Conflict, Refused, refusal
from yuanqing.kernel.addresses import address
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.packs.form import Form
from yuanqing.norms.period.models import Extension
from yuanqing.org.unit.pages import within_reach
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, InMonth, InUnit, Search
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record import Event, record_context
from yuanqing.shell.worklist.sources import Waiting, waiting_source

TONES = {"open": "grey", "submitted": "accent", "returned": "amber", "accepted": "green", "missing": "red"}
TIMINGS = {"on_time": gettext_lazy("按时"), "late": gettext_lazy("迟报"), "unreported": gettext_lazy("未报")}
GATE_TITLES = {
    "scope": gettext_lazy("范围：该报的都报了吗"), "consistency": gettext_lazy("填写：每一格都对吗"),
    "time": gettext_lazy("时间"), "lock": gettext_lazy("锁定"), "value": gettext_lazy("改动：与记录不同的，为什么"),
    "cross_item": gettext_lazy("关系：各项之间合得上吗"),
}  # fmt: skip
MOST_RECORDS = 500
DRAFT = ("draft", "draft__saved_by")
LISTED = (
    "period__month_on", "unit_name", "state", "due_at", "first_submitted_at", "received_count", "concluded_count",
    "open_count", "is_nil", "override_count", "returned_count", "reviewed_at",
)  # fmt: skip
YES_NO = (("True", gettext_lazy("是")), ("False", gettext_lazy("否")))


class ReturnListing(Listing):
    name = "monthly-return"
    title = gettext_lazy("月报")
    order = "-period__month_on"
    columns = (
        Column("unit", gettext_lazy("单位"), value="unit_name", link=lambda r: r.get_absolute_url(), sort="unit__sort_key", phone=True),
        Column("month", gettext_lazy("月份"), "month", value=lambda r: r.period.month, sort="period__month_on", phone=True),
        Column("state", gettext_lazy("状态"), "badge", value=lambda r: LIFECYCLE.states[r.state], tone=lambda r: TONES[r.state], sort="state", phone=True),
        Column("timing", gettext_lazy("时限"), value=lambda r: TIMINGS[r.timing]),
        Column("first_submitted_at", gettext_lazy("首次报送"), "moment", sort="first_submitted_at"),
        Column("due_at", gettext_lazy("截止"), "moment", sort="due_at", optional=True),
        Column("received_count", gettext_lazy("本月受理"), "number", sort="received_count"),
        Column("concluded_count", gettext_lazy("本月办结"), "number", sort="concluded_count"),
        Column("open_count", gettext_lazy("月末在办"), "number", sort="open_count"),
        Column("is_nil", gettext_lazy("零报告"), value=lambda r: _("是") if r.is_nil else "", sort="is_nil"),
        Column("override_count", gettext_lazy("改动项数"), "number", sort="override_count"),
        Column("returned_count", gettext_lazy("退回次数"), "number", sort="returned_count", optional=True),
        Column("reviewed_at", gettext_lazy("审核时间"), "moment", sort="reviewed_at", optional=True),
    )  # fmt: skip
    views = (
        View(gettext_lazy("待审核"), "state=submitted", Q(state="submitted")),
        View(gettext_lazy("已退回"), "state=returned", Q(state="returned")),
        View(gettext_lazy("迟报"), "timing=late", Q(timing="late")),
        View(gettext_lazy("与记录不同"), "differs=True", Q(differs=True)),
    )
    empty = gettext_lazy("还没有月报")
    empty_hint = gettext_lazy("月度开启以后，每个报送单位会有一份月报。")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        self.filters = (
            Search("q", gettext_lazy("单位名称"), ("unit_name", "unit__spelling")),
            InMonth("month", gettext_lazy("月份"), "period__month_on"),
            InUnit("unit", gettext_lazy("单位及下级"), "path", within_reach(request.user)),
            Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
            Choice("timing", gettext_lazy("时限"), list(TIMINGS.items())),
            Choice("nil", gettext_lazy("零报告"), YES_NO, "is_nil"),
            Choice("reported", gettext_lazy("已报送"), YES_NO),
            Choice("differs", gettext_lazy("有改动"), YES_NO),
        )
        super().__init__(request, rows)


def found(request: HttpRequest, pk: UUID, *also: str) -> MonthlyReturn:
    rows = MonthlyReturn.objects.visible_to(request.user).select_related("period", "unit", *also)
    record: MonthlyReturn = get_object_or_404(rows, pk=pk)
    return record


@require_GET
def list_returns(request: HttpRequest) -> HttpResponse:
    timing = Case(
        When(first_submitted_at__isnull=True, then=Value("unreported")),
        When(first_submitted_at__gt=F("due_at"), then=Value("late")),
        default=Value("on_time"),
    )
    differs = Case(When(override_count__gt=0, then=True), default=False)
    rows = MonthlyReturn.objects.visible_to(request.user).select_related("period").only(*LISTED)
    reported = Case(When(first_submitted_at__isnull=False, then=True), default=False)
    rows = rows.annotate(timing=timing, differs=differs, reported=reported)
    context = {"reviews": request.user.can("discipline.monthly_return.accept")}  # type: ignore[union-attr]
    return ReturnListing(request, rows).respond("discipline/monthly_return/list.html", context)


# The record


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was reported beside what the records said, with its reasons, submissions and history."""
    record = found(request, pk, "signed_by", "reviewed_by")
    form = queries.form_of(record.period)
    context = record_context(
        record, by=request.user, url=lambda step: _address(step, pk), asks={"send_back": _("请写明要改什么")}
    )
    may_review = request.user.can("discipline.monthly_return.accept", record.unit)  # type: ignore[union-attr]
    submissions = list(record.submissions.select_related("by").defer("content"))
    context |= {
        "buttons": [b for b in context["buttons"] if b.step in ("accept", "send_back")] if may_review else [],
        "links": _links(record, request.user),
        "differences": differences(record, form),
        "explained": [(check_title(form, key), text) for key, text in record.explanations.items()],
        "sheet": forms.as_reported(record, form) if record.first_submitted_at else None,
        "submissions": submissions,
        "altered": {number for _pk, number in queries.altered_submissions(record)} if submissions else set(),
        "extension": Extension.objects.filter(period=record.period, unit=record.unit).order_by("-until").first(),
        "tone": TONES[record.state],
        "events": [Event(h.at, h.label, h.who, h.note.get("reason", "")) for h in acts.history(record)],
    }
    return render(request, "discipline/monthly_return/detail.html", context)


def _address(step: str, pk: UUID) -> str:
    """Where a step is taken: the reviewer's two have addresses of their own, the rest have pages."""
    names = {"accept": "return_review:accept", "send_back": "return_review:send_back", "submit": "monthly_return:check"}
    return address(names.get(step, "monthly_return:detail"), pk)


def _links(record: MonthlyReturn, account: Any) -> list[tuple[str, str, bool]]:
    """(label, address, is the main one) of what the account may do by a page of its own."""
    if may_fill(record, by=account):
        return []
    signs = not refusal("submit", record, by=account)
    fill, check = (address(f"monthly_return:{name}", record.pk) for name in ("fill", "check"))
    return [(_("填报"), fill, not signs), (_("核对和签报") if signs else _("核对"), check, signs)]


def differences(record: MonthlyReturn, form: Form) -> list[dict[str, Any]]:
    """Where the report differs from the records: both numbers and the reason."""
    return [
        {
            "title": title_of(form.cell(one.code)), "reported": one.reported, "recorded": one.recorded,
            "change": one.reported - one.recorded, "reason": record.reasons.get(one.code, ""),
            "href": reverse("monthly_return:records", args=[record.pk, one.code]),
        }
        for one in overrides(form, record.cells, record.prefilled)
    ]  # fmt: skip


def check_title(form: Form, key: str) -> str:
    name = key.partition("@")[0]
    checks = {check.code: check.label for check in form.pack.of_kind("check")}
    return str(checks.get(name) or (_("逾期报送") if name == "late" else key))


@require_GET
def records(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    """The violations that a number counts."""
    record = found(request, pk)
    form = queries.form_of(record.period)
    if code not in {cell.code for cell in form.cells if cell.figure}:
        raise Http404
    cell = form.cell(code)
    rows = queries.records_behind(record, cell, request.user).select_related("clause").order_by("received_on", "number")
    context = {"record": record, "cell_title": title_of(cell), "violations": rows[:MOST_RECORDS]}
    return render(request, "discipline/monthly_return/records.html", context)


# Filling in


@require_http_methods(["GET", "POST"])
def fill(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The whole form as a sheet; what is typed is kept as a draft."""
    record = fillable(request, pk)
    grounds = Grounds(record)
    form, content, conflict = grounds.form, forms.content_of(grounds), ""
    if request.method == "POST":
        content = forms.read_posted(form, request.POST, content)
        try:
            save_typed(request, record, content)
        except Conflict as error:
            conflict = str(error)
        else:
            step = "check" if request.POST.get("then") == "check" else "fill"
            messages.success(request, _("已保存。"))
            return redirect(f"monthly_return:{step}", pk)
        record.refresh_from_db()
    filled = forms.as_filled(form, content, grounds.recorded, grounds.below)
    shown = [f for f in _examined(grounds, filled, request.user) if f.key in content.cells]
    past = grounds.months, last_values(grounds.months, grounds.past)
    sheet = forms.Sheet(record, form, content, grounds.recorded, past, shown)
    context = page_of(record) | {"sheet": sheet, "conflict": conflict, "signs": _signs(record, request.user)}
    return render(request, "discipline/monthly_return/fill.html", context, status=409 if conflict else 200)


def fillable(request: HttpRequest, pk: UUID) -> MonthlyReturn:
    record = found(request, pk, *DRAFT)
    reason = may_fill(record, by=request.user)
    if reason:
        raise Refused(reason)
    return record


def page_of(record: MonthlyReturn) -> dict[str, Any]:
    """What the pages that type have in common: which opening of the page this is, and what was saved before it."""
    draft = getattr(record, "draft", None)
    return {
        "record": record,
        "draft": draft,
        "editor": forms.new_editor(),
        "revision": draft.revision if draft else 0,
        "tone": TONES[record.state],
    }


def _signs(record: MonthlyReturn, account: Any) -> bool:
    return not refusal("submit", record, by=account)


def save_typed(request: HttpRequest, record: MonthlyReturn, content: forms.Content) -> None:
    actions.save_draft(
        record, by=request.user, content=content.as_draft(), editor=request.POST.get("editor", "")[:40],  # type: ignore[arg-type]
        revision=typed.whole(request.POST.get("revision")) or 0,
    )  # fmt: skip


@require_POST
def draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Autosave: 204, or a sentence that the page shows beside the button."""
    record = found(request, pk, "draft")
    grounds = Grounds(record)
    try:
        save_typed(request, record, forms.read_posted(grounds.form, request.POST, forms.content_of(grounds)))
    except Refused as error:
        return HttpResponse(str(error), status=409, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204)


# Checking and signing


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything the gates find, gate by gate; the leader signs here."""
    record = fillable(request, pk)
    grounds = Grounds(record)
    form, content = grounds.form, forms.content_of(grounds)
    found_now: list[Finding] | None = None
    if request.method == "POST":
        content = forms.read_posted(form, request.POST, content)
        then = request.POST.get("then", "save")
        if then == "ready":
            content = replace(content, ready_by=str(request.user))
        save_typed(request, record, content)
        if then != "submit":
            messages.success(request, _("已请负责人签报。") if then == "ready" else _("说明已保存。"))
            return redirect("monthly_return:check", pk)
        try:
            return _sign(request, grounds, content)
        except actions.Blocked as error:
            found_now = error.findings
        record = found(request, pk, *DRAFT)
    filled = _filled(grounds, content)
    findings = found_now if found_now is not None else _examined(grounds, filled, request.user)
    context = page_of(record) | {
        "content": content,
        "gates": _by_gate(grounds, findings, content),
        "blocked": [f for f in findings if f.is_blocking and f.key != "nil"],
        "filled": filled,
        "flow": [(item.label, filled.cells.get(item.code, 0), item.unit) for item in form.items_of("flow")],
        "changes": _changes(grounds, filled),
        "signs": _signs(record, request.user),
    }
    return render(request, "discipline/monthly_return/check.html", context, status=422 if found_now else 200)


def _filled(grounds: Grounds, content: forms.Content) -> actions.Filled:
    words = forms.statement(grounds.record, grounds.form, content, grounds.recorded)
    return forms.as_filled(grounds.form, content, grounds.recorded, grounds.below, words)


def _sign(request: HttpRequest, grounds: Grounds, content: forms.Content) -> HttpResponse:
    record, expected = grounds.record, typed.whole(request.POST.get("version"))
    actions.submit(record, by=request.user, filled=_filled(grounds, content), expected_version=expected)
    messages.success(request, _("%(what)s已报送。") % {"what": record})
    return redirect(record.get_absolute_url())


def _examined(grounds: Grounds, filled: actions.Filled, account: Any) -> list[Finding]:
    return actions.examine(grounds, filled.as_content(), by=account)


def _by_gate(grounds: Grounds, findings: list[Finding], content: forms.Content) -> list[dict[str, Any]]:
    """The gates in their order, each with what it found, where to mend it and what was explained."""
    sheet = address("monthly_return:fill", grounds.record.pk)

    def line(finding: Finding) -> dict[str, Any]:
        gap = finding.key.removeprefix("gap@") if finding.key.startswith("gap@") else ""
        is_cell = finding.gate in ("consistency", "value") and finding.key != "nil"
        name = forms.GAP + gap if gap else forms.EXPLAIN + finding.key if finding.severity == "soft" else ""
        text = content.gaps.get(gap, "") if gap else content.explanations.get(finding.key, "")
        return {
            "finding": finding,
            "name": name,
            "text": text,
            "href": f"{sheet}#{forms.CELL}{finding.key}" if is_cell else sheet,
        }

    shown = [f for f in findings if f.key != "nil"]
    gates: list[dict[str, Any]] = [
        {"title": GATE_TITLES[gate], "lines": [line(f) for f in shown if f.gate == gate]} for gate in GATES
    ]
    declared = [(unit, text) for unit, text in content.gaps.items() if text]
    gates[0]["lines"] += [
        {"finding": None, "name": forms.GAP + unit, "text": text, "label": name}
        for unit, text in declared
        for name in [grounds.below.get(unit)]
        if name
    ]
    return gates


def _changes(grounds: Grounds, filled: actions.Filled) -> list[dict[str, Any]]:
    said = {"cells": dict(filled.cells), "prefilled": dict(grounds.recorded), "reasons": dict(filled.reasons)}
    return differences(MonthlyReturn(pk=grounds.record.pk, **said), grounds.form)


# What waits


@waiting_source
def to_sign_or_mend(account: Any) -> list[Waiting]:
    """A return that is filled in waits for the leader, one that was sent back for whoever fills it in.

    What was never reported is owed as an obligation, and stands on the desk as that.
    """
    mine = queries.own(account, "fill").filter(period__state="open")
    mine = mine.filter(Q(state="returned") | Q(state="open", draft__content__ready_by__gt=""))
    signs = account.can("discipline.monthly_return.submit")
    lines = []
    for pk, state, name, day, due, ready in mine.values_list(
        "pk", "state", "unit_name", "period__month_on", "due_at", "draft__content__ready_by"
    ):
        if ready and signs:
            title, button, step = _("%(what)s月报已填好，等您签报"), _("去签报"), "check"
        elif state == "returned":
            title, button, step = _("%(what)s月报被退回，请修改"), _("去修改"), "fill"
        else:
            continue
        what = f"{name} {Month.of(day).label}"
        lines.append(Waiting(title % {"what": what}, address(f"monthly_return:{step}", pk), button, "speech.2.8", due))
    return lines


navigation.register(
    "discipline", gettext_lazy("月报"), "monthly_return:list", icon="table", order=20,
    when=lambda account: account.can("discipline.monthly_return.view"),
)  # fmt: skip
urlpatterns = [
    path("", list_returns, name="list"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/fill/", fill, name="fill"),
    path("<uuid:pk>/draft/", draft, name="draft"),
    path("<uuid:pk>/check/", check, name="check"),
    path("<uuid:pk>/records/<str:code>/", records, name="records"),
]
