"""Stable identifiers: /id/… names a thing for ever, and leads to what tells of it today (docs/oppna-data.md).

303 to the page, or with Accept or `f=json` to data; 404 in problem style for what this reader may not know of.
"""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.areas.queries import get_area
from tracker.errors import NotFoundError
from tracker.extensions import db
from tracker.goals.queries import get_goal, get_goal_set
from tracker.opendata.answering import json_answer, wants_json
from tracker.opendata.blueprint import bp
from tracker.opendata.catalogues import describe_goal, describe_goal_sets
from tracker.opendata.identifiers import find_code, is_drawn
from tracker.projects.viewing import viewer
from tracker.web.problems import ProblemError


@bp.get("/id/projekt/<kod>")
@requires(Permission.VIEW_PUBLIC)
def project_id(kod: str) -> ResponseReturnValue:
    """A project, also by a former code."""
    session, reader = db.session(), viewer()
    code = find_code(session, kod, reader)
    if code is None:
        raise ProblemError(404, f"Det finns inget publicerat projekt med koden {kod}.")
    if not wants_json():
        return _other("projects.detail", kod=code)
    collection = "projects" if is_drawn(session, code, reader) else "projects-unlocated"
    return _other("ogc.item", collection_id=collection, feature_id=code, f="json")


@bp.get("/id/omrade/<edition>/<kod>")
@requires(Permission.VIEW_PUBLIC)
def area_id(edition: str, kod: str) -> ResponseReturnValue:
    """An area of an edition."""
    try:
        area = get_area(db.session(), edition, kod)
    except NotFoundError as error:
        raise ProblemError(404, str(error)) from error
    if wants_json():
        return _other("ogc.item", collection_id=f"areas-{edition}", feature_id=area.code, f="json")
    return _other("maps.area_page", kod=area.code, areas=edition)


@bp.get("/id/mal/<edition>/<kod>")
@requires(Permission.VIEW_PUBLIC)
def goal_id(edition: str, kod: str) -> ResponseReturnValue:
    """A goal or an aspect of an edition."""
    session = db.session()
    try:
        goal = get_goal(session, get_goal_set(session, edition), kod)
    except NotFoundError as error:
        raise ProblemError(404, str(error)) from error
    if wants_json():
        return _other(".goal_data", edition=edition, kod=goal.code)
    return _other("maps.goal_page", kod=goal.code, edition=edition)


@bp.get("/data/mal.json")
@requires(Permission.VIEW_PUBLIC)
def goals_data() -> ResponseReturnValue:
    """Every edition of goals with its goals and aspects."""
    return json_answer(describe_goal_sets(db.session()))


@bp.get("/data/mal/<edition>/<kod>.json")
@requires(Permission.VIEW_PUBLIC)
def goal_data(edition: str, kod: str) -> ResponseReturnValue:
    """One goal."""
    session = db.session()
    try:
        return json_answer(describe_goal(get_goal(session, get_goal_set(session, edition), kod)))
    except NotFoundError as error:
        raise ProblemError(404, str(error)) from error


def _other(endpoint: str, **values: Any) -> Response:
    """See other; where it leads depends on what is asked for, and on who asks."""
    answer = redirect(url_for(endpoint, **values), 303)
    answer.vary.update(["Accept", "Cookie"])
    answer.cache_control.no_cache = True
    answer.cache_control.private = True
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer  # type: ignore[return-value]
