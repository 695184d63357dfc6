"""五个突出问题自查: one's own, the list with the picture of the five, one examination, and a form for each act."""

from __future__ import annotations

from collections.abc import Callable
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
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yuanqing.education.examination import actions, forms, queries
from yuanqing.education.examination.lifecycle import LIFECYCLE
from yuanqing.education.examination.models import Examination, Problem
from yuanqing.kernel import typed
from yuanqing.kernel.acts import Refused, insist, refusal
from yuanqing.org.unit.pages import within_reach
from yuanqing.shell import navigation
from yuanqing.shell.charts import bars
from yuanqing.shell.filters import Choice, InUnit, Search
from yuanqing.shell.form_page import form_page
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record import record_context
from yuanqing.shell.worklist.sources import Waiting, waiting_source

TRAIL = gettext_lazy("一 教育 · 五个突出问题自查")
TONES = {"draft": "grey", "submitted": "amber", "returned": "red", "remedying": "accent", "closed": "green"}


class ExaminationListing(Listing):
    name = "examination"
    title = gettext_lazy("五个突出问题自查")
    order = "-submitted_at"
    columns = (
        Column("person", gettext_lazy("姓名"), value="person.name", link=Examination.get_absolute_url, sort="person__sort_key", phone=True),
        Column("unit", gettext_lazy("单位"), "unit", sort="unit__path", phone=True),
        Column("year", gettext_lazy("年度"), value=lambda row: str(row.year), export=lambda row: row.year, sort="year"),
        Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda e: TONES[e.state], sort="state", phone=True),
        Column("found", gettext_lazy("查出问题"), "number", sort="found"),
        Column("remedied", gettext_lazy("整改到位"), "number", sort="remedied"),
        Column("overdue", gettext_lazy("整改逾期"), "number", sort="overdue"),
        Column("submitted_at", gettext_lazy("首次提交"), "moment", sort="submitted_at"),
        Column("closed_at", gettext_lazy("整改完毕时间"), "moment", sort="closed_at", optional=True),
    )  # fmt: skip
    views = (
        View(gettext_lazy("等待点评"), "state=submitted", Q(state="submitted")),
        View(gettext_lazy("正在整改"), "state=remedying", Q(state="remedying")),
        View(gettext_lazy("整改逾期"), "late=yes", Q(overdue__gt=0)),
    )
    empty = gettext_lazy("还没有人提交自查")
    empty_hint = gettext_lazy("每年六月底以前，领导干部在自己的工作台上对照五个问题自查、提交。")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        self.filters = (
            Search("q", gettext_lazy("姓名、编号"), ("person__name", "person__number")),
            Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
            InUnit("unit", gettext_lazy("单位及下级"), "unit__path", within_reach(request.user)),
        )
        super().__init__(request, rows)


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    """Who has examined himself and how far the remedies are; above it which of the five were found how often."""
    seen = Examination.objects.visible_to(request.user)
    rows = queries.with_progress(seen.select_related("person", "unit"))
    if request.GET.get("late") == "yes":
        rows = rows.filter(overdue__gt=0)
    five = queries.by_problem(seen)
    chart = bars(
        _("五个问题各查出多少、改了多少"), [row["label"] for row in five],
        [(_("整改到位"), [row["remedied"] for row in five]), (_("还没有到位"), [row["found"] - row["remedied"] for row in five])],
        stacked=True, unit=_("个"), source=_("本年和往年提交的自查"), corner=_("问题"),
    )  # fmt: skip
    context = {"chart": chart if any(row["found"] for row in five) else None}
    return ExaminationListing(request, rows).respond("education/examination/list.html", context)


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """One's own, year by year, and the button for this year."""
    rows = list(queries.with_progress(queries.own(request.user)).order_by("-year"))
    year = timezone.localdate().year
    context = {
        "rows": [(one, TONES[one.state]) for one in rows],
        "year": year,
        "has": any(r.year == year for r in rows),
    }
    return render(request, "education/examination/mine.html", context)


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    given = request.POST.get("year", "")
    try:
        year = typed.whole(given) or 0 if given else timezone.localdate().year
        return redirect(actions.begin(by=request.user, year=year))
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error


def visible(request: HttpRequest, pk: UUID) -> Examination:
    rows = Examination.objects.visible_to(request.user).select_related("person", "unit", "commented_by")
    found: Examination = get_object_or_404(rows, pk=pk)
    return found


