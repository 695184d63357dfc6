"""Bulletins: list, paper with its acts and receipts, drafting, typical cases, files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yuanqing.discipline.bulletin import actions, queries
from yuanqing.discipline.bulletin.forms import CaseForm, CheckForm, EditForm, RewordForm
from yuanqing.discipline.bulletin.lifecycle import LIFECYCLE
from yuanqing.discipline.bulletin.models import Bulletin, Delivery, TypicalCase
from yuanqing.discipline.bulletin_paper.pages import paper_of
from yuanqing.discipline.review.models import MonthlyReview
from yuanqing.discipline.typical_case.rules import marked
from yuanqing.discipline.violation.models import Violation
from yuanqing.kernel import acts, typed
from yuanqing.kernel.acts import refusal
from yuanqing.kernel.almanac import Month
from yuanqing.kernel.ledger.checkpoint import verifier_key
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, InMonth, Search
from yuanqing.shell.listing import Column, Listing
from yuanqing.shell.record import events, record_context
from yuanqing.shell.worklist.sources import Waiting, waiting_source

TONES = {"draft": "grey", "in_review": "amber", "reviewed": "amber", "signed": "accent", "published": "green"}
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SENTENCES: dict[str, Any] = {
    "asks": {"send_back": gettext_lazy("请写明要改什么"), "approve": gettext_lazy("审核意见")},
    "confirms": {
        "sign": gettext_lazy("签发后内容不再变动。确定吗？"),
        "publish": gettext_lazy("印发后送达各单位，永不更改；以后的更正只能登在以后的通报里。确定吗？"),
    },
}


class BulletinListing(Listing):
    name = "bulletin"
    title = gettext_lazy("通报")
    order = "-review__period__month_on"
    columns = (
        Column("number", gettext_lazy("发文字号"), link=Bulletin.get_absolute_url, sort="year", phone=True),
        Column("month", gettext_lazy("月份"), "month", sort="review__period__month_on", phone=True),
        Column("title", gettext_lazy("标题")),
        Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda b: TONES[b.state], phone=True),
        Column("signed_at", gettext_lazy("签发时间"), "moment", sort="signed_at", optional=True),
        Column("published_at", gettext_lazy("印发时间"), "moment", sort="published_at"),
        Column("read", gettext_lazy("已读"), value=lambda b: f"{b.read} / {b.sent}" if b.sent else ""),
    )
    filters = (
        Search("q", gettext_lazy("查找"), ("number", "title")),
        Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
        InMonth("month", gettext_lazy("月份"), "review__period__month_on"),
    )
    empty = gettext_lazy("还没有通报")
    empty_hint = gettext_lazy("月度结账以后，从“起草”开始。")


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    rows = Bulletin.objects.visible_to(request.user).select_related("review__period")
    rows = rows.annotate(
        sent=Count("deliveries"), read=Count("deliveries", filter=Q(deliveries__read_at__isnull=False))
    )
    reviews = MonthlyReview.objects.visible_to(request.user).filter(bulletin__isnull=True).select_related("period")
    may_draft = not refusal("draft", None, by=request.user, model=Bulletin)
    waiting = list(reviews.order_by("-period__month_on")[:6]) if may_draft else []
    return BulletinListing(request, rows).respond("discipline/bulletin/list.html", {"waiting": waiting})


def _bulletin(request: HttpRequest, pk: UUID, *left_out: str) -> Bulletin:
    rows = Bulletin.objects.visible_to(request.user).defer(*left_out)
    found: Bulletin = get_object_or_404(rows.select_related("review__period", "reviewed_by", "signed_by"), pk=pk)
    return found


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The paper as it is printed, the acts open to the reader and who has read it; opening it is the receipt."""
    record = _bulletin(request, pk, "content")
    own = record.deliveries.filter(account=request.user.pk).first() if record.state == "published" else None
    if own is not None and own.read_at is None:
        actions.acknowledge(own, by=request.user)
    sees_drafts = request.user.can("discipline.bulletin.view_draft")  # type: ignore[union-attr]
    cases = list(record.cases.filter(is_dropped=False).select_related("violation")) if sees_drafts else []
    context = record_context(
        record, by=request.user, url=lambda step: reverse(f"bulletin:{step}", args=[pk]), **SENTENCES
    )
    if not sees_drafts:
        context["buttons"] = []
    return render(
        request,
        "discipline/bulletin/detail.html",
        {
            **context,
            "events": events(record, *cases) if sees_drafts else [],
            "paper": paper_of(record),
            "formats": [(kind, reverse("bulletin:download", args=[pk, kind])) for kind in record.files],
            "own": own,
            "sees_review": request.user.can("discipline.review.view"),  # type: ignore[union-attr]
            "cases": [(case, case_steps(case, request.user)) for case in cases],
            "may_tell": not acts.refusal("edit", record, by=request.user),
            "sees_drafts": sees_drafts,
            "receipts": receipts(record) if sees_drafts and record.state == "published" else None,
            "verifier": verifier_key(settings.ORIGIN) if record.checkpoint else "",
        },
    )


