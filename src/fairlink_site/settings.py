"""All settings, read from the environment. Nothing here is secret and nothing is switched on for debugging."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF

PACKAGE = Path(__file__).resolve().parent
# Where the embedded database and collected files live; a checkout keeps them beside its source.
HOME = Path(os.environ.get("FAIRLINK_HOME", PACKAGE.parents[1] / "var")).resolve()


def _words(name: str, default: str) -> list[str]:
    return [word for word in os.environ.get(name, default).split(",") if word]


def _yes(name: str) -> bool:
    return os.environ.get(name, "no").lower() == "yes"


def _database(address: str) -> dict[str, object]:
    """sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME?option=value as Django wants it."""
    if address.startswith("sqlite:"):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": address.removeprefix("sqlite:///"),
            "CONN_MAX_AGE": 600,
            "OPTIONS": {
                # Two writers must queue, not fail: with DEFERRED a third of concurrent writes did.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=134217728;"
                    "PRAGMA journal_size_limit=27103364;PRAGMA cache_size=-20000;"
                ),
            },
        }
    parts = urlsplit(address)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,  # sslmode and its like
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def kept(name: str, length: int = 50) -> str:
    """A secret of this HOME, made once, so that every process and every restart has the same."""
    path = HOME / name
    if not path.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        made = path.with_name(f".{name}.{secrets.token_hex(8)}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(length), encoding="ascii")
        with contextlib.suppress(FileExistsError):  # somebody else was first
            os.link(made, path)
        made.unlink()
    return path.read_text(encoding="ascii")


def origin(address: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def oidc_provider(server: str, client: str, secret: str, name: str = "") -> dict[str, object]:
    """The provider of OpenID Connect at an issuer's address, as allauth wants it."""
    return {
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": ["openid", "email", "profile"],
        "APPS": [
            {
                # A number of somebody at one provider is somebody else's at another: the id names the issuer.
                "provider_id": re.sub(r"[^\w.]+", "-", server.partition("://")[2]),
                "name": name or urlsplit(server).hostname or "",
                "client_id": client,
                "secret": secret,
                "settings": {"server_url": server},
            }
        ],
    }


SECRET_KEY_GIVEN = bool(os.environ.get("FAIRLINK_SECRET_KEY"))
SECRET_KEY = os.environ.get("FAIRLINK_SECRET_KEY") or kept("secret")
DEBUG = False
ALLOWED_HOSTS = _words("FAIRLINK_HOSTS", "localhost,127.0.0.1,[::1]")
HTTPS = _yes("FAIRLINK_HTTPS")
BEHIND_PROXY = _yes("FAIRLINK_BEHIND_PROXY")
SITE = os.environ.get("FAIRLINK_SITE", "http://localhost:8000").rstrip("/")  # as links in letters name it

INSTALLED_APPS = [
    "fairlink_site",  # first, so that its templates stand before those of others
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_q",
    "simple_history",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # no page of somebody signed in repeats what its address says
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "fairlink_site.middleware.keep_private",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "fairlink_site.urls"
WSGI_APPLICATION = "fairlink_site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "fairlink_site.pages.messages.unread",
            ],
            "builtins": ["django.templatetags.i18n", "fairlink_site.templatetags.fairlink"],
        },
    }
]

DATABASES = {
    "default": _database(os.environ.get("FAIRLINK_DATABASE", f"sqlite:///{HOME / 'fairlink.sqlite3'}"))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Attempts are counted here, so every process of the site must count in the same place.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "fairlink_cache"}}

# Long work: a queue in the same database. A worker that is killed loses nothing: see actions/work.py.
Q_CLUSTER = {
    "name": "fairlink",
    "orm": "default",
    "workers": int(os.environ.get("FAIRLINK_WORKERS", "1")),
    "timeout": 3600,
    "retry": 3700,
    "max_attempts": 1,
    "bulk": 1,
    "poll": 0.5,
    "save_limit": 100,
    "catch_up": False,
    "log_level": "WARNING",
}

