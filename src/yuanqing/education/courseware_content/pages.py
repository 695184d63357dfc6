"""课件内容: a file of a package for whoever holds the key; see docs/adr on why a key, and why the runtime stands in the page.

Pages of packages are programs that others wrote. They run without an origin (the header says `sandbox`), so they reach
neither the session nor anything of ours, and their policy lets them load nothing but the package and the runtime. What
they ask for brings no session along, therefore the address itself is the key.
"""

from __future__ import annotations

import json
import zipfile
from html import escape
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.templatetags.static import static
from django.urls import path, reverse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from yuanqing.education.courseware import queries, rules
from yuanqing.education.courseware.models import Place, Run
from yuanqing.kernel.database.scope import as_system
from yuanqing.kernel.store.packages import inflated
from yuanqing.shell.file.delivery import RANGE, span
from yuanqing.shell.file.queries import store

RUNTIMES = {"1.2": "scorm/scorm12.min.js", "2004": "scorm/scorm2004.min.js"}
MOST_OF_A_PAGE = 16 << 20


@login_not_required
@xframe_options_exempt
@require_safe
def file(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """A member of the package; the page that was opened gets the runtime, with what is known, before its own scripts."""
    with as_system():
        opened = queries.opened_by(key)
        if opened is None:
            raise Http404
        run, part = opened
        place = Place.objects.filter(run=run, part=part.code).first()
    member = queries.members(run.courseware.digest).get(name)
    if member is None:
        raise Http404
    kind = queries.media_type(name)
    is_entry = name == rules.file_of(part.href) and kind in queries.PAGES
    if is_entry and member.file_size <= MOST_OF_A_PAGE:
        response: HttpResponseBase = HttpResponse(_entry(request, run, part, place, member), content_type=kind)
        response.headers["Cache-Control"] = "no-store"
    else:
        response = _part(request, run.courseware.digest, member, kind)
    return _confined(request, response, key)


def _entry(request: HttpRequest, run: Run, part: rules.Part, place: Place | None, member: zipfile.ZipInfo) -> bytes:
    edition = run.courseware.edition
    with store().path(run.courseware.digest).open("rb") as handle:
        page = b"".join(inflated(handle, member))
    start: dict[str, Any] = {
        "edition": edition, "origin": _root(request), "cmi": queries.start(edition, part, place),
    }  # fmt: skip
    given = escape(json.dumps(start))
    sources = [static(RUNTIMES[edition]), static("yuanqing/courseware-frame.js")]
    runtime, ours = (escape(request.build_absolute_uri(source)) for source in sources)
    tags = f'<script src="{runtime}"></script><script src="{ours}" data-start="{given}"></script>'
    return rules.inserted(page, tags)


def _part(request: HttpRequest, digest: str, member: zipfile.ZipInfo, kind: str) -> HttpResponseBase:
    """Whole, or the range that a player of films asks for."""
    wanted, size = request.headers.get("Range", ""), member.file_size
    begin, end, status = 0, size - 1, 200
    if RANGE.fullmatch(wanted) and size:
        begin, end = span(wanted, size)
        if begin >= size or end < begin:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        status = 206
    response = StreamingHttpResponse(queries.content(digest, member, begin, end), content_type=kind, status=status)
    if status == 206:
        response.headers["Content-Range"] = f"bytes {begin}-{end}/{size}"
    response.headers["Content-Length"] = str(max(0, end - begin + 1))
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _root(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _confined(request: HttpRequest, response: Any, key: str) -> HttpResponseBase:
    here = _root(request) + reverse("courseware_content:file", args=[key, "x"])[:-1]
    ours = request.build_absolute_uri(static("scorm/")), request.build_absolute_uri(static("yuanqing/"))
    policy = (
        "sandbox allow-scripts allow-forms allow-modals",
        f"default-src {here} data: blob: 'unsafe-inline'",
        f"script-src {here} {' '.join(ours)} 'unsafe-inline' 'unsafe-eval'",
        f"connect-src {here} data: blob:",
        "form-action 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    )
    headers = {
        "Content-Security-Policy": "; ".join(policy),
        "X-Content-Type-Options": "nosniff",
        "Access-Control-Allow-Origin": "*",  # a page without origin is a stranger even to its own package
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Referrer-Policy": "no-referrer",
    }
    for header, value in headers.items():
        response.headers[header] = value
    found: HttpResponseBase = response
    return found


urlpatterns = [path("<str:key>/<path:name>", file, name="file")]
