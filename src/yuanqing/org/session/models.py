"""Sessions in a table of our own: whose they are, since when, on what device; the cookie's key is kept as its hash."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar

from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import DatabaseError, IntegrityError, models, router, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from yuanqing.kernel.database.prepared import Lookup
from yuanqing.org.account.models import Account

here: ContextVar[str] = ContextVar("session_underway", default="")  # set for the length of a request
ABOUT = "yuanqing.session"  # what the session knows of itself: handle, since, device, source


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, account: Any) -> SessionQuerySet:
        """One's own; and those of the accounts whose sessions one may end."""
        theirs = (
            Account.objects.visible_to(account) if account.can("org.signin.end_sessions") else Account.objects.none()
        )
        return self.live().filter(models.Q(account=account.pk) | models.Q(account__in=theirs))

    def live(self) -> SessionQuerySet:
        return self.filter(account__isnull=False, expire_date__gt=timezone.now())


class Session(AbstractBaseSession):
    """登录状态: one browser in which an account is signed in; without an account, a visitor on the way to sign in."""

    handle = models.UUIDField(
        default=uuid.uuid4, db_index=True, editable=False
    )  # what pages call it by; outlives a new key
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+", verbose_name=_("账号"))
    started_at = models.DateTimeField(_("登录时间"), default=timezone.now)
    seen_at = models.DateTimeField(_("最近使用"), default=timezone.now)
    device = models.CharField(_("设备"), max_length=60, blank=True)
    source = models.GenericIPAddressField(_("来源"), null=True)

    objects: ClassVar[Any] = BaseSessionManager.from_queryset(SessionQuerySet)()

    class Meta:
        verbose_name = _("登录状态")

    @classmethod
    def underway(cls) -> list[uuid.UUID]:
        """The session of the request being answered, if there is one: what its own reader's changes spare."""
        handle = here.get()
        return [uuid.UUID(handle)] if handle else []

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        return SessionStore


BY_KEY = Lookup(
    Session,
    Account,
    where="org_session LEFT JOIN org_account ON org_account.id = org_session.account_id AND org_account.is_active "
    "WHERE session_key = %(key)s AND expire_date > %(now)s",
)
Store: Any = DatabaseStore  # its types leave out what a store of one's own overrides


def stored(key: str) -> str:
    """What the table keeps of a key: whoever reads the table, or a copy of it, cannot take over a session."""
    return sha256(f"session:{key}".encode()).hexdigest()[:40]


class SessionStore(Store):  # type: ignore[misc]
    """The table above as Django's session store (SESSION_ENGINE names this module)."""

    row: Session | None = None
    _account: Account | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def exists(self, session_key: str) -> bool:
        return bool(self.model.objects.filter(session_key=stored(session_key)).exists())

    def load(self) -> dict[str, Any]:
        found = self._row()
        return self.decode(found.session_data) if found else {}

    def _row(self) -> Session | None:
        key = self.session_key
        found = BY_KEY.first(key=stored(key), now=timezone.now()) if key else None
        self.row, self._account = found or (None, None)
        if self.row is None:
            self._session_key = None
        return self.row

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            self.model.objects.filter(session_key=stored(key)).delete()

    def create_model_instance(self, data: Mapping[str, Any]) -> Session:
        about = data.get(ABOUT) or {}
        since = parse_datetime(about["since"]) if about.get("since") else None
        return Session(
            session_key=stored(self._get_or_create_session_key()),
            session_data=self.encode(dict(data)),
            expire_date=self.get_expiry_date(),
            handle=uuid.UUID(about["handle"]) if about.get("handle") else uuid.uuid4(),
            account_id=uuid.UUID(data["_auth_user_id"]) if data.get("_auth_user_id") else None,
            started_at=since or timezone.now(),
            seen_at=timezone.now(),
            device=about.get("device", ""),
            source=about.get("source") or None,
        )

    def save(self, must_create: bool = False) -> None:
        """As Django's, but a session that was ended meanwhile is never brought back by a request under way."""
        if self.session_key is None:
            self.create()
            return
        row = self.create_model_instance(self._get_session(no_load=must_create))
        using = router.db_for_write(self.model, instance=row)
        try:
            with transaction.atomic(using=using):
                row.save(force_insert=must_create, force_update=not must_create, using=using)
        except IntegrityError:
            if must_create:
                raise CreateError from None
            raise
        except DatabaseError:
            if not must_create:
                raise UpdateError from None
            raise
        self.row = row

    def begun(self, device: str, source: str | None) -> None:
        """Note who has just signed in, where and when; what the browser sent is never trusted for this."""
        self[ABOUT] = {
            "handle": str(uuid.uuid4()),
            "since": timezone.now().isoformat(),
            "device": device,
            "source": source,
        }

    @property
    def account(self) -> Account | None:
        """Whose it is, read together with it; None when nobody has signed in, or the account is closed."""
        self.get(ABOUT)
        return self._account

    @property
    def since(self) -> datetime | None:
        """When the account signed in; None when nobody has."""
        text = (self.get(ABOUT) or {}).get("since")
        return parse_datetime(text) if text else None

    @property
    def handle(self) -> str:
        return str((self.get(ABOUT) or {}).get("handle", ""))

    def touch(self) -> None:
        """Note that the session is in use: one small statement, at most once a minute."""
        if self.row is not None:
            self.row.seen_at = timezone.now()
            type(self.row).objects.filter(pk=self.row.pk).update(seen_at=self.row.seen_at)
