"""告知: what I have to read, the list of notices, a notice with its coverage, and a form for each act."""

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

from yuanqing.education.notice import actions, forms, queries
from yuanqing.education.notice.lifecycle import LIFECYCLE, RECEIPT_LIFECYCLE
from yuanqing.education.notice.models import Notice, Receipt
from yuanqing.kernel.acts import Refused, insist, refusal
from yuanqing.org.audience.pages import address_page
from yuanqing.org.audience.queries import members, preview
from yuanqing.org.unit.pages import within_reach
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Dates, InUnit, Search
from yuanqing.shell.form_page import change_page, form_page
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record import record_context

TRAIL = gettext_lazy("一 教育 · 告知")
TONES = {"draft": "grey", "issued": "accent", "superseded": "grey", "withdrawn": "red"}
RECEIPT_TONES = {"delivered": "amber", "reading": "accent", "signed": "green", "released": "grey"}
GROUPS = {
    "party_group_member": gettext_lazy("党组成员"), "leading_official": gettext_lazy("领导干部"),
    "mid_level_leader": gettext_lazy("中层领导"), "key_post": gettext_lazy("重点岗位人员"), "other": gettext_lazy("其他人员"),
}  # fmt: skip
YES_NO = (("True", gettext_lazy("是")), ("False", gettext_lazy("否")))


def _kind(notice: Notice) -> str:
    entry = queries.kinds().get(notice.kind)
    return entry.label if entry else notice.kind


class NoticeListing(Listing):
    name = "notice"
    title = gettext_lazy("告知")
    order = "-issued_at"
    columns = (
        Column("title", gettext_lazy("标题"), value=str, link=Notice.get_absolute_url, sort="title", phone=True),
        Column("kind", gettext_lazy("种类"), value=_kind, sort="kind"),
        Column("unit", gettext_lazy("发出单位"), "unit", sort="unit__path"),
        Column(
            "state",
            gettext_lazy("状态"),
            "badge",
            "get_state_display",
            tone=lambda n: TONES[n.state],
            sort="state",
            phone=True,
        ),
        Column("issued_at", gettext_lazy("发出时间"), "moment", sort="issued_at"),
        Column("delivered", gettext_lazy("应签收"), "number", sort="delivered"),
        Column("signed", gettext_lazy("已签收"), "number", sort="signed"),
        Column("share", gettext_lazy("签收率"), "percent", sort="share", phone=True),
        Column("overdue", gettext_lazy("逾期未签"), "number", sort="overdue"),
    )
    views = (
        View(gettext_lazy("已发出"), "state=issued", Q(state="issued")),
        View(gettext_lazy("起草中"), "state=draft", Q(state="draft")),
    )
    empty = gettext_lazy("还没有告知")
    empty_hint = gettext_lazy("从“起草告知”开始：写正文、定对象、发出，每个人读完签收。")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        self.filters = (
            Search("q", gettext_lazy("标题"), ("title",)),
            Choice("kind", gettext_lazy("种类"), lambda: [(c, e.label) for c, e in queries.kinds().items()]),
            Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
            InUnit("unit", gettext_lazy("发出单位"), "unit__path", within_reach(request.user)),
            Dates("issued", gettext_lazy("发出日期"), "issued_at", is_instant=True),
        )
        super().__init__(request, rows)


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    rows = queries.with_coverage(Notice.objects.visible_to(request.user).select_related("unit"))
    context = {"may_draft": not refusal("draft", None, by=request.user, model=Notice)}
    return NoticeListing(request, rows).respond("education/notice/list.html", context)


