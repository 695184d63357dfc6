"""记录页组: the pages that every noun of plain records has: one record, a form to make one, a form for each act.

PAGES = RecordPages(Appeal, "appeal", duty=…, trail=…, title=…, facts=…)
detail, file, accept = PAGES.detail, PAGES.create("file", …), PAGES.act("accept", …)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.views.decorators.http import require_GET, require_http_methods

from yuanqing.kernel.acts import insist, lifecycle_of
from yuanqing.kernel.acts.steps import registry
from yuanqing.kernel.records import Record
from yuanqing.shell.form_page import form_page
from yuanqing.shell.record import record_context

Text = str | Promise
Page = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Fact:
    """事项: one line of what is known: a label and a value, perhaps with a link; days and persons as they are shown elsewhere."""

    label: Text
    value: Any
    kind: str = "text"  # text, day or clock
    href: str = ""


@dataclass(frozen=True)
class Passage:
    """文字: a longer text under a heading; lists are shown as lists."""

    label: Text
    text: str = ""
    lines: Sequence[str] = ()


def named(request: HttpRequest, models: Mapping[str, Any]) -> tuple[str, Any]:
    """The record that the address names (`?lead=…`), of whichever of these models; absent for whom it is not there."""
    for name, model in models.items():
        if name in request.GET:
            try:
                pk = UUID(request.GET[name])
            except ValueError as error:
                raise Http404 from error
            return name, get_object_or_404(model.objects.visible_to(request.user), pk=pk)
    raise Http404


def nothing(record: Any, account: Any) -> Iterable[Any]:
    return ()


@dataclass(frozen=True)
class RecordPages:
    """The pages of one kind of record; `facts` and `passages` say what stands on its page for the reader."""

    model: type[Record]
    space: str  # namespace of the noun's addresses
    duty: Text
    trail: Text
    title: Callable[[Any], Text]
    facts: Callable[[Any, Any], Iterable[Fact]]
    passages: Callable[[Any, Any], Iterable[Passage]] = nothing
    related: tuple[str, ...] = ()
    by_system: tuple[str, ...] = ()  # steps that nobody takes by hand
    papers: Callable[[Any, Any], Iterable[tuple[Text, str]]] = nothing  # what can be downloaded: label and address

    def visible(self, request: HttpRequest, pk: UUID) -> Any:
        rows: Any = self.model.objects
        return get_object_or_404(rows.visible_to(request.user).select_related(*self.related), pk=pk)

    def address(self, step: str, pk: UUID) -> str:
        return reverse(f"{self.space}:{'detail' if step in self.by_system else step}", args=[pk])

    @property
    def detail(self) -> Page:
        @require_GET
        def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
            record, account = self.visible(request, pk), request.user
            context = record_context(record, by=account, url=lambda step: self.address(step, pk))
            shown = [button for button in context["buttons"] if button.step not in self.by_system]
            context |= {
                "title": self.title(record), "duty": self.duty, "trail": self.trail, "list": reverse(f"{self.space}:list"),
                "facts": [fact for fact in self.facts(record, account) if fact.value not in (None, "")],
                "passages": [one for one in self.passages(record, account) if one.text or one.lines],
                "open_buttons": [button for button in shown if not button.reason],
                "closed_buttons": [button for button in shown if button.reason],
                "papers": list(self.papers(record, account)),
            }  # fmt: skip
            return render(request, "shell/record_page.html", context)

        return detail

    def act(self, step: str, form_class: type[Any], act: Callable[..., Any], note: Text = "") -> Page:
        """GET shows the form, POST takes the step with what it holds."""

        @require_http_methods(["GET", "POST"])
        def page(request: HttpRequest, pk: UUID) -> HttpResponse:
            record = self.visible(request, pk)
            insist(step, record, by=request.user)
            given = request.POST if request.method == "POST" else None
            form = form_class(given, initial={"version": record.version}, record=record, account=request.user)
            lifecycle = lifecycle_of(self.model)
            row = lifecycle.step(step) if lifecycle else None

            def perform(**values: Any) -> Any:
                version = form.cleaned_data.get("version")
                act(record, by=request.user, expected_version=version, **values)
                return record

            more: dict[str, Any] = {"note": note, "dangerous": bool(row and row.dangerous), "about": self.title(record)}
            back = record.get_absolute_url()
            label = registry[self.model, step].label
            trail = f"{self.duty} · {self.trail}"
            return form_page(request, form, perform, title=str(label), back=back, trail=trail, **more)

        page.__name__ = step
        return page

    def create(self, step: str, form_class: type[Any], act: Callable[..., Any], note: Text = "") -> Page:
        """GET shows the form, POST makes the record and leads to it."""

        @require_http_methods(["GET", "POST"])
        def page(request: HttpRequest) -> HttpResponse:
            insist(step, None, by=request.user, model=self.model)
            given = request.POST if request.method == "POST" else None
            form = form_class(given, initial=request.GET.dict(), record=None, account=request.user)
            back, label = reverse(f"{self.space}:list"), str(registry[self.model, step].label)
            words: dict[str, Any] = {"title": label, "back": back, "trail": f"{self.duty} · {self.trail}", "note": note}
            return form_page(request, form, lambda **values: act(by=request.user, **values), **words)

        page.__name__ = step
        return page
