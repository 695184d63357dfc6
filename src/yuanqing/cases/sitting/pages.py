"""集体审议: the sittings one's key opens, one sitting with who was there and what was said, and a form page for each act."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from yuanqing.cases.keyring.pages import ActPages, keyed_page
from yuanqing.cases.keyring.queries import readers, unlock_address, unlocked
from yuanqing.cases.lead.queries import opened, purpose_of
from yuanqing.cases.sitting import actions, forms, queries
from yuanqing.cases.sitting.lifecycle import LIFECYCLE
from yuanqing.cases.sitting.models import MATTERS, OUTCOMES, Sitting
from yuanqing.cases.sitting.queries import Codes
from yuanqing.kernel.acts import Refused, insist
from yuanqing.kernel.sealing.envelope import Unopenable
from yuanqing.kernel.sealing.unlocking import Unlocking
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Dates, Search
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record import record_context
from yuanqing.shell.record_pages import named
from yuanqing.shell.worklist.sources import Waiting, counted, waiting_source

DUTY, TITLE = gettext_lazy("四 执纪"), gettext_lazy("集体审议")
TONES = {"called": "amber", "sitting": "accent", "resolved": "amber", "concluded": "green"}


def columns_of(codes: Codes) -> tuple[Column, ...]:
    return (
        Column("number", gettext_lazy("事项"), "code", link=Sitting.get_absolute_url, sort="number", phone=True),
        Column("purpose", gettext_lazy("议题"), value=lambda r: codes.label("purpose", r.purpose), sort="purpose", phone=True),
        Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda r: TONES.get(r.state, "grey"), sort="state", phone=True),
        Column("held_on", gettext_lazy("会议日期"), "day", sort="held_on"),
        Column("body", gettext_lazy("会议"), value=lambda r: codes.label("body", r.body), sort="body"),
        Column("due", gettext_lazy("应到人数"), "number", value=lambda r: r.due or None, sort="due"),
        Column("present", gettext_lazy("到会人数"), "number", value=lambda r: r.present or None, sort="present"),
        Column("outcome", gettext_lazy("决议"), value=lambda r: r.get_outcome_display(), sort="outcome"),
        Column("concluded_on", gettext_lazy("审结日期"), "day", sort="concluded_on", optional=True),
        Column("unsigned", gettext_lazy("缺签人数"), "number", value=lambda r: r.unsigned or None, sort="unsigned", optional=True),
        Column("corrections", gettext_lazy("更正次数"), "number", sort="corrections", optional=True),
    )  # fmt: skip


class SittingListing(Listing):
    name = "sitting"
    title = TITLE
    order = "-held_on"
    empty = gettext_lazy("没有您能打开的集体审议")
    empty_hint = gettext_lazy("要审议的线索或者案件，由线索管理人员在它的页面上点“召集集体审议”；成员和记录人能打开。")
    views = (
        View(gettext_lazy("待开会"), "state=called", Q(state="called")),
        View(gettext_lazy("审议中"), "state=sitting", Q(state="sitting")),
        View(gettext_lazy("待签字"), "state=resolved", Q(state="resolved")),
    )


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    codes = Codes()
    rows: Any = Sitting.objects.visible_to(request.user)
    filters = (
        Search("q", gettext_lazy("编号"), ("number",)),
        Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
        Choice("purpose", gettext_lazy("议题"), codes.choices("purpose")),
        Choice("outcome", gettext_lazy("决议"), list(OUTCOMES.items())),
        Dates("held", gettext_lazy("会议日期"), "held_on"),
    )
    listing = SittingListing(request, rows, columns=columns_of(codes), filters=filters)
    context = {
        "trail": DUTY,
        "subtitle": _(
            "领导班子开会审议：谁到会、谁回避、各人怎样表态，形成决议，由到会成员签字。只列出您的钥匙能打开的。"
        ),
    }
    return listing.respond("shell/record_list.html", context)


# The record


def visible(request: HttpRequest, pk: UUID) -> Sitting:
    rows = Sitting.objects.visible_to(request.user)
    rows = rows.select_related("key", "unit", "chaired_by", "convened_by", "resolved_by")
    found: Sitting = get_object_or_404(rows, pk=pk)
    return found


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
    words = record_context(record, by=request.user, url=lambda step: reverse(f"sitting:{step}", args=[pk]))
    roll = record.attendees.select_related("account")
    said = {one.paper.pk: one for one in papers}
    personal = {pk for row in roll for pk in (row.words_id, row.remark_id) if pk}
    context = {
        **words,
        "open_buttons": [b for b in words["buttons"] if not b.reason],
        "closed_buttons": [b for b in words["buttons"] if b.reason],
        "codes": {name: codes.label(name, getattr(record, name)) for name in ("purpose", "body", "decision")},
        "matter": queries.matter_of(record, request.user),
        "roll": [
            (
                row,
                codes.label("ground", row.ground) if row.ground else "",
                codes.label("excuse", row.excuse) if row.excuse else "",
                said.get(row.words_id),
                said.get(row.remark_id),
            )
            for row in roll
        ],
        "is_unlocked": key is not None,
        "is_broken": broken or any(not one.is_intact for one in papers),
        "papers": [(codes.label("paper", one.paper.kind), one) for one in papers if one.paper.pk not in personal],
        "readers": readers(record.key),
        "unlock": unlock_address(request.path),
        "may_print": record.resolved_on is not None and not record.key.is_destroyed,
    }
    return render(request, "cases/sitting/detail.html", context)


# The acts


@never_cache
@require_http_methods(["GET", "POST"])
def convene(request: HttpRequest) -> HttpResponse:
    """Needs the unlocked key: who must keep out is asked anew, from what the matter says."""
    _name, matter = named(request, MATTERS)
    insist("convene", None, by=request.user, model=Sitting)
    purpose = purpose_of(matter)
    if not purpose:
        raise Refused(_("这一件现在没有要集体审议的事项。"))
    form = forms.Convene(request.POST if request.method == "POST" else None, account=request.user)

    def perform(key: Unlocking, question: str, **values: Any) -> Any:
        secret = key.secret_of(matter.key)
        file = actions.opened_file(request.user, matter, secret, question)
        return actions.convene(by=request.user, matter=matter, file=file, **values)

    note = _("议题：%(what)s。应当回避的成员由系统按名册、回避登记和办理情况找出，不会收到通知。") % {
        "what": Codes().label("purpose", purpose)
    }
    words: dict[str, Any] = {
        "title": _("召集集体审议"),
        "back": matter.get_absolute_url(),
        "about": matter,
        "note": note,
    }
    return keyed_page(request, unlocked(request), form, perform, trail=f"{DUTY} · {TITLE}", **words)


@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Needs the unlocked key: the sitting and the matter are sealed anew without the member."""
    record = visible(request, pk)
    insist("withdraw", record, by=request.user)
    given = request.POST if request.method == "POST" else None
    form = forms.Withdraw(given, initial={"version": record.version}, record=record, account=request.user)

    def perform(key: Unlocking, **values: Any) -> Any:
        secrets = {"secret": key.secret_of(record.key), "matter_secret": key.secret_of(record.matter.key)}
        actions.withdraw(record, by=request.user, expected_version=form.cleaned_data["version"], **secrets, **values)
        return record

    note = _("登记以后他打不开这次审议，也打不开这一件线索或者案件，不能表态和签字。")
    words: dict[str, Any] = {"title": _("登记回避"), "back": record.get_absolute_url(), "about": record, "note": note}
    return keyed_page(request, unlocked(request), form, perform, trail=f"{DUTY} · {TITLE}", **words)