def visible(request: HttpRequest, pk: UUID) -> Notice:
    rows = Notice.objects.visible_to(request.user).select_related(
        "unit", "replaces", "replaced_by", "drafted_by", "issued_by"
    )
    found: Notice = get_object_or_404(rows, pk=pk)
    return found


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The words, who is meant, and who has signed: leaders and key posts first, then the units that are behind."""
    notice = visible(request, pk)
    receipts = Receipt.objects.visible_to(request.user).filter(notice=notice).due()
    rules = queries.audience_of(notice)
    account: Any = request.user
    manages = account.can("education.notice.view")
    asks = {"withdraw": _("撤回的理由")}
    confirms = {"issue": _("发出以后正文不能再改，每个对象都会收到。要发出吗？")}
    context = {
        **record_context(notice, by=request.user, url=lambda step: "" if step == "supersede" else reverse(f"notice:{step}", args=[pk]), asks=asks, confirms=confirms),
        "kind": _kind(notice),
        "texts": list(notice.texts.all()),
        "own": queries.own_receipts(request.user).filter(notice=notice).first(),
        "manages": manages,
        "counts": receipts.aggregate(**queries.counts()) if manages else None,
        "groups": [(GROUPS[g.code], g) for g in queries.by_group(receipts)] if manages else [],
        "units": queries.by_unit(receipts) if manages else [],
        "meant": preview(rules, timezone.localdate(), by=request.user, capability=actions.ISSUE) if rules and notice.state == "draft" else None,
        "rules": [label for label, _count in preview(rules, timezone.localdate(), by=request.user, capability=actions.ISSUE, shown=0).rules] if rules and notice.state != "draft" and manages else [],
        "forms": ("edit", "write", "address"),
        "may_paper": notice.state == "issued" and not refusal("sign_on_paper", None, by=request.user, model=Receipt),
    }  # fmt: skip
    return render(request, "education/notice/detail.html", context)


class ReceiptListing(Listing):
    name = "receipt"
    title = gettext_lazy("签收名单")
    order = "unit__path"
    columns = (
        Column(
            "person",
            gettext_lazy("姓名"),
            value="person.name",
            link=Receipt.get_absolute_url,
            sort="person__sort_key",
            phone=True,
        ),
        Column("number", gettext_lazy("人员编号"), value="person.number"),
        Column("unit", gettext_lazy("单位"), "unit", sort="unit__path", phone=True),
        Column("group", gettext_lazy("类别"), value=lambda r: GROUPS[r.group], sort="group"),
        Column(
            "state",
            gettext_lazy("状态"),
            "badge",
            "get_state_display",
            tone=lambda r: RECEIPT_TONES[r.state],
            sort="state",
            phone=True,
        ),
        Column("due_at", gettext_lazy("期限"), "moment", sort="due_at", optional=True),
        Column("language", gettext_lazy("语言"), value=lambda r: r.text.get_language_display() if r.text else ""),
        Column("begun_at", gettext_lazy("开始阅读"), "moment", sort="begun_at", optional=True),
        Column("tries", gettext_lazy("答题次数"), "number", sort="tries"),
        Column("signed_at", gettext_lazy("签收时间"), "moment", sort="signed_at"),
        Column("is_on_paper", gettext_lazy("纸质"), value=lambda r: _("纸质") if r.is_on_paper else ""),
    )
    views = (
        View(gettext_lazy("没有签收"), "missing=yes", Q(missing="yes")),
        View(gettext_lazy("已签收"), "state=signed", Q(state="signed")),
    )
    empty = gettext_lazy("还没有人收到这份告知")
    empty_hint = gettext_lazy("发出以后，每个对象的签收情况列在这里。")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        self.filters = (
            Search("q", gettext_lazy("姓名、编号"), ("person__name", "person__number", "person__spelling")),
            InUnit("unit", gettext_lazy("单位及下级"), "unit__path", within_reach(request.user)),
            Choice("group", gettext_lazy("类别"), list(GROUPS.items()), facets=True),
            Choice("state", gettext_lazy("状态"), list(RECEIPT_LIFECYCLE.states.items())),
            Choice("missing", gettext_lazy("没有签收"), [("yes", gettext_lazy("是"))]),
            Choice("is_on_paper", gettext_lazy("纸质签收"), YES_NO),
        )
        super().__init__(request, rows)


@require_GET
def receipts(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everybody the notice was delivered to, by name, as far as the reader's scope reaches."""
    notice = visible(request, pk)
    rows = (
        Receipt.objects.visible_to(request.user)
        .filter(notice=notice)
        .select_related("person", "unit", "text", "notice")
    )
    rows = rows.annotate(group=queries.in_group(), missing=queries.is_missing())
    return ReceiptListing(request, rows).respond("education/notice/receipts.html", {"notice": notice})


