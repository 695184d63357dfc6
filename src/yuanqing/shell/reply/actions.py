"""Doing a keyed write once: the key and the write are one transaction, so that both are there or neither.

Two that come at once: the second waits at the key until the first has committed, and then finds its answer; or, when the first has
failed, does the write itself. Only successes are kept: after a refusal the key is free, and nothing was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from yuanqing.shell.reply.models import Reply

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replay"
KEY = re.compile(r"[\x21-\x7e]{8,200}")
WRITES = frozenset(("POST", "PUT", "PATCH", "DELETE"))
KEPT = timedelta(days=1)
LARGEST = 1 << 20  # an answer larger than this is no answer to a write


def fingerprint_of(request: HttpRequest) -> str:
    told = f"{request.method} {request.get_full_path()}\0{request.content_type}\0".encode()
    if request.content_type == "multipart/form-data":  # its boundary differs each time
        told = f"{request.method} {request.get_full_path()}\0".encode()
        boundary = request.META.get("CONTENT_TYPE", "").partition("boundary=")[2].strip('"').encode()
        return sha256(told + request.body.replace(boundary, b"")).hexdigest()
    return sha256(told + request.body).hexdigest()


def once(request: HttpRequest, account: Any, answer: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    """Answer the request, or give the answer that was given before to the same key."""
    key = request.headers[HEADER]
    if not KEY.fullmatch(key):
        return _told(_("Idempotency-Key 要用 8 到 200 个可见的 ASCII 字符。"))
    fingerprint = fingerprint_of(request)
    with transaction.atomic():
        fresh = Reply.objects.bulk_create(
            [Reply(account_id=account.pk, key=key, fingerprint=fingerprint)], ignore_conflicts=True
        )
        kept = Reply.objects.filter(account_id=account.pk, key=key).first()
        if kept is not None and kept.status:
            return _again(kept, fingerprint)
        if kept is None or kept.fingerprint != fingerprint:
            return _told(_("这个 Idempotency-Key 已经用于内容不同的请求。"))
        response = answer(request)
        if response.status_code >= 400 or response.streaming or len(response.content) > LARGEST:
            transaction.set_rollback(True)
            return response
        Reply.objects.filter(account_id=account.pk, key=fresh[0].key).update(
            status=response.status_code, content_type=response.headers.get("Content-Type", ""), body=response.content
        )
    return response


def _again(kept: Reply, fingerprint: str) -> HttpResponse:
    if kept.fingerprint != fingerprint:
        return _told(_("这个 Idempotency-Key 已经用于内容不同的请求。"))
    response = HttpResponse(bytes(kept.body), status=kept.status, content_type=kept.content_type)
    response.headers[REPLAYED] = "true"
    return response


def _told(sentence: str) -> HttpResponse:
    return JsonResponse({"detail": {HEADER: [sentence]}}, status=422, json_dumps_params={"ensure_ascii": False})


def forget() -> int:
    """Remove answers older than a day."""
    return Reply.objects.filter(answered_at__lt=timezone.now() - KEPT).delete()[0]