def case_steps(case: TypicalCase, account: Any) -> dict[str, bool]:
    """What the reader may do with a case."""
    return {s: not acts.refusal(f"{s}_case", case, by=account) for s in ("check", "reword", "drop")}


def receipts(record: Bulletin) -> dict[str, Any]:
    """How many have read it, and the first of those who have not."""
    counts: dict[str, Any] = record.deliveries.aggregate(
        sent=Count("pk"), read=Count("pk", filter=Q(read_at__isnull=False)),
        told=Count("pk", filter=Q(escalated_at__isnull=False)),
    )  # fmt: skip
    return counts


class DeliveryListing(Listing):
    name = "delivery"
    title = gettext_lazy("送达和阅读")
    order = "unit__path"
    columns = (
        Column("account", gettext_lazy("收件人"), phone=True),
        Column("unit", gettext_lazy("单位"), "unit", sort="unit__sort_key", phone=True),
        Column("answers", gettext_lazy("负责阅读"), value=lambda d: _("是") if d.answers_for_id else ""),
        Column("delivered_at", gettext_lazy("送达时间"), "moment"),
        Column("read_at", gettext_lazy("阅读时间"), "moment", sort="read_at", phone=True),
        Column("escalated_at", gettext_lazy("催办上级时间"), "moment", sort="escalated_at"),
    )
    empty = gettext_lazy("还没有送达")