@require_GET
def meant(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everybody whom the audience of a draft means today, and by which rule."""
    notice = visible(request, pk)
    found = members(queries.audience_of(notice), timezone.localdate(), limit=2000)
    context = {"notice": notice, "members": found, "limit": 2000}
    return render(request, "education/notice/meant.html", context)


# Acts on a notice: a form each


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    insist("draft", None, by=request.user, model=Notice)
    form = forms.Draft(request.POST or None, account=request.user)
    run: Callable[..., Any] = lambda **values: actions.draft(by=request.user, **values)  # noqa: E731
    return form_page(request, form, run, title=_("起草告知"), back=reverse("notice:list"), trail=TRAIL)


def _held(notice: Notice) -> dict[str, Any]:
    names = ("kind", "title", "due_on", "question", "answer")
    return {name: getattr(notice, name) or None for name in names} | {"options": "\n".join(notice.options)}


def _written(notice: Notice) -> dict[str, Any]:
    text = notice.texts.first()
    return {"language": text.language, "body": text.body} if text else {}


edit = change_page(
    "edit", actions.edit, visible, forms.Edit, title=gettext_lazy("修改告知"), trail=TRAIL, initial=_held
)
write = change_page(
    "write", actions.write, visible, forms.Write, title=gettext_lazy("写正文"), trail=TRAIL, initial=_written
)


@require_http_methods(["GET", "POST"])
def address(request: HttpRequest, pk: UUID) -> HttpResponse:
    notice = visible(request, pk)
    insist("address", notice, by=request.user)
    run: Callable[..., Any] = lambda audience: actions.address(notice, by=request.user, audience=audience)  # noqa: E731
    return address_page(request, notice, queries.audience_of(notice), run, str(TRAIL))


def _now(step: str) -> Callable[..., HttpResponse]:
    """An act without a form: the button itself, or the button with a reason."""

    @require_POST
    def page(request: HttpRequest, pk: UUID) -> HttpResponse:
        notice = visible(request, pk)
        words = {"reason": request.POST.get("note", "").strip()} if step == "withdraw" else {}
        try:
            done = getattr(actions, step)(notice, by=request.user, **words)
        except ValidationError as error:
            raise Refused(" ".join(error.messages)) from error
        return redirect(done)

    page.__name__ = step
    return page


issue, withdraw, revise = _now("issue"), _now("withdraw"), _now("revise")


@require_http_methods(["GET", "POST"])
def sign_on_paper(request: HttpRequest, pk: UUID) -> HttpResponse:
    notice = visible(request, pk)
    insist("sign_on_paper", None, by=request.user, model=Receipt)
    form = forms.SignOnPaper(request.POST or None, account=request.user)

    def run(**values: Any) -> Notice:
        actions.sign_on_paper(notice, by=request.user, **values)
        return notice

    return form_page(
        request, form, run, title=_("登记纸质签收"), back=notice.get_absolute_url(), trail=TRAIL, about=notice
    )


navigation.register(
    "education", gettext_lazy("告知"), "notice:list", icon="speakerphone", order=20,
    when=lambda account: account.can("education.notice.view"),
)  # fmt: skip

urlpatterns = [
    path("", list_, name="list"),
    path("draft/", draft, name="draft"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/receipts/", receipts, name="receipts"),
    path("<uuid:pk>/meant/", meant, name="meant"),
    path("<uuid:pk>/edit/", edit, name="edit"),
    path("<uuid:pk>/write/", write, name="write"),
    path("<uuid:pk>/address/", address, name="address"),
    path("<uuid:pk>/issue/", issue, name="issue"),
    path("<uuid:pk>/withdraw/", withdraw, name="withdraw"),
    path("<uuid:pk>/revise/", revise, name="revise"),
    path("<uuid:pk>/sign-on-paper/", sign_on_paper, name="sign_on_paper"),
]
