"""Settings: every value an operator may change comes from a documented environment variable.

YUANQING_HOME          folder of everything the installation keeps (database, keys, snapshots, files); default ./var
YUANQING_DATABASE_URL  PostgreSQL 16 or newer to use instead of the embedded one
YUANQING_OWNER_URL     the same database as the owning role, for migrations only
YUANQING_CONTEXT_PASSWORD  password of the role that says for whom a transaction is; default the application's own
YUANQING_HOSTS         comma-separated host names served; default the local machine
YUANQING_ORIGIN        name of this installation in ledger checkpoints
YUANQING_EMAIL_URL     smtp://user:password@host:port; without it mail is written to files
YUANQING_MAIL_FROM     sender of reminders
YUANQING_HTTPS         1 when a reverse proxy serves the pages over HTTPS
YUANQING_ACCEL         1 when the reverse proxy (nginx) sends the files out itself
YUANQING_PROXIES       how many reverse proxies stand in front; default 1 with YUANQING_HTTPS, else 0
YUANQING_OIDC_…        sign-in by an OpenID Connect provider, YUANQING_LDAP_… by a directory: see shell/security/outside.py
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from yuanqing.kernel.database.connection import database_settings
from yuanqing.kernel.keys import secret_key
from yuanqing.shell.security import outside

SOURCE = Path(__file__).resolve().parent
ROOT = SOURCE.parents[1]
HOME = Path(os.environ.get("YUANQING_HOME", ROOT / "var")).resolve()

SECRET_KEY = secret_key(HOME / "keys")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("YUANQING_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
ORIGIN = os.environ.get("YUANQING_ORIGIN", "yuanqing.local")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "ninja",
    "procrastinate.contrib.django",
    "yuanqing.kernel",
    "yuanqing.hotline",
    "yuanqing.org",
    "yuanqing.norms",
    "yuanqing.shell",
    "yuanqing.education",
    "yuanqing.discipline",
    "yuanqing.cases",
]
DUTIES = ("kernel", "hotline", "org", "norms", "shell", "education", "discipline", "cases")
MIGRATION_MODULES = {duty: f"yuanqing.migrations.{duty}" for duty in DUTIES}

MIDDLEWARE = [
    "yuanqing.hotline.middleware.DiscreetMiddleware",
    "yuanqing.shell.monitor.watch.WatchMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "yuanqing.shell.security.local.SessionAccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "yuanqing.shell.security.gate.GateMiddleware",
    "yuanqing.shell.programs.SignedInMiddleware",
    "yuanqing.shell.programs.ProgramMiddleware",
    "yuanqing.shell.middleware.ScopeMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yuanqing.shell.middleware.ReadingMiddleware",
    "yuanqing.shell.middleware.DeedMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "yuanqing.shell.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "yuanqing.urls"
WSGI_APPLICATION = "yuanqing.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "yuanqing.shell.drawing.Templates",
        "NAME": "django",
        "DIRS": [SOURCE / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "yuanqing.shell.loader.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "yuanqing.shell.navigation.context",
            ],
            "builtins": [
                "yuanqing.shell.templatetags.components",
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "yuanqing.shell.templatetags.yuanqing",
            ],
        },
    }
]

FORM_RENDERER = "yuanqing.shell.widgets.Renderer"

DATABASES = {"default": database_settings(HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "org.Account"
PASSWORD_HASHERS = ["yuanqing.shell.security.hashing.Passwords"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "display_name", "email")},
    },
    {"NAME": "yuanqing.org.signin.queries.LengthValidator"},
    {"NAME": "yuanqing.org.signin.queries.NameValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [SOURCE / "locale"]
LANGUAGE_COOKIE_NAME = "language"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "yuanqing.shell.assets.PackageFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": HOME / "files"}},
    "staticfiles": {"BACKEND": "yuanqing.shell.assets.HashedStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "object-src": ["'none'"],
    }
}
HTTPS = os.environ.get("YUANQING_HTTPS") == "1"
PROXIES = int(os.environ.get("YUANQING_PROXIES") or HTTPS)
# A name with __Host- is taken by the browser only over HTTPS, for this very host and for all of it.
_HOST = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_HOST}session", f"{_HOST}csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # a link in a reminder, and the way back from an OpenID provider, keep their session
CSRF_COOKIE_SAMESITE = "Strict"
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_USE_SESSIONS = False
SESSION_COOKIE_AGE = 60 * 60 * 24  # the security pack ends sessions earlier
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_ENGINE = "yuanqing.org.session.models"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365

# The made-up organisation has a home of its own; there nobody is made to enrol a second factor.
SECOND_FACTOR_FORCED = not (HOME / "demo").is_dir()
ACCOUNT_ADAPTER = "yuanqing.shell.security.adapter.Accounts"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {
    "login": "yuanqing.shell.security.forms.SignIn",
    "reauthenticate": "yuanqing.shell.security.forms.Confirm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False  # allauth counts in each process by itself; org/signin counts for all
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
MFA_ADAPTER = "yuanqing.shell.security.adapter.Factors"
MFA_FORMS = {
    "authenticate": "yuanqing.shell.security.forms.SecondCode",
    "reauthenticate": "yuanqing.shell.security.forms.ConfirmCode",
    "activate_totp": "yuanqing.shell.security.forms.NewTotp",
    "deactivate_totp": "yuanqing.shell.security.forms.RemoveTotp",
    "add_webauthn": "yuanqing.shell.security.forms.NewPasskey",
    "authenticate_webauthn": "yuanqing.shell.security.forms.SecondPasskey",
    "login_webauthn": "yuanqing.shell.security.forms.PasskeySignIn",
    "reauthenticate_webauthn": "yuanqing.shell.security.forms.ConfirmPasskey",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = 10
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
SOCIALACCOUNT_ADAPTER = "yuanqing.shell.security.adapter.Outside"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
OIDC = outside.openid_from(os.environ)
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [OIDC.app] if OIDC else []}}
AUTHENTICATION_BACKENDS = ["yuanqing.shell.security.local.Local"]
LDAP = outside.ldap_from(os.environ)
if LDAP:
    AUTHENTICATION_BACKENDS = [*AUTHENTICATION_BACKENDS, outside.LDAP_BACKEND]
    globals().update(LDAP)
if OIDC:  # the browser is sent there after a form of ours
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"] = ["'self'", OIDC.origin]
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = HOME / "uploads"  # on the disk of the files, never a /tmp that may be memory
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
ACCEL = os.environ.get("YUANQING_ACCEL") == "1"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

DEFAULT_FROM_EMAIL = os.environ.get("YUANQING_MAIL_FROM", "yuanqing@localhost")
_mail = urlsplit(os.environ.get("YUANQING_EMAIL_URL", ""))
if _mail.hostname:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _mail.hostname
    EMAIL_PORT = _mail.port or 25
    EMAIL_HOST_USER = unquote(_mail.username or "")
    EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
    EMAIL_USE_TLS = _mail.scheme == "smtps"
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = HOME / "mail"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "yuanqing.shell.monitor.logs.formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": os.environ.get("YUANQING_LOG", "WARNING")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.request": {"level": "ERROR"},  # what was refused is in the line of the request
    },
}
