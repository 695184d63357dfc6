"""导入向导: template, upload, preview with every error by row and column, confirmation, result; works without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yuanqing.kernel.acts import Refused
from yuanqing.shell.document.unpack import Limits
from yuanqing.shell.importing import staging
from yuanqing.shell.importing.file import Apply, Check, apply_wholly, told_to
from yuanqing.shell.importing.reading import read
from yuanqing.shell.importing.sheet import Counts, Parsed, Problem, Rejected, Row, Sheet
from yuanqing.shell.importing.template import template, written
from yuanqing.shell.importing.typed import is_blank
from yuanqing.shell.record import Stage

__all__ = ["Counts", "ImportWizard"]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_PROBLEMS = 500
SHOWN_ROWS = 20
Current = Callable[[Any], Mapping[str, Iterable[Mapping[str, Any]]]]


@dataclass(frozen=True)
class ImportWizard:
    """导入向导: ``may`` returns "" or the reason for refusal; ``rows`` gives what exists now, for a filled template."""

    key: str
    title: str | Promise
    sheets: Sequence[Sheet]
    apply: Apply
    may: Callable[[Any], str]
    check: Check | None = None
    back: str = ""
    rows: Current | None = None
    limits: Limits = field(default_factory=Limits)

    def urls(self, prefix: str = "import/") -> list[URLPattern]:
        """Routes to be added to a noun's ``urlpatterns``; the upload page is named by ``key``."""
        return [
            path(prefix, self._view(self.upload), name=self.key),
            path(f"{prefix}template/", require_GET(self._view(self.template)), name=f"{self.key}-template"),
            path(f"{prefix}result/<str:token>/", require_GET(self._view(self.result)), name=f"{self.key}-result"),
            path(f"{prefix}<str:token>/", self._view(self.preview), name=f"{self.key}-preview"),
        ]

    def _view(self, page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """A page behind the permission of this import."""

        def guarded(request: HttpRequest, **arguments: Any) -> HttpResponse:
            reason = self.may(request.user)
            if reason:
                raise Refused(reason)
            return page(request, **arguments)

        return require_http_methods(["GET", "HEAD", "POST"])(guarded)

    def upload(self, request: HttpRequest) -> HttpResponse:
        """选择文件: a sound file goes on to the preview, any other comes back with its errors."""
        if request.method != "POST":
            return self._show(request, "upload")
        sent = request.FILES.get("workbook")
        if sent is None:
            return self._show(
                request, "upload", Parsed(errors=[Problem(_("还没有选择文件。请选择填好的 .xlsx 文件。"))])
            )
        data = sent.read(self.limits.size + 1)
        parsed = self._read(request, data)
        if parsed.errors:
            return self._show(request, "upload", parsed, name=sent.name)
        return redirect(self._url(request, "-preview", staging.keep(data, owner=request.user, key=self.key)))

    def preview(self, request: HttpRequest, token: str) -> HttpResponse:
        """核对并确认: what would be taken over; POST takes it over, or throws the file away."""
        claim = partial(staging.discard, token, owner=request.user, key=self.key)
        try:
            data = staging.fetch(token, owner=request.user, key=self.key)
        except staging.Gone:
            gone = Problem(_("这次上传已经失效（超过一小时、已经导入或已经放弃）。请重新上传。"))
            return self._show(request, "upload", Parsed(errors=[gone]))
        if request.method == "POST" and "discard" in request.POST:
            claim()
            return redirect(self._url(request))
        parsed = self._read(request, data)
        if request.method != "POST":
            return self._show(request, "preview", parsed, token=token)
        try:
            counts = apply_wholly(parsed, self.apply, request.user)
        except Rejected as rejected:
            return self._show(request, "upload", Parsed(errors=rejected.problems))
        claim()
        return redirect(self._url(request, "-result", signing.dumps(asdict(counts), salt=self.key)))

    def result(self, request: HttpRequest, token: str) -> HttpResponse:
        """导入结果: how many were created, changed and already so."""
        try:
            counts = Counts(**signing.loads(token, salt=self.key))
        except signing.BadSignature:
            return redirect(self._url(request))
        return self._show(request, "result", counts=counts)

    def template(self, request: HttpRequest) -> HttpResponse:
        """下载模板: empty, or with ``?filled=1`` holding what exists now."""
        filled = self.rows(request.user) if self.rows and request.GET.get("filled") else None
        today = timezone.localdate()
        headers = {"X-Content-Type-Options": "nosniff"}
        response = HttpResponse(template(self.sheets, filled, on=today), content_type=XLSX, headers=headers)
        name = f"{self.title}{today.isoformat()}.xlsx"
        response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
        return response

    def _read(self, request: HttpRequest, data: bytes) -> Parsed:
        return read(data, self.sheets, check=told_to(request.user, self.check), limits=self.limits)

    def _url(self, request: HttpRequest, suffix: str = "", token: str = "") -> str:
        namespace = request.resolver_match.namespace if request.resolver_match else ""
        name = f"{namespace}:{self.key}{suffix}" if namespace else f"{self.key}{suffix}"
        return reverse(name, args=[token] if token else [])

    def _show(self, request: HttpRequest, page: str, parsed: Parsed | None = None, **more: Any) -> HttpResponse:
        parsed = parsed or Parsed()
        context = {
            "title": self.title,
            "stages": stages(page),
            "sheets": self.sheets,
            "problems": parsed.errors[:SHOWN_PROBLEMS],
            "problem_count": len(parsed.errors),
            "remarks": parsed.remarks[:SHOWN_PROBLEMS],
            "tables": [sample(sheet, parsed.rows.get(sheet.key, [])) for sheet in self.sheets],
            "upload_url": self._url(request),
            "template_url": self._url(request, "-template"),
            "has_rows": self.rows is not None,
            "back_url": reverse(self.back) if self.back else "",
            **more,
        }
        status = 422 if parsed.errors else 200
        return render(request, f"shell/import_{page}.html", context, status=status)


def stages(page: str) -> list[Stage]:
    """Where one stands in the wizard."""
    labels = {"upload": _("下载模板、填写、上传"), "preview": _("核对并确认"), "result": _("完成")}
    place = list(labels).index(page)
    states = ["done" if step < place else "current" if step == place else "todo" for step in range(len(labels))]
    return [Stage(label, state) for label, state in zip(labels.values(), states, strict=True)]


def sample(sheet: Sheet, rows: list[Row]) -> dict[str, Any]:
    """The first rows of a sheet as the preview shows them."""
    lines = [
        {
            "number": row.number,
            "cells": ["" if is_blank(v) else v for v in (written(c, row.get(c.key)) for c in sheet.columns)],
        }
        for row in rows[:SHOWN_ROWS]
    ]
    return {
        "name": sheet.name,
        "columns": sheet.columns,
        "lines": lines,
        "count": len(rows),
        "more": len(rows) > SHOWN_ROWS,
    }
