"""发送: a file on its way out: always as an attachment that no browser opens as a page, whole or in ranges, never held in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, parse_etags

from yuanqing.shell.file.models import File
from yuanqing.shell.file.queries import store

RANGE = re.compile(r"bytes=(\d*)-(\d*)")
OPEN_RANGE = (
    4 << 20
)  # what one answer to “from here on” carries: a player asks again, and no thread is held for a whole film
CHUNK = 256 << 10
SANDBOX = "sandbox; default-src 'none'; style-src 'none'; script-src 'none'; frame-ancestors 'none'"


def deliver(request: HttpRequest, file: File) -> HttpResponseBase:
    """200, 206, 304 or 416. The reader's right to the file has been established by the caller."""
    etag = f'"{file.digest}"'
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return _safe(HttpResponseNotModified(), file, etag)
    path = store().path(file.digest)
    if settings.ACCEL:
        response: HttpResponseBase = HttpResponse()
        response.headers["X-Accel-Redirect"] = f"/stored/{path.parent.name}/{path.name}"
        return _safe(response, file, etag)
    wanted = request.headers.get("Range", "")
    if not wanted or request.headers.get("If-Range", etag) != etag or not RANGE.fullmatch(wanted):
        response = FileResponse(path.open("rb"))
        response.headers["Content-Length"] = str(file.size)
        return _safe(response, file, etag)
    return _safe(_part(path, wanted, file.size), file, etag)


def _part(path: Path, wanted: str, size: int) -> HttpResponseBase:
    begin, end = span(wanted, size)
    if begin >= size or end < begin:
        response: HttpResponseBase = HttpResponse(status=416)
        response.headers["Content-Range"] = f"bytes */{size}"
        return response
    response = StreamingHttpResponse(_read(path, begin, end), status=206)
    response.headers["Content-Range"] = f"bytes {begin}-{end}/{size}"
    response.headers["Content-Length"] = str(end - begin + 1)
    return response


def span(wanted: str, size: int) -> tuple[int, int]:
    """First and last byte, both included; an open end is cut to what one answer carries."""
    found = RANGE.fullmatch(wanted)
    assert found is not None
    first, last = found.groups()
    if first == "":
        return (max(0, size - int(last)), size - 1) if last and int(last) else (size, size)
    begin = int(first)
    return begin, min(int(last) if last else begin + OPEN_RANGE - 1, size - 1)


def _read(path: Path, begin: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(begin)
        left = end - begin + 1
        while left and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk


def _safe(response: Any, file: File, etag: str) -> HttpResponseBase:
    disposition = content_disposition_header(as_attachment=True, filename=file.name)
    headers = {
        "Content-Type": file.media_type,
        "Content-Disposition": disposition or "attachment",
        "Content-Security-Policy": SANDBOX,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-cache",
        "Accept-Ranges": "bytes",
        "ETag": etag,
    }
    for header, value in headers.items():
        response.headers[header] = value
    found: HttpResponseBase = response
    return found
