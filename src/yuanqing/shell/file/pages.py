"""附件: the files a reader may see, each one's page of download, and adding one to a record."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from yuanqing.kernel.acts import Refused
from yuanqing.kernel.store.media import KINDS
from yuanqing.org.unit.models import Unit
from yuanqing.shell import navigation
from yuanqing.shell.file import actions
from yuanqing.shell.file.delivery import deliver
from yuanqing.shell.file.forms import AddForm
from yuanqing.shell.file.models import LEVELS, File
from yuanqing.shell.file.policies import about_refusal
from yuanqing.shell.file.registry import purposes
from yuanqing.shell.filters import Choice, Dates, Search
from yuanqing.shell.listing import Column, Listing


class FileListing(Listing):
    """Every file of every record that the reader may see."""

    name = "file"
    title = gettext_lazy("附件")
    order = "-added_at"
    columns = (
        Column("name", gettext_lazy("文件名"), link=lambda file: file.get_absolute_url(), sort="name", phone=True),
        Column("kind", gettext_lazy("种类")),
        Column(
            "size", gettext_lazy("大小"), value="shown_size", sort="size", phone=True, export=lambda file: file.size
        ),
        Column(
            "purpose", gettext_lazy("用途"), value=lambda file: file.subject.label if file.subject else file.purpose
        ),
        Column("unit", gettext_lazy("单位"), "unit"),
        Column("level", gettext_lazy("密级"), "badge", "get_level_display"),
        Column("added_by", gettext_lazy("上传人")),
        Column("added_at", gettext_lazy("上传时间"), "moment", sort="added_at", phone=True),
        Column("digest", gettext_lazy("校验值"), optional=True),
    )
    filters = (
        Search("q", gettext_lazy("文件名"), ("name",)),
        Choice("media_type", gettext_lazy("种类"), [(name, kind.label) for name, kind in KINDS.items()], facets=True),
        Choice("level", gettext_lazy("密级"), list(LEVELS.items())),
        Dates("added", gettext_lazy("上传日期"), "added_at", is_instant=True),
    )
    empty = gettext_lazy("还没有附件")
    empty_hint = gettext_lazy("打开一条记录，在它的“附件”里上传；上传之后也会列在这里。")


@require_GET
def list_files(request: HttpRequest) -> HttpResponse:
    rows = File.objects.visible_to(request.user).select_related("unit", "added_by")
    return FileListing(request, rows).respond("shell/file/list.html")


@require_safe
def download(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The file itself, as an attachment; ranges are answered, so that a player may jump."""
    return deliver(request, get_object_or_404(File.objects.visible_to(request.user), pk=pk))


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, purpose: str, about: UUID) -> HttpResponse:
    """Add a file to a record; afterwards back to the record."""
    subject = purposes().get(purpose)
    if subject is None:
        raise Http404
    rows: Any = subject.model._default_manager
    record = get_object_or_404(rows.visible_to(request.user), pk=about)
    unit = getattr(record, "unit", None)
    unit = unit if isinstance(unit, Unit) else None
    reason = about_refusal(subject, request.user, about, unit)
    if reason:
        raise Refused(reason)
    form = AddForm(request.POST or None, request.FILES or None, purpose=purpose)
    if request.method == "POST" and form.is_valid():
        found = actions.add(form.cleaned_data["file"], by=request.user, about=about, unit=unit)
        messages.success(request, _("已收下“%(name)s”，%(size)s。") % {"name": found.name, "size": found.shown_size})
        return redirect(record.get_absolute_url())
    status = 422 if request.method == "POST" else 200
    return render(request, "shell/file/add.html", {"form": form, "record": record, "subject": subject}, status=status)


urlpatterns = [
    path("", list_files, name="list"),
    path("<uuid:pk>/", download, name="download"),
    path("add/<str:purpose>/<uuid:about>/", add, name="add"),
]
navigation.register("system", gettext_lazy("附件"), "file:list", icon="paperclip", order=55)
