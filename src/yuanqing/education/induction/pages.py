"""任前教育: the list, one with its items, the examination, and a form for each act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yuanqing.education.induction import actions, forms, queries
from yuanqing.education.induction.lifecycle import LIFECYCLE
from yuanqing.education.induction.models import Induction
from yuanqing.kernel.acts import Refused, insist, refusal
from yuanqing.org.unit.pages import within_reach
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Dates, InUnit, Search
from yuanqing.shell.form_page import change_page, form_page
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record import record_context
from yuanqing.shell.worklist.sources import Waiting, waiting_source

TRAIL = gettext_lazy("一 教育 · 任前教育")
TONES = {
    "open": "accent",
    "complete": "green",
    "exception_asked": "amber",
    "excepted": "amber",
    "used": "grey",
    "cancelled": "grey",
}


class InductionListing(Listing):
    name = "induction"
    title = gettext_lazy("任前教育")
    order = "-prepared_at"
    columns = (
        Column(
            "person",
            gettext_lazy("拟任人员"),
            value=lambda i: i.person.name,
            link=Induction.get_absolute_url,
            sort="person__sort_key",
            phone=True,
        ),
        Column("post", gettext_lazy("拟任岗位"), value=lambda i: i.post.name, sort="post__name", phone=True),
        Column("unit", gettext_lazy("单位"), "unit", sort="unit__path"),
        Column(
            "state",
            gettext_lazy("状态"),
            "badge",
            "get_state_display",
            tone=lambda i: TONES[i.state],
            sort="state",
            phone=True,
        ),
        Column("left", gettext_lazy("还差几项"), "number", sort="left"),
        Column("planned_on", gettext_lazy("拟任日期"), "day", sort="planned_on"),
        Column("prepared_at", gettext_lazy("准备时间"), "moment", sort="prepared_at", optional=True),
        Column("completed_at", gettext_lazy("完成时间"), "moment", sort="completed_at"),
        Column("excepted_at", gettext_lazy("同意例外的时间"), "moment", sort="excepted_at", optional=True),
    )
    views = (
        View(gettext_lazy("进行中"), "state=open", Q(state="open")),
        View(gettext_lazy("例外"), "excepted=yes", Q(excepted_at__isnull=False)),
    )
    empty = gettext_lazy("还没有准备任前教育")
    empty_hint = gettext_lazy("任命提出以后，从“准备任前教育”开始；完成以前，任职不能生效。")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        self.filters = (
            Search("q", gettext_lazy("姓名、岗位"), ("person__name", "person__number", "post__name", "post__code")),
            InUnit("unit", gettext_lazy("单位及下级"), "unit__path", within_reach(request.user)),
            Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
            Dates("prepared", gettext_lazy("准备日期"), "prepared_at", is_instant=True),
        )
        super().__init__(request, rows)


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    rows = Induction.objects.visible_to(request.user).select_related("person", "post", "unit")
    if request.GET.get("excepted") == "yes":
        rows = rows.filter(excepted_at__isnull=False)
    rows = rows.annotate(left=Count("items", filter=Q(items__is_required=True, items__done_at__isnull=True)))
    context = {"may_prepare": not refusal("prepare", None, by=request.user, model=Induction)}
    return InductionListing(request, rows).respond("education/induction/list.html", context)


def visible(request: HttpRequest, pk: UUID) -> Induction:
    names = ("person", "post__unit", "unit", "notice", "prepared_by", "exception_asked_by", "excepted_by")
    found: Induction = get_object_or_404(Induction.objects.visible_to(request.user).select_related(*names), pk=pk)
    return found


OWN = {actions.EXAM: "exam", actions.PROMISE: "promise", actions.AVOIDANCE: "declare"}
OTHERS = {actions.TALK: "talk", actions.FAMILY: "write_family"}
ALONE = ("take_effect", "complete", "study", "draw", "sit", "promise", "declare", "talk", "write_family")


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every item with what is recorded of it, who may do it next, and what stands in the way of the appointment."""
    record = visible(request, pk)
    lines: list[dict[str, Any]] = []
    for item in record.items.select_related("done_by"):
        step = OWN.get(item.code) or OTHERS.get(item.code, "")
        closed = (
            refusal("draw" if step == "exam" else step, record, by=request.user)
            if step
            else _("本人签收学习材料后自动完成。")
        )
        href = reverse(f"induction:{step}", args=[pk]) if step and item.done_at is None and not closed else ""
        lines.append({"item": item, "label": queries.label_of(item.code), "href": href})
    asks = {"ask_exception": _("例外的理由"), "refuse_exception": _("不同意的理由"), "cancel": _("取消的理由")}
    confirms = {"approve_exception": _("同意以后可以先任职，统计里会显示。要同意吗？")}
    shown = record_context(
        record,
        by=request.user,
        url=lambda step: "" if step in ALONE else reverse(f"induction:{step}", args=[pk]),
        asks=asks,
        confirms=confirms,
    )
    account: Any = request.user
    is_own = record.person_id == account.person_id
    context = {
        **shown,
        "buttons": [button for button in shown["buttons"] if button.action and not button.reason],
        "lines": lines,
        "missing": queries.missing([line["item"] for line in lines]),
        "sittings": list(record.sittings.filter(sat_at__isnull=False)),
        "is_own": is_own,
        "reads": is_own or account.can("education.induction.talk", record.unit),
        "receipt": record.notice.receipts.filter(person=record.person).first() if record.notice and is_own else None,
    }  # fmt: skip
    return render(request, "education/induction/detail.html", context)


