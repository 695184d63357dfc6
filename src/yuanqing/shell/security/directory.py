"""目录服务: a directory vouches for the password of accounts that have none of their own here."""

from __future__ import annotations

from typing import Any

from django_auth_ldap.backend import LDAPBackend

from yuanqing.org.account.models import Account


class Directory(LDAPBackend):  # type: ignore[misc]
    """Signs in existing, active accounts without a local password; writes nothing and grants nothing.

    An account with a password here is never open to the directory: whoever runs the directory cannot become the
    administrator of this system by giving somebody his name.
    """

    def get_or_build_user(self, username: str, ldap_user: Any) -> tuple[Any, bool]:
        account = Account.objects.filter(username__iexact=username, is_active=True).first()
        if account is None or account.has_usable_password():
            raise ldap_user.AuthenticationFailed("no account here that leaves its password to the directory")
        return account, False

    def get_all_permissions(self, user: Any, obj: Any = None) -> set[str]:
        return set()
