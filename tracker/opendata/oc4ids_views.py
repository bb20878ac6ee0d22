"""The published projects as OC4IDS 0.9: all of them in one package, and each by itself (docs/oc4ids.md).

Always what is public, whoever asks: the addresses are passed on. Those with further rights have /projekt/export.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.database import is_sqlite
from tracker.exports.audience import Audience
from tracker.exports.oc4ids import package_parts
from tracker.exports.oc4ids_publishing import Publishing, publishing
from tracker.exports.register import choose
from tracker.exports.standing import code_sign
from tracker.extensions import db
from tracker.maps.reading import read_revision
from tracker.opendata.answering import CHUNK_BYTES, JSON, text_answer
from tracker.opendata.blueprint import bp
from tracker.opendata.oc4ids_keeping import Kept, kept_file
from tracker.projects.filters import ProjectFilter
from tracker.projects.models import Project
from tracker.projects.standing import today
from tracker.web.problems import problem

FOLDER = "oppna-data"


@bp.get("/data/oc4ids.json")
@requires(Permission.VIEW_PUBLIC)
def oc4ids_package() -> ResponseReturnValue:
    """Every published project in one package."""
    publisher = publishing("opendata.oc4ids_package")
    folder = Path(current_app.config["STATE_DIR"]) / FOLDER
    # The revision is read before what the package reads, so that what is kept is never older than it says.
    state = (str(db.engine.url), read_revision(db.engine), code_sign(), today(), publisher)
    return _sent(kept_file(folder, "oc4ids", state, lambda: _all_parts(publisher)))


@bp.get("/data/oc4ids/<kod>.json")
@requires(Permission.VIEW_PUBLIC)
def oc4ids_project(kod: str) -> ResponseReturnValue:
    """One published project in a package of its own."""
    publisher = publishing("opendata.oc4ids_project", kod=kod)
    with _snapshot() as session:
        extract = choose(session, ProjectFilter(), Audience.PUBLIC, datetime.now(UTC), [Project.code == kod])
        if not extract.ids:
            return problem(404, f"Projektet {kod} finns inte, eller är inte publicerat.")
        return text_answer(b"".join(package_parts(session, extract, publisher)), JSON)


def _all_parts(publisher: Publishing) -> Iterator[bytes]:
    with _snapshot() as session:
        extract = choose(session, ProjectFilter(), Audience.PUBLIC, datetime.now(UTC))
        yield from package_parts(session, extract, publisher)


@contextmanager
def _snapshot() -> Iterator[Session]:
    """A session that sees one state of the register from beginning to end, so that no entry is half of two."""
    with Session(db.engine) as session:
        if not is_sqlite(session):
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session


def _sent(kept: Kept) -> Response:
    answer = Response(_chunks(kept), content_type=JSON)
    answer.call_on_close(kept.file.close)
    answer.content_length = kept.size
    answer.set_etag(kept.mark, weak=True)
    # Asked about each time: what became secret a second ago must not come out of a cache.
    answer.cache_control.no_cache = True
    answer.cache_control.public = True
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.make_conditional(request)
    if answer.status_code == 304 or request.method == "HEAD":
        kept.file.close()
    return answer


def _chunks(kept: Kept) -> Iterator[bytes]:
    with kept.file:
        while chunk := kept.file.read(CHUNK_BYTES):
            yield chunk
