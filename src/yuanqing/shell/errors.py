"""出错页: what a reader sees when something cannot be done: a sentence, and a way back."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

TOO_BIG = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def way_back(request: HttpRequest) -> str:
    """The page the reader came from when it is one of ours, else her desk."""
    referer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        parts = urlsplit(referer)
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return "/"


def error_page(request: HttpRequest, status: int, sentences: list[str], title: str = "") -> HttpResponse:
    """A full page; for htmx a notice in the messages of the page that is already there."""
    if request.headers.get("HX-Request") == "true":
        response = render(request, "shell/refusal.html", {"sentences": sentences}, status=status)
        response.headers["HX-Retarget"] = "#messages"
        response.headers["HX-Reswap"] = "innerHTML"
        return response
    context = {"sentences": sentences, "error_title": title, "back": way_back(request)}
    return render(request, f"{status}.html", context, status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Absent and not allowed look the same, so that nobody learns what exists."""
    return error_page(request, 404, [_("这里没有您要找的内容：可能已经移走，也可能不在您的权限之内。")])


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What the browser sent could not be read, or was too much."""
    if isinstance(exception, TOO_BIG):
        return error_page(request, 413, [_("送来的内容太大。请把文件分成几份，或压缩图片后再传。")])
    return error_page(request, 400, [_("浏览器送来的内容读不懂。请返回上一页再试一次。")])
