"""限期事项: what is due because of what happened, among what the reader sees; one term, and a form for each step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from yuanqing.cases.petition.queries import clock_label, ended
from yuanqing.cases.term import actions, forms, queries
from yuanqing.cases.term.lifecycle import LIFECYCLE
from yuanqing.cases.term.models import MATTERS, Term
from yuanqing.kernel.acts import insist
from yuanqing.shell import navigation
from yuanqing.shell.filters import Among, Choice, Dates, Search
from yuanqing.shell.form_page import form_page
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record_pages import Fact, Passage, RecordPages, named
from yuanqing.shell.words import moment
from yuanqing.shell.worklist.sources import Waiting, counted, waiting_source

DUTY, TITLE = gettext_lazy("四 执纪"), gettext_lazy("限期事项")
COLUMNS = (
    Column("kind", gettext_lazy("事项"), value=lambda r: queries.label(r.kind), link=Term.get_absolute_url, sort="kind", phone=True),
    Column("matter", gettext_lazy("所属"), "code", str, phone=True),
    Column("starts_on", gettext_lazy("起算日期"), "day", sort="starts_on"),
    Column("due_on", gettext_lazy("期限"), "clock", value=lambda r: r.due_at or r.due_on, sort="due_on", phone=True, tone=ended, export=lambda r: r.due_on),
    Column("clock", gettext_lazy("期限种类"), value=lambda r: clock_label(r.clock), optional=True),
    Column("done_on", gettext_lazy("办理日期"), "day", sort="done_on"),
    Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda r: "accent" if r.state == "running" else "grey", sort="state"),
)  # fmt: skip


class TermListing(Listing):
    name = "term"
    title = TITLE
    order = "due_on"
    empty = gettext_lazy("没有您能看到的限期事项")
    empty_hint = gettext_lazy("处分、立案、巡视移交等引起的由系统登记；事故、退回谈话记录等在各件的页面上登记。")
    views = (View(gettext_lazy("待办"), "state=running", Q(state="running")),)


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    rows: Any = Term.objects.visible_to(request.user).select_related(*MATTERS)
    late = Q(state="running") & queries.is_late()
    kinds = [*queries.events(), *queries.by_hand().values()]
    filters = (
        Search("q", gettext_lazy("编号"), ("petition__number", "lead__number", "case__number", "quarter")),
        Choice("kind", gettext_lazy("事项"), [(e.code, e.label) for e in kinds]),
        Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
        Among(
            "late",
            gettext_lazy("过期没有"),
            [("yes", gettext_lazy("已经过期"), late), ("no", gettext_lazy("没有过期"), ~late)],
        ),
        Dates("due", gettext_lazy("期限"), "due_on"),
    )
    listing = TermListing(request, rows, columns=COLUMNS, filters=filters)
    context = {
        "trail": DUTY,
        "subtitle": _("由某件事引起、另有期限的事：变更职务工资、书面检查、反馈巡视、执行款物、季度通报等。"),
        "late": rows.filter(late).count(),
    }
    return listing.respond("shell/record_list.html", context)


def facts(record: Any, account: Any) -> Iterator[Fact]:
    matter = record.matter
    yield Fact(gettext_lazy("所属"), str(record), href=matter.get_absolute_url() if matter else "")
    yield Fact(gettext_lazy("期限种类"), clock_label(record.clock))
    yield Fact(gettext_lazy("起算日期"), record.starts_on, "day")
    yield Fact(gettext_lazy("期限"), record.due_at or record.due_on, "clock" if record.state == "running" else "day")
    yield Fact(gettext_lazy("起算时刻"), moment(record.starts_at))
    yield Fact(gettext_lazy("到期时刻"), moment(record.due_at))
    yield Fact(gettext_lazy("延长次数"), record.extensions or "")
    yield Fact(gettext_lazy("登记人"), str(record.begun_by or ""))
    yield Fact(gettext_lazy("办理日期"), record.done_on, "day")
    yield Fact(gettext_lazy("办理人"), str(record.done_by or ""))


def passages(record: Any, account: Any) -> Iterator[Passage]:
    yield Passage(gettext_lazy("怎样办的"), record.how)


PAGES = RecordPages(
    Term, "term", duty=DUTY, trail=TITLE, title=lambda r: queries.label(r.kind), facts=facts, passages=passages,
    related=("petition", "lead__unit", "case__unit", "sanction__unit", "begun_by", "done_by"),
)  # fmt: skip
detail = PAGES.detail
fulfil = PAGES.act("fulfil", forms.Fulfil, actions.fulfil)
prolong = PAGES.act("prolong", forms.Prolong, actions.prolong, gettext_lazy("最长延到规则包允许的日期。"))


@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    name, matter = named(request, MATTERS)
    insist("begin", None, by=request.user, model=Term)
    form = forms.Begin(request.POST if request.method == "POST" else None, account=request.user, of=name)
    words: dict[str, Any] = {"title": _("登记限期事项"), "back": matter.get_absolute_url(), "about": matter}
    words["trail"] = f"{DUTY} · {TITLE}"
    return form_page(request, form, lambda **values: actions.begin(by=request.user, matter=matter, **values), **words)


@waiting_source
def waiting(account: Any) -> list[Waiting]:
    if not account.can("cases.term.fulfil"):
        return []
    week = f"&late=no&due_until={timezone.localdate() + timedelta(days=7)}"
    lines = (
        ("soon", _("%(count)d 件限期事项七天内到期"), f"?state=running{week}&order=due_on", _("去办理")),
        ("late", _("%(count)d 件限期事项已经过期"), "?state=running&late=yes&order=due_on", _("去办理")),
    )
    return counted(account, queries.waiting(account), lines, reverse("term:list"), "speech.4.4")


navigation.register(
    "enforcement", TITLE, "term:list", icon="calendar", order=37, when=lambda account: account.can("cases.term.view")
)

urlpatterns = [
    path("", list_, name="list"),
    path("begin/", begin, name="begin"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/fulfil/", fulfil, name="fulfil"),
    path("<uuid:pk>/prolong/", prolong, name="prolong"),
]
