"""Settings of the venue, all from the environment. Invariant: reading them starts nothing.

`VARIABLES` names every variable that is read; docs/settings.md is made from it.
"""

import os
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from core.launcher import home_directory
from core.launcher.urls import broker_url

BASE_DIR = Path(__file__).resolve().parent.parent

VARIABLES: dict[str, str] = {
    "DATABASE_URL": "PostgreSQL 15 or newer. Empty: manage.py and make start an embedded one.",
    "REDIS_URL": "Redis 7 or Valkey. Empty: manage.py and make start an embedded one.",
    "DATABOURSE_HOME": "Where data, keys and files live. Default: the user's state directory.",
    "DATABOURSE_FILES": "Where uploaded files live. Default: files/ under DATABOURSE_HOME.",
    "DATABOURSE_SECRET_KEY": "Secret of sessions and signed links; compulsory in production.",
    "DATABOURSE_DEBUG": "true on a developer's machine only. Default: false.",
    "DATABOURSE_ALLOWED_HOSTS": "Host names served, separated by commas. Default: local ones.",
    "DATABOURSE_TRUSTED_ORIGINS": "Origins trusted with forms, separated by commas.",
    "DATABOURSE_BASE_URL": "The address people reach the portal at.",
    "DATABOURSE_TIME_ZONE": "Time zone of the venue. Default: Asia/Shanghai.",
    "DATABOURSE_EMAIL_URL": "Mail server, such as smtp+tls://user:password@host:587.",
    "DATABOURSE_MAIL_FROM": "Sender of the venue's mail.",
    "DATABOURSE_SIGNING_KEY": "Ed25519 private key of the venue, PEM file. Default: made once.",
    "DATABOURSE_STEP_UP_MINUTES": "How fresh the proof has to be that it is the person who signs: "
    "1 to 60 minutes. Default: 5.",
    "DATABOURSE_LOG_LEVEL": "DEBUG, INFO, WARNING or ERROR. Default: INFO.",
    "DATABOURSE_KEPT_ANSWERS_DAYS": "How long answers to Idempotency-Keys are kept. Default: 30.",
    "DATABOURSE_SECURE": "true where the portal is served over https only. Default: false.",
    "DATABOURSE_CUSTODY_ACCOUNT": "Bank, holder and number of the account that buyers pay into, "
    "as they read it; {code} is who reads. Default: they are told to ask.",
    "DATABOURSE_SANDBOX_BANK_URL": "Where the sandbox bank is. Default: what it wrote at home.",
}

# What the addresses look like, for whoever has to mend one.
ADDRESSES = {
    "DATABASE_URL": "postgres://user:password@host:5432/name",
    "REDIS_URL": "redis://host:6379/0, rediss://… or unix://…",
    "DATABOURSE_EMAIL_URL": "smtp+tls://user:password@host:587",
}
OURS = "DATABOURSE_"
# Read by what stands beside the venue: the tests' folder of real cases.
BESIDE = {"DATABOURSE_CASES"}

env = environ.Env()


def _refuse_unknown(names: Iterable[str]) -> None:
    """Refuse a variable that nothing reads: a slip of the finger must not go unnoticed.

    Raises:
        ImproperlyConfigured: naming it, and what it may have been meant to be.

    """
    for name in sorted(names):
        if not name.startswith(OURS) or name in VARIABLES or name in BESIDE:
            continue
        ends = {known.removeprefix(OURS): known for known in VARIABLES if known.startswith(OURS)}
        near = get_close_matches(name.removeprefix(OURS), ends, cutoff=0.7)
        meant = f"did you mean {' or '.join(ends[one] for one in near)}? " if near else ""
        raise ImproperlyConfigured(f"{name} is no setting; {meant}docs/settings.md lists them all")


_refuse_unknown(os.environ)


def _text(name: str, default: str = "") -> str:
    if name not in VARIABLES:
        raise ImproperlyConfigured(f"{name} is missing from VARIABLES")
    return str(env.str(name, default=default)).strip()


def _switch(name: str) -> bool:
    value = _text(name, "false").lower()
    if value not in {"true", "false"}:
        raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}")
    return value == "true"


def _names(name: str, default: str) -> list[str]:
    return [part.strip() for part in _text(name, default).split(",") if part.strip()]


def _one_of(name: str, default: str, allowed: set[str]) -> str:
    value = _text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of {sorted(allowed)}, not {value!r}")
    return value


def _days(name: str, default: int) -> int:
    text = _text(name, "") or str(default)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 3660:
        raise ImproperlyConfigured(f"{name} must be from 1 to 3660 days, not {text!r}")
    return int(text)


def _minutes(name: str, default: int) -> int:
    text = _text(name, "") or str(default)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 60:
        raise ImproperlyConfigured(f"{name} must be from 1 to 60 minutes, not {text!r}")
    return int(text)


def _zone(name: str, default: str) -> str:
    value = _text(name, default)
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ImproperlyConfigured(f"{name} must be a time zone, not {value!r}") from None
    return value


def _parsed(name: str, parse: Callable[[str], Any], value: str) -> Any:
    """Return what an address says; the refusal names the variable, and not the secret in it."""
    try:
        return parse(value)
    except (ValueError, ImproperlyConfigured):
        raise ImproperlyConfigured(
            f"{name} is not an address of its kind: {ADDRESSES[name]}"
        ) from None


