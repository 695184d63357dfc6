"""How to reach the database. Nothing here starts a server, so settings may be read without one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from yuanqing.kernel.commands import OperatorError
from yuanqing.kernel.database.layout import Layout

DATABASE = "yuanqing"
OWNER = "yuanqing_owner"
APP = "yuanqing_app"
AUTH = "yuanqing_auth"
ROLES_EDITION = "2"  # of roles and rights; an embedded server with those of another edition is given the present ones
SUPERUSER = "postgres"
TIME_ZONE = "Asia/Shanghai"
USERS = {"app": APP, "auth": AUTH, "owner": OWNER, "superuser": SUPERUSER}


def home() -> Path:
    """The folder of everything the installation keeps."""
    return Path(os.environ.get("YUANQING_HOME") or Path(__file__).resolve().parents[4] / "var").resolve()


def auth_role(app: str) -> str:
    """The role that says for whom a transaction is; beside the application's own, and out of its reach."""
    return f"{app.removesuffix('_app')}_auth"


def external_url(role: str = "app") -> str | None:
    """The address of a database that is not ours to start; None when the embedded one is used."""
    url = os.environ.get("YUANQING_DATABASE_URL") or None
    if url and role != "app":
        return os.environ.get("YUANQING_OWNER_URL") or url
    return url


def database_url(home: Path, role: str = "app", database: str = DATABASE) -> str:
    """A libpq address, for psql, psycopg and ADBC alike. Roles: app, owner, superuser (embedded only)."""
    url = external_url(role)
    if url:
        return url
    return f"postgresql://{USERS[role]}@/{quote(database)}?host={quote(str(Layout(home).socket), safe='')}"


def database_settings(home: Path) -> dict[str, Any]:
    """Django's DATABASES["default"], for the role in YUANQING_ROLE (app, or owner while migrating).

    A request is one transaction (shell.middleware opens it once it is known who asks). Sessions run in the organisation's time zone, in which
    its months begin.
    """
    return settings_from(database_url(home, os.environ.get("YUANQING_ROLE") or "app"))


def settings_from(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise OperatorError("YUANQING_DATABASE_URL must look like postgresql://user:password@host:5432/database")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or parts.hostname or ""
    port = options.pop("port", "") or str(parts.port or "")
    return {
        "ENGINE": "yuanqing.kernel.database.backend",
        "NAME": unquote(parts.path.lstrip("/")) or DATABASE,
        "USER": unquote(parts.username or options.pop("user", "")),
        "PASSWORD": unquote(parts.password or options.pop("password", "")),
        "HOST": unquote(host),
        "PORT": port,
        "CONN_MAX_AGE": 600,  # a new one has its statements to plan again
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": True,
        "TIME_ZONE": TIME_ZONE,
        # the threshold lets statements be kept at all; only kernel/database/prepared.py has any kept
        "OPTIONS": {"application_name": "yuanqing", "prepare_threshold": 1, **options},
    }
