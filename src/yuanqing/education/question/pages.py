"""题库: the list, one question, and a form for each act."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from yuanqing.education.activity.queries import clauses_of
from yuanqing.education.question import actions, forms
from yuanqing.education.question.lifecycle import LIFECYCLE
from yuanqing.education.question.models import KINDS, Question
from yuanqing.kernel.acts import insist, refusal
from yuanqing.org.unit.pages import within_reach
from yuanqing.shell import navigation
from yuanqing.shell.filters import Choice, InUnit, Search
from yuanqing.shell.form_page import button_page, change_page, form_page
from yuanqing.shell.listing import Column, Listing, View
from yuanqing.shell.record import record_context

TRAIL = gettext_lazy("一 教育 · 题库")
TONES = {"draft": "grey", "active": "green", "retired": "grey"}


class QuestionListing(Listing):
    name = "question"
    title = gettext_lazy("题库")
    order = "stem"
    columns = (
        Column("stem", gettext_lazy("题干"), link=Question.get_absolute_url, sort="stem", phone=True),
        Column("kind", gettext_lazy("题型"), value="get_kind_display", sort="kind", phone=True),
        Column("unit", gettext_lazy("单位"), "unit", sort="unit__path"),
        Column("clauses", gettext_lazy("对应条款"), value=lambda q: _("、").join(q.clauses)),
        Column("state", gettext_lazy("状态"), "badge", "get_state_display", tone=lambda q: TONES[q.state], sort="state", phone=True),
        Column("options", gettext_lazy("选项"), value=lambda q: "\n".join(q.options), optional=True),
        Column("answer", gettext_lazy("答案"), value=lambda q: _("、").join(map(str, q.answer)), optional=True),
    )  # fmt: skip
    views = (View(gettext_lazy("使用中"), "state=active", Q(state="active")),)
    empty = gettext_lazy("题库是空的")
    empty_hint = gettext_lazy("从“出题”开始，或者用“导入试题”把 Excel 里的题一次导入。")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        self.filters = (
            Search("q", gettext_lazy("题干"), ("stem",)),
            Choice("kind", gettext_lazy("题型"), KINDS),
            Choice("state", gettext_lazy("状态"), list(LIFECYCLE.states.items())),
            InUnit("unit", gettext_lazy("单位及下级"), "unit__path", within_reach(request.user)),
        )
        super().__init__(request, rows)


@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    rows = Question.objects.visible_to(request.user).select_related("unit")
    context = {"may_write": not refusal("write", None, by=request.user, model=Question)}
    return QuestionListing(request, rows).respond("education/question/list.html", context)


def visible(request: HttpRequest, pk: UUID) -> Question:
    found: Question = get_object_or_404(Question.objects.visible_to(request.user).select_related("unit"), pk=pk)
    return found


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    record = visible(request, pk)
    shown = record_context(
        record,
        by=request.user,
        url=lambda step: reverse(f"question:{step}", args=[pk]),
        asks={"retire": _("停用的理由")},
    )
    context = {
        **shown,
        "buttons": [button for button in shown["buttons"] if not button.reason],
        "forms": ("edit",),
        "options": [(n, one, n in record.answer) for n, one in enumerate(record.options, 1)],
        "order": [record.options[n - 1] for n in record.answer] if record.kind == "ordering" else [],
        "clauses": clauses_of(record.clauses),
    }
    return render(request, "education/question/detail.html", context)


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    insist("write", None, by=request.user, model=Question)
    form = forms.Write(request.POST or None, account=request.user)
    run: Any = lambda **values: actions.write(by=request.user, **values)  # noqa: E731
    return form_page(request, form, run, title=_("出题"), back=reverse("question:list"), trail=TRAIL)


def _held(record: Question) -> dict[str, Any]:
    return {name: getattr(record, name) for name in ("kind", "stem", "explanation")} | {
        "options": "\n".join(record.options),
        "answer": "、".join(map(str, record.answer)),
        "clauses": "、".join(record.clauses),
    }


edit = change_page(
    "edit", actions.edit, visible, forms.Edit, title=gettext_lazy("修改试题"), trail=TRAIL, initial=_held
)
activate, retire = button_page(actions.activate, visible), button_page(actions.retire, visible, "reason")

navigation.register(
    "education", gettext_lazy("题库"), "question:list", icon="list", order=26,
    when=lambda account: account.can("education.question.view"),
)  # fmt: skip

urlpatterns = [
    path("", list_, name="list"),
    path("write/", write, name="write"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/edit/", edit, name="edit"),
    path("<uuid:pk>/activate/", activate, name="activate"),
    path("<uuid:pk>/retire/", retire, name="retire"),
]
