"""统一身份认证: sign-in by an OpenID Connect provider or a directory, configured by environment variables.

Neither creates accounts or rights: they only say who somebody is. Both are off until their address is set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

PROVIDER = "organisation"
LDAP_BACKEND = "yuanqing.shell.security.directory.Directory"
NETWORK_SECONDS = 5


@dataclass(frozen=True)
class OpenId:
    """The provider as allauth wants it, where it lives, and which claim names the account."""

    app: dict[str, Any]
    origin: str
    claim: str
    label: str


def openid_from(environment: Mapping[str, str]) -> OpenId | None:
    """None when no provider is set."""
    url = environment.get("YUANQING_OIDC_URL", "").rstrip("/")
    if not url:
        return None
    parts = urlsplit(url)
    label = environment.get("YUANQING_OIDC_NAME", "")
    app = {
        "provider_id": PROVIDER,
        "name": label or "OpenID Connect",
        "client_id": environment.get("YUANQING_OIDC_CLIENT", ""),
        "secret": environment.get("YUANQING_OIDC_SECRET", ""),
        "settings": {"server_url": url, "oauth_pkce_enabled": True},
    }
    claim = environment.get("YUANQING_OIDC_CLAIM") or "preferred_username"
    return OpenId(app, f"{parts.scheme}://{parts.netloc}", claim, label)


def ldap_from(environment: Mapping[str, str]) -> dict[str, Any]:
    """django-auth-ldap's settings; empty when no directory is set. Needs the extra in requirements/ldap.txt."""
    url = environment.get("YUANQING_LDAP_URL", "")
    if not url:
        return {}
    try:
        import ldap
        from django_auth_ldap.config import LDAPSearch
    except ImportError as error:
        raise RuntimeError(
            "YUANQING_LDAP_URL is set, but the directory extra is not installed: "
            "apt-get install gcc python3-dev libldap2-dev libsasl2-dev, then pip install -r requirements/ldap.txt"
        ) from error
    options = {ldap.OPT_NETWORK_TIMEOUT: NETWORK_SECONDS, ldap.OPT_REFERRALS: 0}
    if environment.get("YUANQING_LDAP_CA"):
        options |= {ldap.OPT_X_TLS_CACERTFILE: environment["YUANQING_LDAP_CA"], ldap.OPT_X_TLS_NEWCTX: 0}
    words = environment.get("YUANQING_LDAP_FILTER") or "(uid=%(user)s)"
    return {
        "AUTH_LDAP_SERVER_URI": url,
        "AUTH_LDAP_START_TLS": environment.get("YUANQING_LDAP_STARTTLS") == "1",
        "AUTH_LDAP_BIND_DN": environment.get("YUANQING_LDAP_BIND_DN", ""),
        "AUTH_LDAP_BIND_PASSWORD": environment.get("YUANQING_LDAP_BIND_PASSWORD", ""),
        "AUTH_LDAP_USER_SEARCH": LDAPSearch(environment.get("YUANQING_LDAP_BASE", ""), ldap.SCOPE_SUBTREE, words),
        "AUTH_LDAP_CONNECTION_OPTIONS": options,
        "AUTH_LDAP_ALWAYS_UPDATE_USER": False,
        "AUTH_LDAP_NO_NEW_USERS": True,
    }
