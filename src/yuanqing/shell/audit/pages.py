"""审计: what was done and what was read, to be filtered and exported; nothing here can be changed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from yuanqing.kernel.acts import Refused
from yuanqing.org.account.queries import NOUNS
from yuanqing.shell import navigation
from yuanqing.shell.audit import queries
from yuanqing.shell.audit.policies import refusal
from yuanqing.shell.filters import Choice, Dates, Search
from yuanqing.shell.listing import EXPORT_LIMIT, Column, Listing
from yuanqing.shell.reading.models import KINDS, ReadEntry
from yuanqing.shell.reading.queries import own_nouns, reads_about

TABS = [
    ("audit:done", gettext_lazy("办理痕迹")),
    ("audit:read", gettext_lazy("查阅痕迹")),
    ("audit:exported", gettext_lazy("导出和下载")),
]


def also_under(url_name: str, label: Any) -> None:
    """Put another page of traces (sign-ins) beside these."""
    TABS.append((url_name, label))


def tabs(current: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "href": address, "current": name == current}
        for name, label in TABS
        if (address := navigation.route(name))
    ]


class DoneListing(Listing):
    """The ledger."""

    name = "done"
    title = gettext_lazy("办理痕迹")
    order = "-seq"
    columns = (
        Column("at", gettext_lazy("时间"), "moment", value=lambda e: timezone.localtime(e.at), phone=True),
        Column("who", gettext_lazy("谁"), link=lambda e: e.whose, phone=True),
        Column("what", gettext_lazy("办了什么"), phone=True),
        Column("kind", gettext_lazy("业务对象"), link=lambda e: e.address),
        Column("record", gettext_lazy("记录"), value=lambda e: str(e.record_id)[:8], link=lambda e: e.address),
        Column("version", gettext_lazy("版本"), "number", value=lambda e: e.record_version),
        Column("seq", gettext_lazy("台账编号"), "number", sort="seq"),
    )
    empty = gettext_lazy("没有办理痕迹")
    empty_hint = gettext_lazy("谁登记、修改、审批了什么，都自动记在这里。")

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        self.filters = (  # type: ignore[assignment]
            queries.By("who", gettext_lazy("谁")),
            queries.Noun("noun", gettext_lazy("业务对象")),
            Choice("act", gettext_lazy("办了什么"), queries.act_choices),
            Dates("at", gettext_lazy("时间"), "at", is_instant=True),
        )
        super().__init__(request, rows)

    @cached_property
    def lines(self) -> Any:
        rows = queries.told(self.page.object_list, self.request.user)
        return [[self._cell(column, row) for column in self.shown_columns] for row in rows]

    def _export_rows(self) -> Any:
        return queries.told(self.rows[:EXPORT_LIMIT])


class ReadListing(Listing):
    """The read log."""

    name = "read"
    title = gettext_lazy("查阅痕迹")
    order = "-at"
    columns = (
        Column("at", gettext_lazy("时间"), "moment", sort="at", phone=True),
        Column("by", gettext_lazy("谁"), value=lambda e: str(e.by), link=lambda e: e.by.get_absolute_url(), phone=True),
        Column("kind", gettext_lazy("方式"), value=lambda e: e.get_kind_display(), phone=True),
        Column("noun", gettext_lazy("业务对象"), value=lambda e: str(NOUNS.get(e.noun, e.noun)), phone=True),
        Column("record", gettext_lazy("记录"), value=lambda e: str(e.record_id)[:8] if e.record_id else ""),
        Column("count", gettext_lazy("条数"), "number"),
        Column("filter", gettext_lazy("筛选条件")),
    )
    filters = (
        Search("q", gettext_lazy("谁"), ("by__display_name", "by__username")),
        Choice("noun", gettext_lazy("业务对象"), lambda: list(NOUNS.items())),
        Choice("kind", gettext_lazy("方式"), list(KINDS.items())),
        Dates("at", gettext_lazy("时间"), "at", is_instant=True),
    )
    empty = gettext_lazy("没有查阅痕迹")
    empty_hint = gettext_lazy("谁打开、查找、导出了人员、线索、案件等记录，都自动记在这里。")


class ExportedListing(ReadListing):
    """What left the system as a file."""

    title = gettext_lazy("导出和下载")
    empty = gettext_lazy("没有导出和下载")
    empty_hint = gettext_lazy("谁把清单导出成文件、下载了附件、用程序取走了数据，都自动记在这里。")


def _open(request: HttpRequest, step: str) -> None:
    reason = refusal(step, None, by=request.user)
    if reason:
        raise Refused(reason)


@require_GET
def done(request: HttpRequest) -> HttpResponse:
    """Everything that was done, newest first."""
    _open(request, "done")
    listing = DoneListing(request, queries.entries(request.user))
    return listing.respond("shell/audit/list.html", {"tabs": tabs("audit:done"), "title": DoneListing.title})


def _reads(request: HttpRequest) -> Any:
    _open(request, "read")
    return ReadEntry.objects.visible_to(request.user).select_related("by")


@require_GET
def read(request: HttpRequest) -> HttpResponse:
    """Everything sensitive that was read."""
    listing = ReadListing(request, _reads(request))
    return listing.respond("shell/audit/list.html", {"tabs": tabs("audit:read"), "title": ReadListing.title})


@require_GET
def exported(request: HttpRequest) -> HttpResponse:
    """What left the system as a file."""
    listing = ExportedListing(request, _reads(request).filter(kind__in=["export", "file", "program"]))
    context = {"tabs": tabs("audit:exported"), "title": ExportedListing.title}
    return listing.respond("shell/audit/list.html", context)


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Who read the records about oneself, of the kinds that the roles pack opens to the person concerned."""
    person = getattr(request.user, "person", None)
    rows = reads_about(person)[:200] if person is not None else []
    names = [str(NOUNS.get(noun, noun)) for noun in own_nouns()]
    return render(request, "shell/audit/mine.html", {"rows": rows, "nouns": names, "person": person})


def _looks(account: Any) -> bool:
    return bool(account.can("kernel.ledger.view"))


navigation.register("system", gettext_lazy("审计"), "audit:done", icon="list-details", order=30, when=_looks)

urlpatterns = [
    path("", done, name="done"),
    path("read/", read, name="read"),
    path("exported/", exported, name="exported"),
    path("mine/", mine, name="mine"),
]
