"""Keeping the store in order: sweeping, and looking whether every content is still what its name says."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from yuanqing.kernel.commands import command
from yuanqing.shell.file import actions
from yuanqing.shell.file.models import File
from yuanqing.shell.file.queries import store


@app.periodic(cron="40 3 * * *")
@app.task(name="yuanqing.sweep_files", queueing_lock="sweep_files")
def sweep_files(timestamp: int) -> None:
    actions.sweep()


@command("files sweep", help=gettext_lazy("清理没有记录引用的文件"))
def sweep() -> str:
    return _("清理了 %(count)d 个文件。") % {"count": actions.sweep()}


@command("files verify", help=gettext_lazy("逐个核对附件的内容和校验值"))
def verify() -> str | int:
    """Exit code 1 when a content is missing or altered; each is named."""
    digests = File.objects.order_by().values_list("digest", flat=True).distinct()
    bad = [digest for digest in digests.iterator() if not store().verify(digest)]
    print("\n".join(bad), end="\n" if bad else "")
    print(_("核对了 %(count)d 个文件，%(bad)d 个缺失或改动。") % {"count": digests.count(), "bad": len(bad)})
    return 1 if bad else 0
