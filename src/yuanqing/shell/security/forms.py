"""What is typed to sign in, to confirm, and to enrol: the library's forms with our counts, fields and sentences."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.forms import ReauthenticateForm as PasswordForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm, DeactivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yuanqing.org.account.forms import Password
from yuanqing.org.signin import actions, queries
from yuanqing.shell.security import factors, visitor
from yuanqing.shell.security.adapter import must_wait, note_failure

CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
LONGEST = 1024  # longer than any password: nobody makes the server hash a book


def _password() -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
    return forms.CharField(label=gettext_lazy("密码"), max_length=LONGEST, strip=False, widget=widget)


def _code() -> forms.CharField:
    return forms.CharField(label=gettext_lazy("验证码"), max_length=20, widget=forms.TextInput(attrs=CODE))


class SignIn(LoginForm):  # type: ignore[misc]
    """User name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attrs = {"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        del self.fields["login"]
        self.fields["username"] = forms.CharField(
            label=gettext_lazy("账号"), max_length=60, widget=forms.TextInput(attrs=attrs)
        )
        self.fields["password"] = _password()
        self.order_fields(["username", "password"])

    def clean(self) -> Any:
        self.cleaned_data["login"] = self.cleaned_data.get("username", "")
        return super().clean()


class Confirm(PasswordForm):  # type: ignore[misc]
    """One's password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = _password()
        self.fields["password"].widget.attrs["autofocus"] = True


class _Counted:
    """A code is counted before it is checked, and one of a time step fits only once."""

    user: Any
    fields: dict[str, Any]
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _code()

    def clean_code(self) -> str:
        code, request = str(self.cleaned_data["code"]), context.request
        counted = queries.counted_second(self.user, visitor.source(request))
        wait, failures = actions.attempt(counted)
        if wait:
            raise must_wait(wait)
        found = factors.accepted(self.user, code)
        if found is None:
            note_failure(request, self.user, counted, failures)
            raise get_adapter().validation_error("incorrect_code")
        actions.succeed(counted)
        self.authenticator = found
        return code


class SecondCode(_Counted, AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""


class ConfirmCode(_Counted, ReauthenticateForm):  # type: ignore[misc]
    """A code once more."""


class NewTotp(ActivateTOTPForm):  # type: ignore[misc]
    """The code that proves that the secret arrived; it cannot be used again to sign in."""

    step: int | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _code()

    def clean_code(self) -> str:
        code = str(super().clean_code())
        self.step = factors.fitting_step(self.secret, code)
        return code


class RemoveTotp(DeactivateTOTPForm):  # type: ignore[misc]
    """Nothing to fill in."""


class _Readable:
    """Whatever a browser sends in place of a credential is refused in words."""

    def _clean_fields(self) -> None:
        self._tolerant(super()._clean_fields)  # type: ignore[misc]

    def _clean_form(self) -> None:
        self._tolerant(super()._clean_form)  # type: ignore[misc]

    def _tolerant(self, clean: Any) -> None:
        try:
            clean()
        except (AttributeError, KeyError, TypeError, ValueError):
            self.add_error("credential", get_adapter().validation_error("incorrect_code"))  # type: ignore[attr-defined]


class NewPasskey(_Readable, AddWebAuthnForm):  # type: ignore[misc]
    """A passkey and what to call it."""

    name = forms.CharField(
        label=gettext_lazy("名称"),
        required=False,
        max_length=60,
        validators=[ProhibitNullCharactersValidator()],
        help_text=gettext_lazy("例如“办公室电脑”“我的手机”，便于以后分辨。"),
    )
    passwordless = forms.BooleanField(
        label=gettext_lazy("也用它直接登录，不必输密码"),
        required=False,
        initial=True,
        help_text=gettext_lazy("设备须有指纹、人脸或 PIN。"),
    )


class SecondPasskey(_Readable, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """The second step of signing in, by passkey."""


class PasskeySignIn(_Readable, LoginWebAuthnForm):  # type: ignore[misc]
    """Signing in by passkey alone."""


class ConfirmPasskey(_Readable, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey once more."""


class NewPassword(Password):
    """A password typed twice by whoever has a link; there is no present one to ask for."""

    current = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = _(
            "至少 %(n)s 个字符，不要常见，也不要像姓名和用户名。几个不相干的词连起来，又长又好记。"
        ) % {"n": queries.limits()["password_length"]}


class FirstAccount(NewPassword):
    """The first administrator."""

    username = forms.CharField(
        label=gettext_lazy("用户名"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
        help_text=gettext_lazy("登录时用；不要用 admin 之类人人猜得到的名字。"),
    )
    display_name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    field_order = ("username", "display_name", "password", "again")


def place_password_errors(form: forms.Form, error: ValidationError) -> None:
    """What is wrong with a password stands at the password; what the form asks by name, there."""
    found = error.message_dict if hasattr(error, "error_dict") else {"password": error.messages}
    for field, sentences in found.items():
        for sentence in sentences:
            form.add_error(field if field in form.fields else None, sentence)
