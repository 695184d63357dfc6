"""收件箱: notices and reminders, newest first."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from yuanqing.shell import navigation
from yuanqing.shell.inbox.actions import mark_read
from yuanqing.shell.inbox.models import Message
from yuanqing.shell.inbox.queries import unread_count

PAGE = 25


@require_GET
def list_messages(request: HttpRequest) -> HttpResponse:
    only_unread = request.GET.get("show") == "unread"
    rows = Message.objects.visible_to(request.user)
    shown = rows.filter(read_at__isnull=True) if only_unread else rows
    page = Paginator(shown.order_by("-sent_at", "-pk"), PAGE).get_page(request.GET.get("page"))
    unread = unread_count(request.user)
    return render(request, "shell/inbox/list.html", {"page": page, "unread": unread, "only_unread": only_unread})


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Opening a message reads it: marking it read is no act on a record and may happen on a GET."""
    message = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    mark_read(request.user, Message.objects.filter(pk=message.pk))
    return render(request, "shell/inbox/detail.html", {"message": message})


@require_POST
def open_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark as read and go where the message points."""
    message = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    mark_read(request.user, Message.objects.filter(pk=message.pk))
    safe = url_has_allowed_host_and_scheme(message.link, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(message.link) if message.link and safe else redirect("inbox:list")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    count = mark_read(request.user)
    messages.success(
        request, ngettext("%(count)d 条消息已标为已读。", "%(count)d 条消息已标为已读。", count) % {"count": count}
    )
    return redirect("inbox:list")


urlpatterns = [
    path("", list_messages, name="list"),
    path("read/", read_all, name="read_all"),
    path("<int:pk>/", detail, name="detail"),
    path("<int:pk>/open/", open_message, name="open"),
]
navigation.provide("inbox_count", lambda request: unread_count(request.user))
