"""Settings of local accounts: how long a sign-in lasts, who needs a second factor, and what its secrets lie under.

Pure reading of the environment; raises ConfigurationError in Swedish.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tracker.accounts.roles import Role
from tracker.errors import ConfigurationError

SHORTEST_KEY = 16
SHARED_STORAGES = ("redis://", "rediss://", "redis+unix://")
_LIMIT = re.compile(r"[1-9]\d{0,5} per (second|minute|hour|day)")


def account_settings(env: Mapping[str, str], secret: str, *, https: bool) -> dict[str, Any]:
    """The settings; `secret` is SECRET_KEY, from which the keys of second factors are derived."""
    storage = env.get("RATELIMIT_STORAGE_URI") or "memory://"
    return {
        "SESSION_IDLE_MINUTES": _bounded(env, "SESSION_IDLE_MINUTES", 8 * 60, 7 * 24 * 60),
        "SESSION_MAX_HOURS": _bounded(env, "SESSION_MAX_HOURS", 12, 7 * 24),
        # Without a domain, with the whole path and never over plain HTTP: a neighbouring site cannot set it.
        "SESSION_COOKIE_NAME": "__Host-session" if https else "session",
        "SESSION_COOKIE_PATH": "/",
        "REQUIRE_SECOND_FACTOR": _roles(env),
        "LOGIN_LIMIT": _limit(env, "LOGIN_LIMIT", "10 per minute"),
        "RATELIMIT_STORAGE_URI": storage,
        # A server that is gone must hold no page; until it is back each process counts for itself.
        "RATELIMIT_STORAGE_OPTIONS": _patience(storage),
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        "RATELIMIT_SWALLOW_ERRORS": True,
        **_second_factor_keys(env, secret),
    }


def _patience(storage: str) -> dict[str, Any]:
    return {"socket_connect_timeout": 1, "socket_timeout": 1} if storage.startswith(SHARED_STORAGES) else {}


def _second_factor_keys(env: Mapping[str, str], secret: str) -> dict[str, Any]:
    """The newest key encrypts, each decrypts: a key of its own can be set later and loses nobody's second factor."""
    own = env.get("SECOND_FACTOR_KEY", "")
    if own and len(own) < SHORTEST_KEY:
        raise ConfigurationError(f"SECOND_FACTOR_KEY är kortare än {SHORTEST_KEY} tecken.")
    sources = [secret, own] if own else [secret]
    return {
        "SECURITY_TOTP_SECRETS": {
            number: base64.b64encode(_derived(text, "second factor")).decode()
            for number, text in enumerate(sources, start=1)
        },
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [
            base64.urlsafe_b64encode(_derived(text, "recovery codes")) for text in reversed(sources)
        ],
    }


def _derived(secret: str, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose (HKDF, RFC 5869)."""
    return HKDF(SHA256(), 32, None, f"portfoljkartan: {purpose}".encode()).derive(secret.encode())


def _roles(env: Mapping[str, str]) -> tuple[str, ...]:
    names = [word.strip() for word in env.get("REQUIRE_SECOND_FACTOR", "").split(",") if word.strip()]
    known = [role.value for role in Role]
    wrong = [name for name in names if name not in known]
    if wrong:
        raise ConfigurationError(
            f"REQUIRE_SECOND_FACTOR har {wrong[0]!r}, men ska vara roller med komma emellan: {', '.join(known)}."
        )
    return tuple(dict.fromkeys(names))


def _bounded(env: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = env.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= most):
        raise ConfigurationError(f"{name} är {text!r} men ska vara ett heltal från 1 till {most}.")
    return int(text)


def _limit(env: Mapping[str, str], name: str, default: str) -> str:
    text = env.get(name) or default
    if not _LIMIT.fullmatch(text):
        raise ConfigurationError(f'{name} är {text!r} men ska vara som "10 per minute" eller "200 per hour".')
    return text


def storage_warning(settings: Mapping[str, Any]) -> str:
    """What to say at the start when limits of tries are not shared by the workers of an installation; else empty."""
    alone = settings["WEB_CONCURRENCY"] < 2 or settings["APP_ENV"] != "production"
    if alone or str(settings["RATELIMIT_STORAGE_URI"]).startswith(SHARED_STORAGES):
        return ""
    return (
        f"RATELIMIT_STORAGE_URI är {settings['RATELIMIT_STORAGE_URI']}: var och en av {settings['WEB_CONCURRENCY']} "
        "processer räknar försök för sig. Ange redis://… så räknas de gemensamt. (Spärren av ett konto är gemensam "
        "ändå: den räknas i databasen.)"
    )
