"""The map for other people's pages: always as the public sees it, without cookies, with a frame rule of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import wraps
from typing import Any, cast

from flask import Flask, Response, current_app, g, make_response, render_template, request, session
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_security.core import AnonymousUser

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.errors import DomainError
from tracker.extensions import db, talisman
from tracker.maps.backgrounds import backgrounds_of
from tracker.maps.blueprint import bp
from tracker.maps.choices import choices_from
from tracker.maps.listing import Asked
from tracker.maps.listing_page import page_context
from tracker.maps.presenters import goal_names, script_words
from tracker.maps.print_orders import read_position
from tracker.maps.render import page_map
from tracker.maps.share import absolute, shared_query
from tracker.maps.words import frame_words
from tracker.projects.choosing import filter_choices
from tracker.projects.filters import filter_from
from tracker.projects.policies import PUBLIC
from tracker.web.headers import content_policy


@bp.record
def _register(state: BlueprintSetupState) -> None:
    """A view of each application's own: what its setting lets in is kept with the view."""
    view: Any = _view()
    if state.app.config["EMBED_ORIGINS"]:
        view = talisman(frame_options=None, content_security_policy=embed_policy(cast(Flask, state.app)))(view)
    state.add_url_rule("/karta/inbaddad", "embedded", view, methods=["GET"])


def embed_policy(app: Flask) -> dict[str, str]:
    """The usual content policy, but for who may show the page in a frame."""
    return content_policy(app) | {"frame-ancestors": " ".join(app.config["EMBED_ORIGINS"])}


def _view() -> Any:
    @requires(Permission.VIEW_PUBLIC)
    def shown() -> ResponseReturnValue:
        try:
            answer = make_response(render_template("maps/embed.html", **_context()))
        except DomainError as error:
            answer = make_response(render_template("maps/embed.html", refusal=str(error), whole=_whole()), 422)
        return _cacheable(answer)

    @wraps(shown)
    def embedded() -> ResponseReturnValue:
        """Legend, one line, the map, and its list; filter, choices and view stand in the address."""
        # Somebody's page must not show more to a reader who happens to be signed in here, nor touch the login.
        g._login_user = AnonymousUser()  # type: ignore[no-untyped-call]
        answer: ResponseReturnValue = shown()
        session.modified = False
        return answer

    return embedded


def _context() -> dict[str, Any]:
    database = db.session()
    asked = Asked(filter_from(request.args), choices_from(request.args), PUBLIC, datetime.now(UTC))
    position = read_position(request.args.get("position", ""))
    return {
        **page_context(database, asked, None),
        **filter_choices(database, asked.wanted, worklists=False),
        "map": page_map(backgrounds_of(current_app.config)),
        "backgrounds": (),
        "words": script_words(goal_names(database)) | frame_words(),
        "position": position,
        "whole": absolute("maps.map_page", shared_query(asked.wanted, asked.choices), position),
    }


def _whole() -> str:
    return absolute("maps.map_page", {})


def _cacheable(answer: Response) -> Response:
    # Asked about each time: a project that became confidential a second ago must not come out of a cache.
    answer.cache_control.no_cache = True
    return answer
