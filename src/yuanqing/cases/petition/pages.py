"""信访举报: the register, a petition with its opened content, and a form page for each act."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yuanqing.cases.element import queries as element
from yuanqing.cases.keyring.pages import ActPages
from yuanqing.cases.keyring.queries import own_key, readers, unlock_address, unlocked
from yuanqing.cases.petition import actions, forms, queries
from yuanqing.cases.petition.lifecycle import LIFECYCLE
from yuanqing.cases.petition.models import Petition
from yuanqing.cases.petition.queries import Codes
from yuanqing.cases.petition.rules import PAUSED
from yuanqing.hotline.report import actions as reports
from yuanqing.hotline.window.queries import sealed_letter
from yuanqing.kernel.acts import insist, refusal
from yuanqing.kernel.packs.published import current
from yuanqing.kernel.sealing import store, unlocking
from yuanqing.kernel.sealing.envelope import Unopenable
from yuanqing.kernel.sealing.models import Holder, SealedValue
from yuanqing.shell import navigation
from yuanqing.shell.filters import Among, Choice, InMonth, Search
from yuanqing.shell.form_page import place_errors, said_done
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record import record_context
from yuanqing.shell.worklist.sources import Waiting, counted, waiting_source

TONES = {
    "registered": "amber",
    "accepted": "accent",
    "assigned": "accent",
    "under_lead": "accent",
    "concluded": "amber",
}
RUNNING = ("registered", "accepted", "assigned", "under_lead", "concluded")


# The register


def columns_of(codes: Codes) -> tuple[Column, ...]:
    return (
        Column("number", gettext_lazy("编号"), "code", link=Petition.get_absolute_url, sort="number", phone=True),
        Column("channel", gettext_lazy("来源渠道"), value=lambda r: codes.label(codes.channels, r.channel), sort="channel"),
        Column("kind", gettext_lazy("类别"), value=lambda r: codes.label(codes.kinds, r.kind), sort="kind"),
        Column("named", gettext_lazy("实名"), value=lambda r: _("实名") if r.is_named else _("匿名"), sort="is_named"),
        Column("level", gettext_lazy("级别"), value=lambda r: codes.label(codes.levels, r.level), sort="level"),
        Column("received_on", gettext_lazy("收到日期"), "day", sort="received_on"),
        Column("due_on", gettext_lazy("期限"), "clock", sort="due_on", phone=True),
        Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda r: TONES.get(r.state, "grey"), phone=True),
        Column("handler", gettext_lazy("承办人"), value=lambda r: str(r.handler or ""), optional=True),
    )  # fmt: skip


def filters_of(codes: Codes) -> tuple[Any, ...]:
    return (
        Search("q", gettext_lazy("编号"), ("number",)),
        Choice("channel", gettext_lazy("来源渠道"), [(c, e.label) for c, e in codes.channels.items()]),
        Choice("kind", gettext_lazy("类别"), [(c, e.label) for c, e in codes.kinds.items()]),
        Choice("level", gettext_lazy("级别"), [(c, e.label) for c, e in codes.levels.items()]),
        Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
        Among("standing", gettext_lazy("过期没有"), [("late", gettext_lazy("已经过期"), queries.is_late())]),
        InMonth("received", gettext_lazy("收到月份"), "received_on"),
    )


class PetitionListing(Listing):
    name = "petition"
    title = gettext_lazy("信访举报")
    order = "-received_on"
    empty = gettext_lazy("没有您能打开的信访举报")
    empty_hint = gettext_lazy("只列出封存给您的；还没有启用钥匙的，请先到“案卷钥匙”启用。")


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    codes, account = Codes(), request.user
    rows: Any = Petition.objects.visible_to(account).select_related("handler")
    views = (
        View(gettext_lazy("待受理"), "state=registered", Q(state="registered")),
        View(gettext_lazy("承办中"), "state=assigned", Q(state="assigned")),
        View(gettext_lazy("待反馈"), "state=concluded", Q(state="concluded")),
    )
    listing = PetitionListing(request, rows, columns=columns_of(codes), filters=filters_of(codes), views=views)
    context = {
        "may_register": not refusal("register", None, by=account, model=Petition),
        "late": rows.filter(queries.is_late()).count(),
        **own_key(account),
    }
    return listing.respond("cases/petition/list.html", context)


# The record


def visible(request: HttpRequest, pk: UUID) -> Petition:
    """The petition, when the reader's key opens it; whoever is shut out is told that there is none."""
    rows = Petition.objects.visible_to(request.user).select_related("key", "content", "report", "handler", "repeats")
    found: Petition = get_object_or_404(rows, pk=pk)
    return found


