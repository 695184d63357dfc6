"""往来机关: the bodies and their keys, this body's own card, and who opens its mail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from yuanqing.cases.keyring.queries import readers, unlock_address, unlocked
from yuanqing.cases.partner import actions, forms, queries, rules
from yuanqing.cases.partner.lifecycle import LIFECYCLE
from yuanqing.cases.partner.models import Mailroom, Partner
from yuanqing.cases.partner.policies import opens
from yuanqing.kernel.acts import insist, refusal
from yuanqing.org.person.forms import ConfirmForm, ReasonForm
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Search
from yuanqing.shell.form_page import form_page
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record_pages import Fact, Passage, RecordPages
from yuanqing.shell.worklist.sources import Waiting, counted, waiting_source

DUTY, TITLE = gettext_lazy("四 执纪"), gettext_lazy("往来机关")
TRAIL = gettext_lazy("四 执纪 · 往来机关")

COLUMNS = (
    Column("name", gettext_lazy("机关名称"), link=Partner.get_absolute_url, sort="name", phone=True),
    Column("relation", gettext_lazy("关系"), value=lambda r: queries.relation_label(r.relation), sort="relation", phone=True),
    Column("inside", gettext_lazy("怎样往来"), value=lambda r: _("本系统内") if r.is_inside else _("密封材料包")),
    Column("fingerprint", gettext_lazy("指纹"), value=lambda r: r.fingerprint if r.state == "confirmed" else ""),
    Column("confirmed_on", gettext_lazy("核对日期"), "day", sort="confirmed_on"),
    Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda r: "amber" if r.state == "proposed" else "grey", sort="state", phone=True),
)  # fmt: skip


class PartnerListing(Listing):
    name = "partner"
    title = TITLE
    order = "name"
    empty = gettext_lazy("还没有往来机关")
    empty_hint = gettext_lazy("把本机关的名片交给对方，请对方把名片交来；登记以后由另一人与对方核对指纹，才能往来。")
    views = (View(gettext_lazy("待核对指纹"), "state=proposed", Q(state="proposed")),)


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    account: Any = request.user
    if not account.can("cases.partner.view"):
        raise Http404
    rows: Any = Partner.objects.visible_to(account).select_related("unit")
    filters = (
        Search("q", gettext_lazy("机关名称"), ("name",)),
        Choice("relation", gettext_lazy("关系"), [(c, e.label) for c, e in queries.relations().items()]),
        Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
    )
    listing = PartnerListing(request, rows, columns=COLUMNS, filters=filters)
    room = queries.mailroom()
    context = {
        "room": room,
        "fingerprint": queries.own_fingerprint(),
        "readers": readers(room.key) if room else [],
        "new": queries.to_let_in(room) if room else [],
        "may_propose": not refusal("propose", None, by=account, model=Partner),
        "may_found": not refusal("found", None, by=account, model=Mailroom),
        "may_let_in": room is not None and opens(room, account) and account.can("cases.partner.let_in"),
    }
    return listing.respond("cases/partner/list.html", context)


def facts(record: Any, account: Any) -> Iterator[Fact]:
    yield Fact(gettext_lazy("关系"), queries.relation_label(record.relation))
    yield Fact(gettext_lazy("怎样往来"), _("本系统内") if record.is_inside else _("密封材料包"))
    yield Fact(gettext_lazy("系统名称"), record.origin)
    # before it is confirmed whoever compares must hear it from the body, not read it here
    yield Fact(gettext_lazy("指纹"), record.fingerprint if record.state != "proposed" else "")
    yield Fact(gettext_lazy("登记人"), str(record.proposed_by or ""))
    yield Fact(gettext_lazy("核对人"), str(record.confirmed_by or ""))
    yield Fact(gettext_lazy("核对日期"), record.confirmed_on, "day")
    yield Fact(gettext_lazy("停用日期"), record.retired_on, "day")


def passages(record: Any, account: Any) -> Iterator[Passage]:
    yield Passage(gettext_lazy("怎样核对的"), record.compared)
    yield Passage(gettext_lazy("停用理由"), record.reason)


PAGES = RecordPages(
    Partner, "partner", duty=DUTY, trail=TITLE, title=str, facts=facts, passages=passages,
    related=("unit", "proposed_by", "confirmed_by"),
)  # fmt: skip
detail = PAGES.detail
confirm = PAGES.act(
    "confirm", forms.Confirm, actions.confirm, gettext_lazy("登记的人不能自己核对。核对一致才启用，以后发给它的材料都按它的公钥封存。")
)  # fmt: skip
retire = PAGES.act("retire", ReasonForm, actions.retire, gettext_lazy("停用以后不再发往它，也不再收它的材料包。"))


@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    insist("propose", None, by=request.user, model=Partner)
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = forms.Propose(*given, account=request.user)
    form.is_multipart = lambda: True  # type: ignore[method-assign]
    words: dict[str, Any] = {"title": _("登记往来机关"), "back": reverse("partner:list"), "trail": TRAIL}
    return form_page(request, form, lambda **values: actions.propose(by=request.user, **values), **words)


@require_GET
def card(request: HttpRequest) -> HttpResponse:
    """This body's own card as a file to be handed to others."""
    own = queries.own_card()
    if own is None or not request.user.can("cases.partner.view"):  # type: ignore[union-attr]
        raise Http404
    response = HttpResponse(queries.signed(rules.card_text(own)), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="card.yuanqing.txt"'
    return response


@require_http_methods(["GET", "POST"])
def found(request: HttpRequest) -> HttpResponse:
    insist("found", None, by=request.user, model=Mailroom)
    given = request.POST if request.method == "POST" else None
    form = forms.Found(given, account=request.user)
    note = _("生成一把收件密钥，封存给现在接收举报的人和托管。已经有的停用：在途的还能拆，新的名片要重新交给对方核对。")
    words: dict[str, Any] = {"title": _("建立收件室"), "back": reverse("partner:list"), "trail": TRAIL, "note": note}

    def perform(**values: Any) -> None:
        actions.found(by=request.user, **values)

    return form_page(request, form, perform, dangerous=queries.mailroom() is not None, **words)


@never_cache
@require_http_methods(["GET", "POST"])
def let_in(request: HttpRequest) -> HttpResponse:
    account: Any = request.user
    room = get_object_or_404(Mailroom.objects.visible_to(account).in_use().select_related("key"))
    insist("let_in", room, by=account)
    key = unlocked(request)
    if key is None:
        return redirect(unlock_address(request.path))
    form = ConfirmForm(request.POST if request.method == "POST" else None, account=account)
    names = _("、").join(holder.name for holder in queries.to_let_in(room))
    words: dict[str, Any] = {
        "title": _("让接收举报的人打开收件室"),
        "back": reverse("partner:list"),
        "trail": TRAIL,
        "note": names,
    }

    def perform(**values: Any) -> None:
        actions.let_in(room, by=account, secret=key.secret_of(room.key))

    return form_page(request, form, perform, **words)


@waiting_source
def waiting(account: Any) -> list[Waiting]:
    """Bodies whose fingerprint another person has registered and somebody has to compare."""
    if not account.can("cases.partner.confirm"):
        return []
    rows = Partner.objects.filter(state="proposed").exclude(proposed_by=account.pk)
    lines = (("proposed", _("%(count)d 个往来机关等待核对指纹"), "?state=proposed", _("去核对")),)
    return counted(account, {"proposed": rows.count()}, lines, reverse("partner:list"), "speech.4.1")


navigation.register(
    "enforcement", TITLE, "partner:list", icon="building", order=88, when=lambda account: account.can("cases.partner.view")
)  # fmt: skip

urlpatterns = [
    path("", list_, name="list"),
    path("propose/", propose, name="propose"),
    path("card/", card, name="card"),
    path("mailroom/", found, name="found"),
    path("mailroom/let-in/", let_in, name="let_in"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/confirm/", confirm, name="confirm"),
    path("<uuid:pk>/retire/", retire, name="retire"),
]
