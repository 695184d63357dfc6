"""运行状态: what a probe would say, in sentences, for whoever looks after the system."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from yuanqing.kernel.backup import folder
from yuanqing.shell import navigation
from yuanqing.shell.file.queries import kept
from yuanqing.shell.monitor import checks


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Every check, the backups there are, and what the files take up."""
    if not request.user.can("shell.job.view"):  # type: ignore[union-attr]
        raise Http404
    found = folder.backups(folder.backups_folder(Path(settings.HOME)))
    context = {"findings": checks.findings(), "backups": found[:20], "kept": kept()}
    return render(request, "shell/monitor/overview.html", context)


urlpatterns = [path("", overview, name="overview")]
navigation.register(
    "system", gettext_lazy("运行状态"), "monitor:overview", icon="heartbeat", order=58, when=lambda account: account.can("shell.job.view")
)  # fmt: skip
