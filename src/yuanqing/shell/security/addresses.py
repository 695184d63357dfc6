"""登录的地址: the library's views under our addresses and in our look; only those that this product offers."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView, ReauthenticateView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as ConfirmCodeView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    EditWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from allauth.socialaccount.providers.openid_connect import views as openid
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.transaction import non_atomic_requests
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.generic import RedirectView
from requests import RequestException

from yuanqing.shell.security import factors, pages
from yuanqing.shell.security.outside import PROVIDER

BACK = reverse_lazy("security:mine")


class _Told:
    """A form that is shown again says so in its status; one that came too soon, when to come back."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        if isinstance(response, HttpResponse) and response.status_code == 200:
            waits = [e.params["n"] for data in form.errors.as_data().values() for e in data if e.code == "wait"]
            response.status_code = 429 if waits else 422
            if waits:
                response.headers["Retry-After"] = str(waits[0])
        return response


class SignInView(_Told, LoginView):  # type: ignore[misc]
    template_name = "shell/sign_in.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return {**super().get_context_data(**more), "openid": settings.OIDC, "provider": PROVIDER}


class SecondStepView(_Told, AuthenticateView):  # type: ignore[misc]
    """The code or the passkey after the password."""

    template_name = "shell/security/second_step.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**more)
        types = {f.type for f in self.stage.login.user.authenticator_set.all()}
        return {**found, "has_passkey": "webauthn" in types, "has_code": bool(types & {"totp", "recovery_codes"})}


class ConfirmView(_Told, ReauthenticateView):  # type: ignore[misc]
    template_name = "shell/security/confirm.html"


class ConfirmByCodeView(_Told, ConfirmCodeView):  # type: ignore[misc]
    template_name = "shell/security/confirm.html"


class ConfirmByPasskeyView(ReauthenticateWebAuthnView):  # type: ignore[misc]
    template_name = "shell/security/confirm_passkey.html"


class NewTotpView(_Told, ActivateTOTPView):  # type: ignore[misc]
    template_name = "shell/security/new_totp.html"

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        if form.step is not None:
            factors.use_step(self.request.user.authenticator_set.get(type="totp"), form.step)
        return response


class RemoveTotpView(DeactivateTOTPView):  # type: ignore[misc]
    template_name = "shell/security/remove.html"
    success_url = BACK
    extra_context = {"kind": "totp"}


class NewPasskeyView(_Told, AddWebAuthnView):  # type: ignore[misc]
    template_name = "shell/security/new_passkey.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return {**super().get_context_data(**more), "form": more.get("form") or self.get_form()}


class RenamePasskeyView(_Told, EditWebAuthnView):  # type: ignore[misc]
    template_name = "shell/security/rename.html"
    pk_url_kwarg = "factor"
    success_url = BACK


class RemovePasskeyView(RemoveWebAuthnView):  # type: ignore[misc]
    template_name = "shell/security/remove.html"
    pk_url_kwarg = "factor"
    success_url = BACK
    extra_context = {"kind": "webauthn"}


class CodesView(ViewRecoveryCodesView):  # type: ignore[misc]
    template_name = "shell/security/codes.html"


class NewCodesView(GenerateRecoveryCodesView):  # type: ignore[misc]
    template_name = "shell/security/new_codes.html"


@login_not_required
@require_POST
def to_provider(request: HttpRequest) -> HttpResponse:
    """Off to the organisation's provider, only by a form of ours: nobody is signed in by following a link."""
    if not settings.OIDC:
        raise Http404
    try:
        return openid.login(request, provider_id=PROVIDER)  # type: ignore[no-any-return]
    except RequestException:
        messages.error(request, _("统一身份认证现在连不上，请过一会儿再试。"))
        return redirect("sign_in")


@login_not_required
@never_cache
def from_provider(request: HttpRequest, provider_id: str = PROVIDER) -> HttpResponse:
    if not settings.OIDC:
        raise Http404
    return openid.callback(request, provider_id=PROVIDER)  # type: ignore[no-any-return]


def _fresh(view: Any) -> Any:
    return method_decorator(never_cache, name="dispatch")(view).as_view()


def _counting(view: Any) -> Any:
    """Not in one transaction: what it counts stays counted (see ScopeMiddleware)."""
    return non_atomic_requests(_fresh(view))


urlpatterns = [
    path("sign-in/", _counting(SignInView), name="sign_in"),
    path("sign-in/", _counting(SignInView), name="account_login"),  # the library's name for it
    path("sign-in/second-step/", _counting(SecondStepView), name="mfa_authenticate"),
    path("sign-in/passkey/", LoginWebAuthnView.as_view(), name="mfa_login_webauthn"),
    path("sign-in/link/<str:token>/", pages.link, name="sign_in_link"),
    path("sign-in/organisation/", to_provider, name="openid_sign_in"),
    path("sign-in/organisation/back/", from_provider, {"provider_id": PROVIDER}, name="openid_connect_callback"),
    path("sign-out/", pages.sign_out, name="sign_out"),
    path("security/confirm/", _counting(ConfirmView), name="account_reauthenticate"),
    path("security/confirm/code/", _counting(ConfirmByCodeView), name="mfa_reauthenticate"),
    path("security/confirm/passkey/", _fresh(ConfirmByPasskeyView), name="mfa_reauthenticate_webauthn"),
    path("security/factors/", RedirectView.as_view(url=BACK), name="mfa_index"),
    path("security/factors/passkeys/", RedirectView.as_view(url=BACK), name="mfa_list_webauthn"),
    path("security/factors/totp/add/", _fresh(NewTotpView), name="mfa_activate_totp"),
    path("security/factors/totp/remove/", _fresh(RemoveTotpView), name="mfa_deactivate_totp"),
    path("security/factors/passkeys/add/", _fresh(NewPasskeyView), name="mfa_add_webauthn"),
    path("security/factors/passkeys/<int:factor>/rename/", _fresh(RenamePasskeyView), name="mfa_edit_webauthn"),
    path("security/factors/passkeys/<int:factor>/remove/", _fresh(RemovePasskeyView), name="mfa_remove_webauthn"),
    path("security/factors/codes/", _fresh(CodesView), name="mfa_view_recovery_codes"),
    path("security/factors/codes/new/", _fresh(NewCodesView), name="mfa_generate_recovery_codes"),
]
