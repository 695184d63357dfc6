"""月报表格: download the form with what is in it, fill it in at one's desk, upload it into the draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yuanqing.discipline.monthly_return import forms as typed
from yuanqing.discipline.monthly_return.pages import fillable, found, save_typed
from yuanqing.discipline.monthly_return.policies import may_fill
from yuanqing.discipline.monthly_return.queries import Grounds
from yuanqing.discipline.return_sheet import forms
from yuanqing.kernel.packs.form import Form
from yuanqing.shell.importing.reading import read
from yuanqing.shell.importing.sheet import Problem
from yuanqing.shell.importing.template import template
from yuanqing.shell.listing import XLSX


@require_GET
def download(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is typed so far while the return may be filled in; else as it was reported."""
    record = found(request, pk)
    grounds = Grounds(record)
    form, values = grounds.form, cast(Mapping[str, Any], record.cells)
    if not may_fill(record, by=request.user):
        values = typed.as_filled(form, typed.content_of(grounds), grounds.recorded, {}).cells
    book = template(forms.sheets_of(form), forms.rows_of(form, values), on=record.period.month_on)
    response = HttpResponse(book, content_type=XLSX)
    name = f"return-{record.unit.code}-{record.period.month}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
def upload(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A filled sheet into the draft: every cell, or the errors of all of them and nothing."""
    record = fillable(request, pk)
    grounds = Grounds(record)
    form, content = grounds.form, typed.content_of(grounds)
    file = request.FILES.get("file")
    if file is None:
        errors = [Problem(_("请先选择要上传的表格。"))]
    else:
        parsed = read(file.read(), forms.sheets_of(form), check=lambda rows: _unknown(form, rows))
        errors = parsed.errors
    if errors:
        return render(request, "discipline/return_sheet/upload.html", {"record": record, "errors": errors}, status=422)
    posted = {typed.CELL + code: text for code, text in forms.cells_from(form, parsed.rows).items()}
    posted |= {"seen": typed.Sheet(record, form, content, grounds.recorded).seen}
    kept = replace(typed.read_posted(form, posted, content), reasons=content.reasons)
    save_typed(request, record, kept)
    messages.success(request, _("表格已读入，请核对。"))
    return redirect("monthly_return:fill", pk)


def _unknown(form: Form, rows: Mapping[str, list[Any]]) -> Iterable[Problem]:
    known = forms.known_rows(form)
    for sheet, lines in rows.items():
        for row in lines:
            if row[forms.ROW] not in known[sheet]:
                yield row.wrong(
                    forms.ROW, _("报表没有“%(code)s”这一行，请用下载的表格填写。") % {"code": row[forms.ROW]}
                )


urlpatterns = [
    path("<uuid:pk>/sheet.xlsx", download, name="download"),
    path("<uuid:pk>/upload/", upload, name="upload"),
]
