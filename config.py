"""Settings. The only module that reads the environment: a variable for each, of the same name (README lists them)."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tracker.accounts.account_settings import account_settings
from tracker.accounts.sso_settings import sso
from tracker.errors import ConfigurationError as ConfigurationError
from tracker.retention.rules import retention_days
from tracker.sandbox.limits import limits_from
from tracker.web.background_settings import ORIGIN, backgrounds
from tracker.web.host_settings import trusted_hosts
from tracker.web.operation_settings import operation_settings

ROOT = Path(__file__).resolve().parent
MEBIBYTE = 1024 * 1024
_LIMIT = re.compile(r"[1-9]\d{0,5} per (second|minute|hour|day)")
PUBLISHER_DEFAULTS = {
    "PUBLISHER_NAME": "", "PUBLISHER_URI": "", "PUBLISHER_SCHEME": "", "PUBLISHER_ID": "",
    "DATA_LICENCE": "https://creativecommons.org/publicdomain/zero/1.0/", "OC4IDS_PREFIX": "",
}  # fmt: skip
"""Of the open data."""


class Settings:
    """What every environment shares."""

    BABEL_DEFAULT_LOCALE = "sv"
    BABEL_DEFAULT_TIMEZONE = "Europe/Stockholm"
    MAX_CONTENT_LENGTH = 64 * MEBIBYTE
    # A drawn shape of 170,000 vertices is some 7 MB of text; Werkzeug's 500 kB default would cut it off.
    MAX_FORM_MEMORY_SIZE = 32 * MEBIBYTE
    # Of one file for the import; less than MAX_CONTENT_LENGTH, so that a file just above it is still told so by name.
    UPLOAD_MAX_BYTES = 48 * MEBIBYTE
    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"
    REMEMBER_COOKIE_SAMESITE = "Lax"
    WTF_CSRF_TIME_LIMIT = None
    RATELIMIT_HEADERS_ENABLED = True
    # Of 405 kB of map data: br 3 takes 4 ms to 98 kB, br 4 7 ms to 96 kB; gzip 4 5 ms to 103 kB, gzip 6 11 ms to 97 kB.
    COMPRESS_BR_LEVEL = 3
    COMPRESS_LEVEL = 4
    COMPRESS_MIMETYPES = (
        "text/html",
        "text/css",
        "text/javascript",
        "application/json",
        "application/geo+json",
        "image/svg+xml",
    )

    MAIL_BACKEND = "tracker.web.mail.EmailBackend"
    # A mail server that does not answer must not hold a page for a minute.
    MAIL_TIMEOUT = 10

    SECURITY_LOGIN_URL = "/logga-in"
    SECURITY_LOGOUT_URL = "/logga-ut"
    SECURITY_LOGOUT_METHODS = ("POST",)
    SECURITY_POST_LOGIN_VIEW = "/"
    SECURITY_POST_LOGOUT_VIEW = "/"
    SECURITY_PASSWORD_HASH = "argon2"  # noqa: S105 - the name of a hash
    SECURITY_PASSWORD_SCHEMES = ("argon2",)
    SECURITY_PASSWORD_SINGLE_HASH = ("argon2",)
    SECURITY_PASSWORD_NORMALIZE_FORM = "NFC"  # noqa: S105 - the name of a form
    SECURITY_REGISTERABLE = False
    SECURITY_TRACKABLE = True
    SECURITY_RETURN_GENERIC_RESPONSES = True
    SECURITY_SEND_REGISTER_EMAIL = False
    SECURITY_AUTO_LOGIN_AFTER_CONFIRM = False


def from_environment(environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Read the settings; raises ConfigurationError with a reason in Swedish.

    `APP_ENV` is `production` unless it says `development`: a forgotten variable must not open a door.
    """
    env = os.environ if environment is None else environment
    mode = env.get("APP_ENV", "production")
    if mode not in ("production", "development"):
        raise ConfigurationError(f"APP_ENV är {mode!r} men ska vara production eller development.")
    state = Path(env.get("STATE_DIR") or ROOT / "instance")
    secret = env.get("SECRET_KEY") or (_kept_secret(state) if mode == "development" else "")
    if len(secret) < 16:
        raise ConfigurationError(
            "SECRET_KEY saknas eller är kortare än 16 tecken. Sätt den till en lång slumpad text, till exempel "
            "från: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    _check_mail(env)
    values = {key: getattr(Settings, key) for key in dir(Settings) if key.isupper()}
    force_https = env.get("FORCE_HTTPS") == "1"
    return values | {
        "APP_ENV": mode,
        "STATE_DIR": state,
        "SECRET_KEY": secret,
        "SECURITY_PASSWORD_SALT": env.get("SECURITY_PASSWORD_SALT") or secret,
        "DATABASE_URL": env.get("DATABASE_URL") or f"sqlite:///{state / 'portfoljkartan.db'}",
        "SPATIALITE_LIBRARY_PATH": env.get("SPATIALITE_LIBRARY_PATH", ""),
        "FORCE_HTTPS": force_https,
        "SESSION_COOKIE_SECURE": force_https,
        "REMEMBER_COOKIE_SECURE": force_https,
        **account_settings(env, secret, https=force_https),
        "HOST": env.get("HOST") or "127.0.0.1",
        "PORT": _whole_number(env, "PORT", 8000),
        "WEB_CONCURRENCY": _whole_number(env, "WEB_CONCURRENCY", 2),
        "DEVIATION_PERCENT": _whole_number(env, "DEVIATION_PERCENT", 15),
        "BOARD_LIMIT_MNKR": _whole_number(env, "BOARD_LIMIT_MNKR", 50),
        "APPENDIX_LIMIT_MNKR": _whole_number(env, "APPENDIX_LIMIT_MNKR", 50),
        "REPORT_TEMPLATE": env.get("REPORT_TEMPLATE", ""),
        "TRUSTED_PROXIES": _whole_number(env, "TRUSTED_PROXIES", 0),
        **operation_settings(env, mode, state),
        "IMPORT_LIMITS": limits_from(env),
        "PUBLIC_URL": _public_url(env),
        "TRUSTED_HOSTS": trusted_hosts(env, mode, _public_url(env)),
        "CONTACT_NAME": env.get("CONTACT_NAME", "").strip(),
        "CONTACT_EMAIL": _contact_email(env),
        "CONTACT_PHONE": env.get("CONTACT_PHONE", "").strip(),
        "EMBED_ORIGINS": _embed_origins(env),
        "PRINT_LIMIT": _limit(env, "PRINT_LIMIT", "10 per minute"),
        "API_LIMIT": _limit(env, "API_LIMIT", "600 per minute"),
        **_publisher(env),
        **retention_days(env),
        "OIDC": sso(env, mode, _public_url(env)),
        "MAP_BACKGROUNDS": backgrounds(env),
        "MAIL_SERVER": env.get("MAIL_SERVER", ""),
        "MAIL_PORT": _whole_number(env, "MAIL_PORT", 25),
        "MAIL_USERNAME": env.get("MAIL_USERNAME", ""),
        "MAIL_PASSWORD": env.get("MAIL_PASSWORD", ""),
        "MAIL_USE_TLS": env.get("MAIL_USE_TLS") == "1",
        "MAIL_USE_SSL": env.get("MAIL_USE_SSL") == "1",
        "MAIL_DEFAULT_SENDER": env.get("MAIL_DEFAULT_SENDER", ""),
    }


def _check_mail(env: Mapping[str, str]) -> None:
    if env.get("MAIL_SERVER") and "@" not in env.get("MAIL_DEFAULT_SENDER", ""):
        raise ConfigurationError("MAIL_SERVER är satt men MAIL_DEFAULT_SENDER är ingen e-postadress att skicka från.")
    if env.get("MAIL_USE_TLS") == env.get("MAIL_USE_SSL") == "1":
        raise ConfigurationError("MAIL_USE_TLS (STARTTLS) och MAIL_USE_SSL kan inte båda vara 1. Välj en av dem.")


def _public_url(env: Mapping[str, str]) -> str:
    """Where people reach the installation, for links in letters; without a slash at the end."""
    text = env.get("PUBLIC_URL", "").rstrip("/")
    if text and not text.startswith(("https://", "http://")):
        raise ConfigurationError(f"PUBLIC_URL är {text!r} men ska börja med https:// (eller http://).")
    return text


def _embed_origins(env: Mapping[str, str]) -> tuple[str, ...]:
    """Whose pages may show the embedded map: origins, `*` for everybody's, none when it is not switched on."""
    words = env.get("EMBED_ORIGINS", "").lower().split()
    wrong = [word for word in words if word != "*" and not ORIGIN.fullmatch(word)]
    if wrong:
        raise ConfigurationError(
            f"EMBED_ORIGINS har {wrong[0]!r}, men ska vara webbplatser med mellanslag emellan, som "
            "https://start.stockholm eller https://*.stockholm.se, utan sökväg, eller * för alla."
        )
    return ("*",) if "*" in words else tuple(dict.fromkeys(words))


def _limit(env: Mapping[str, str], name: str, default: str) -> str:
    text = env.get(name) or default
    if not _LIMIT.fullmatch(text):
        raise ConfigurationError(f'{name} är {text!r} men ska vara som "10 per minute" eller "200 per hour".')
    return text


def _publisher(env: Mapping[str, str]) -> dict[str, str]:
    """Who publishes the open data, under which licence; `PUBLISHER_SCHEME` and `_ID` as org-id.guide names them."""
    said = {name: env.get(name, "").strip() or default for name, default in PUBLISHER_DEFAULTS.items()}
    for name in ("PUBLISHER_URI", "DATA_LICENCE"):
        if said[name] and not urlsplit(said[name]).netloc:
            raise ConfigurationError(f"{name} är {said[name]!r} men ska vara en hel adress, som https://…")
    return said


def _contact_email(env: Mapping[str, str]) -> str:
    """The office's address on public pages; a person's name never stands there."""
    text = env.get("CONTACT_EMAIL", "").strip()
    if text and not re.fullmatch(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+", text):
        raise ConfigurationError(f"CONTACT_EMAIL är {text!r} men ska vara en e-postadress, som kontoret@staden.se.")
    return text


def _whole_number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name) or str(default)
    if not text.isascii() or not text.isdigit():
        raise ConfigurationError(f"{name} är {text!r} men ska vara ett heltal.")
    return int(text)


def _kept_secret(state: Path) -> str:
    """A secret of this installation's own, made once, so that a restart keeps people signed in."""
    path = state / "secret_key"
    if not path.exists():
        state.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()