def address(step: str, pk: UUID) -> str:
    """The page of a step; what goes on as a lead is written there."""
    if step == "hand_over":
        return f"{reverse('lead:register')}?{urlencode({'petition': str(pk)})}"
    return reverse(f"petition:{step}", args=[pk])


@never_cache
@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return shown(request, visible(request, pk), forms.Answer())


def shown(request: HttpRequest, record: Petition, letter: forms.Answer) -> HttpResponse:
    """The page of a petition; `letter` is what is being written to the reporter."""
    codes = Codes()
    key, pages, broken = unlocked(request), [], False
    if key is not None:
        try:
            pages = queries.opened(record, key)
        except Unopenable:
            broken = True
    is_gone = record.content.destroyed_on is not None
    if pages and pages[0].is_readable:
        actions.study(record, pages[0])
    words = record_context(record, by=request.user, url=lambda step: address(step, record.pk))
    deadlines = current("deadlines").by_code
    context = {
        **words,
        "open_buttons": [b for b in words["buttons"] if not b.reason],
        "closed_buttons": [b for b in words["buttons"] if b.reason],
        "codes": {
            "channel": codes.label(codes.channels, record.channel),
            "kind": codes.label(codes.kinds, record.kind),
            "level": codes.label(codes.levels, record.level),
            "outcome": codes.label(codes.outcomes, record.outcome),
            "due": deadlines[record.due].label if record.due in deadlines else "",
        },
        "is_unlocked": key is not None,
        "is_broken": broken or (key is not None and not is_gone and not store.is_intact(record.content)),
        "pages": pages,
        **(analysed(record, pages[0], request.user) if pages and pages[0].is_readable else {}),
        "answers": queries.answers(pages[0], codes) if pages else [],
        "reporter": pages[0].said.get("reporter") if pages else None,
        "leads": record.leads.all(),
        "readers": readers(record.key),
        "may_pack": record.state in ("registered", "accepted") and request.user.can("cases.transfer.pack"),  # type: ignore[union-attr]
        "may_bar": not refusal("bar", record, by=request.user),
        "may_answer": record.is_web and not refusal("answer", record.report, by=request.user),
        "answer_form": letter,
        "unlock": unlock_address(record.get_absolute_url()),
        "may_pause": record.due != PAUSED and request.user.can("cases.pause.ask"),  # type: ignore[union-attr]
        "may_begin_term": request.user.can("cases.term.begin"),  # type: ignore[union-attr]
        "pauses_seen": request.user.can("cases.pause.view"),  # type: ignore[union-attr]
    }
    return render(request, "cases/petition/detail.html", context, status=422 if letter.is_bound else 200)


def analysed(record: Petition, page: queries.Page, account: Any) -> dict[str, Any]:
    """What the opened text names of the seven elements, and what may be about the same matter; suggestions only."""
    named, reasons = element.read("\n".join(queries.text_of(page)))
    return {"elements": named, "reasons": reasons, "alike": queries.alike(record, page, account)}


@require_GET
def file(request: HttpRequest, pk: UUID, value: UUID) -> HttpResponse:
    """An attachment as a download; never shown inside the page."""
    record, key = visible(request, pk), unlocked(request)
    if key is None:
        return redirect(unlock_address(record.get_absolute_url()))
    try:
        files = [one for page in queries.opened(record, key) for one in page.files]
        described = next((one for one in files if one["id"] == str(value)), None)
        row = SealedValue.objects.filter(pk=value, key=record.key_id).first()
        if described is None or row is None:
            raise Http404
        content = store.open_value(row, key.secret_of(record.key))
    except Unopenable as error:
        raise Http404 from error
    response = HttpResponse(content, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(described['name'])}"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@never_cache