BUTTONS = ("submit", "send_back", "comment")  # the others stand beside each problem


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The five with what was found, what the superior says and how far the remedy is."""
    record, account = visible(request, pk), request.user
    shown = record_context(
        record, by=account, asks={"send_back": _("哪里要重查")},
        url=lambda step: reverse(f"examination:{step}", args=[pk]) if step in BUTTONS else "",
    )  # fmt: skip
    may = {step: not refusal(step, record, by=account) for step in ("answer", "report", "confirm", "reject")}
    problems = list(record.problems.select_related("remedied_by"))
    context = {
        **shown,
        "buttons": [b for b in shown["buttons"] if b.action and not b.reason],
        "forms": ("comment",),
        "lines": [(problem, _standing(problem, record), may["report"] and problem.is_open and problem.reported_at is None, may["confirm"] and problem.is_open and problem.reported_at is not None) for problem in problems],
        "may_answer": may["answer"],
        "missing": [sentence for problem in problems for sentence in actions.gaps(problem).values()] if may["answer"] else [],
    }  # fmt: skip
    return render(request, "education/examination/detail.html", context)


def _standing(problem: Problem, record: Examination) -> tuple[str, str]:
    """(tone, words) of a problem."""
    if problem.is_found is None:
        return "grey", _("还没有对照")
    if not problem.is_found:
        return "green", _("没有")
    if problem.remedied_at:
        return "green", _("整改到位")
    if problem.is_overdue:
        return "red", _("整改逾期")
    if problem.reported_at:
        return "amber", _("等待确认")
    return "accent", _("有") if record.state in ("draft", "submitted", "returned") else _("正在整改")


def _problem(record: Examination, code: str) -> Problem:
    found: Problem = get_object_or_404(Problem.objects.filter(examination=record), code=code)
    return found


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    """One of the five; what is still missing is told on the record's page, so that half of it can be kept."""
    record = visible(request, pk)
    insist("answer", record, by=request.user)
    problem = _problem(record, code)
    initial: dict[str, Any] = {name: getattr(problem, name) for name in ("evidence", "cause", "remedy", "due_on")}
    initial["is_found"] = {True: "yes", False: "no"}.get(problem.is_found) if problem.is_found is not None else None
    form = forms.Answer(request.POST or None, account=request.user, initial=initial)

    def run(**values: Any) -> Examination:
        actions.answer(record, by=request.user, code=code, **values)
        return record

    note = next((entry.text for entry in queries.five() if entry.code == code), "")
    back = record.get_absolute_url()
    return form_page(request, form, run, title=problem.label, back=back, trail=TRAIL, about=record, note=note, button=_("保存"), done=_("已保存。"))  # fmt: skip


@require_http_methods(["GET", "POST"])
def comment(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = visible(request, pk)
    insist("comment", record, by=request.user)
    form = forms.Comment(
        request.POST or None, account=request.user, examination=record, initial={"version": record.version}
    )

    def run(**values: Any) -> Examination:
        actions.comment(record, by=request.user, expected_version=form.cleaned_data["version"], **values)
        return record

    back = record.get_absolute_url()
    return form_page(request, form, run, title=_("点评"), back=back, trail=TRAIL, about=record)


def _about(step: str, form_class: Any, title: Any) -> Callable[..., HttpResponse]:
    """A form about one problem."""

    @require_http_methods(["GET", "POST"])
    def page(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
        record = visible(request, pk)
        insist(step, record, by=request.user)
        problem = _problem(record, code)
        form = form_class(request.POST or None, account=request.user)

        def run(**values: Any) -> Examination:
            getattr(actions, step)(record, by=request.user, code=code, **values)
            return record

        back = record.get_absolute_url()
        return form_page(request, form, run, title=title, back=back, trail=TRAIL, about=record, subtitle=problem.label)

    page.__name__ = step
    return page


report = _about("report", forms.Report, gettext_lazy("报告整改"))
reject = _about("reject", forms.Reason, gettext_lazy("整改不到位"))


@require_POST
def confirm(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    return _taken(request, pk, "confirm", code=code)


@require_POST
def submit(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _taken(request, pk, "submit")


@require_POST
def send_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _taken(request, pk, "send_back", reason=request.POST.get("note", ""))


def _taken(request: HttpRequest, pk: UUID, step: str, **words: Any) -> HttpResponse:
    try:
        return redirect(getattr(actions, step)(visible(request, pk), by=request.user, **words))
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error


@waiting_source
def waiting(account: Any) -> list[Waiting]:
    """What waits for a superior's comment or confirmation; and one's own remedies that are overdue."""
    lines = []
    if account.can("education.examination.comment"):
        rows = Examination.objects.visible_to(account).exclude(person_id=account.person_id)
        url = reverse("examination:list")
        count = rows.filter(state="submitted").count()
        lines.append(
            Waiting(
                _("%(n)s 份自查等待点评") % {"n": count},
                f"{url}?state=submitted",
                _("去点评"),
                "speech.1.2",
                count=count,
            )
        )
        told = Problem.objects.filter(examination__in=rows.filter(state="remedying").values("pk"))
        count = told.filter(is_found=True, reported_at__isnull=False, remedied_at__isnull=True).count()
        lines.append(
            Waiting(
                _("%(n)s 个问题的整改等待确认") % {"n": count},
                f"{url}?state=remedying",
                _("去确认"),
                "speech.1.2",
                count=count,
            )
        )
    if account.person_id:
        mine_ = Problem.objects.filter(
            examination__person=account.person_id, examination__state="remedying", is_found=True
        )
        count = mine_.filter(reported_at__isnull=True, remedied_at__isnull=True).count()
        lines.append(
            Waiting(
                _("%(n)s 个问题要报告整改") % {"n": count},
                reverse("examination:mine"),
                _("去报告"),
                "speech.1.2",
                count=count,
            )
        )
    return lines


navigation.register(
    "education", gettext_lazy("五个突出问题自查"), "examination:list", icon="checklist", order=32,
    when=lambda account: account.can("education.examination.view"),
)  # fmt: skip

urlpatterns = [
    path("", list_, name="list"),
    path("mine/", mine, name="mine"),
    path("begin/", begin, name="begin"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/submit/", submit, name="submit"),
    path("<uuid:pk>/send-back/", send_back, name="send_back"),
    path("<uuid:pk>/comment/", comment, name="comment"),
    path("<uuid:pk>/<str:code>/answer/", answer, name="answer"),
    path("<uuid:pk>/<str:code>/report/", report, name="report"),
    path("<uuid:pk>/<str:code>/confirm/", confirm, name="confirm"),
    path("<uuid:pk>/<str:code>/reject/", reject, name="reject"),
]
