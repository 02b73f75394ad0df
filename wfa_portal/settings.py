"""The settings of the portal, all read from the environment; a bad value stops start-up."""

import base64
import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_noop

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
# The real environment wins over the file. ENV_FILE names another one, or none (/dev/null).
environ.Env.read_env(os.environ.get("ENV_FILE") or BASE_DIR / ".env")


def switch(name: str, *, default: bool = False) -> bool:
    """On or off. django-environ reads every unknown word as off, which hides a misspelt DEBUG."""
    words = {"1": True, "true": True, "on": True, "0": False, "false": False, "off": False}
    text = env.str(name, default="").strip().lower()
    if not text:
        return default
    if text not in words:
        raise ImproperlyConfigured(f'{name} is "{text}": set it to 1 or 0.')
    return words[text]


def whole_number(name: str, *, default: int) -> int:
    """A number that is not negative."""
    text = env.str(name, default="").strip()
    if text and not text.isdecimal():
        raise ImproperlyConfigured(f'{name} is "{text}": set it to a whole number of seconds.')
    return int(text or default)


def one_of(name: str, words: tuple[str, ...], *, default: str) -> str:
    """One word of a closed list."""
    text = env.str(name, default="").strip().upper() or default
    if text not in words:
        raise ImproperlyConfigured(f'{name} is "{text}": set it to one of {", ".join(words)}.')
    return text


def day(name: str, *, default: str) -> date:
    """A day of the calendar."""
    text = env.str(name, default="").strip() or default
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise ImproperlyConfigured(f'{name} is "{text}": set it to a day such as 2025-07-01.') from problem


def signing_key(name: str) -> bytes:
    """A private key of Ed25519: 32 bytes in base64, or none. The sentence does not repeat it."""
    return _private_key(name, env.str(name, default="").strip())


def signing_keys(name: str) -> dict[str, bytes]:
    """Private keys of Ed25519 by the code of their institution: `code:key`, separated by commas."""
    pairs = [part.strip().partition(":") for part in env.str(name, default="").split(",") if part.strip()]
    if any(not (code and key) for code, _colon, key in pairs):
        raise ImproperlyConfigured(f"{name} is not written as code:key, for example nasional: and then its key.")
    return {code: _private_key(name, key) for code, _colon, key in pairs}


