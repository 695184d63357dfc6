"""我的告知: what was delivered to the reader, the text page by page, the check question and the signature."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from yuanqing.education.notice import actions, forms, queries
from yuanqing.education.notice.models import Receipt
from yuanqing.education.notice.pages import RECEIPT_TONES
from yuanqing.kernel import typed
from yuanqing.shell import navigation
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record import events


class MineListing(Listing):
    name = "my-notices"
    title = gettext_lazy("我的告知")
    order = "-delivered_at"
    exports = False
    columns = (
        Column("notice", gettext_lazy("告知"), value=lambda r: str(r.notice), link=Receipt.get_absolute_url, sort="notice__title", phone=True),
        Column("unit", gettext_lazy("发出单位"), value="notice.unit"),
        Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda r: RECEIPT_TONES[r.state], sort="state", phone=True),
        Column("due_at", gettext_lazy("期限"), "clock", sort="due_at", value=lambda r: r.due_at if r.state in ("delivered", "reading") else None, phone=True),
        Column("delivered_at", gettext_lazy("送达"), "moment", sort="delivered_at"),
        Column("signed_at", gettext_lazy("签收时间"), "moment", sort="signed_at"),
    )  # fmt: skip
    views = (View(gettext_lazy("还没有签收的"), "open=yes", Q(state__in=("delivered", "reading"))),)
    empty = gettext_lazy("还没有要您读的告知")
    empty_hint = gettext_lazy("有新的党纪法规告知或讲话，会出现在这里和工作台上。")


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    rows = queries.own_receipts(request.user)
    if request.GET.get("open") == "yes":
        rows = rows.filter(state__in=("delivered", "reading"))
    return MineListing(request, rows).respond("education/reading/mine.html")


def visible(request: HttpRequest, pk: UUID) -> Receipt:
    rows = Receipt.objects.visible_to(request.user).select_related(
        "notice__unit", "person", "unit", "text", "signed_by"
    )
    found: Receipt = get_object_or_404(rows, pk=pk)
    return found


@require_GET
def receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """To its addressee: the page to read now; to those above: what was shown to him, and what he did."""
    return _shown(request, visible(request, pk))


def _shown(request: HttpRequest, found: Receipt, form: Any = None, status: int = 200) -> HttpResponse:
    is_own = found.person_id == getattr(request.user, "person_id", None)
    cut = queries.pages_of(found.text) if found.text else []
    page = min(typed.whole(request.GET.get("page")) or found.page, found.page)
    is_last = bool(cut) and found.page >= len(cut)
    asks = is_last and bool(found.notice.question) and found.answered_at is None
    context = {
        "record": found,
        "notice": found.notice,
        "is_own": is_own,
        "is_open": is_own and found.state in ("delivered", "reading") and found.notice.state == "issued",
        "texts": list(found.notice.texts.all()),
        "words": cut[page - 1] if cut and 0 < page <= len(cut) else "",
        "page": page,
        "last": len(cut),
        "is_last": is_last,
        "answer": form or (forms.Answer(account=request.user, notice=found.notice) if asks else None),
        "left": queries.seconds_left(found) if is_last and found.state == "reading" else 0,
        "tone": RECEIPT_TONES[found.state],
        "events": events(found),
    }
    return render(request, "education/reading/receipt.html", context, status=status)


@require_POST
def begin(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _done(request, pk, "begin", language=request.POST.get("language", ""))


@require_POST
def turn(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _done(request, pk, "turn", page=typed.whole(request.POST.get("page")) or 0)


@require_POST
def sign(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _done(request, pk, "sign", done=_("已签收。"))


def _done(request: HttpRequest, pk: UUID, step: str, done: str = "", **words: Any) -> HttpResponse:
    found = visible(request, pk)
    try:
        getattr(actions, step)(found, by=request.user, **words)
    except ValidationError as error:
        for sentence in error.messages:
            messages.warning(request, sentence)
    else:
        if done:
            messages.success(request, done)
    return redirect(found.get_absolute_url())


@require_POST
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = visible(request, pk)
    form = forms.Answer(request.POST, account=request.user, notice=found.notice)
    if not form.is_valid():
        return _shown(request, found, form, 422)
    try:
        actions.answer(found, by=request.user, **form.values)
    except ValidationError as error:
        form.add_error(None, error)
        return _shown(request, found, form, 422)
    if found.answered_at is None:
        messages.warning(request, _("答得不对，请回到正文再看一看。"))
    return redirect(found.get_absolute_url())


navigation.register(
    "education", gettext_lazy("我的告知"), "reading:mine", icon="book", order=10,
    when=lambda account: bool(account.person_id),
    count=lambda request: queries.own_receipts(request.user).filter(state__in=("delivered", "reading")).count(),
)  # fmt: skip

urlpatterns = [
    path("", mine, name="mine"),
    path("<uuid:pk>/", receipt, name="receipt"),
    path("<uuid:pk>/begin/", begin, name="begin"),
    path("<uuid:pk>/turn/", turn, name="turn"),
    path("<uuid:pk>/answer/", answer, name="answer"),
    path("<uuid:pk>/sign/", sign, name="sign"),
]
