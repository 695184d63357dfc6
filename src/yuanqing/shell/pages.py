"""登录、语言、主题、组件一览、关于: the pages that belong to no duty."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from yuanqing.shell import navigation
from yuanqing.shell.gallery import gallery
from yuanqing.shell.monitor.probes import urlpatterns as probes
from yuanqing.shell.security import addresses

YEAR = 60 * 60 * 24 * 365


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark in a cookie, so that the server draws the page right at once."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    chosen = request.POST.get("theme", "")
    if chosen in navigation.THEMES:
        response.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response


@login_not_required
def about(request: HttpRequest) -> HttpResponse:
    try:
        number = version("yuanqing")
    except PackageNotFoundError:
        number = ""
    return render(request, "shell/about.html", {"version": number})


urlpatterns = [
    *probes,
    *addresses.urlpatterns,
    path("language/", login_not_required(require_POST(set_language)), name="language"),
    path("theme/", theme, name="theme"),
    path("about/", about, name="about"),
    path("system/gallery/", gallery, name="gallery"),
]

navigation.register(
    "system", _("组件一览"), "gallery", icon="components", order=90, when=lambda account: account.can("shell.job.view")
)