def _private_key(name: str, text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        key = b"not base64"
    if len(key) not in {0, 32}:
        raise ImproperlyConfigured(
            f"{name} is not 32 bytes in base64: set it to a key that manage.py checkpoint --new-key prints."
        )
    return key


def mail() -> dict[str, Any]:
    """What EMAIL_URL names: the console by default, or a mail server. The sentence does not repeat a password."""
    url = env.str("EMAIL_URL", default="").strip() or "consolemail://"
    try:
        config = dict(env.email_url_config(url))
    except (ImproperlyConfigured, ValueError, KeyError) as problem:
        raise ImproperlyConfigured(
            "EMAIL_URL cannot be read: set it to consolemail:// or smtp+tls://user:password@host:587."
        ) from problem
    return {name.removeprefix("EMAIL_"): value for name, value in config.items()}


def database() -> dict[str, Any]:
    """What DATABASE_URL names: a SQLite file of this project by default, or PostgreSQL."""
    url = env.str("DATABASE_URL", default="").strip() or f"sqlite:///{BASE_DIR}/var/portal.sqlite3"
    scheme = url.partition("://")[0]
    way_out = "set it to sqlite:///var/portal.sqlite3 or postgres://user:password@host:5432/name."
    # The address itself may hold a password, so the sentence repeats the scheme at most.
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ImproperlyConfigured(f"DATABASE_URL does not name a known database: {way_out}")
    try:
        config = dict(env.db_url_config(url))
    except (ValueError, KeyError) as problem:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {way_out}") from problem
    if not config["NAME"]:
        raise ImproperlyConfigured(f"DATABASE_URL names no database: {way_out}")
    return config | (_sqlite(config) if scheme == "sqlite" else _postgresql(config))


def _sqlite(config: dict[str, Any]) -> dict[str, Any]:
    name = str(config["NAME"])
    if name != ":memory:":
        path = BASE_DIR / name  # an absolute name stays as it is
        path.parent.mkdir(parents=True, exist_ok=True)
        name = str(path)
    return {
        "NAME": name,
        "OPTIONS": config.get("OPTIONS", {})
        | {
            # A writer takes its lock at BEGIN and waits for it. Django's DEFERRED would take it
            # at the first write and fail at once when another has written in between.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,  # seconds a writer waits for another
            "cached_statements": 1000,  # pages ask more different queries than the 128 that are else kept prepared
            # WAL: readers never wait for the writer. NORMAL is durable enough with WAL: a power
            # cut may lose the last acts, but never half of one.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def _postgresql(config: dict[str, Any]) -> dict[str, Any]:
    # Checked before reuse: a restarted server costs one reconnect, not one failed page.
    return {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


# -- What kind of run this is ---------------------------------------------------------------

PRODUCTION = switch("PRODUCTION")
DEBUG = switch("DEBUG")
# Demonstration mode shows sign-ins to everybody and marks every page as synthetic.
DEMO = switch("DEMO")
# The day that demonstration mode takes for today, where an institution has no day of its own.
DEMO_TODAY = day("DEMO_TODAY", default="2025-07-01")

if PRODUCTION and DEMO:
    raise ImproperlyConfigured(
        "DEMO and PRODUCTION are both on: demonstration mode shows sign-ins to everybody; unset one of them."
    )
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG and PRODUCTION are both on: DEBUG shows settings to everybody; unset DEBUG.")

_NO_SECRET = "not-a-secret-for-development-and-demonstration-only"  # nosec B105
SECRET_KEY = env.str("SECRET_KEY", default="") or ("" if PRODUCTION else _NO_SECRET)
if PRODUCTION and (len(SECRET_KEY) < 50 or SECRET_KEY == _NO_SECRET):
    raise ImproperlyConfigured(
        "SECRET_KEY is missing or shorter than 50 characters: set it to a random text, for "
        'example from python -c "import secrets; print(secrets.token_urlsafe(64))".'
    )

# Signs checkpoints of the trail; without it none can be made. That of demonstration mode is published here.
CHECKPOINT_KEY = signing_key("CHECKPOINT_KEY") or (b"for the demonstration alone 2025" if DEMO else b"")

# Sign files of rules, each for the institution that hands them out; its files have no signature without one.
RULES_KEYS = signing_keys("RULES_KEYS")

ALLOWED_HOSTS = [host.strip() for host in env.list("ALLOWED_HOSTS", default=[]) if host.strip()]
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is missing: set it to the host names of the portal, separated by commas.")
ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]

# Where citizens reach the portal: stands in the QR sign of letters, and stays on those that were issued.
PUBLIC_URL = (env.str("PUBLIC_URL", default="").strip() or "http://127.0.0.1:8000").rstrip("/")
if not PUBLIC_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured(
        f'PUBLIC_URL is "{PUBLIC_URL}": set it to an address such as https://portal.example.go.id.'
    )

# -- What the portal is made of -------------------------------------------------------------

INSTALLED_APPS = [
    "agencies.apps.AgenciesConfig",
    "eligibility.apps.EligibilityConfig",
    "oversight.apps.OversightConfig",
    "django.contrib.admin.apps.SimpleAdminConfig",  # the law has a site of its own; none is looked for
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",  # before staticfiles: one way of serving in every run
    "django.contrib.staticfiles",
    "axes",
    "bootstrap",  # the static files of django-bootstrap-static
    "crispy_bootstrap5",
    "crispy_forms",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",  # its queue
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # early: static files need nothing below
    "django.contrib.sessions.middleware.SessionMiddleware",
    "agencies.language.ChosenLanguageMiddleware",  # Indonesian first, whatever the browser speaks
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "agencies.first_password.FirstPasswordMiddleware",  # after authentication: it asks who it is
    "agencies.reading.ReadOnceMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",  # last, as django-axes asks: it turns a lockout into a page
]

ROOT_URLCONF = "wfa_portal.urls"
WSGI_APPLICATION = "wfa_portal.wsgi.application"
ASGI_APPLICATION = "wfa_portal.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "agencies.context_processors.portal",
            ],
        },
    },
]
FORM_RENDERER = "agencies.forms.renderer.PortalRenderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- Work in the background -----------------------------------------------------------------

