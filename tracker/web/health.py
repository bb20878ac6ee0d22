"""`/healthz`: the process lives. `/readyz`: it can do its work. As JSON, and as text for people.

They are answered before everything else: no session, no limit, no redirect to HTTPS, and nothing of the database but
what `/readyz` itself asks.
"""

from __future__ import annotations

import platform
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from typing import Any

import orjson
from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue

from tracker.extensions import db, limiter
from tracker.web.health_checks import (
    Check,
    Migrations,
    State,
    Timed,
    check_database,
    check_folder,
    check_limits,
    check_space,
    folders_of,
)
from tracker.web.health_trouble import RETRY_SECONDS

PROBES = ("healthz", "readyz", "metrics")
"""Endpoints that are answered before everything else."""
_DATABASE, _LIMITS = Timed(), Timed()
_WORDS = {State.OK: "redo", State.DEGRADED: "redo, med brister", State.FAILED: "inte redo"}
_NAMES = {
    "database": "databas", "migrations": "migreringar", "state_folder": "mapp för filer", "disk": "ledigt på disken",
    "shared_limits": "gemensamma gränser",
}  # fmt: skip
_STATES = {State.OK: "i ordning", State.DEGRADED: "brist", State.FAILED: "fel"}
_STATUS = {State.OK: "ready", State.DEGRADED: "degraded", State.FAILED: "not-ready"}


def init_probes(app: Flask) -> None:
    """Answer the probes first; call before whatever else looks at questions."""
    app.before_request(_answer_probe)


def init_health(app: Flask, is_admin: Callable[[], bool]) -> None:
    """The two addresses. `is_admin` is asked only when the database answers."""
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", lambda: readyz(is_admin))


def _answer_probe() -> ResponseReturnValue | None:
    if request.endpoint not in PROBES or request.method not in ("GET", "HEAD"):
        return None
    view: Callable[[], ResponseReturnValue] = current_app.view_functions[request.endpoint]  # type: ignore[assignment]
    return view()


def healthz() -> Response:
    """That the process answers; whether it can do its work is another question."""
    return _answer({"status": "alive"}, "Portföljkartan: igång\n", 200)


def readyz(is_admin: Callable[[], bool]) -> Response:
    """Whether questions should be sent here: 200, or 503 with what is missing."""
    checks = run_checks()
    worst = _worst(checks)
    content: dict[str, Any] = {
        "status": _STATUS[worst],
        "checks": {one.name: {"state": one.state} | ({"reason": one.reason} if one.reason else {}) for one in checks},
    }
    lines = [f"Portföljkartan: {_WORDS[worst]}"]
    lines += [f"{_NAMES[one.name]}: {_STATES[one.state]}{f'. {one.reason}' if one.reason else ''}" for one in checks]
    if checks[0].state is State.OK and is_admin():
        content["versions"] = _versions()
        lines += [f"{name}: {text}" for name, text in _versions().items()]
    return _answer(content, "\n".join(lines) + "\n", 503 if worst is State.FAILED else 200)


def run_checks() -> list[Check]:
    """Each thing that is needed here, the database first."""
    settings = current_app.config
    engine = db.engine
    folders = folders_of(settings, engine.url.database)
    checks = check_database(engine, _migrations(), _DATABASE)
    checks += [check_folder(settings["STATE_DIR"]), check_space(folders, settings["MIN_FREE_MB"])]
    if limiter.enabled and not settings["RATELIMIT_STORAGE_URI"].startswith("memory:"):
        checks.append(check_limits(lambda: bool(limiter.storage.check()), _LIMITS))
    return checks


_migrations = cache(Migrations.of_program)


def _worst(checks: list[Check]) -> State:
    states = {one.state for one in checks}
    return next(state for state in (State.FAILED, State.DEGRADED, State.OK) if state in states)


def _versions() -> dict[str, str]:
    with db.engine.connect() as connection:
        server = ".".join(map(str, connection.dialect.server_version_info or ()))
        name = connection.dialect.name
    heads = _migrations().heads
    return {
        "portfoljkartan": version("portfoljkartan"),
        "python": platform.python_version(),
        name: server,
        "migration": " ".join(sorted(heads)),
    }


def _answer(content: dict[str, Any], text: str, status: int) -> Response:
    wants_text = request.accept_mimetypes.best_match(["application/json", "text/html", "text/plain"])
    if wants_text in ("text/html", "text/plain"):
        answer = Response(text, status, content_type="text/plain; charset=utf-8")
    else:
        answer = Response(orjson.dumps(content), status, content_type="application/json")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Vary"] = "Accept"
    if status == 503:
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer
