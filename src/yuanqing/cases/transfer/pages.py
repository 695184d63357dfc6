"""材料往来: what went and what came, one transfer with its matters and papers, and a page for each step."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from yuanqing.cases.keyring.pages import ActPages, keyed_page, unlock_first
from yuanqing.cases.keyring.queries import unlock_address, unlocked
from yuanqing.cases.parcel import rules
from yuanqing.cases.parcel.queries import Codes, packed, sealed_package
from yuanqing.cases.partner.models import Partner
from yuanqing.cases.transfer import actions, forms, queries
from yuanqing.cases.transfer.lifecycle import LIFECYCLE, RUNNING
from yuanqing.cases.transfer.models import WAYS, Transfer
from yuanqing.kernel.acts import insist, refusal
from yuanqing.kernel.packs.published import current
from yuanqing.kernel.sealing.envelope import Unopenable
from yuanqing.kernel.sealing.unlocking import Unlocking
from yuanqing.org.person.forms import ConfirmForm
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Dates, Search
from yuanqing.shell.form_page import form_page, place_errors
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record import record_context
from yuanqing.shell.worklist.sources import Waiting, counted, waiting_source

TITLE = gettext_lazy("材料往来")
TONES = {"sent": "amber", "arrived": "amber", "delivered": "accent", "taken": "accent"}
SEALED = gettext_lazy("打不开：内容被改动过，或者不是封存给您的。请与对方联系。")


# The list


def columns_of(codes: Codes) -> tuple[Column, ...]:
    return (
        Column("number", gettext_lazy("编号"), "code", link=Transfer.get_absolute_url, sort="number", phone=True),
        Column("course", gettext_lazy("收发"), value=lambda r: r.get_course_display(), sort="course"),
        Column("way", gettext_lazy("方式"), value=lambda r: codes.way(r.way), sort="way"),
        Column("partner", gettext_lazy("对方"), value=lambda r: r.partner.name, sort="partner__name", phone=True),
        Column("matters", gettext_lazy("件数"), "number", sort="matters"),
        Column("sent_on", gettext_lazy("发出日期"), "day", sort="sent_on"),
        Column("received_on", gettext_lazy("签收日期"), "day", sort="received_on"),
        Column("due_on", gettext_lazy("期限"), "clock", sort="due_on"),
        Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda r: TONES.get(r.state, "grey"), sort="state", phone=True),
        Column("their_number", gettext_lazy("对方编号"), optional=True),
    )  # fmt: skip


class TransferListing(Listing):
    name = "transfer"
    title = TITLE
    order = "-sent_on"
    empty = gettext_lazy("没有您能打开的往来材料")
    empty_hint = gettext_lazy("发出的在“封装发出”里做，收到的文件在“收下材料包”里交上来；先要登记并核对往来机关。")
    views = (
        View(gettext_lazy("待拆封"), "state=arrived", Q(state="arrived")),
        View(gettext_lazy("待回执"), "state=sent", Q(state="sent")),
        View(gettext_lazy("待对方答复"), "state=delivered", Q(state="delivered")),
        View(gettext_lazy("待我答复"), "state=taken", Q(state="taken")),
    )


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    codes, account = Codes(), request.user
    rows = queries.visible(account)
    filters = (
        Search("q", gettext_lazy("编号或对方"), ("number", "their_number", "partner__name")),
        Choice("course", gettext_lazy("收发"), list(WAYS.items())),
        Choice("way", gettext_lazy("方式"), [(c, e.label) for c, e in codes.ways.items()]),
        Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
        Dates("due", gettext_lazy("期限"), "due_on"),
    )
    listing = TransferListing(request, rows, columns=columns_of(codes), filters=filters)
    steps = (("pack", _("封装发出")), ("hand_down", _("交本系统内的单位")), ("arrive", _("收下材料包")))
    context = {
        "trail": gettext_lazy("四 执纪"),
        "subtitle": _("转送、交办、移送、报送上级：材料密封签名，收到有回执，要报结果的有期限。"),
        "actions": [
            (label, reverse(f"transfer:{step}"))
            for step, label in steps
            if not refusal(step, None, by=account, model=Transfer)
        ],
        "late": rows.filter(due_on__lt=timezone.localdate(), state__in=RUNNING).count(),
    }
    return listing.respond("shell/record_list.html", context)


# The record


def visible(request: HttpRequest, pk: UUID) -> Transfer:
    found: Transfer = get_object_or_404(queries.visible(request.user).select_related("cover__key", "reply__key"), pk=pk)
    return found


@never_cache
@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    record, codes, key = visible(request, pk), Codes(), unlocked(request)
    words = record_context(record, by=request.user, url=lambda step: reverse(f"transfer:{step}", args=[pk]))
    deadlines = current("deadlines").by_code
    texts = (record.cover, record.reply)
    context = {
        **words,
        "open_buttons": [b for b in words["buttons"] if not b.reason],
        "closed_buttons": [b for b in words["buttons"] if b.reason],
        "way": codes.way(record.way),
        "due": deadlines[record.due].label if record.due in deadlines else "",
        "items": [
            (item.petition or item.lead, codes.fate(item.fate))
            for item in record.items.select_related("petition", "lead")
        ],
        "is_sealed": any(texts) and key is None,
        "cover": queries.text_in(record.cover, key) if key else "",
        "reply": queries.text_in(record.reply, key) if key else "",
        "papers": papers_of(record),
        "unlock": unlock_address(request.path),
    }
    return render(request, "cases/transfer/detail.html", context)


def papers_of(record: Transfer) -> list[tuple[str, str]]:
    """What can be downloaded and handed to the other body."""
    found = []
    if record.course == "out":
        found.append((_("材料包"), reverse("transfer:package", args=[record.pk])))
    if record.course == "in" and record.received_on:
        found.append((_("回执"), reverse("transfer:receipt", args=[record.pk])))
    if record.course == "in" and record.state == "answered":
        found.append((_("答复文件"), reverse("transfer:reply", args=[record.pk])))
    return found


def paper(request: HttpRequest, pk: UUID, name: str, course: str, make: Callable[[Transfer], bytes]) -> HttpResponse:
    record = visible(request, pk)
    content = make(record) if record.course == course else b""
    if not content:
        raise Http404
    response = HttpResponse(content, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{record.number}.{name}"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_GET
def package(request: HttpRequest, pk: UUID) -> HttpResponse:
    return paper(request, pk, "package.yuanqing", "out", lambda record: queries.body_of(record, "package"))


@require_GET
def receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    return paper(
        request, pk, "receipt.yuanqing", "in", lambda r: queries.receipt_of(r).encode() if r.received_on else b""
    )


@require_GET
def reply(request: HttpRequest, pk: UUID) -> HttpResponse:
    return paper(request, pk, "answer.yuanqing", "in", lambda record: queries.body_of(record, "answer"))


# Sending


def sending(step: str, form_class: Any, perform: Callable[..., Transfer], note: Any) -> Callable[..., HttpResponse]:
    """A page that opens the chosen matters with the sender's key and sends them."""

    @never_cache
    @require_http_methods(["GET", "POST"])
    def page(request: HttpRequest) -> HttpResponse:
        insist(step, None, by=request.user, model=Transfer)
        given = request.POST if request.method == "POST" else None
        chosen = [value for name in ("petition", "lead") for value in request.GET.getlist(name)]
        form = form_class(given, account=request.user, initial={"matters": chosen})
        row = LIFECYCLE.step(step)
        words: dict[str, Any] = {"title": row.label if row else "", "back": reverse("transfer:list"), "trail": trail()}

        def run(key: Unlocking, **values: Any) -> Transfer:
            try:
                return perform(by=request.user, unlocking=key, **values)
            except Unopenable as error:
                raise ValidationError({"matters": str(SEALED)}) from error

        return keyed_page(request, unlocked(request), form, run, note=note, **words)

    page.__name__ = step
    return page


def trail() -> str:
    return f"{_('四 执纪')} · {TITLE}"


def _packed(*, by: Any, **values: Any) -> Transfer:
    made: Transfer = actions.pack(by=by, package=packed(**values))
    return made


pack = sending(
    "pack", forms.Pack, _packed,
    gettext_lazy("材料在内存里打开并封存给对方，只有对方能拆；信访举报随之转办或者报送上级。发出以后下载材料包交给对方。"),
)  # fmt: skip
hand_down = sending(
    "hand_down", forms.HandDown, actions.hand_down,
    gettext_lazy("同一套系统里的单位不走文件：所选的信访举报交签收人承办，由他签收和答复。"),
)  # fmt: skip


# Receiving


@require_http_methods(["GET", "POST"])
def arrive(request: HttpRequest) -> HttpResponse:
    insist("arrive", None, by=request.user, model=Transfer)
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = forms.FileOnly(*given, account=request.user)
    note = _("先核对签名、收件机关和 SHA-256，再原样封存保管；拆封登记时才打开。")
    words: dict[str, Any] = {"title": _("收下材料包"), "back": reverse("transfer:list"), "trail": trail(), "note": note}
    return form_page(
        request, form, lambda file: actions.arrive(by=request.user, came=queries.package_of(file)), **words
    )


@never_cache
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The opened matters with a row of questions for each."""
    record, account = visible(request, pk), request.user
    insist("take", record, by=account)
    key = unlocked(request)
    said: dict[str, Any] = {"items": [], "cover": ""}
    if key is not None:
        with suppress(Unopenable):
            said = queries.opened_package(record, key)
    items = said["items"] if key else [{}] * record.matters  # how many there are stands on the outside
    given = request.POST if request.method == "POST" else None
    form = forms.Take(given, account=account, items=items, initial={"version": record.version})
    if key is None and (first := unlock_first(request, form)):
        return first
    if given is not None and items and form.is_valid():
        try:
            _enter(record, account, form, said["cover"])
            return (
                redirect("transfer:list") if not queries.visible(account).filter(pk=pk).exists() else redirect(record)
            )
        except ValidationError as error:
            place_errors(form, error)
            record.refresh_from_db()
    context = {"form": form, "record": record, "said": said, "is_broken": not items, "title": _("拆封登记")}
    return render(request, "cases/transfer/take.html", context, status=422 if form.is_bound or not items else 200)


def _enter(record: Transfer, account: Any, form: forms.Take, cover: str) -> None:
    matters = [actions.entered(by=account, **row) for row in form.rows]
    rising, up = [one.said for one in matters if one.content is None], None
    superior = Partner.objects.in_use().filter(relation="superior", unit=None).first()
    if rising and superior is not None:
        up = sealed_package(superior, "report_up", rising, cover=cover)
        up.guards = list(record.guards) * len(rising)
    version = form.cleaned_data.get("version")
    actions.take(record, by=account, matters=matters, up=up, cover=cover, expected_version=version)


# Receipts and answers


def upload_page(
    step: str, perform: Callable[..., Any], note: Any, needs_key: bool = False
) -> Callable[..., HttpResponse]:
    """A file that belongs to a transfer that was sent."""

    @never_cache
    @require_http_methods(["GET", "POST"])
    def page(request: HttpRequest, pk: UUID) -> HttpResponse:
        record = visible(request, pk)
        insist(step, record, by=request.user)
        key = unlocked(request) if needs_key else None
        if needs_key and key is None:
            return redirect(unlock_address(request.path))
        given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
        form = forms.FileOnly(*given, account=request.user, record=record)
        row = LIFECYCLE.step(step)
        words: dict[str, Any] = {"title": row.label if row else "", "back": record.get_absolute_url(), "trail": trail()}

        def run(file: bytes) -> Transfer:
            return perform(record, request.user, file, key)  # type: ignore[no-any-return]

        return form_page(request, form, run, note=note, about=record, **words)

    page.__name__ = step
    return page


def _found(record: Transfer, account: Any, file: bytes, kind: str) -> Any:
    transfer, head, body = queries.answered_in(file, kind, account)
    if transfer.pk != record.pk:
        raise ValidationError({"file": _("这个文件是另一个材料包（%(number)s）的。") % {"number": transfer.number}})
    return head, body


def _acknowledge(record: Transfer, account: Any, file: bytes, key: Unlocking | None) -> Transfer:
    head, _body = _found(record, account, file, rules.RECEIPT)
    actions.acknowledge(record, by=account, head=head)
    return record


def _hear(record: Transfer, account: Any, file: bytes, key: Unlocking) -> Transfer:
    head, body = _found(record, account, file, rules.ANSWER)
    try:
        text = queries.opened_answer(record, head, body, key)
    except Unopenable as error:
        raise ValidationError({"file": str(SEALED)}) from error
    actions.hear(record, by=account, text=text)
    return record


acknowledge = upload_page(
    "acknowledge", _acknowledge, gettext_lazy("交上对方登记以后给的回执文件；签名和 SHA-256 相符才算数。")
)
hear = upload_page("hear", _hear, gettext_lazy("交上对方的答复文件；打开以后封存在事项自己的卷宗里。"), needs_key=True)

act_page = ActPages(visible, LIFECYCLE, "cases/form.html").page
sign_for = act_page("sign_for", ConfirmForm, actions.sign_for, gettext_lazy("从今天起计算答复的期限。"))
answer = act_page(
    "answer", forms.Answer, actions.answer,
    gettext_lazy("其中的事项都办结以后答复。给外部机关的，答复封存给对方，下载答复文件交给它。"),
)  # fmt: skip
prolong = act_page(
    "prolong",
    forms.Prolong,
    actions.prolong,
    gettext_lazy("第一次由对方主要负责人批准并报告本机关，再延长由本机关决定。"),
)


# Elsewhere in the shell


@waiting_source
def waiting(account: Any) -> list[Waiting]:
    """What waits to be opened, signed for and answered, and what is late; numbers only of what one's key opens."""
    if not account.can("cases.transfer.view"):
        return []
    counts, address = queries.waiting(account), reverse("transfer:list")
    lines = (
        ("arrived", _("%(count)d 个材料包等待拆封登记"), "?state=arrived", _("去拆封")),
        ("to_sign", _("%(count)d 批交办材料等待签收"), "?state=sent", _("去签收")),
        ("to_answer", _("%(count)d 批往来材料等待答复结果"), "?order=due_on", _("去看看")),
        ("late", _("%(count)d 批往来材料已经过期"), "?order=due_on", _("去看看")),
    )
    return counted(account, counts, lines, address, "speech.4.1")


navigation.register(
    "enforcement", TITLE, "transfer:list", icon="send", order=12, when=lambda account: account.can("cases.transfer.view")
)  # fmt: skip

STEPS = ("take", "acknowledge", "hear", "sign_for", "answer", "prolong")
urlpatterns = [
    path("", list_, name="list"),
    path("pack/", pack, name="pack"),
    path("hand-down/", hand_down, name="hand_down"),
    path("arrive/", arrive, name="arrive"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/package/", package, name="package"),
    path("<uuid:pk>/receipt/", receipt, name="receipt"),
    path("<uuid:pk>/reply/", reply, name="reply"),
    *(path(f"<uuid:pk>/{name.replace('_', '-')}/", globals()[name], name=name) for name in STEPS),
]
