"""本地账号: the accounts kept here, whose passwords and passkeys are kept here too."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import ModelBackend

from yuanqing.kernel.database.prepared import Lookup
from yuanqing.org.account.models import Account

BY_ID = Lookup(Account, where="org_account WHERE id = %(pk)s AND is_active")


class Local(ModelBackend):
    """As Django's own; the account of a session, which every request asks for, comes by a statement that the server keeps."""

    def get_user(self, user_id: UUID) -> Any:
        found = BY_ID.first(pk=user_id)
        return found and found[0]
