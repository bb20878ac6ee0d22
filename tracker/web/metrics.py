"""Numbers for Prometheus: counted by each process and added where they are asked for.

Labels are rules, methods and statuses, never an address: `/projekt/<kod>`, not the code of a project.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_security.signals import user_authenticated, user_failed_authn
from prometheus_client import Counter, Gauge, Histogram

from tracker.web.logs_requests import RequestNote

QUIET = frozenset({"healthz", "readyz", "metrics"})
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120)
_DATABASE_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 15)

REQUESTS = Counter("portfoljkartan_requests", "Answered questions.", ("rule", "method", "status"))
SECONDS = Histogram(
    "portfoljkartan_request_seconds", "From the question to the last byte.", ("rule", "method"), buckets=_SECONDS
)
IN_PROGRESS = Gauge("portfoljkartan_requests_in_progress", "Being answered now.", multiprocess_mode="livesum")
DATABASE_SECONDS = Histogram(
    "portfoljkartan_database_seconds", "In the database, of each question that went there.", buckets=_DATABASE_SECONDS
)
STATEMENTS = Counter("portfoljkartan_database_statements", "Statements that the database was sent.")
CONNECTIONS = Gauge("portfoljkartan_database_connections", "In use now.", multiprocess_mode="livesum")
EVENTS = Counter("portfoljkartan_events", "What is worth following by itself.", ("event",))
NAMES = ("sign-in", "sign-in-failed", "rate-limited", "export", "import", "closing", "database-away")
"""Of the events: each is there from the start, so that the first one is seen as a step."""

EXPORTS = frozenset(
    {
        "exports.contribution_file", "exports.projects", "exports.assignments_file", "maps.listing_file",
        "maps.print_file", "reports.file", "opendata.contributions_csv", "opendata.contributions_json",
        "opendata.oc4ids_package",
    }
)  # fmt: skip
IMPORTS = frozenset({"imports.apply", "imports.apply_ledger_file", "imports.apply_indicator_file"})
CLOSINGS = frozenset({"reports.close_now"})


def init_metrics(app: Flask) -> None:
    """Count what the library that signs people in tells of."""
    for name in NAMES:
        EVENTS.labels(name)
    user_authenticated.connect(_signed_in, app)
    user_failed_authn.connect(_failed, app)


def begin_request(_note: RequestNote) -> None:
    """Of a question that has come."""
    IN_PROGRESS.inc()


def count_request(note: RequestNote) -> None:
    """Of a question that has been answered, or given up."""
    IN_PROGRESS.dec()
    if note.endpoint in QUIET:
        return
    method = note.method if note.method in METHODS else "other"
    REQUESTS.labels(note.rule, method, str(note.status)).inc()
    SECONDS.labels(note.rule, method).observe(note.seconds)
    if note.statements:
        DATABASE_SECONDS.observe(note.database_seconds)
        STATEMENTS.inc(note.statements)
    event = event_of(note)
    if event:
        EVENTS.labels(event).inc()


def event_of(note: RequestNote) -> str:
    """The event that an answer tells of, or an empty text."""
    if note.status == 429:
        return "rate-limited"
    if note.status == 503:
        return "database-away"
    if note.status >= 400:
        return ""
    kinds = {"export": EXPORTS, "import": IMPORTS, "closing": CLOSINGS}
    return next((name for name, endpoints in kinds.items() if note.endpoint in endpoints), "")


def _signed_in(_app: Flask, **_further: Any) -> None:
    EVENTS.labels("sign-in").inc()


def _failed(_app: Flask, **_further: Any) -> None:
    EVENTS.labels("sign-in-failed").inc()
