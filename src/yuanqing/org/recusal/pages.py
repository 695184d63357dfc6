"""回避: one's own declarations, what others ask for, and the decisions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yuanqing.kernel import acts, typed
from yuanqing.org.recusal import actions, forms, queries
from yuanqing.org.recusal.lifecycle import LIFECYCLE
from yuanqing.org.recusal.models import ABOUT, Recusal
from yuanqing.org.unit.pages import form_page
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Search
from yuanqing.shell.listing import Column, Listing
from yuanqing.shell.record import record_context
from yuanqing.shell.worklist.sources import Waiting, waiting_source

TONES = {"requested": "amber", "declared": "amber", "in_force": "red", "declined": "grey", "lifted": "grey"}
OPEN = ("requested", "declared")


class RecusalListing(Listing):
    """One's own, those one asked for, and those of the people one looks after."""

    name = "recusal"
    title = gettext_lazy("回避")
    order = "state"
    filters = (
        Search("q", gettext_lazy("回避人"), ("account__display_name", "account__username")),
        Choice("about", gettext_lazy("关于"), list(ABOUT.items())),
        Choice("ground", gettext_lazy("情形"), lambda: list(queries.grounds().items())),
        Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
    )
    empty = gettext_lazy("没有回避")
    empty_hint = gettext_lazy("与经办的人、单位或者事项有利害关系的，请先声明回避；声明后立即看不到、不能办。")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        grounds = queries.grounds()
        self.columns = (
            Column("account", gettext_lazy("回避人"), value=lambda r: str(r.account), link=lambda r: r.get_absolute_url(), phone=True),
            Column("about", gettext_lazy("关于"), value=lambda r: r.get_about_display(), phone=True),
            Column("ground", gettext_lazy("情形"), value=lambda r: grounds.get(r.ground, r.ground)),
            Column("asked_by", gettext_lazy("提出人"), value=lambda r: str(r.asked_by or "")),
            Column("decided_by", gettext_lazy("决定人"), value=lambda r: str(r.decided_by or "")),
            Column("state", gettext_lazy("状态"), "badge", lambda r: r.get_state_display(), tone=lambda r: TONES[r.state], phone=True),
        )  # fmt: skip
        super().__init__(request, rows)


def _visible(request: HttpRequest) -> Any:
    rows = Recusal.objects.visible_to(request.user)
    return rows.select_related("account__person", "person", "unit", "asked_by", "decided_by")


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    context = {"may_order": request.user.can("org.recusal.order")}  # type: ignore[union-attr]
    return RecusalListing(request, _visible(request)).respond("org/recusal/list.html", context)


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    one = get_object_or_404(_visible(request), pk=pk)
    asks: dict[str, Any] = {"decline": _("为什么不须回避"), "lift": _("为什么解除"), "uphold": _("决定的理由")}
    context = record_context(one, by=request.user, url=lambda s: reverse(f"recusal:{s}", args=[one.pk]), asks=asks)
    context |= {
        "subject": queries.title_of(one, request.user),
        "ground": queries.grounds().get(one.ground, one.ground),
        "tone": TONES[one.state],
        "reads": request.user.pk in (one.account_id, one.asked_by_id, one.decided_by_id)
        or request.user.can("org.recusal.uphold"),  # type: ignore[union-attr]
        "buttons": [b for b in context["buttons"] if one.state in OPEN or b.step == "lift"],
    }
    return render(request, "org/recusal/detail.html", context)


def _record(request: HttpRequest) -> Any:
    """The record that a page led here from, when the reader may see it; None without one."""
    label, pk = request.GET.get("model", ""), request.GET.get("record", "")
    if not label:
        return None
    model = queries.kept_model(label)
    try:
        rows: Any = model._default_manager.visible_to(request.user).filter(pk=UUID(pk)) if model else None
    except ValueError as error:
        raise Http404 from error
    found = rows.first() if rows is not None else None
    if found is None:
        raise Http404
    return found


def _form(form_class: Any, perform: Callable[..., Any], title: Any, note: Any = "") -> Callable[..., HttpResponse]:
    @require_http_methods(["GET", "POST"])
    def page(request: HttpRequest) -> HttpResponse:
        refused = acts.refusal(perform.definition.step, None, by=request.user, model=Recusal)  # type: ignore[attr-defined]
        if refused:
            raise acts.Refused(refused)
        record = _record(request)
        form = form_class(request.POST or None, account=request.user, record=record)
        about = str(record) if record is not None else ""

        def run(**values: Any) -> Any:
            perform(by=request.user, **values)
            return None

        back = reverse("recusal:list")
        return form_page(request, form, run, title=str(title), back=back, note=str(note), about=about)

    return page


def _take(step: str) -> Callable[..., HttpResponse]:
    @require_POST
    def take(request: HttpRequest, pk: UUID) -> HttpResponse:
        one = get_object_or_404(_visible(request), pk=pk)
        note = request.POST.get("note", "").strip()[:300]
        expected = typed.whole(request.POST.get("version"))
        getattr(actions, step)(one, by=request.user, expected_version=expected, reason=note)
        messages.success(request, _("已办理。"))
        return redirect(one)

    return take


@waiting_source
def to_decide(account: Any) -> list[Waiting]:
    """Recusals that were declared or asked for and wait for the decision."""
    if not account.can("org.recusal.uphold"):
        return []
    rows = Recusal.objects.visible_to(account).filter(state__in=OPEN).select_related("account__person__unit")
    count = sum(1 for one in rows[:200] if not acts.refusal("uphold", one, by=account))
    title = _("%(count)d 项回避等您决定") % {"count": count}
    return [Waiting(title, reverse("recusal:list"), _("去决定"), count=count)] if count else []


navigation.register("desk", gettext_lazy("回避"), "recusal:list", icon="users", order=61)

AT_ONCE = gettext_lazy("声明后立即看不到、不能办；由单位负责人决定，负责人自己的由上级决定。")
LATER = gettext_lazy("由单位负责人决定；对方是负责人的，由上级决定。决定之前不影响对方。")

urlpatterns = [
    path("", list_, name="list"),
    path("declare/", _form(forms.Declare, actions.declare, gettext_lazy("声明回避"), AT_ONCE), name="declare"),
    path("request/", _form(forms.Request, actions.request, gettext_lazy("申请回避"), LATER), name="request"),
    path("order/", _form(forms.Order, actions.order, gettext_lazy("决定回避")), name="order"),
    path("<uuid:pk>/", detail, name="detail"),
    *(path(f"<uuid:pk>/{step}/", _take(step), name=step) for step in ("uphold", "decline", "lift")),
]
