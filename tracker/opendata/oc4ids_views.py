"""The published projects as OC4IDS 0.9: all of them in one package, and each by itself (docs/oc4ids.md).

Always what is public, whoever asks: the addresses are passed on. Those with further rights have /projekt/export.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.exports.audience import Audience
from tracker.exports.oc4ids import package_parts
from tracker.exports.oc4ids_publishing import publishing
from tracker.exports.register import choose
from tracker.extensions import db
from tracker.opendata.answering import CHUNK_BYTES, JSON, text_answer
from tracker.opendata.blueprint import bp
from tracker.opendata.oc4ids_ground import is_open_still
from tracker.opendata.oc4ids_keeping import Kept, find_former, find_kept, open_kept
from tracker.opendata.oc4ids_making import NAME, Package, snapshot, start_making
from tracker.projects.filters import ProjectFilter
from tracker.projects.models import Project
from tracker.projects.policies import PUBLIC, visible_to
from tracker.web.problems import problem

AT_ONCE = 2_000
"""So many projects take about a second to write; more are written by a process of its own."""
ASK_AGAIN_SECONDS = 60
TITLE = "Filen görs"
BEING_MADE = (
    "Registret har ändrats och filen görs om; det tar ungefär en minut. Fråga igen om en stund. Den förra filen lämnas "
    "inte ut, för något i den är inte längre offentligt, eller så finns ingen."
)


@bp.get("/data/oc4ids.json")
@requires(Permission.VIEW_PUBLIC)
def oc4ids_package() -> ResponseReturnValue:
    """Every published project in one package; that of a moment ago while a new one is being made."""
    package = Package(db.engine, Path(current_app.config["STATE_DIR"]), publishing("opendata.oc4ids_package"))
    kept = find_kept(package.folder, NAME, package.state)
    if kept is None and _is_small():
        kept = package.at_once()
    if kept is not None:
        return _sent(kept)
    start_making(package, current_app.config)
    former = _former(package)
    return _being_made() if former is None else _sent(former)


def _is_small() -> bool:
    count = select(func.count(Project.id)).where(*visible_to(PUBLIC))
    return (db.session().scalar(count) or 0) <= AT_ONCE


def _former(package: Package) -> Kept | None:
    """The last one, if everybody may still have all that it holds."""
    former = find_former(package.folder, NAME, package.state)
    if former is None:
        return None
    with snapshot(db.engine) as session:
        return open_kept(former.path) if is_open_still(session, former.ground) else None


def _being_made() -> Response:
    answer = problem(503, BEING_MADE, TITLE)
    answer.headers["Retry-After"] = str(ASK_AGAIN_SECONDS)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@bp.get("/data/oc4ids/<kod>.json")
@requires(Permission.VIEW_PUBLIC)
def oc4ids_project(kod: str) -> ResponseReturnValue:
    """One published project in a package of its own."""
    publisher = publishing("opendata.oc4ids_project", kod=kod)
    with snapshot(db.engine) as session:
        extract = choose(session, ProjectFilter(), Audience.PUBLIC, datetime.now(UTC), [Project.code == kod])
        if not extract.ids:
            return problem(404, f"Projektet {kod} finns inte, eller är inte publicerat.")
        return text_answer(b"".join(package_parts(session, extract, publisher)), JSON)


def _sent(kept: Kept) -> Response:
    answer = Response(_chunks(kept), content_type=JSON)
    answer.call_on_close(kept.file.close)
    answer.content_length = kept.size
    answer.set_etag(kept.mark, weak=True)
    answer.last_modified = datetime.fromtimestamp(kept.written, UTC)
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
