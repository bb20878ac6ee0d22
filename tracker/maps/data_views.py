"""What the map draws, at a documented public address (docs/kartdata.md)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from tracker.accounts.freshness import fresh
from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.errors import DomainError, NotFoundError
from tracker.exports.standing import code_sign
from tracker.extensions import db
from tracker.maps.answers import MapAnswer, Tally, answer_from, answer_map, tally
from tracker.maps.blueprint import bp
from tracker.maps.choices import choices_from
from tracker.maps.keeping import Asking, Keeping
from tracker.maps.listing import Asked, choice_conditions
from tracker.maps.meaning import is_answerable, meant_of
from tracker.maps.model_keeping import ModelKeeper
from tracker.maps.reading import read_revision, reading
from tracker.maps.windows import Window, window_from
from tracker.projects.filters import conditions, filter_from
from tracker.projects.viewing import viewer
from tracker.web.content import local_day
from tracker.web.problems import problem

_TALLIES: Keeping[Tally] = Keeping(200)
_COUNTS: Keeping[bytes] = Keeping(60)
"""Answers that are counts on a grid: they are small, and take the longest to make."""


@bp.get("/karta/data")
@requires(Permission.VIEW_PUBLIC)
def data() -> ResponseReturnValue:
    """The projects that a filter means as GeoJSON, EPSG:4326; see answers.py for how it is bounded."""
    try:
        window = window_from(request.args)
        asked = Asked(filter_from(request.args), choices_from(request.args), viewer(), datetime.now(UTC))
        return _answer(asked, window, read_revision(db.engine))
    except DomainError as error:
        return _refusal(error)


def _answer(asked: Asked, window: Window, number: int) -> Response:
    response = fresh(Response(status=304, mimetype="application/geo+json"), _mark(number, asked))
    if request.if_none_match.contains_weak(response.get_etag()[0] or ""):
        return response
    response.status_code = 200
    response.set_data(_body(asked, window, number))
    return response


def _body(asked: Asked, window: Window, number: int) -> bytes:
    """The answer, made unless it is remembered. The revision was read before everything that the answer reads."""
    day = local_day(asked.now) if asked.choices.since else None
    question = (asked.wanted, asked.choices, asked.viewer, day)
    whole = Asking(_database(), number, (*question, window))
    if (kept := _COUNTS.find(whole)) is not None:
        return kept
    model = map_keeper().at(number) if is_answerable(asked.choices, asked.viewer) else None
    meant = meant_of(model, db.engine, asked.wanted, asked.choices) if model else None
    if meant is not None:
        answer = answer_from(meant[0], window, meant[1])
    else:
        with reading(db.engine) as session:
            answer = _stored_answer(session, asked, window, Asking(_database(), number, question))
    body = answer.body()
    if answer.clustered:
        _COUNTS.keep(whole, body)
    return body


def _stored_answer(session: Session, asked: Asked, window: Window, counting: Asking) -> MapAnswer:
    further = choice_conditions(session, asked)
    if (count := _TALLIES.find(counting)) is None:
        count = tally(session, [*conditions(session, asked.wanted, asked.viewer), *further], asked.viewer)
        _TALLIES.keep(counting, count)
    return answer_map(session, asked.wanted, asked.viewer, window, further, asked.choices.at, count)


def _database() -> str:
    return str(db.engine.url)


def map_keeper() -> ModelKeeper:
    """Of this application; in tests it reads only when it is told to."""
    kept: ModelKeeper | None = current_app.extensions.get("map_model")
    if kept is None:
        made = ModelKeeper(db.engine, background=not current_app.testing)
        kept = current_app.extensions.setdefault("map_model", made)
    return kept


def _mark(number: int, asked: Asked) -> str:
    """The same as long as the answer is: of the register's revision, the audience, the address and the program."""
    # Weak, for what is pressed on its way is the same answer. "Since" may depend on the day.
    told = (number, code_sign(), asked.viewer, local_day(asked.now), request.query_string)
    return hashlib.blake2b(repr(told).encode(), digest_size=16).hexdigest()


def _refusal(error: DomainError) -> Response:
    status = 404 if isinstance(error, NotFoundError) else 400
    return problem(status, str(error), "Adressen går inte att använda")
