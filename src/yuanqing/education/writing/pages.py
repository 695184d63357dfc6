"""总结报告和感受体会: the list, one's own, the editor, the text under review, and two texts side by side."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yuanqing.education.writing import actions, forms, queries, rules
from yuanqing.education.writing.lifecycle import LIFECYCLE
from yuanqing.education.writing.models import Draft, Match, Version, Writing
from yuanqing.education.writing.policies import may_read_other, may_write
from yuanqing.kernel import typed
from yuanqing.kernel.acts import Conflict, Refused, insist, refusal
from yuanqing.norms.obligation.models import Obligation
from yuanqing.org.unit.pages import within_reach
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, Dates, InUnit, Search
from yuanqing.shell.form_page import form_page
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record import record_context
from yuanqing.shell.worklist.sources import Waiting, waiting_source

TRAIL = gettext_lazy("一 教育 · 总结报告和感受体会")
TONES = {"draft": "grey", "submitted": "accent", "returned": "amber", "accepted": "green", "archived": "grey"}
MATCH_TONES = {"asked": "amber", "explained": "accent", "cleared": "grey"}


def _years() -> list[tuple[int, str]]:
    this = timezone.localdate().year
    return [(year, str(year)) for year in range(this, this - 6, -1)]


class WritingListing(Listing):
    name = "writing"
    title = gettext_lazy("总结报告和感受体会")
    order = "-submitted_at"
    columns = (
        Column("title", gettext_lazy("题目"), link=Writing.get_absolute_url, sort="title", phone=True),
        Column("person", gettext_lazy("作者"), "person", sort="person__sort_key", phone=True),
        Column("unit", gettext_lazy("单位"), "unit", sort="unit__path"),
        Column("kind", gettext_lazy("种类"), value="kind_label", sort="kind"),
        Column("year", gettext_lazy("年度"), value=lambda w: str(w.year), sort="year"),
        Column(
            "state",
            gettext_lazy("状态"),
            "badge",
            "get_state_display",
            tone=lambda w: TONES[w.state],
            sort="state",
            phone=True,
        ),
        Column("length", gettext_lazy("字数"), "number", sort="length"),
        Column("edition", gettext_lazy("第几稿"), "number", sort="edition", optional=True),
        Column("questions", gettext_lazy("相同文字"), "number", sort="questions"),
        Column("shared", gettext_lazy("最高比例"), "percent", value=lambda w: w.shared or None, sort="shared"),
        Column("submitted_at", gettext_lazy("首次提交"), "moment", sort="submitted_at"),
    )
    views = (
        View(gettext_lazy("待审阅"), "state=submitted", Q(state="submitted")),
        View(gettext_lazy("有相同文字的"), "asked=yes", Q(questions__gt=0)),
    )
    empty = gettext_lazy("还没有人提交")
    empty_hint = gettext_lazy("党组成员的总结报告、中层领导的感受体会提交以后列在这里；谁还没有写，看“应履行事项”。")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        self.filters = (
            Search("q", gettext_lazy("题目、作者"), ("title", "person__name", "person__number")),
            Choice("kind", gettext_lazy("种类"), lambda: [(o.code, o.label) for o in queries.outlines().values()]),
            Choice("year", gettext_lazy("年度"), _years),
            Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
            InUnit("unit", gettext_lazy("单位及下级"), "unit__path", within_reach(request.user)),
            Dates("submitted", gettext_lazy("提交日期"), "submitted_at", is_instant=True),
        )
        super().__init__(request, rows)


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    rows = queries.with_questions(Writing.objects.visible_to(request.user).select_related("person", "unit"))
    if request.GET.get("asked") == "yes":
        rows = rows.filter(questions__gt=0)
    account: Any = request.user
    context = {"may_archive": account.can("education.writing.archive"), "writes": bool(account.person_id)}
    return WritingListing(request, rows).respond("education/writing/list.html", context)


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What I wrote, and what I still owe."""
    account: Any = request.user
    kinds = {outline.obligation: outline for outline in queries.outlines().values()}
    owed = Obligation.objects.visible_to(account).owed().filter(kind__in=kinds, person_id=account.person_id)
    written = list(queries.own_writings(account).order_by("-year", "kind"))
    begun = {(w.kind, w.year) for w in written}
    wanted = [
        (one, kinds[one.kind]) for one in owed.select_related("clause__pack")
        if (kinds[one.kind].code, timezone.localtime(one.due_at).year) not in begun
    ]  # fmt: skip
    lines = [(writing, TONES[writing.state]) for writing in written]
    context = {
        "written": lines,
        "wanted": wanted,
        "outlines": queries.outlines().values(),
        "year": timezone.localdate().year,
    }
    return render(request, "education/writing/mine.html", context)


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Begin what an obligation asks for, or another of the kinds; a writing begun before is opened again."""
    account: Any = request.user
    insist("start", None, by=account, model=Writing)
    given = request.POST if request.method == "POST" else request.GET
    kind, year, unit = given.get("kind", ""), typed.whole(given.get("year")) or 0, account.person.unit
    owed = Obligation.objects.visible_to(account).filter(
        person_id=account.person_id, pk__in=_uuids(given.get("obligation"))
    )
    one = owed.select_related("unit").first()
    if one is not None:
        kind = next((o.code for o in queries.outlines().values() if o.obligation == one.kind), kind)
        year, unit = timezone.localtime(one.due_at).year, one.unit
    known = queries.own_writings(account).filter(kind=kind, year=year).first()
    if known is not None:
        return redirect("writing:edit" if not may_write(known, by=account) else "writing:detail", known.pk)
    if request.method == "GET":
        outline = queries.outlines().get(kind)
        if outline is None:
            return redirect("writing:mine")
        context = {"outline": outline, "year": year or "", "obligation": one}
        return render(request, "education/writing/start.html", context)
    try:
        made = actions.start(by=account, kind=kind, year=year, person=account.person, unit=unit)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    return redirect("writing:edit", made.pk)


def _uuids(text: str | None) -> list[UUID]:
    """The one that the text names, or none."""
    try:
        return [UUID(text or "")]
    except ValueError:
        return []


def visible(request: HttpRequest, pk: UUID) -> Writing:
    rows = Writing.objects.visible_to(request.user).select_related("person", "unit", "reviewed_by")
    found: Writing = get_object_or_404(rows, pk=pk)
    return found


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The editor: it saves itself; “提交” compares it with the outline and with what others wrote."""
    writing = visible(request, pk)
    reason = may_write(writing, by=request.user)
    if reason:
        raise Refused(reason)
    draft = Draft.objects.get(writing=writing)
    form = forms.Edit(
        request.POST or None, initial={"title": draft.title, "body": draft.body, "revision": draft.revision}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_draft(writing, by=request.user, **form.cleaned_data)
            if request.POST.get("then") != "submit":
                messages.success(request, _("已保存。"))
                return redirect("writing:edit", pk)
            actions.submit(writing, by=request.user)
            return redirect(writing)
        except ValidationError as error:
            form.add_error(None, error)
        except Conflict as error:
            form.add_error(None, str(error))
    outline = queries.outlines()[writing.kind]
    context = {
        "record": writing,
        "form": form,
        "draft": draft,
        "outline": outline,
        "length": rules.length(draft.body),
        "upload": forms.Upload(),
    }
    return render(request, "education/writing/edit.html", context, status=422 if form.errors else 200)


@require_POST
def draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where the editor saves itself; what stands in the way is told in plain text."""
    form = forms.Edit(request.POST)
    if not form.is_valid():
        return HttpResponse(_("太长了，没有保存。"), status=422, content_type="text/plain; charset=utf-8")
    try:
        saved = actions.save_draft(visible(request, pk), by=request.user, **form.cleaned_data)
    except Refused as error:
        return HttpResponse(str(error), status=409, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204, headers={"X-Revision": str(saved.revision)})


@require_POST
def upload(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The words of a DOCX take the place of the draft's."""
    writing = visible(request, pk)
    form = forms.Upload(request.POST, request.FILES)
    if form.is_valid():
        title = Draft.objects.get(writing=writing).title
        actions.save_draft(writing, by=request.user, title=title, body=form.cleaned_data["file"])
        messages.success(request, _("文件里的文字已经读进来，请核对后提交。"))
    else:
        for sentence in form.errors.get("file", [_("请选择文件。")]):
            messages.error(request, str(sentence))
    return redirect("writing:edit", pk)


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The text with the comments at its paragraphs, the questions about shared words, and what happened."""
    writing = visible(request, pk)
    account: Any = request.user
    number = typed.whole(request.GET.get("version"))
    versions = list(writing.versions.defer("body"))
    comments: Any = writing.comments
    shown = writing.versions.filter(number=writing.edition if number is None else number).first()
    notes: dict[int, list[Any]] = {}
    for one in comments.filter(number=shown.number).select_related("by") if shown else ():
        notes.setdefault(one.paragraph, []).append(one)
    lines = rules.paragraphs(shown.body) if shown else []
    is_own = writing.person_id == account.person_id
    matches = queries.matches_of(writing)
    asks = {"send_back": _("哪里要改")}
    context = {
        **record_context(writing, by=account, url=lambda step: reverse("writing:edit" if step == "submit" else f"writing:{step}", args=[pk]), asks=asks),
        "shown": shown,
        "versions": versions,
        "paragraphs": [(n, line, notes.get(n, [])) for n, line in enumerate(lines, 1)],
        "matches": [(match, MATCH_TONES[match.state], source_of(match, account)) for match in matches],
        "is_own": is_own,
        "may_write": not may_write(writing, by=account),
        "may_comment": writing.state == "submitted" and shown is not None and shown.number == writing.edition and not refusal("comment", writing, by=account),
    }  # fmt: skip
    return render(request, "education/writing/detail.html", context)


def source_of(match: Match, account: Any) -> str:
    """Where the words were found: with the author's name for those who may read that text, else its year and kind."""
    if match.text is not None:
        return _("下发的《%(title)s》") % {"title": match.text.notice.title}
    assert match.other is not None
    other = match.other.writing
    if may_read_other(match, by=account):
        return str(other)
    return _("另一篇 %(year)s 年的%(kind)s") % {"year": other.year, "kind": other.kind_label}


@require_http_methods(["GET", "POST"])
def compare(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Two texts side by side with the shared passages marked; the author sees of the other the passages only."""
    match = queries.with_its_source(get_object_or_404(Match.objects.visible_to(request.user), pk=pk))
    own = Version.objects.filter(writing=match.writing_id, number=match.number).first()
    if own is None:
        raise Http404
    reason = refusal("explain", match, by=request.user)
    if reason and request.method == "POST":
        raise Refused(reason)
    form = forms.Explain(
        request.POST or None, account=request.user, initial={"version": match.version, "explanation": match.explanation}
    )
    if request.method == "POST" and form.is_valid():
        actions.explain(match, by=request.user, expected_version=form.cleaned_data["version"], **form.values)
        messages.success(request, _("说明已经送给审阅人。"))
        return redirect(match.writing)
    assert match.other is not None or match.text is not None
    other = match.other.body if match.other is not None else match.text.body if match.text is not None else ""
    reads = may_read_other(match, by=request.user)
    context = {
        "match": match,
        "source": source_of(match, request.user),
        "own": rules.as_read(rules.marked(own.body, [(a, b) for a, b, _c, _d in match.passages])),
        "other": rules.as_read(rules.marked(other, [(c, d) for _a, _b, c, d in match.passages]) if reads else [(other[c:d], True) for _a, _b, c, d in match.passages]),
        "reads": reads,
        "form": None if reason else form,
    }  # fmt: skip
    return render(request, "education/writing/compare.html", context, status=422 if form.errors else 200)


@require_POST
def comment(request: HttpRequest, pk: UUID) -> HttpResponse:
    writing = visible(request, pk)
    form = forms.Remark(request.POST, account=request.user)
    try:
        if form.is_valid():
            actions.comment(writing, by=request.user, **form.values)
        else:
            messages.error(request, _("批注没有保存：请写明批注内容。"))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(writing)


def _review(step: str) -> Any:
    @require_POST
    def page(request: HttpRequest, pk: UUID) -> HttpResponse:
        writing = visible(request, pk)
        words = {} if step == "archive" else {"note": request.POST.get("note", "")}
        try:
            getattr(actions, step)(writing, by=request.user, **words)
        except ValidationError as error:
            raise Refused(" ".join(error.messages)) from error
        return redirect(writing)

    page.__name__ = step
    return page


accept, send_back, archive = _review("accept"), _review("send_back"), _review("archive")


@require_http_methods(["GET", "POST"])
def archive_year(request: HttpRequest) -> HttpResponse:
    insist("archive_year", None, by=request.user, model=Writing)
    form = forms.ArchiveYear(
        request.POST or None, account=request.user, initial={"year": timezone.localdate().year - 1}
    )
    run: Any = lambda **values: actions.archive_year(by=request.user, **values)  # noqa: E731
    return form_page(
        request, form, run, title=_("归档一年"), back=reverse("writing:list"), trail=TRAIL,
        note=_("已接收的都归档，归档以后不再变动；没有接收的留着。"),
    )  # fmt: skip


@waiting_source
def waiting(account: Any) -> list[Waiting]:
    """What waits to be reviewed, and questions the author has not answered."""
    lines = []
    if account.can("education.writing.accept"):
        rows = Writing.objects.visible_to(account).filter(state="submitted").exclude(person_id=account.person_id)
        count = rows.count()
        url = f"{reverse('writing:list')}?state=submitted"
        lines.append(
            Waiting(_("%(n)s 篇总结报告或感受体会等待审阅") % {"n": count}, url, _("去审阅"), "speech.1.6", count=count)
        )
    if account.person_id:
        asked = list(
            Match.objects.filter(writing__person_id=account.person_id, state="asked").values_list("pk", flat=True)
        )
        count = len(asked)
        lines.append(
            Waiting(
                _("%(n)s 处相同文字请您说明") % {"n": count},
                reverse("writing:compare", args=asked[:1]) if asked else reverse("writing:mine"),
                _("去说明"),
                "speech.1.6",
                count=count,
            )
        )
    return lines


navigation.register(
    "education", gettext_lazy("总结报告和感受体会"), "writing:list", icon="writing", order=30,
    when=lambda account: account.can("education.writing.view"),
)  # fmt: skip
navigation.register(
    "education", gettext_lazy("我写的"), "writing:mine", icon="pencil", order=12,
    when=lambda account: bool(account.person_id),
)  # fmt: skip

urlpatterns = [
    path("", list_, name="list"),
    path("mine/", mine, name="mine"),
    path("start/", start, name="start"),
    path("archive-year/", archive_year, name="archive_year"),
    path("match/<uuid:pk>/", compare, name="compare"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/edit/", edit, name="edit"),
    path("<uuid:pk>/draft/", draft, name="draft"),
    path("<uuid:pk>/upload/", upload, name="upload"),
    path("<uuid:pk>/comment/", comment, name="comment"),
    path("<uuid:pk>/accept/", accept, name="accept"),
    path("<uuid:pk>/send-back/", send_back, name="send_back"),
    path("<uuid:pk>/archive/", archive, name="archive"),
]
