"""查找: one box for everything the reader may see."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from yuanqing.shell.search import queries

PAGE = 25


@require_GET
def results(request: HttpRequest) -> HttpResponse:
    """Grouped by kind; all of one kind with `kind`; a few lines for the command palette."""
    words, kind = request.GET.get("q", "").strip()[:200], request.GET.get("kind", "")
    if request.headers.get("HX-Target") == "palette-results":
        groups = queries.find(words, request.user, each=4)
        return render(request, "shell/search/palette.html", {"groups": groups, "words": words})
    context: dict[str, object] = {"words": words}
    if kind in queries.kinds():
        rows = queries.entries(words, request.user).filter(model=kind).order_by("rank", "title", "pk")
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        context |= {"subject": queries.kinds()[kind], "page": page, "hits": queries.hits(page.object_list, words)}
    else:
        context["groups"] = queries.find(words, request.user)
    return render(request, "shell/search/results.html", context)


urlpatterns = [path("", results, name="results")]