@require_http_methods(["GET", "POST"])
def prepare(request: HttpRequest) -> HttpResponse:
    insist("prepare", None, by=request.user, model=Induction)
    form = forms.Prepare(request.POST or None, account=request.user, initial={"post": request.GET.get("post", "")})
    run: Any = lambda **values: actions.prepare(by=request.user, **values)  # noqa: E731
    return form_page(request, form, run, title=_("准备任前教育"), back=reverse("induction:list"), trail=TRAIL)


talk = change_page("talk", actions.talk, visible, forms.Talk, title=gettext_lazy("登记谈话"), trail=TRAIL)
declare = change_page("declare", actions.declare, visible, forms.Declare, title=gettext_lazy("填回避情况"), trail=TRAIL)
write_family = change_page(
    "write_family", actions.write_family, visible, forms.Family, title=gettext_lazy("登记家属信"), trail=TRAIL
)


@require_http_methods(["GET", "POST"])
def promise(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The words of the promise, and one button."""
    record = visible(request, pk)
    insist("promise", record, by=request.user)
    if request.method == "POST":
        return _taken(request, record, "promise")
    return render(
        request,
        "education/induction/promise.html",
        {"record": record, "words": queries.pack().entry(actions.PROMISE).text},
    )


@require_http_methods(["GET", "POST"])
def exam(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The attempt under way, or the button that draws one."""
    record = visible(request, pk)
    insist("draw", record, by=request.user)
    sitting = record.sittings.filter(sat_at__isnull=True).first()
    form = forms.Exam(request.POST or None, account=request.user, sitting=sitting) if sitting else None
    if form is not None and request.method == "POST" and form.is_valid():
        actions.sit(record, by=request.user, **form.values)
        last = record.sittings.first()
        passed = record.items.filter(code=actions.EXAM, done_at__isnull=False).exists()
        words = {"score": last.score if last else 0, "least": queries.parameter("induction.pass")}
        if passed:
            messages.success(request, _("考了 %(score)s 分，合格。") % words)
        else:
            messages.warning(request, _("考了 %(score)s 分，%(least)s 分合格，请再看看材料。") % words)
        return redirect(record)
    context = {
        "record": record,
        "form": form,
        "length": queries.parameter(queries.EXAM_LENGTH),
        "least": queries.parameter("induction.pass"),
        "tries": queries.parameter("induction.tries"),
    }
    return render(request, "education/induction/exam.html", context)


@require_POST
def draw(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = visible(request, pk)
    try:
        actions.draw(record, by=request.user)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect(record)
    return redirect("induction:exam", pk)


def _taken(request: HttpRequest, record: Induction, step: str, **words: Any) -> HttpResponse:
    try:
        getattr(actions, step)(record, by=request.user, **words)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    return redirect(record)


def _now(step: str, asks: bool) -> Callable[..., HttpResponse]:
    @require_POST
    def page(request: HttpRequest, pk: UUID) -> HttpResponse:
        words = {"reason": request.POST.get("note", "")} if asks else {}
        return _taken(request, visible(request, pk), step, **words)

    page.__name__ = step
    return page


ask_exception, refuse_exception, cancel = (_now(step, True) for step in ("ask_exception", "refuse_exception", "cancel"))
approve_exception = _now("approve_exception", False)


@waiting_source
def waiting(account: Any) -> list[Waiting]:
    """Exceptions that wait for a second person."""
    if not account.can("education.induction.approve_exception"):
        return []
    rows = Induction.objects.visible_to(account).filter(state="exception_asked").exclude(exception_asked_by=account.pk)
    count = rows.count()
    url = f"{reverse('induction:list')}?state=exception_asked"
    return [Waiting(_("%(n)s 件任前教育例外等待您同意") % {"n": count}, url, _("去看"), "speech.1.8", count=count)]


navigation.register(
    "education", gettext_lazy("任前教育"), "induction:list", icon="user-check", order=40,
    when=lambda account: account.can("education.induction.view"),
)  # fmt: skip

urlpatterns = [
    path("", list_, name="list"),
    path("prepare/", prepare, name="prepare"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/exam/", exam, name="exam"),
    path("<uuid:pk>/draw/", draw, name="draw"),
    path("<uuid:pk>/promise/", promise, name="promise"),
    path("<uuid:pk>/declare/", declare, name="declare"),
    path("<uuid:pk>/talk/", talk, name="talk"),
    path("<uuid:pk>/write-family/", write_family, name="write_family"),
    path("<uuid:pk>/ask-exception/", ask_exception, name="ask_exception"),
    path("<uuid:pk>/approve-exception/", approve_exception, name="approve_exception"),
    path("<uuid:pk>/refuse-exception/", refuse_exception, name="refuse_exception"),
    path("<uuid:pk>/cancel/", cancel, name="cancel"),
]
