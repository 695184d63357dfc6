"""测验: one quiz with its results and the analysis of its questions; the paper, whose every answer is kept as it is given."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from yuanqing.education.activity.pages import visible as of_activity
from yuanqing.education.quiz import actions, forms, queries
from yuanqing.education.quiz.lifecycle import ATTEMPT_LIFECYCLE, LIFECYCLE
from yuanqing.education.quiz.models import STAGES, Attempt, Quiz
from yuanqing.kernel.acts import Refused
from yuanqing.org.unit.pages import within_reach
from yuanqing.shell import navigation
from yuanqing.shell.charts import bars
from yuanqing.shell.filters import Choice, InUnit, Search
from yuanqing.shell.form_page import button_page, change_page, part_page
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record import record_context

TRAIL = gettext_lazy("一 教育 · 测验")
TONES = {"draft": "grey", "open": "accent", "closed": "green"}


class QuizListing(Listing):
    name = "quiz"
    title = gettext_lazy("测验")
    order = "-activity__begins_on"
    columns = (
        Column("title", gettext_lazy("名称"), link=Quiz.get_absolute_url, sort="title", phone=True),
        Column("activity", gettext_lazy("教育活动"), value="activity.title", sort="activity__title"),
        Column("stage", gettext_lazy("先后"), value="get_stage_display", sort="stage"),
        Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda q: TONES[q.state], sort="state", phone=True),
        Column("length", gettext_lazy("题数"), "number"),
        Column("pass_mark", gettext_lazy("合格分"), "number"),
        Column("minutes", gettext_lazy("限时（分钟）"), "number"),
        Column("tries", gettext_lazy("最多作答次数"), "number"),
    )  # fmt: skip
    views = (View(gettext_lazy("可以作答"), "state=open", Q(state="open")),)
    empty = gettext_lazy("还没有测验")
    empty_hint = gettext_lazy("打开一项教育活动，用“准备测验”从题库抽题。")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        self.filters = (
            Search("q", gettext_lazy("名称"), ("title", "activity__title")),
            Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
            Choice("stage", gettext_lazy("先后"), STAGES),
        )
        super().__init__(request, rows)


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    rows = Quiz.objects.visible_to(request.user).select_related("activity")
    return QuizListing(request, rows).respond("education/quiz/list.html")


def visible(request: HttpRequest, pk: UUID) -> Quiz:
    rows = Quiz.objects.visible_to(request.user).select_related("unit", "activity__campaign")
    found: Quiz = get_object_or_404(rows, pk=pk)
    return found


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """To those invited: the terms, one's tries and the button; to those above: results, before and after."""
    record = visible(request, pk)
    account: Any = request.user
    manages = account.can("education.quiz.view")
    attempts = Attempt.objects.visible_to(account).filter(quiz=record)
    own = list(queries.own(record, account)) if account.person_id else []
    shown = record_context(record, by=account, url=lambda step: reverse(f"quiz:{step}", args=[pk]))
    effect = queries.effect(record.activity, Attempt.objects.visible_to(account)) if manages else None
    context = {
        **shown,
        "buttons": [b for b in shown["buttons"] if not b.reason] if manages else [],
        "forms": ("edit",),
        "manages": manages,
        "own": own,
        "under_way": next((one for one in own if one.state == "sitting"), None),
        "may_begin": record.state == "open" and bool(account.person_id) and len(own) < record.tries and not any(o.is_passed or o.state == "sitting" for o in own),
        "summary": queries.summary(attempts) if manages else None,
        "effect": effect if effect and effect.people else None,
        "means": [effect.before // 100, effect.after // 100] if effect else [],
    }  # fmt: skip
    return render(request, "education/quiz/detail.html", context)


class AttemptListing(Listing):
    name = "attempt"
    title = gettext_lazy("成绩")
    order = "unit__path"
    columns = (
        Column("person", gettext_lazy("姓名"), "person", sort="person__sort_key", phone=True),
        Column("number_", gettext_lazy("人员编号"), value="person.number"),
        Column("unit", gettext_lazy("单位"), "unit", sort="unit__path"),
        Column("number", gettext_lazy("第几次"), "number", sort="number"),
        Column("state", gettext_lazy("状态"), value="get_state_display", sort="state"),
        Column("score", gettext_lazy("分数"), "number", sort="score", phone=True),
        Column("is_passed", gettext_lazy("合格"), "badge", value=lambda a: _("合格") if a.is_passed else _("不合格") if a.score is not None else "", tone=lambda a: "green" if a.is_passed else "amber", sort="is_passed", phone=True),
        Column("marked_at", gettext_lazy("交卷时间"), "moment", sort="marked_at"),
    )  # fmt: skip
    views = (
        View(gettext_lazy("不合格的"), "is_passed=False", Q(is_passed="False")),
        View(gettext_lazy("合格的"), "is_passed=True", Q(is_passed="True")),
    )
    empty = gettext_lazy("还没有人作答")
    empty_hint = gettext_lazy("开放以后，每一份答卷列在这里。")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        self.filters = (
            Search("q", gettext_lazy("姓名、编号"), ("person__name", "person__number")),
            InUnit("unit", gettext_lazy("单位及下级"), "unit__path", within_reach(request.user)),
            Choice("state", gettext_lazy("状态"), list(ATTEMPT_LIFECYCLE.states.items())),
            Choice("is_passed", gettext_lazy("合格"), (("True", gettext_lazy("是")), ("False", gettext_lazy("否")))),
        )
        super().__init__(request, rows)


@require_GET
def results(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = visible(request, pk)
    rows = Attempt.objects.visible_to(request.user).filter(quiz=record).select_related("person", "unit")
    return AttemptListing(request, rows).respond("education/quiz/results.html", {"record": record})


@require_GET
def items(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How each question fared: the hardest first; one that the better half does not answer better is a bad question."""
    record = visible(request, pk)
    account: Any = request.user
    if not account.can("education.quiz.view"):
        raise Refused(_("您的角色没有这项权限。需要时请联系安全管理员。"))
    found = queries.items(Attempt.objects.visible_to(account).filter(quiz=record))
    labels = [str(question) if question else "—" for question, _one in found[:20]]
    chart = bars(
        _("哪些题答错的人多"), labels, [(_("答对"), [round(one.share / 100, 1) for _question, one in found[:20]])], unit="%",
        source=_("已交的答卷"), corner=_("试题"),
    )  # fmt: skip
    context = {"record": record, "items": found, "chart": chart if found else None}
    return render(request, "education/quiz/items.html", context)


def _own(request: HttpRequest, pk: UUID) -> Attempt:
    account: Any = request.user
    rows = Attempt.objects.visible_to(account).select_related("quiz__activity", "person")
    found: Attempt = get_object_or_404(rows, pk=pk)
    return found


@never_cache
@require_GET
def sit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The paper with what is answered so far; afterwards the result, and what was right."""
    attempt = _own(request, pk)
    account: Any = request.user
    is_own = attempt.person_id == account.person_id
    if attempt.state == "sitting" and not is_own:
        raise Refused(_("正在作答，交卷以后才能看。"))
    left = max(0, int((attempt.ends_at - timezone.now()).total_seconds()))
    lines = queries.lines(attempt)
    context = {
        "record": attempt, "quiz": attempt.quiz, "lines": lines, "left": left, "is_own": is_own,
        "answered": sum(bool(line.chosen) for line in lines), "asks": request.GET.get("sure") == "yes",
        "shows_answers": not is_own or attempt.is_passed or attempt.number >= attempt.quiz.tries or attempt.quiz.state == "closed",
        "marked": [(line, attempt.results.get(str(line.question.pk)), _right(line)) for line in lines] if attempt.state == "marked" else [],
    }  # fmt: skip
    return render(request, "education/quiz/sit.html", context)


def _right(line: queries.Line) -> str:
    separator = " → " if line.question.kind == "ordering" else "、"
    return separator.join(line.question.options[n - 1] for n in line.question.answer)


@require_POST
def begin(request: HttpRequest, pk: UUID) -> HttpResponse:
    quiz = visible(request, pk)
    try:
        return redirect(actions.begin(by=request.user, quiz=quiz))
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error


@require_POST
def save(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One answer, as soon as it is given; what stands in the way is told in plain text beside the question."""
    attempt = _own(request, pk)
    status, sentence = _save(request, attempt)
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")


def _save(request: HttpRequest, attempt: Attempt) -> tuple[int, str]:
    """Every question that the form sends; (200, when it was kept) or (409 or 422, why not)."""
    lines = {f"q{line.position}": line for line in queries.lines(attempt)}
    try:
        for name in request.POST:
            if name not in lines:
                continue
            line, given = lines[name], request.POST.getlist(name)
            if line.question.kind == "ordering" and not all(given):
                continue  # not all ranks are typed yet
            actions.save(
                attempt, by=request.user, position=line.position, shown=forms.shown_numbers(line.question.kind, given)
            )
    except ValueError:
        return 422, _("排序的号码重复了，或者选项不对，没有保存。")
    except ValidationError as error:
        return 422, " ".join(error.messages)
    except Refused as error:
        return 409, str(error)
    return 200, _("已保存 %(at)s") % {"at": timezone.localtime().strftime("%H:%M:%S")}


@require_POST
def hand_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Whatever the page still holds is saved first; then the paper is marked, once the sitter knows what is left open."""
    attempt = _own(request, pk)
    status, sentence = _save(request, attempt)
    if status == 422 or request.POST.get("then") == "save":
        (messages.warning if status != 200 else messages.success)(request, sentence)
        return redirect(attempt)
    left_open = [str(n) for n, line in enumerate(queries.lines(attempt), 1) if not line.chosen]
    if left_open and status == 200 and not request.POST.get("sure"):
        words = {"numbers": _("、").join(left_open)}
        messages.warning(request, _("第 %(numbers)s 题还没有答。答完再交；或者按下面的“就这样交卷”。") % words)
        return redirect(f"{attempt.get_absolute_url()}?sure=yes")
    actions.hand_in(attempt, by=request.user)
    if attempt.is_passed:
        messages.success(request, _("考了 %(score)s 分，合格。") % {"score": attempt.score})
    else:
        messages.warning(
            request,
            _("考了 %(score)s 分，%(least)s 分合格。") % {"score": attempt.score, "least": attempt.quiz.pass_mark},
        )
    return redirect(attempt)


prepare = part_page(
    "prepare", actions.prepare, of_activity, forms.Prepare, model=Quiz, title=gettext_lazy("准备测验"), trail=TRAIL,
)  # fmt: skip


def _held(record: Quiz) -> dict[str, Any]:
    names = ("title", "length", "pass_mark", "tries", "minutes")
    return {name: getattr(record, name) for name in names} | {"clauses": "、".join(record.clauses)}


edit = change_page(
    "edit", actions.edit, visible, forms.Edit, title=gettext_lazy("修改测验"), trail=TRAIL, initial=_held
)
offer, close = button_page(actions.offer, visible), button_page(actions.close, visible)

navigation.register(
    "education", gettext_lazy("测验"), "quiz:list", icon="checklist", order=24,
    when=lambda account: account.can("education.quiz.view"),
)  # fmt: skip

urlpatterns = [
    path("", list_, name="list"),
    path("prepare/<uuid:activity>/", prepare, name="prepare"),
    path("attempt/<uuid:pk>/", sit, name="sit"),
    path("attempt/<uuid:pk>/save/", save, name="save"),
    path("attempt/<uuid:pk>/hand-in/", hand_in, name="hand_in"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/results/", results, name="results"),
    path("<uuid:pk>/items/", items, name="items"),
    path("<uuid:pk>/begin/", begin, name="begin"),
    path("<uuid:pk>/edit/", edit, name="edit"),
    path("<uuid:pk>/offer/", offer, name="offer"),
    path("<uuid:pk>/close/", close, name="close"),
]
