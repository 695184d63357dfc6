"""举报海报: what hangs on notice boards; it names nobody and asks for nothing but a camera."""

from __future__ import annotations

from io import BytesIO

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_GET

from yuanqing.kernel.packs.published import current
from yuanqing.kernel.sealing.models import Holder
from yuanqing.shell import navigation

ADDRESSES = {"zh": "window:window", "en": "window:window_en"}
SCAN = {
    "zh": gettext_noop("扫码反映问题"),
    "en": "Scan to report",
}  # each in the language of its page, whoever prints it


def may_see(account: object) -> bool:
    return account.can("cases.petition.view") or account.can("kernel.sealing.set_receiving")  # type: ignore[attr-defined,no-any-return]


def address(request: HttpRequest, language: str) -> str:
    """The hotline's address as it is reached from where the reader is."""
    return request.build_absolute_uri(reverse(ADDRESSES[language]))


@require_GET
def sheet(request: HttpRequest) -> HttpResponse:
    """To be printed; says so when nobody could receive a report yet."""
    if not may_see(request.user):
        raise Http404
    pack = current("hotline")
    holders = Holder.objects.active()
    context = {
        "kinds": [entry.label for entry in pack.of_kind("section")],
        "text": pack.explanation or pack.text,
        "codes": [(language, SCAN[language], address(request, language)) for language in ADDRESSES],
        "is_open": holders.filter(kind="person", receives=True).exists() and holders.filter(kind="escrow").exists(),
        "is_secure": request.is_secure(),
    }
    return render(request, "cases/poster/sheet.html", context)


@require_GET
def code(request: HttpRequest, language: str) -> HttpResponse:
    """The QR code of the address, as a drawing that prints sharp at any size."""
    if not may_see(request.user) or language not in ADDRESSES:
        raise Http404
    drawing = BytesIO()
    segno.make(address(request, language), error="q", micro=False).save(
        drawing, kind="svg", scale=8, border=4, light="#fff"
    )
    return HttpResponse(drawing.getvalue(), content_type="image/svg+xml")


navigation.register(
    "enforcement",
    gettext_lazy("举报海报"),
    "poster:sheet",
    icon="qrcode",
    order=12,
    when=may_see,
)

urlpatterns = [path("", sheet, name="sheet"), path("<str:language>.svg", code, name="code")]
