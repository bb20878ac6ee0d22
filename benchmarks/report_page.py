"""The page of a report that stands, against a view that makes one indexed select, as HTTP requests to one server.

    python -m benchmarks.report_page [PROJECTS]

Both are fetched by the same signed-in controller over one kept connection, in turn, from the product's own server
process on the same PostGIS: the trivial view is added for the measurement and goes through the same login, headers and
compression. The report is of a period of all projects. Prints milliseconds (medians) and ratios, and what the page
costs when it must be made.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

from flask import Flask
from sqlalchemy import delete, select
from werkzeug.serving import WSGIRequestHandler, make_server

from benchmarks.databases import environment, fill, make_database
from config import from_environment
from tests.postgis import private_cluster
from tracker.accounts.login import requires
from tracker.accounts.roles import Permission, Role
from tracker.accounts.services import create_user
from tracker.app import create_app
from tracker.exports.models import StandingReport
from tracker.extensions import db
from tracker.followup.codes import PeriodCode
from tracker.followup.opening import open_period
from tracker.history.models import Origin
from tracker.history.services import Actor
from tracker.projects.models import Project

ROUNDS = 40
PAGE = "/uppfoljning/perioder/2005-T1/bidrag?shown=utgift-budget"
RUNNING = "/uppfoljning/bidrag?year=2005"
COMPARISON = "/uppfoljning/perioder/2005-T1/jamfor?med=2005-VP"
TRIVIAL = "/matning/ett-val"


class Silent(WSGIRequestHandler):
    """Without a line for each request, which would be measured too."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


def add_trivial_view(app: Flask) -> None:
    """One row by its indexed code, as text."""

    @requires(Permission.VIEW_DRAFTS)
    def one_select() -> str:
        return str(db.session.scalar(select(Project.name).where(Project.code == "DEMO-000777")))

    app.add_url_rule(TRIVIAL, "one_select", one_select)


def prepare() -> str:
    """Two open periods and a controller; returns the mark of the session."""
    session = db.session()
    actor = Actor(name="Mätning", origin=Origin.COMMAND, at=datetime.now(UTC))
    for code in ("2005-VP", "2005-T1"):
        open_period(session, PeriodCode.read(code), actor, percent=15)
    user = create_user(session, "matning@exempel.se", "Mätning", Role.CONTROLLER, "ett långt lösenord")
    mark = str(user.fs_uniquifier)
    session.commit()
    return mark


def cookie_of(app: Flask, mark: str) -> str:
    """A signed session cookie, as a login gives it."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps({'_user_id': mark, '_fresh': True})}"


@contextmanager
def served(app: Flask) -> Iterator[int]:
    """The application on a port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=False, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()


def fetch(port: int, address: str, cookie: str) -> float:
    """Milliseconds of one request."""
    connection = HTTPConnection("127.0.0.1", port)
    begin = time.perf_counter()
    connection.request("GET", address, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    body = answer.read()
    took = (time.perf_counter() - begin) * 1000
    connection.close()
    if answer.status != 200 or not body:
        raise SystemExit(f"{address}: {answer.status}")
    return took


def measure(get: Callable[[str], float]) -> None:
    """Make each page once, then fetch in turn."""
    pages = (PAGE, RUNNING, COMPARISON)
    for address in pages:
        print(f"  made     {get(address):8.1f} ms   {address}")
    times: dict[str, list[float]] = {address: [] for address in (TRIVIAL, *pages)}
    for _ in range(ROUNDS):
        for address, found in times.items():
            found.append(get(address))
    trivial = statistics.median(times[TRIVIAL])
    print(f"  trivial  {trivial:8.2f} ms")
    for address in pages:
        median = statistics.median(times[address])
        print(f"  standing {median:8.2f} ms   {median / trivial:4.1f} × the trivial view   {address}")


def main() -> None:
    projects = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder, private_cluster() as cluster:
        url, state = make_database(cluster, "report_page"), Path(folder)
        fill(url, state, projects)
        settings = from_environment(environment(url, state)) | {"SESSION_COOKIE_SECURE": False}
        app = create_app(settings)
        add_trivial_view(app)
        with app.app_context():
            mark = prepare()
            db.session.execute(delete(StandingReport))
            db.session.commit()
            db.session.remove()
        cookie = cookie_of(app, mark)
        print(f"Pages of the report of {projects} projects")
        with served(app) as port:
            measure(lambda address: fetch(port, address, cookie))
        with app.app_context():
            db.engine.dispose()


if __name__ == "__main__":
    main()
