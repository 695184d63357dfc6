"""公开页: how every page of the hotline is drawn: without session, account or context of the shell, all of like size."""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.csrf import csrf_exempt

from yuanqing.kernel.packs.published import NotInForce

logger = logging.getLogger(__name__)
SIZE = 16 * 1024  # every page is padded to a multiple of this many bytes
ADDRESSES = {"zh-hans": "/report/", "en": "/report/en/"}
NAMES = {"zh-hans": gettext_noop("中文"), "en": "English"}  # in themselves, for whoever cannot read this page
View = Callable[[HttpRequest], HttpResponse]
UNREADABLE = (MultiPartParserError, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent, UnicodeDecodeError)


def draw(template: str, context: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """The page in the language in force, padded with a comment."""
    language = translation.get_language() or "zh-hans"
    known = language if language in ADDRESSES else "zh-hans"
    other = "en" if known == "zh-hans" else "zh-hans"
    around = {"language": known, "here": ADDRESSES[known], "other": ADDRESSES[other]}
    around |= {"other_language": other, "other_name": NAMES[other]}
    text = get_template(f"hotline/{template}.html").render({**around, **(context or {})}).encode()
    return HttpResponse(padded(text), status=status, content_type="text/html; charset=utf-8")


def padded(text: bytes) -> bytes:
    missing = -(len(text) + 9) % SIZE
    return text + b"<!--\n" + secrets.token_hex(missing // 2 + 1).encode()[:missing] + b"\n-->"


def public(function: View) -> Callable[..., HttpResponse]:
    """A page anybody may open. There is no session to abuse, so forms carry a token of their own instead of a cookie.

    What goes wrong is logged by place and kind only: the message of an error may quote what somebody wrote.
    """

    @csrf_exempt
    @login_not_required
    @transaction.non_atomic_requests
    @wraps(function)
    def run(request: HttpRequest, language: str = "", rest: str = "") -> HttpResponse:
        with translation.override(language or ("en" if rest.startswith("en/") else "zh-hans")):
            try:
                return function(request)
            except UNREADABLE:
                return draw("message", {"text": _("送来的内容读不懂或者太大，没有收下。请返回再试一次。")}, 400)
            except NotInForce:
                return draw("message", {"text": _("举报渠道还没有开通，请改用信件、电话或来访。")}, 503)
            except Exception as error:
                frame = traceback.extract_tb(error.__traceback__)[-1]
                where = f"{Path(frame.filename).name}:{frame.lineno}"
                logger.error("hotline: %s at %s", type(error).__name__, where)
                return draw("message", {"text": _("出了故障，没有收下。请过一会儿再试，或改用信件、电话。")}, 500)

    return run
