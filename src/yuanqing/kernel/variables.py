"""环境变量: every setting of an installation, what it means, and whether its value makes sense."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from yuanqing.kernel.commands import Needs, OperatorError, command

HIDDEN = "(set, not shown)"


@dataclass(frozen=True)
class Variable:
    """One environment variable; `check` returns what is wrong with a value, or an empty text."""

    name: str
    meaning: str
    default: str
    check: Callable[[str], str] = lambda value: ""
    secret: bool = False


def _postgres(value: str) -> str:
    return "" if urlsplit(value).scheme in ("postgresql", "postgres") else "must begin with postgresql://"


def _mail(value: str) -> str:
    parts = urlsplit(value)
    return (
        "" if parts.scheme in ("smtp", "smtps") and parts.hostname else "must look like smtp://user:password@host:port"
    )


def _folder(value: str) -> str:
    nearest = next(each for each in (Path(value).absolute(), *Path(value).absolute().parents) if each.exists())
    return "" if nearest.is_dir() and os.access(nearest, os.W_OK) else f"cannot be written ({nearest})"


def _programs(value: str) -> str:
    return "" if (Path(value) / "initdb").exists() else "holds no initdb"


def _fonts(value: str) -> str:
    return "" if Path(value).is_dir() else "is no folder"


def _port(value: str) -> str:
    return "" if value.isdigit() and 0 < int(value) < 65536 else "must be a number from 1 to 65535"


def _switch(value: str) -> str:
    return "" if value in ("0", "1") else "must be 0 or 1"


def _level(value: str) -> str:
    return "" if value in ("DEBUG", "INFO", "WARNING", "ERROR") else "must be DEBUG, INFO, WARNING or ERROR"


def _count(value: str) -> str:
    return "" if value.isdigit() and int(value) < 10 else "must be a number from 0 to 9"


def _web(value: str) -> str:
    parts = urlsplit(value)
    schemes = ("http", "https") if parts.hostname in ("localhost", "127.0.0.1", "::1") else ("https",)
    return "" if parts.hostname and parts.scheme in schemes else "must begin with https://"


def _directory(value: str) -> str:
    parts = urlsplit(value)
    return "" if parts.scheme in ("ldap", "ldaps", "ldapi") else "must begin with ldaps:// (or ldap://)"


def _filter(value: str) -> str:
    return "" if "%(user)s" in value and value.startswith("(") else "must look like (uid=%(user)s)"


def _file(value: str) -> str:
    return "" if Path(value).is_file() else "is no file"


def _not_empty(value: str) -> str:
    return "" if value.strip(" ,") else "is empty"


VARIABLES = (
    Variable("YUANQING_HOME", "folder of everything the installation keeps: database, keys, files", "./var", _folder),
    Variable("YUANQING_DATABASE_URL", "PostgreSQL 16 or newer to use instead of the embedded one", "", _postgres, True),
    Variable("YUANQING_OWNER_URL", "the same database as the owning role, for migrations only", "", _postgres, True),
    Variable(
        "YUANQING_BACKUP", "folder of backups, on another disk; with it a backup is made every night", "", _folder
    ),
    Variable(
        "YUANQING_BACKUP_URL", "external database: a role that reads past row-level security", "", _postgres, True
    ),
    Variable("YUANQING_BACKUP_PASSPHRASE", "passphrase of the keys in backups", "", _not_empty, True),
    Variable(
        "YUANQING_CONTEXT_PASSWORD",
        "password of the role that says for whom a transaction is; default the application's own",
        "",
        _not_empty,
        True,
    ),
    Variable("YUANQING_PG_BIN", "folder of PostgreSQL's programs to use instead of the embedded ones", "", _programs),
    Variable("YUANQING_HOSTS", "comma-separated host names served", "127.0.0.1,localhost,[::1]", _not_empty),
    Variable("YUANQING_ORIGIN", "name of this installation in ledger checkpoints", "yuanqing.local", _not_empty),
    Variable("YUANQING_EMAIL_URL", "mail server; without it mail is written to files", "", _mail, True),
    Variable("YUANQING_MAIL_FROM", "sender of reminders", "yuanqing@localhost", _not_empty),
    Variable("YUANQING_FONTS", "folder of the organisation's own fonts for PDF, used before the free ones", "", _fonts),
    Variable("YUANQING_HTTPS", "1 when a reverse proxy serves the pages over HTTPS", "0", _switch),
    Variable("YUANQING_ACCEL", "1 when the reverse proxy (nginx) sends the files out itself", "0", _switch),
    Variable("YUANQING_METRICS_TOKEN", "lets a collector on another machine read /metrics", "", _not_empty, True),
    Variable("YUANQING_PROXIES", "how many reverse proxies stand in front", "1 with YUANQING_HTTPS, else 0", _count),
    Variable("YUANQING_OIDC_URL", "OpenID Connect provider (issuer) to sign in by", "", _web),
    Variable("YUANQING_OIDC_CLIENT", "the client id this installation has there", "", _not_empty),
    Variable("YUANQING_OIDC_SECRET", "the client secret", "", secret=True),
    Variable("YUANQING_OIDC_CLAIM", "claim that holds the user name; or email", "preferred_username", _not_empty),
    Variable("YUANQING_OIDC_NAME", "what the button on the sign-in page says", "", _not_empty),
    Variable("YUANQING_LDAP_URL", "directory to sign in by; needs requirements/ldap.txt", "", _directory),
    Variable("YUANQING_LDAP_BASE", "where people are looked for, such as ou=people,dc=example,dc=org", "", _not_empty),
    Variable("YUANQING_LDAP_FILTER", "how a person is found by user name", "(uid=%(user)s)", _filter),
    Variable("YUANQING_LDAP_BIND_DN", "who looks; empty for anybody", "", _not_empty),
    Variable("YUANQING_LDAP_BIND_PASSWORD", "with which password", "", secret=True),
    Variable("YUANQING_LDAP_STARTTLS", "1 to encrypt an ldap:// connection", "0", _switch),
    Variable("YUANQING_LDAP_CA", "file with the certificates the directory is trusted by", "", _file),
    Variable("YUANQING_LOG", "how much is logged: DEBUG, INFO, WARNING, ERROR", "WARNING", _level),
    Variable("HOST", "address to serve on", "127.0.0.1", _not_empty),
    Variable("PORT", "port to serve on", "8000", _port),
)


def faults() -> list[str]:
    """One sentence per variable whose value makes no sense, and per unknown YUANQING_ variable."""
    known = {each.name for each in VARIABLES} | {"YUANQING_ROLE"}
    wrong = [
        f"{each.name} {each.check(os.environ[each.name])}"
        for each in VARIABLES
        if os.environ.get(each.name) and each.check(os.environ[each.name])
    ]
    unknown = [
        f"{name} is not a known setting"
        for name in sorted(os.environ)
        if name.startswith("YUANQING_") and name not in known
    ]
    return wrong + unknown


@command(
    "settings", help="列出并检查环境变量 · list the environment variables and check their values", needs=Needs.NOTHING
)
def settings() -> str:
    lines = [f"  {each.name:<22} {_shown(each):<28} {each.meaning}" for each in VARIABLES]
    wrong = faults()
    if wrong:
        raise OperatorError("\n".join(["some settings are wrong:", *lines, "", *(f"  {each}." for each in wrong)]))
    return "\n".join([*lines, "", "All values are usable."])


def _shown(each: Variable) -> str:
    value = os.environ.get(each.name)
    if value is None or value == "":
        return f"[{each.default or '—'}]"
    return HIDDEN if each.secret else value
