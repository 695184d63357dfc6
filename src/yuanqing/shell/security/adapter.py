"""allauth 的接口: where the library asks, this product answers: counts, texts, addresses, sealed secrets, no sign-up."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.kernel import keys
from yuanqing.kernel.acts import SYSTEM
from yuanqing.org.account.models import Account
from yuanqing.org.session.models import Session
from yuanqing.org.signin import actions, queries, rules
from yuanqing.shell.security import visitor
from yuanqing.shell.security.confirm import recently_confirmed

WRONG = gettext_lazy("账号或密码不对，或者这个账号不能登录。")
TOLD = {
    "mfa/messages/totp_activated.txt": gettext_lazy("动态口令已启用。"),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("动态口令已去掉。"),
    "mfa/messages/webauthn_added.txt": gettext_lazy("通行密钥已添加。"),
    "mfa/messages/webauthn_removed.txt": gettext_lazy("通行密钥已去掉。"),
    "mfa/messages/recovery_codes_generated.txt": gettext_lazy("恢复码已生成，只显示这一次，请抄下或打印后收好。"),
}
BROWSER_BACKEND = "yuanqing.shell.security.local.Local"


def must_wait(seconds: int) -> ValidationError:
    return ValidationError(
        _("连续输错次数太多，请 %(n)s 秒后再试。忘了密码，请找本单位的系统管理员。"), code="wait", params={"n": seconds}
    )


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Passwords: counted before they are checked, the same sentence for every way of being wrong."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG,
        "account_inactive": WRONG,
        "incorrect_password": gettext_lazy("密码不对。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        self.counted = visitor.counted(request, credentials.get("username", ""))
        wait, self.failures = actions.attempt(self.counted)
        if wait:
            raise must_wait(wait)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        account = Account.objects.filter(username=credentials.get("username", "")).first()
        note_failure(request, account, self.counted, self.failures)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        account = super().authenticate(request, **credentials)
        if account is not None:
            actions.succeed(self.counted)
            request.session["failed_before"] = self.failures - 1
        return account

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        messages.error(request, WRONG)
        return HttpResponseRedirect(reverse("sign_in"))

    def post_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponse:
        """Note it, end the oldest sessions above the limit, and know this browser next time."""
        failed = request.session.pop("failed_before", 0)
        source, device = visitor.source(request), visitor.device(request)
        actions.enter(by=user, account=user, method=_method(request, user), source=source, device=device, failed=failed)
        live = Session.objects.live().filter(account=user).exclude(handle=request.session.handle)  # type: ignore[attr-defined]
        surplus = live.order_by("-started_at")[max(0, queries.limits()["sessions"] - 1) :]
        Session.objects.filter(pk__in=[row.pk for row in surplus]).delete()
        response: HttpResponse = super().post_login(request, user, **more)
        visitor.remember(request, response, user.username)
        return response

    def get_client_ip(self, request: HttpRequest) -> str:
        return visitor.source(request) or ""

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        return not recently_confirmed(self.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Accounts whose password the directory keeps may confirm with it, as they sign in with it."""
        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if settings.LDAP and user.is_authenticated and not user.has_usable_password():
            found.insert(0, {"id": "reauthenticate", "url": reverse("account_reauthenticate"), "description": ""})
        return found

    def add_message(
        self, request: HttpRequest, level: int, message_template: str = "", *args: Any, **more: Any
    ) -> None:
        text = more.get("message") or TOLD.get(message_template)
        if text:
            messages.add_message(request, level, str(text))

    def send_notification_mail(self, *args: Any, **more: Any) -> None:
        """What changed stands in the record of sign-ins; mail about it would need an address nobody has verified."""


class Factors(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of the second factor lie sealed in the database; the key lies with the other keys of the installation."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("验证没有通过，请核对后再试。"),
    }

    def encrypt(self, text: str) -> str:
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _seal().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return _("源清")

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("通行密钥 %(n)s") % {"n": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": _("源清")}


class Outside(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """The organisation's provider says who somebody is; an account here must exist, and keep no password of its own."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: Any) -> Any:
        return sociallogin.user

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        claims = _claims(sociallogin.account.extra_data)
        sociallogin.account.extra_data = {}  # nothing of it is needed again
        if sociallogin.account.pk:
            sociallogin.account.save()
            account = sociallogin.user
        else:
            account = _account_named(claims)
            if account is None:
                refuse(request, _("统一身份认证认得您，但这里没有与之对应的账号。请联系本单位的系统管理员。"))
            sociallogin.user = sociallogin.account.user = account
            sociallogin.account.save()
        if not account.is_active or account.has_usable_password():
            refuse(request, _("这个账号不使用统一身份认证登录。请用密码登录，或联系本单位的系统管理员。"))

    def on_authentication_error(self, request: HttpRequest, provider: Any, **more: Any) -> None:
        refuse(request, _("统一身份认证没有成功，请再试一次。"))


def refuse(request: HttpRequest, sentence: str) -> None:
    messages.error(request, sentence)
    raise ImmediateHttpResponse(HttpResponseRedirect(reverse("sign_in")))


def note_failure(request: HttpRequest, account: Account | None, counted: queries.Counted, failures: int) -> None:
    """A line at the first, second, fourth, eighth… failure; names that belong to nobody count by their source."""
    number = failures if account else actions.failures_at(counted)
    if rules.is_noted(number):
        source, device = visitor.source(request), visitor.device(request)
        actions.fail(by=SYSTEM, account=account, source=source, device=device, count=number)


def _claims(data: dict[str, Any]) -> dict[str, Any]:
    return {**(data.get("id_token") or {}), **(data.get("userinfo") or {})}


def _account_named(claims: dict[str, Any]) -> Account | None:
    """The account whose user name, or verified mail address, the configured claim says."""
    claim = settings.OIDC.claim if settings.OIDC else ""
    value = str(claims.get(claim) or "")
    if not value:
        return None
    if claim == "email" and claims.get("email_verified") is not True:
        return None
    field = "email" if claim == "email" else "username"
    found = list(Account.objects.filter(**{f"{field}__iexact": value})[:2])
    return found[0] if len(found) == 1 else None


def _method(request: HttpRequest, account: Any) -> str:
    records = get_authentication_records(request, account)
    last = records[-1] if records else {}
    if last.get("method") == "mfa":
        return "passkey" if last.get("passwordless") else str(last.get("type", ""))
    if last.get("method") == "password" and getattr(account, "backend", BROWSER_BACKEND) != BROWSER_BACKEND:
        return "ldap"
    return str(last.get("method", ""))


def _seal() -> Fernet:
    return Fernet(keys.factor_key(settings.HOME / "keys"))