act_page = ActPages(visible, LIFECYCLE, "cases/sitting/form.html").page

attend = act_page(
    "attend", forms.Attend, actions.attend, gettext_lazy("到会人数够了才能审议；够不够按规则包“集体审议”算。")
)
speak = act_page("speak", forms.Speak, actions.speak)
resolve = act_page(
    "resolve", forms.Resolve, actions.resolve,
    gettext_lazy("到会成员都表态以后作出；随后由他们逐人签字，全部签字才算审结。"),
)  # fmt: skip
sign = act_page(
    "sign",
    forms.Sign,
    actions.sign,
    gettext_lazy("先在审议的页面上读完决议和会议记录。签字表示记录与会上情况相符，不能撤回。"),
)
object_to = act_page("object_to", forms.Objection, actions.object_to)
close_minutes = act_page(
    "close_minutes", forms.CloseMinutes, actions.close_minutes,
    gettext_lazy("催过签还没有签字的才这样办。缺签、原因和日期都写在记录上，本人会收到通知，以后仍可补签、提出异议。"),
)  # fmt: skip
correct = act_page(
    "correct", forms.Correct, actions.correct,
    gettext_lazy("原来的记录不改动，更正另记一条；还没有审结的，到会成员重新签字。"),
)  # fmt: skip
call_off = act_page("call_off", forms.Reason, actions.call_off, gettext_lazy("这次审议不再作数；需要的另行召集。"))


# Elsewhere in the shell


@waiting_source
def waiting(account: Any) -> list[Waiting]:
    """What is to be opened and resolved, and what waits for one's own opinion or signature."""
    if not account.can("cases.sitting.view"):
        return []
    lines = (
        ("hold", _("%(count)d 次集体审议等待登记到会"), "?state=called", _("去登记")),
        ("resolve", _("%(count)d 次集体审议等待作出决议"), "?state=sitting", _("去记录")),
        ("speak", _("%(count)d 次集体审议等您表态"), "?state=sitting", _("去表态")),
        ("sign", _("%(count)d 次集体审议的记录等您签字"), "?state=resolved", _("去签字")),
        ("close", _("%(count)d 次集体审议的记录逾期没有签齐"), "?state=resolved", _("去催签")),
    )
    steps = {"hold": "attend", "resolve": "resolve", "close": "close_minutes"}
    needs = {line: f"cases.sitting.{step}" for line, step in steps.items()}
    found = counted(account, queries.waiting(account), lines, reverse("sitting:list"), "speech.4.6", needs)
    if account.can("cases.sitting.convene"):
        calls = (("convene", _("%(count)d 件审理完毕的案件等待召集集体审议"), "?state=tried", _("去召集")),)
        counts = {"convene": queries.to_convene(account)}
        found += counted(account, counts, calls, reverse("case:list"), "speech.4.6")
    return found


navigation.register(
    "enforcement", TITLE, "sitting:list", icon="users", order=32, when=lambda account: account.can("cases.sitting.view")
)

ACTS = ("attend", "withdraw", "speak", "resolve", "sign", "object_to", "close_minutes", "correct", "call_off")
urlpatterns = [
    path("", list_, name="list"),
    path("convene/", convene, name="convene"),
    path("<uuid:pk>/", detail, name="detail"),
    *(path(f"<uuid:pk>/{name.replace('_', '-')}/", globals()[name], name=name) for name in ACTS),
]