@require_GET
def deliveries(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = _bulletin(request, pk)
    rows = Delivery.objects.visible_to(request.user).filter(bulletin=record).select_related("account", "unit")
    unread = request.GET.get("unread") == "1"
    rows = rows.filter(read_at__isnull=True) if unread else rows
    return DeliveryListing(request, rows).respond(
        "discipline/bulletin/deliveries.html", {"record": record, "unread": unread}
    )


@require_GET
def download(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse | FileResponse:
    """A published file, never another name or type than it has."""
    record = _bulletin(request, pk)
    place = queries.path_of(record, kind)
    if kind not in TYPES or kind not in record.files or not place.is_file():
        raise Http404
    answer = FileResponse(place.open("rb"), as_attachment=True, filename=place.name, content_type=TYPES[kind])
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


# Acts


@require_POST
def draft(request: HttpRequest, month: str) -> HttpResponse:
    try:
        first = Month.parse(month).first_day
    except ValueError as error:
        raise Http404 from error
    review = get_object_or_404(MonthlyReview.objects.visible_to(request.user), period__month_on=first)
    return redirect(actions.draft(by=request.user, review=review))


def step(name: str) -> Callable[..., HttpResponse]:
    """A page that takes one step of the lifecycle and shows the bulletin again."""

    @require_POST
    def take(request: HttpRequest, pk: UUID) -> HttpResponse:
        record = _bulletin(request, pk)
        words = {"note": request.POST.get("note", "")} if name in ("approve", "send_back") else {}
        expected = typed.whole(request.POST.get("version"))
        getattr(actions, name)(record, by=request.user, expected_version=expected, **words)
        return redirect(record)

    take.__name__ = name
    return take


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = _bulletin(request, pk)
    acts.insist("edit", record, by=request.user)
    form = EditForm(
        request.POST or None, parts=queries.narrative_parts(record), slots=record.slots,
        initial={"version": record.version, "demands": "\n".join(record.demands)},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        actions.edit(record, by=request.user, slots=form.slots, demands=form.demands, expected_version=version)
        if request.headers.get("X-Autosave"):
            return HttpResponse(status=204)
        return redirect(record)
    return render(request, "discipline/bulletin/edit.html", {"record": record, "form": form}, status=_status(form))


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200


def _case_form(
    request: HttpRequest, form: Any, title: Any, record: Bulletin, run: Callable[[], Any], **more: Any
) -> HttpResponse:
    """A form of one act on a case: shown again with what is wrong, or back to the bulletin."""
    if request.method == "POST" and form.is_valid():
        try:
            run()
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect(record)
    context = {"record": record, "form": form, "title": title, **more}
    return render(request, "discipline/bulletin/case.html", context, status=_status(form))


@require_http_methods(["GET", "POST"])
def tell_case(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = _bulletin(request, pk)
    acts.insist("edit", record, by=request.user)
    form = CaseForm(request.POST or None, account=request.user)

    def run() -> None:
        actions.tell_case(by=request.user, bulletin=record, **form.cleaned_data)

    return _case_form(request, form, _("写典型案例"), record, run, concluded=concluded(request, record))


def concluded(request: HttpRequest, record: Bulletin) -> list[Any]:
    """Matters of the month that could be told."""
    month = record.month
    rows = Violation.objects.visible_to(request.user).filter(
        state="concluded", concluded_on__range=(month.first_day, month.last_day)
    )
    return list(rows.select_related("unit", "clause").order_by("-concluded_on")[:20])


def _case(request: HttpRequest, pk: UUID) -> TypicalCase:
    rows = TypicalCase.objects.visible_to(request.user).select_related("bulletin__review__period", "violation")
    if not request.user.can("discipline.bulletin.view_draft"):  # type: ignore[union-attr]
        raise Http404
    found: TypicalCase = get_object_or_404(rows, pk=pk)
    return found


@require_http_methods(["GET", "POST"])
def reword_case(request: HttpRequest, pk: UUID) -> HttpResponse:
    case = _case(request, pk)
    acts.insist("reword_case", case, by=request.user)
    form = RewordForm(request.POST or None, initial={"text": case.text, "version": case.version})

    def run() -> None:
        given = form.cleaned_data
        actions.reword_case(case, by=request.user, text=given["text"], expected_version=given["version"])

    found = queries.findings_of(case)
    return _case_form(
        request, form, _("改写典型案例"), case.bulletin, run, spans=marked(case.text, found), findings=found
    )


@require_http_methods(["GET", "POST"])
def check_case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The text with everything the machine found shown at the words, and a reason asked for each hard finding."""
    case = _case(request, pk)
    acts.insist("check_case", case, by=request.user)
    found = queries.findings_of(case)
    data = request.POST if request.method == "POST" else None
    form = CheckForm(data, findings=found, known=case.explanations, initial={"version": case.version})

    def run() -> None:
        version = form.cleaned_data["version"]
        actions.check_case(case, by=request.user, explanations=form.explanations, expected_version=version)

    return _case_form(
        request, form, _("核对脱敏"), case.bulletin, run, spans=marked(case.text, found), findings=found, checking=True
    )


@require_POST
def drop_case(request: HttpRequest, pk: UUID) -> HttpResponse:
    case = _case(request, pk)
    actions.drop_case(case, by=request.user, expected_version=typed.whole(request.POST.get("version")))
    return redirect(case.bulletin)


# Elsewhere in the shell

WAITS = (
    ("in_review", "approve", gettext_lazy("%(number)s 等待审核"), gettext_lazy("去审核")),
    ("reviewed", "sign", gettext_lazy("%(number)s 等待签发"), gettext_lazy("去签发")),
    ("signed", "publish", gettext_lazy("%(number)s 等待印发"), gettext_lazy("去印发")),
    ("draft", "edit", gettext_lazy("%(number)s 正在起草"), gettext_lazy("去起草")),
)


@waiting_source
def waiting(account: Any) -> list[Waiting]:
    """Drafts to write, to check, to review, to sign and to print; and published bulletins not yet opened."""
    lines = []
    if account.can("discipline.bulletin.view_draft"):
        rows = list(Bulletin.objects.visible_to(account).exclude(state="published"))
        lines += [
            Waiting(title % {"number": one.number}, one.get_absolute_url(), button, "speech.2.8")
            for state, name, title, button in WAITS
            for one in rows
            if one.state == state and account.can(f"discipline.bulletin.{name}")
        ]
        if account.can("discipline.bulletin.check_case"):
            lines += _to_check(account)
    return lines + _unread(account)


def _to_check(account: Any) -> list[Waiting]:
    rows = TypicalCase.objects.filter(bulletin__state="draft", is_dropped=False, checked_by__isnull=True)
    return [
        Waiting(_("典型案例等待脱敏核对"), reverse("bulletin:check_case", args=[case.pk]), _("去核对"), "speech.2.8")
        for case in rows.exclude(told_by=account.pk)
    ]


def _unread(account: Any) -> list[Waiting]:
    rows = Delivery.objects.filter(account=account.pk, read_at__isnull=True).select_related("bulletin")
    return [
        Waiting(
            _("%(number)s 还没有阅读") % {"number": one.bulletin.number}, one.get_absolute_url(), _("去阅读"),
            "speech.2.8", queries.term_end(one.delivered_at),
        )
        for one in rows
    ]  # fmt: skip


navigation.register(
    "discipline",
    gettext_lazy("通报"),
    "bulletin:list",
    icon="speakerphone",
    order=40,
    when=lambda account: account.can("discipline.bulletin.view"),
)

urlpatterns = [
    path("", list_, name="list"),
    path("draft/<str:month>/", draft, name="draft"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/edit/", edit, name="edit"),
    path("<uuid:pk>/deliveries/", deliveries, name="deliveries"),
    path("<uuid:pk>/file/<str:kind>/", download, name="download"),
    path("<uuid:pk>/case/", tell_case, name="tell_case"),
    *(path(f"<uuid:pk>/{name.replace('_', '-')}/", step(name), name=name) for name in ("propose", "approve", "send_back", "sign", "publish")),
    path("case/<uuid:pk>/reword/", reword_case, name="reword_case"),
    path("case/<uuid:pk>/check/", check_case, name="check_case"),
    path("case/<uuid:pk>/drop/", drop_case, name="drop_case"),
]  # fmt: skip