@require_POST
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write to the reporter; sealed before the act."""
    record = visible(request, pk)
    if record.report is None:
        raise Http404
    form = forms.Answer(request.POST)
    if not form.is_valid():
        return shown(request, record, form)
    letter, pieces = sealed_letter(record.report, {"text": form.cleaned_data["text"], "files": []})
    reports.answer(record.report, by=request.user, values=[letter], pieces=pieces)
    said_done(request, "", _("已送到举报人的信箱。"))
    return redirect(record)


# Registering


@never_cache
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """A letter, visit or call is typed in and sealed to everybody who receives reports, and to the one who typed it."""
    insist("register", None, by=request.user, model=Petition)
    holder = unlocking.holder_of(request.user)
    if holder is None:
        return redirect("keyring:enrol")
    given = request.POST if request.method == "POST" else None
    form = forms.Register(given, record=None, account=request.user)
    if given is not None and form.is_valid():
        receivers = Holder.objects.active().filter(kind="person", receives=True).exclude(pk=holder.pk)
        try:
            content = actions.sealed(form.secret, [holder, *receivers])
            made = actions.register(by=request.user, content=content, **form.envelope)
            said_done(request, _("登记信访举报"))
            return redirect(made)
        except ValidationError as error:
            place_errors(form, error)
        except LookupError as error:
            form.add_error(None, str(error))
    context = {"form": form, "title": _("登记信访举报"), "button": _("登记并封存"), "back": reverse("petition:list")}
    return render(request, "cases/petition/form.html", context, status=422 if form.is_bound else 200)


# The other acts: a form each

act_page = ActPages(visible, LIFECYCLE, "cases/petition/form.html", away="petition:list").page

confirm = act_page("confirm", forms.Nothing, actions.confirm, gettext_lazy("笔录已经读给反映人听，他核对无误。"))
accept = act_page(
    "accept", forms.Nothing, actions.accept, gettext_lazy("属于本机关受理范围。网上举报人会在信箱里看到。")
)
repeat = act_page(
    "repeat", forms.Repeat, actions.repeat, gettext_lazy("重复件登记保存，不再另办；有新事实的不算重复。")
)
send_up = act_page("send_up", forms.PassOn, actions.send_up)
forward = act_page("forward", forms.PassOn, actions.forward)
decline = act_page("decline", forms.Decline, actions.decline)
acknowledge = act_page("acknowledge", forms.Acknowledge, actions.acknowledge)
assign = act_page("assign", forms.Assign, actions.assign, needs_secret=True)
prolong = act_page("prolong", forms.Prolong, actions.prolong)
conclude = act_page("conclude", forms.Conclude, actions.conclude)
feed_back = act_page("feed_back", forms.FeedBack, actions.feed_back)
withdraw = act_page("withdraw", forms.Nothing, actions.withdraw, gettext_lazy("撤回以后仍然保存。"))
bar = act_page("bar", forms.Bar, actions.bar, needs_secret=True)


# Elsewhere in the shell


@waiting_source
def waiting(account: Any) -> list[Waiting]:
    """What waits to be accepted, what one handles, what is late; numbers only of what one's key opens."""
    if not account.can("cases.petition.view"):
        return []
    counts, address = queries.waiting(account), reverse("petition:list")
    lines = (
        ("registered", _("%(count)d 件信访举报等待受理"), "?state=registered", _("去受理")),
        ("mine", _("%(count)d 件信访举报由您承办"), "?state=assigned", _("去办理")),
        ("late", _("%(count)d 件信访举报已经过期"), "?standing=late&order=due_on", _("去看看")),
    )
    return counted(account, counts, lines, address, "speech.4.1")


navigation.register(
    "enforcement",
    gettext_lazy("信访举报"),
    "petition:list",
    icon="inbox",
    order=10,
    when=lambda account: account.can("cases.petition.view"),
)

ACTS = [
    "confirm",
    "accept",
    "repeat",
    "send_up",
    "forward",
    "decline",
    "acknowledge",
    "assign",
    "prolong",
    "conclude",
    "feed_back",
    "withdraw",
    "bar",
    "answer",
]
urlpatterns = [
    path("", list_, name="list"),
    path("register/", register, name="register"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/file/<uuid:value>/", file, name="file"),
    *(path(f"<uuid:pk>/{name.replace('_', '-')}/", globals()[name], name=name) for name in ACTS),
]
