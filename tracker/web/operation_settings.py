"""What an installation says of its operation: logs, metrics, probes, processes; config.py reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

from tracker.errors import ConfigurationError

Network = IPv4Network | IPv6Network
LOG_FORMATS = ("json", "text")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
NUMBERS = {"MIN_FREE_MB": (200, 0), "WEB_THREADS": (4, 1), "GRACEFUL_SECONDS": (120, 1), "MAX_REQUESTS": (100_000, 0)}
"""Variable → its default and the least that it may be."""
SHORTEST_TOKEN = 24
ANSWER_SECONDS = 1
"""How long Redis may take: a limit that cannot be counted together is counted by each process instead."""


def operation_settings(env: Mapping[str, str], mode: str, state: Path) -> dict[str, Any]:
    """Raises ConfigurationError with a reason in Swedish."""
    token, networks = _metrics_token(env), _networks(env)
    return {
        "LOG_FORMAT": _one_of(env, "LOG_FORMAT", LOG_FORMATS, "text" if mode == "development" else "json"),
        "LOG_LEVEL": _one_of(env, "LOG_LEVEL", LOG_LEVELS, "INFO"),
        "METRICS_TOKEN": token,
        "METRICS_NETWORKS": networks,
        "METRICS": bool(token or networks),
        # systemd names its own folder for what need not outlive the service.
        "RUNTIME_DIR": Path(env.get("RUNTIME_DIR") or env.get("RUNTIME_DIRECTORY") or state / "run"),
        **{name: _number(env, name, *bounds) for name, bounds in NUMBERS.items()},
        **_shared_limits(env.get("RATELIMIT_STORAGE_URI", "")),
    }


def metrics_folder(settings: Mapping[str, Any]) -> Path:
    """Where the processes of one server leave their numbers to be added."""
    return Path(settings["RUNTIME_DIR"]) / "metrics"


def _shared_limits(uri: str) -> dict[str, Any]:
    """Redis that is away, or does not answer, stops nobody: each process counts for itself meanwhile."""
    options = {"socket_connect_timeout": ANSWER_SECONDS, "socket_timeout": ANSWER_SECONDS}
    is_redis = uri.startswith(("redis", "valkey"))
    return {
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": is_redis,
        "RATELIMIT_STORAGE_OPTIONS": options if is_redis else {},
    }


def _one_of(env: Mapping[str, str], name: str, words: tuple[str, ...], default: str) -> str:
    text = env.get(name) or default
    if text not in words:
        raise ConfigurationError(f"{name} är {text!r} men ska vara {', '.join(words[:-1])} eller {words[-1]}.")
    return text


def _number(env: Mapping[str, str], name: str, default: int, least: int) -> int:
    text = env.get(name) or str(default)
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < least:
        raise ConfigurationError(f"{name} är {text!r} men ska vara ett heltal, minst {least}.")
    return int(text)


def _metrics_token(env: Mapping[str, str]) -> str:
    token = env.get("METRICS_TOKEN", "").strip()
    if token and len(token) < SHORTEST_TOKEN:
        raise ConfigurationError(f"METRICS_TOKEN är kortare än {SHORTEST_TOKEN} tecken. Sätt den till en slumpad text.")
    return token


def _networks(env: Mapping[str, str]) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(word) for word in env.get("METRICS_NETWORKS", "").split())
    except ValueError as error:
        raise ConfigurationError(
            f"METRICS_NETWORKS ska vara nät med mellanslag emellan, som 10.1.2.0/24 ::1/128: {error}"
        ) from None
