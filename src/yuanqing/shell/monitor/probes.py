"""探针: what load balancers, supervisors and collectors ask; no account, no session, no person."""

from __future__ import annotations

import hmac
import os
from ipaddress import ip_address

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yuanqing.shell.monitor import checks, metrics

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
FORWARDED = ("X-Forwarded-For", "X-Real-IP", "Forwarded")


@transaction.non_atomic_requests
@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@transaction.non_atomic_requests
@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when database, migrations, worker and disk are in order, else 503; names only, no sentences."""
    found = {each.check.name: not each.fault for each in checks.findings(needed_only=True)}
    ready = all(found.values())
    return JsonResponse({"ready": ready, "checks": found}, status=200 if ready else 503)


@transaction.non_atomic_requests
@login_not_required
@never_cache
@require_safe
def collect(request: HttpRequest) -> HttpResponse:
    """For a collector on this machine, or one that bears the token; to all others the page does not exist."""
    if not may_collect(request):
        return HttpResponse(status=404)
    return HttpResponse(metrics.exposition(), content_type=CONTENT_TYPE)


def may_collect(request: HttpRequest) -> bool:
    token = os.environ.get("YUANQING_METRICS_TOKEN", "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    try:
        is_here = ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
    return is_here and not any(name in request.headers for name in FORWARDED)


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", collect, name="metrics"),
]