# `manage.py db_worker` does it. The queue is a table: work is enqueued in the transaction that asks for it,
# rounds of the watcher right after it.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # How far work has come, for all processes: the worker's transaction shows nothing of it before its end.
    "progress": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": BASE_DIR / "var" / "progress",
    },
    # What indications found, for all processes: the worker looks, pages show it.
    "looks": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": BASE_DIR / "var" / "looks",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # Files of rules between choosing and confirming: whoever takes longer chooses hers again.
    "uploads": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": BASE_DIR / "var" / "uploads",
        "TIMEOUT": 60 * 60,
        "OPTIONS": {"MAX_ENTRIES": 100},
    },
}

# -- Words, dates and numbers ---------------------------------------------------------------

LANGUAGE_CODE = "id"
LANGUAGES = [("id", gettext_noop("Indonesian")), ("en", gettext_noop("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["wfa_portal.formats"]
# The server's zone; pages speak the zone of the institution (WIB, WITA or WIT).
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True

# -- Static files ---------------------------------------------------------------------------

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Only production collects; elsewhere there is nothing to collect into, and whitenoise would warn.
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            # Names with a digest of the content, cached for ever: needs `collectstatic`.
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
# Elsewhere files are served from where they are installed, so that nothing is collected first.
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG

# -- Documents ------------------------------------------------------------------------------

# Files that acts rest on. No address serves this folder: a view hands them out to those who may see them.
MEDIA_ROOT = BASE_DIR / (env.str("MEDIA_ROOT", default="").strip() or "var/media")

# -- Sign-in --------------------------------------------------------------------------------

AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: it refuses before a password is looked at
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

# Per user and address, so that nobody can lock another person out from elsewhere.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "agencies/account_locked.html"
# Only failures are logged: a second log of who signed in when would be personal data without a use.
AXES_DISABLE_ACCESS_LOG = True

SESSION_COOKIE_AGE = 8 * 60 * 60  # a working day, in seconds
SESSION_COOKIE_NAME = "wfa_session"
CSRF_COOKIE_HTTPONLY = False  # htmx sends it as a header
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION

# -- What browsers are told -----------------------------------------------------------------

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = PRODUCTION
# An hour at first; a year once HTTPS has proved itself, because it cannot be taken back.
SECURE_HSTS_SECONDS = whole_number("HSTS_SECONDS", default=3600) if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False  # the portal does not speak for its neighbours
# W005, W021: `check --deploy` would like subdomains and browsers' preload lists bound as well.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# Believed only where a proxy sets it: anybody can send this header to a bare server.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if switch("BEHIND_PROXY") else None

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "frame-src": [NONE],
        "img-src": [SELF, "data:"],  # Bootstrap's own icons are data: addresses in its CSS
        "manifest-src": [SELF],
        "object-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],  # so no style attributes: htmx runs with includeIndicatorStyles off
    }
}

# -- E-mail ---------------------------------------------------------------------------------

_mail = mail()
EMAIL_BACKEND = str(_mail["BACKEND"])
EMAIL_HOST = str(_mail["HOST"] or "")
EMAIL_PORT = int(_mail["PORT"] or 25)
EMAIL_HOST_USER = str(_mail["HOST_USER"] or "")
EMAIL_HOST_PASSWORD = str(_mail["HOST_PASSWORD"] or "")
EMAIL_USE_TLS = bool(_mail.get("USE_TLS", False))
EMAIL_USE_SSL = bool(_mail.get("USE_SSL", False))
EMAIL_TIMEOUT = 10  # seconds: notices are sent after an act, and nobody waits longer for a mail server
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="").strip() or "portal-wfa@localhost"

# -- Logs -----------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["console"],
        "level": one_of("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), default="WARNING"),
    },
    # Django's own handlers print only while DEBUG is on; here everything goes one way.
    "loggers": {
        "django": {"handlers": [], "level": "NOTSET", "propagate": True},
        # A 404 or 403 is an answer, not a fault of the portal.
        "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
        "axes": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}
