"""廉政栏目: the front page for readers, an article, the editors' list, statistics of what units send in, and the feed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from yuanqing.education.column import actions, forms, queries
from yuanqing.education.column.lifecycle import LIFECYCLE
from yuanqing.education.column.models import Article
from yuanqing.kernel import typed
from yuanqing.kernel.acts import insist, refusal
from yuanqing.norms.obligation.models import Obligation
from yuanqing.org.account.models import Account
from yuanqing.org.unit.models import Unit
from yuanqing.org.unit.pages import within_reach
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Dates, InUnit, Search
from yuanqing.shell.form_page import button_page, change_page, form_page
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record import record_context
from yuanqing.shell.worklist.sources import Waiting, waiting_source

TRAIL = gettext_lazy("一 教育 · 廉政栏目")
TONES = {"draft": "grey", "proposed": "accent", "returned": "amber", "published": "green", "withdrawn": "red"}
SALT = "column-feed"
SHOWN = 12


def _kind(article: Article) -> str:
    entry = queries.kinds().get(article.kind)
    return entry.label if entry else article.kind


@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """What everybody reads: the newest first, narrowed by kind or words; beside it what others read most."""
    kind, words = request.GET.get("kind", ""), request.GET.get("q", "").strip()
    rows = queries.with_reads(Article.objects.published().select_related("unit")).defer("body")
    rows = rows.filter(kind=kind) if kind else rows
    for word in words.split()[:6]:
        rows = rows.filter(Q(title__icontains=word) | Q(summary__icontains=word) | Q(body__icontains=word))
    page = Paginator(rows.order_by("-published_at", "pk"), SHOWN).get_page(request.GET.get("page"))
    account: Any = request.user
    kinds = [{"label": _("全部"), "href": reverse("column:front"), "current": not kind, "count": ""}] + [
        {"label": e.label, "href": f"{reverse('column:front')}?kind={c}", "current": kind == c, "count": ""}
        for c, e in queries.kinds().items()
    ]
    context = {
        "page": page, "articles": [(one, _kind(one)) for one in page], "tabs": kinds, "kind": kind, "q": words,
        "most_read": queries.most_read(90, 8), "writes": account.can("education.column.draft"),
        "feed": reverse("column:feed", args=[signing.dumps(str(account.pk), salt=SALT)]),
    }  # fmt: skip
    return render(request, "education/column/front.html", context)


def visible(request: HttpRequest, pk: UUID) -> Article:
    rows = queries.with_reads(
        Article.objects.visible_to(request.user).select_related("unit", "written_by", "published_by")
    )
    found: Article = get_object_or_404(rows, pk=pk)
    return found


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The article; opened by somebody for the first time it counts as read."""
    article = visible(request, pk)
    account: Any = request.user
    if article.state == "published":
        queries.count_reading(article, account)
    works = any(account.can(f"education.column.{step}", article.unit) for step in ("draft", "publish"))
    asks = {"send_back": _("哪里要改"), "withdraw": _("撤下的理由")}
    shown = record_context(article, by=account, url=lambda step: reverse(f"column:{step}", args=[pk]), asks=asks)
    context = {
        **shown, "kind": _kind(article), "works": works,
        "buttons": [button for button in shown["buttons"] if not button.reason],
    }  # fmt: skip
    return render(request, "education/column/detail.html", context)


class ArticleListing(Listing):
    name = "article"
    title = gettext_lazy("栏目稿件")
    order = "-proposed_at"
    columns = (
        Column("title", gettext_lazy("标题"), link=Article.get_absolute_url, sort="title", phone=True),
        Column("kind", gettext_lazy("栏目"), value=_kind, sort="kind"),
        Column("unit", gettext_lazy("来稿单位"), "unit", sort="unit__path", phone=True),
        Column(
            "state",
            gettext_lazy("状态"),
            "badge",
            "get_state_display",
            tone=lambda a: TONES[a.state],
            sort="state",
            phone=True,
        ),
        Column("proposed_at", gettext_lazy("投稿时间"), "moment", sort="proposed_at"),
        Column("published_at", gettext_lazy("发布时间"), "moment", sort="published_at"),
        Column("reads", gettext_lazy("阅读人数"), "number", sort="reads"),
    )
    views = (
        View(gettext_lazy("待审核"), "state=proposed", Q(state="proposed")),
        View(gettext_lazy("已发布"), "state=published", Q(state="published")),
    )
    empty = gettext_lazy("还没有稿件")
    empty_hint = gettext_lazy("从“写一篇”开始，写好投稿，由别人审核发布。")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        self.filters = (
            Search("q", gettext_lazy("标题、正文"), ("title", "summary", "body")),
            Choice("kind", gettext_lazy("栏目"), lambda: [(c, e.label) for c, e in queries.kinds().items()]),
            Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
            InUnit("unit", gettext_lazy("来稿单位"), "unit__path", within_reach(request.user)),
            Dates("published", gettext_lazy("发布日期"), "published_at", is_instant=True),
        )
        super().__init__(request, rows)


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    rows = queries.with_reads(Article.objects.visible_to(request.user).select_related("unit")).defer("body")
    return ArticleListing(request, rows).respond(
        "education/column/list.html", {"may_draft": not refusal("draft", None, by=request.user, model=Article)}
    )


