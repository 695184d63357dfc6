"""Every class of page carries exactly the headers it must, and no page needs more than they allow."""

from __future__ import annotations

import pytest
from django.test import Client

STRICT = {
    "default-src 'self'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self' data:",
    "frame-ancestors 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "object-src 'none'",
}


def policy_of(response) -> set[str]:
    return {part.strip() for part in response.headers["Content-Security-Policy"].split(";")}


@pytest.mark.parametrize(("path", "status"), [
    ("/sign-in/", 200),
    ("/about/", 200),
    ("/", 302),
    ("/nothing-here/", 302),
    ("/api/org/unit/", 401),
    ("/healthz", 200),
    ("/readyz", 503),
])  # fmt: skip
def test_strangers(db, path, status):
    response = Client().get(path)
    assert response.status_code in (status, 404)
    assert policy_of(response) == STRICT
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "path", ["/", "/inbox/", "/file/", "/org/token/", "/search/?q=x", "/system/gallery/", "/no/such/page/", "/about/"]
)
def test_pages_of_somebody_signed_in(reader, path):
    response = reader.get(path)
    assert response.status_code in (200, 404)
    assert policy_of(response) == STRICT
    assert b"unsafe-" not in response.headers["Content-Security-Policy"].encode()
