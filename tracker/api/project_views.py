"""Projects as documents: the list, one to read, new ones, and changes with the version that they were made of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from tracker.accounts.login import actor, requires
from tracker.accounts.roles import Permission
from tracker.api.blueprint import bp
from tracker.api.geometry_reading import CRS84, STORED, in_metres
from tracker.api.json_reading import JSON, MERGE_PATCH, merged, read_body
from tracker.api.kept_answers import find_kept, keep, sent_key
from tracker.api.project_document import READ_ONLY
from tracker.api.project_form import choices_of, read_project, service_problems
from tracker.api.project_told import told_project
from tracker.api.project_words import load_words
from tracker.api.versions import etag_of, moved, refuse_moved
from tracker.errors import ConflictError, InvalidInputError, Problem
from tracker.extensions import db
from tracker.projects import services
from tracker.projects.models import Project
from tracker.projects.queries import get_project
from tracker.projects.reviewing import publish_project
from tracker.projects.viewing import rights, viewer
from tracker.projects.vocabulary import Publication
from tracker.web.addresses import whole_address


@bp.get("/projects/<code>")
@requires(Permission.VIEW_DRAFTS)
def project(code: str) -> ResponseReturnValue:
    """One project, as whoever asks may see it; `crs` gives the geometry in EPSG:3011 as it is stored."""
    return _answer(get_project(db.session(), code, viewer()), edition=request.args.get("edition"))


@bp.post("/projects")
@requires(Permission.EDIT_PROJECT)
def register() -> ResponseReturnValue:
    """A new project, a draft. With an Idempotency-Key it is registered once, however often it is sent."""
    session, me, key = db.session(), actor(), sent_key()
    sent = read_body(JSON)
    owner = me.user_id or 0
    if key and (before := find_kept(session, owner, key, me.at)) is not None:
        return before
    try:
        given = read_project(session, sent, None, viewer())
        made = services.register_project(session, given, me, rights())
        answer = _answer(made, 201)
        if key:
            keep(session, owner, key, me.at, answer)
        session.commit()
    except (InvalidInputError, IntegrityError) as error:
        session.rollback()
        return _second(owner, key, error)
    return answer


def _second(owner: int, key: str, error: InvalidInputError | IntegrityError) -> Response:
    """Two at once with one key: the other was let through, and this is answered as it was. Or with one code: 409.

    Whoever looked before the other had committed finds the code taken, or is told so by the database.
    """
    before = find_kept(db.session(), owner, key, datetime.now(UTC)) if key else None
    if before is not None:
        return before
    if isinstance(error, InvalidInputError):
        raise service_problems(error) from error
    raise ConflictError(
        "Någon annan registrerade samma projektkod samtidigt. Läs projektet och välj en annan kod."
    ) from error


@bp.put("/projects/<code>")
@requires(Permission.EDIT_PROJECT)
def replace(code: str) -> ResponseReturnValue:
    """The whole project anew: what the document leaves out is emptied."""
    return _change(code, lambda _stored: read_body(JSON))


@bp.patch("/projects/<code>")
@requires(Permission.EDIT_PROJECT)
def patch(code: str) -> ResponseReturnValue:
    """Only what the merge patch (RFC 7396) names; a list is replaced whole."""

    def changed(stored: Project) -> Any:
        sent = read_body(MERGE_PATCH, JSON)
        if not isinstance(sent, dict):
            raise InvalidInputError([Problem("dokumentet", "Ska vara ett objekt.")])
        goals = sent.get("goals")
        edition = goals.get("edition") if isinstance(goals, dict) else None
        base = _told(stored, edition if isinstance(edition, str) else None)
        base = {name: value for name, value in base.items() if name not in READ_ONLY}
        made = merged(base, {name: value for name, value in sent.items() if name not in READ_ONLY})
        # A geometry is one value: its members are not merged with those of the one before.
        return made | {"geometry": sent["geometry"]} if sent.get("geometry") is not None else made

    return _change(code, changed)


def _change(code: str, sent: Callable[[Project], Any]) -> ResponseReturnValue:
    session, reader = db.session(), viewer()
    stored = get_project(session, code, reader)
    version = stored.version
    refuse_moved(etag_of(version))
    try:
        given = read_project(session, sent(stored), stored, reader)
        services.change_project(session, stored, given, version, actor(), rights())
        answer = _answer(stored)
        session.commit()
    except InvalidInputError as error:
        raise service_problems(error) from error
    except (ConflictError, StaleDataError, IntegrityError) as error:
        session.rollback()
        raise _lost(code, version, error) from error
    return answer


def _lost(code: str, version: int, error: Exception) -> Exception:
    """412 when somebody else was first; a code that two took at once is 409."""
    present = get_project(db.session(), code, viewer()).version
    if present == version and isinstance(error, IntegrityError):
        return ConflictError("Någon annan tog samma projektkod samtidigt. Välj en annan.")
    return moved(etag_of(present))


@bp.put("/projects/<code>/publication")
@requires(Permission.EDIT_PROJECT)
def publication(code: str) -> ResponseReturnValue:
    """Move a project along draft → reviewed → published, by the rules of the page: four eyes, no secret project."""
    session = db.session()
    stored = get_project(session, code, viewer())
    version = stored.version
    refuse_moved(etag_of(version))
    state, reason = _wanted_state(read_body(JSON))
    try:
        publish_project(session, stored, state, actor(), rights(), version, reason)
        answer = _answer(stored)
        session.commit()
    except (ConflictError, StaleDataError) as error:
        session.rollback()
        raise _lost(code, version, error) from error
    return answer


def _wanted_state(sent: Any) -> tuple[Publication, str]:
    if not isinstance(sent, dict) or not set(sent) <= {"publication", "reason"}:
        raise InvalidInputError(
            [Problem("dokumentet", "Ska vara ett objekt med publication och, där den krävs, reason.")]
        )
    word, reason = sent.get("publication"), sent.get("reason", "")
    state = next((one for one in Publication if one.value == word), None)
    if state is None:
        raise InvalidInputError([Problem("publication", "Välj utkast, granskad eller publicerad.")])
    if not isinstance(reason, str):
        raise InvalidInputError([Problem("reason", "Ska vara text.")])
    return state, reason


def _told(project: Project, edition: str | None = None, *, metres: bool = False) -> dict[str, Any]:
    session, reader = db.session(), viewer()
    choices = choices_of(session, reader, project, edition)
    return told_project(session, project, reader, choices, load_words(session, choices), metres=metres)


def _answer(project: Project, status: int = 200, edition: str | None = None) -> Response:
    metres = in_metres(None, request.args.get("crs"))
    address = whole_address("api.project", code=project.code)
    links = [
        {"rel": "self", "href": address, "type": JSON},
        {"rel": "alternate", "href": whole_address("projects.detail", kod=project.code), "type": "text/html"},
    ]
    told = _told(project, edition, metres=metres) | {"links": links}
    answer = Response(orjson.dumps(told), status=status, mimetype=JSON)
    answer.headers["ETag"] = f'"{etag_of(project.version)}"'
    answer.headers["Content-Crs"] = f"<{STORED if metres else CRS84}>"
    answer.headers["Cache-Control"] = "private, no-cache"
    if status == 201:
        answer.headers["Location"] = address
    return answer