DEBUG = _switch("DATABOURSE_DEBUG")
SECURE = _switch("DATABOURSE_SECURE")
HOME = home_directory(os.environ)
FILES = Path(_text("DATABOURSE_FILES") or HOME / "files")
SIGNING_KEY = Path(_text("DATABOURSE_SIGNING_KEY") or HOME / "keys" / "venue.pem")
SANDBOX_BANK_URL = _text("DATABOURSE_SANDBOX_BANK_URL")
CUSTODY_ACCOUNT = _text("DATABOURSE_CUSTODY_ACCOUNT")
BASE_URL = _text("DATABOURSE_BASE_URL", "http://127.0.0.1:8000").rstrip("/")

SECRET_KEY = _text("DATABOURSE_SECRET_KEY")
if not SECRET_KEY:
    if SECURE:
        raise ImproperlyConfigured("DATABOURSE_SECRET_KEY is compulsory with DATABOURSE_SECURE")
    SECRET_KEY = "not-a-secret-only-for-demo-and-tests-on-this-machine-0123456789"  # noqa: S105

ALLOWED_HOSTS = _names("DATABOURSE_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver")
CSRF_TRUSTED_ORIGINS = _names("DATABOURSE_TRUSTED_ORIGINS", "")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.admin",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "pgtrigger",
    "core",
    "listings",
    "compliance",
    "settlement",
    "delivery",
    "exchange",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "core.middleware.content_security_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "exchange.middleware.throttle_strangers",
    "exchange.middleware.wake_worker",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "exchange.urls"
WSGI_APPLICATION = "exchange.wsgi.application"
AUTH_USER_MODEL = "core.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before those of the apps: allauth has pages of the same names, without the portal's look.
        "DIRS": [BASE_DIR / "exchange" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "exchange.portal.shell.shell",
            ],
        },
    },
]

# A database is named always, so that commands which need none can read the settings too.
_DATABASE_URL = _text("DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/databourse"
DATABASES: dict[str, Any] = {"default": _parsed("DATABASE_URL", env.db_url_config, _DATABASE_URL)}
if not DATABASES["default"].get("ENGINE", "").endswith("postgresql"):
    raise ImproperlyConfigured(f"DATABASE_URL must be {ADDRESSES['DATABASE_URL']}")
DATABASES["default"]["CONN_MAX_AGE"] = 300
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

REDIS_URL = _text("REDIS_URL") or "redis://127.0.0.1:6379/0"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
}
CELERY_BROKER_URL = _parsed("REDIS_URL", broker_url, REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = _zone("DATABOURSE_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if SECURE
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not SECURE
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
KEPT_ANSWERS_DAYS = _days("DATABOURSE_KEPT_ANSWERS_DAYS", 30)
FILE_UPLOAD_HANDLERS = [
    "exchange.middleware.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_BYTES = 512 * 1024 * 1024
# A form of ours has one file; each is written to disk before anybody looks at it.
DATA_UPLOAD_MAX_NUMBER_FILES = 4
# What one organisation may hand in, and what uploads leave free on the disk that they go to.
ORGANISATION_FILES_MAX_COUNT = 20_000
ORGANISATION_FILES_MAX_BYTES = 200 * 1024**3
FREE_DISK_BYTES = 512 * 1024**2

_EMAIL_URL = _text("DATABOURSE_EMAIL_URL", "consolemail://")
_MAIL = _parsed("DATABOURSE_EMAIL_URL", env.email_url_config, _EMAIL_URL)
EMAIL_BACKEND = _MAIL["EMAIL_BACKEND"]
EMAIL_HOST = _MAIL.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = _MAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _MAIL.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _MAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = bool(_MAIL.get("EMAIL_USE_TLS"))
EMAIL_USE_SSL = bool(_MAIL.get("EMAIL_USE_SSL"))
EMAIL_FILE_PATH = str(HOME / "mail")
DEFAULT_FROM_EMAIL = _text("DATABOURSE_MAIL_FROM", "Databourse <venue@localhost>")

# The one proxy that ends TLS says whose request it is, to the API and to the pages of sign-in
# alike: without it everybody would share one limit of failed sign-ins, and one could lock all out.
PROXIES = 1 if SECURE else 0
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if SECURE else "optional"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_TIMEOUT = 60 * _minutes("DATABOURSE_STEP_UP_MINUTES", 5)
# Failed sign-ins keep allauth's own, much lower limits; one office may sign in many people.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
USERSESSIONS_TRACK_ACTIVITY = False

REST_FRAMEWORK = {
    # Each address names how it authenticates and parses (core.api.routes); nothing is inherited.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.api.problems.handle",
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_THROTTLE_RATES": {"anonymous": "600/min", "member": "6000/min", "step-up": "10/min"},
    "NUM_PROXIES": PROXIES,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Databourse API",
    "VERSION": "1",
    "DESCRIPTION": "An exchange for data. Nothing is matched unless it is cleared.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {"DegreeEnum": ["none", "ordinary", "serious", "very_serious"]},
}

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOG_LEVEL = _one_of("DATABOURSE_LOG_LEVEL", "INFO", {"DEBUG", "INFO", "WARNING", "ERROR"})
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
}
VENUE_NAME = _("Databourse")
