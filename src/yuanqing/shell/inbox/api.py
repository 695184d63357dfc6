"""The account's own messages for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from ninja.pagination import paginate

from yuanqing.shell.inbox.actions import mark_read
from yuanqing.shell.inbox.models import Message

router = Router()


class InboxProblem(Schema):
    detail: Any


class MessageOut(Schema):
    id: int
    kind: str
    title: str
    body: str
    link: str
    sent_at: datetime
    read_at: datetime | None


class Marked(Schema):
    marked: int


@router.get("/", response={200: list[MessageOut]})
@paginate
def list_messages(request: HttpRequest, unread: bool = False) -> Any:
    rows = Message.objects.visible_to(request.user).order_by("-sent_at", "-pk")
    return rows.filter(read_at__isnull=True) if unread else rows


@router.post("/read/", response={200: Marked})
def read_all(request: HttpRequest) -> Any:
    return {"marked": mark_read(request.user)}


@router.post("/{int:pk}/read/", response={200: Marked, 404: InboxProblem})
def read_one(request: HttpRequest, pk: int) -> Any:
    message = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    return {"marked": mark_read(request.user, Message.objects.filter(pk=message.pk))}