AUTH_USER_MODEL = "fairlink.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
BREACHED = os.environ.get("FAIRLINK_BREACHED", "")
AUTH_PASSWORD_VALIDATORS: list[dict[str, object]] = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("MinimumLengthValidator", {"min_length": 12}),
        ("UserAttributeSimilarityValidator", {"user_attributes": ("email", "name")}),
        ("CommonPasswordValidator", {}),
    )
]
if BREACHED:
    AUTH_PASSWORD_VALIDATORS.append(
        {"NAME": "fairlink_site.passwords.BreachedPasswordValidator", "OPTIONS": {"path": BREACHED}}
    )
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "me"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "fairlink_site.accounts.AccountAdapter"
MFA_ADAPTER = "fairlink_site.accounts.SecondFactorAdapter"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# A code is typed where one began, so whoever followed an invitation is still on the way to it.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = True  # a slip in the address must not end the way
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Fairlink: "
ACCOUNT_LOGOUT_REDIRECT_URL = "front"
ACCOUNT_EMAIL_NOTIFICATIONS = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_TOTP_ISSUER = "Fairlink"
# Browsers allow passkeys without TLS on localhost only; the demo is there.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _yes("FAIRLINK_DEMO")
USERSESSIONS_TRACK_ACTIVITY = False  # reading a page must not write
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0

# The site asks this server for its addresses and keys. Only the operator's environment names it, never a form, a
# row or an address, so nobody can send the site to a place inside the network (SSRF).
OIDC_SERVER = os.environ.get("FAIRLINK_OIDC_SERVER", "").rstrip("/")
OIDC_SERVER = OIDC_SERVER.removesuffix("/.well-known/openid-configuration").rstrip("/")
OIDC_CLIENT = os.environ.get("FAIRLINK_OIDC_CLIENT", "")
OIDC_SECRET = os.environ.get("FAIRLINK_OIDC_SECRET", "")
OIDC_NAME = os.environ.get("FAIRLINK_OIDC_NAME", "")
OIDC = bool(OIDC_SERVER and OIDC_CLIENT and OIDC_SECRET)  # a button that fails helps nobody
SOCIALACCOUNT_PROVIDERS = (
    {"openid_connect": oidc_provider(OIDC_SERVER, OIDC_CLIENT, OIDC_SECRET, OIDC_NAME)} if OIDC else {}
)
SOCIALACCOUNT_ADAPTER = "fairlink_site.sign_in.ProviderAdapter"
# Whoever the provider says has *confirmed* an address enters the account that has confirmed the same one here, and
# is linked with it. That trusts the provider with every account; it is one, and the operator's own choice. An
# address that either side has not confirmed opens nothing (sign_in.py), and a second factor is asked for all the same.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False  # we do nothing in anybody's name elsewhere
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 14 * 24 * 3600

# Letters go to files unless a server is named, so that nothing is sent by mistake.
EMAIL_HOST = os.environ.get("FAIRLINK_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("FAIRLINK_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("FAIRLINK_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("FAIRLINK_SMTP_PASSWORD", "")
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = not EMAIL_USE_SSL and EMAIL_HOST not in ("localhost", "127.0.0.1")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_TIMEOUT = 10  # seconds; the page of an invitation waits for it
EMAIL_FILE_PATH = HOME / "letters"
DEFAULT_FROM_EMAIL = os.environ.get("FAIRLINK_FROM", "Fairlink <fairlink@localhost>")

LANGUAGE_CODE = "en"
# The first two are complete; the others have what the public and participants read.
LANGUAGES = [
    ("en", "English"),
    ("zh-hans", "简体中文"),
    ("fr", "Français"),
    ("es", "Español"),
    ("ar", "العربية"),
    ("ru", "Русский"),
]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # pages speak in the edition's own time zone

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        # Chromium holds redirects after a form against this, too: the button of the provider leads there.
        "form-action": [SELF, *([origin(OIDC_SERVER)] if OIDC else [])],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "fairlink_site.pages.errors.old_form"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("FAIRLINK_LOG_LEVEL", "WARNING")},
}
