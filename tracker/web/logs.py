"""The log: one line for each event on stderr, as JSON or as text, and one line for each question.

A line never holds a name, an address, a query string or anything that somebody typed; see docs/drift/loggar.md.
"""

from __future__ import annotations

import logging
import logging.config
from collections.abc import Mapping
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from tracker.web.logs_requests import RequestNote, current_note
from tracker.web.logs_scrubbing import Scrubber, secrets_of

requests_logger = logging.getLogger("tracker.requests")
QUIET = frozenset({"static", "security.static", "healthz", "readyz", "metrics"})
"""Endpoints that are asked all the time and tell nothing."""
# What ends a line for somebody who reads the log, and what moves a terminal's cursor.
_CONTROLS = {code: f"\\u{code:04x}" for code in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)}
_UNFIT_FOR_JSON = {code: text for code, text in _CONTROLS.items() if code >= 0x7F}
_KEPT_PARTS = {4: 24, 6: 48}


def log_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """For `logging.config.dictConfig`, of this product and of gunicorn."""
    formatter = JsonLines if settings["LOG_FORMAT"] == "json" else TextLines
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter, "scrubber": Scrubber(secrets_of(settings))}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            "tracker": {"level": settings["LOG_LEVEL"]},
            # Its notes of each start and stop of a process, and of a client that speaks no HTTP.
            "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
            "flask-limiter": {"level": "WARNING", "handlers": [], "propagate": True},
        },
    }


def start_logging(settings: Mapping[str, Any]) -> None:
    """Send the log of this process to stderr. For servers; a command speaks to whoever typed it."""
    logging.config.dictConfig(log_settings(settings))
    logging.captureWarnings(capture=True)


def log_request(note: RequestNote) -> None:
    """The line of an answered question."""
    level = logging.DEBUG if note.endpoint in QUIET else logging.WARNING if note.status >= 500 else logging.INFO
    if not requests_logger.isEnabledFor(level):
        return
    milliseconds = round(1000 * note.seconds, 1)
    further = {
        "request_id": note.id, "method": note.method, "rule": note.rule, "status": note.status, "ms": milliseconds,
        "bytes": note.sent, "db_ms": round(1000 * note.database_seconds, 1), "statements": note.statements,
        "net": network_of(note.client), "user": note.user_id, "token": note.token_id,
    }  # fmt: skip
    kept = {name: value for name, value in further.items() if value not in (None, "")}
    requests_logger.log(level, "%s %s %s", note.method, note.rule, note.status, extra=kept)


def network_of(address: str) -> str:
    """The network that an address is of, /24 or /48; empty where there is none (a socket)."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network((found, _KEPT_PARTS[found.version]), strict=False))


class _Clean(logging.Formatter):
    """Scrubs what is not ours: the message, the traceback, the stack."""

    scrubber: Scrubber

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        return self.scrubber.clean(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:  # noqa: N802
        return self.scrubber.clean(super().formatStack(stack_info))


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class JsonLines(_Clean, JsonFormatter):
    """An object a line: time (UTC), level, logger, message, request_id, then what belongs to the event."""

    def __init__(self, scrubber: Scrubber) -> None:
        super().__init__(json_ensure_ascii=False)
        self.scrubber = scrubber

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        """In an order of ours; those of a message that is a mapping are not wanted."""
        note = current_note()
        log_data |= {"time": _moment(record), "level": record.levelname, "logger": record.name}
        log_data["message"] = ""
        if note is not None:
            log_data["request_id"] = note.id
        super().add_fields(log_data, record, {key: value for key, value in message_dict.items() if "_info" in key})
        # The library puts the message there as it is.
        log_data["message"] = self.scrubber.clean(record.getMessage())

    def format(self, record: logging.LogRecord) -> str:
        return super().format(record).translate(_UNFIT_FOR_JSON)


class TextLines(_Clean):
    """The same for people: a line, and below it the traceback if there is one."""

    def __init__(self, scrubber: Scrubber) -> None:
        super().__init__()
        self.scrubber = scrubber

    def format(self, record: logging.LogRecord) -> str:
        note = current_note()
        number = getattr(record, "request_id", "") or (note.id if note else "")
        took = f" {record.ms:.0f} ms" if hasattr(record, "ms") else ""
        said = self.scrubber.clean(record.getMessage()).translate(_CONTROLS)
        line = f"{_moment(record)} {record.levelname} {record.name}: {said}{took}{f' [{number}]' if number else ''}"
        if record.exc_info:
            line += f"\n{self.formatException(record.exc_info)}"
        return line