@require_GET
def statistics(request: HttpRequest) -> HttpResponse:
    """How much each unit sent in, and how much of it was used."""
    year = typed.year(request.GET.get("year"), timezone.localdate().year)
    return render(
        request, "education/column/statistics.html", {"year": year, "rows": queries.adoption(request.user, year)}
    )


def _unit_of(request: HttpRequest) -> Unit | None:
    """The unit that owes what led here, else that of the writer."""
    account: Any = request.user
    given = forms.Origin(request.GET)
    pk = given.cleaned_data["obligation"] if given.is_valid() else None
    owed = Obligation.objects.visible_to(account).filter(pk=pk).select_related("unit").first() if pk else None
    found: Unit | None = owed.unit if owed else account.person.unit if account.person_id else None
    return found


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    insist("draft", None, by=request.user, model=Article)
    form = forms.Draft(request.POST or None, account=request.user, initial={"unit": _unit_of(request)})
    run: Any = lambda **values: actions.draft(by=request.user, **values)  # noqa: E731
    return form_page(request, form, run, title=_("写一篇"), back=reverse("column:list"), trail=TRAIL)


edit = change_page(
    "edit", actions.edit, visible, forms.Edit, title=gettext_lazy("修改"), trail=TRAIL,
    initial=lambda article: {name: getattr(article, name) for name in ("kind", "title", "summary", "body")},
)  # fmt: skip
propose, publish, send_back, withdraw = (
    button_page(actions.propose, visible),
    button_page(actions.publish, visible),
    button_page(actions.send_back, visible, "note"),
    button_page(actions.withdraw, visible, "reason"),
)


@login_not_required
@require_GET
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """RSS of what is published, for a reader that cannot sign in: the address itself is the reader's key."""
    try:
        account = Account.objects.filter(pk=signing.loads(token, salt=SALT), is_active=True).first()
    except (signing.BadSignature, ValidationError):
        account = None
    if account is None:
        raise Http404
    made = Rss201rev2Feed(
        title=_("源清 · 廉政栏目"),
        link=request.build_absolute_uri(reverse("column:front")),
        description=_("廉政栏目新发布的文章"),
        language="zh-cn",
    )
    for one in Article.objects.published().order_by("-published_at")[:30]:
        address = request.build_absolute_uri(one.get_absolute_url())
        made.add_item(
            title=one.title,
            link=address,
            description=one.summary,
            pubdate=one.published_at,
            unique_id=str(one.pk),
            unique_id_is_permalink=False,
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")


@waiting_source
def waiting(account: Any) -> list[Waiting]:
    """What waits to be edited."""
    if not account.can("education.column.publish"):
        return []
    rows = Article.objects.visible_to(account).filter(state="proposed").exclude(written_by=account.pk)
    count, url = rows.count(), f"{reverse('column:list')}?state=proposed"
    return [Waiting(_("%(n)s 篇栏目稿件等待审核") % {"n": count}, url, _("去审核"), "speech.1.9", count=count)]


navigation.register("education", gettext_lazy("廉政栏目"), "column:front", icon="news", order=50)
navigation.register(
    "education", gettext_lazy("栏目稿件"), "column:list", icon="article", order=52,
    when=lambda account: account.can("education.column.draft") or account.can("education.column.publish"),
)  # fmt: skip

urlpatterns = [
    path("", front, name="front"),
    path("articles/", list_, name="list"),
    path("articles/draft/", draft, name="draft"),
    path("statistics/", statistics, name="statistics"),
    path("feed/<str:token>/", feed, name="feed"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/edit/", edit, name="edit"),
    path("<uuid:pk>/propose/", propose, name="propose"),
    path("<uuid:pk>/publish/", publish, name="publish"),
    path("<uuid:pk>/send-back/", send_back, name="send_back"),
    path("<uuid:pk>/withdraw/", withdraw, name="withdraw"),
]
