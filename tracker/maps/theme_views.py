"""The theme of the map: as JSON at an address of its own, and for the page around the map."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson
from flask import Response, g, request
from flask.typing import ResponseReturnValue

from tracker.accounts.login import person, requires
from tracker.accounts.roles import Permission
from tracker.errors import DomainError, NotFoundError
from tracker.exports.asking import PROJECT_COUNT
from tracker.exports.views import audience
from tracker.extensions import db
from tracker.followup.models import Period
from tracker.followup.queries import source_key
from tracker.maps.blueprint import bp
from tracker.maps.choices import MapChoices, choices_from
from tracker.maps.theme_asking import ALL_YEARS, ThemeAsked, theme_from
from tracker.maps.theme_pages import ThemeLine, ThemePage
from tracker.maps.theme_presenters import ThemeOffer, as_json, in_order, theme_offer
from tracker.maps.theme_reading import settle
from tracker.maps.theme_telling import ask_theme, mark, tell_theme
from tracker.maps.theme_years import fact_years
from tracker.messages import message
from tracker.projects.filters import filter_from
from tracker.projects.standing import today
from tracker.projects.vocabulary import RUNNING_PERIOD
from tracker.web.language import page_language

UNKNOWN = message("Temat finns inte, eller är inte offentligt. Välj ett av dem som kartan erbjuder.")


@dataclass(frozen=True, slots=True)
class ThemeBox:
    """What the page around the map says of the theme. `page` is None without a theme, and where `trouble` says why."""

    choices: MapChoices
    offer: ThemeOffer | None
    page: ThemePage | None
    areas: tuple[ThemeLine, ...]
    trouble: str


@bp.get("/karta/tema")
@requires(Permission.VIEW_PUBLIC)
def theme() -> ResponseReturnValue:
    """A figure of each area of an edition, with its classes and what lies outside the map; see themes.py."""
    session, now = db.session(), datetime.now(UTC)
    asked = _asked(choices_from(request.args), now)
    if asked is None:
        return _refusal(NotFoundError(UNKNOWN))
    response = Response(mimetype="application/json")
    response.set_etag(hashlib.blake2b(mark(session, asked, page_language()).encode(), digest_size=16).hexdigest())
    # Asked about each time: a project that became confidential a second ago must not come out of a cache.
    response.cache_control.no_cache = True
    if person() is None:
        response.cache_control.public = True
    else:
        response.cache_control.private = True
    response.make_conditional(request)
    if response.status_code != 304:
        try:
            page = tell_theme(session, asked, now, page_language())
        except DomainError as error:
            return _refusal(error)
        response.set_data(orjson.dumps(as_json(page)))
    return response


@bp.context_processor
def _for_pages() -> dict[str, Callable[[], ThemeBox]]:
    """The theme that a page's address asks for, told when the template asks and once for each answer."""
    return {"map_theme": theme_box}


def theme_box() -> ThemeBox:
    if "map_theme" not in g:
        g.map_theme = _make_box()
    found: ThemeBox = g.map_theme
    return found


def _make_box() -> ThemeBox:
    session, now, choices = db.session(), datetime.now(UTC), choices_from(request.args)
    asked = _asked(choices, now)
    try:
        settled, period = settle(session, asked or _offered())
        years = _years(settled, period, now) if asked else ()
        offer = theme_offer(session, settled.audience, settled, years, asked.measure.key if asked else "")
    except DomainError as error:
        return ThemeBox(choices, None, None, (), str(error))
    if asked is None:
        return ThemeBox(choices, offer, None, (), UNKNOWN if choices.theme else "")
    try:
        page = tell_theme(session, asked, now, page_language())
    except DomainError as error:
        return ThemeBox(choices, offer, None, (), str(error))
    return ThemeBox(choices, offer, page, in_order(page, choices.theme_order), "")


def _offered() -> ThemeAsked:
    """What the choices are of while there is no theme: nothing is read of the figures for them."""
    every = MapChoices(theme=PROJECT_COUNT, theme_year=ALL_YEARS)
    found = theme_from(every, filter_from(request.args), audience(), today().year)
    if found is None:
        raise LookupError("the number of projects is everybody's theme")
    return found


def _years(asked: ThemeAsked, period: Period | None, now: datetime) -> tuple[int, ...]:
    session = db.session()
    key = source_key(session, period) if period else RUNNING_PERIOD
    return fact_years(session, asked.measure, asked.audience, key, now)


def _asked(choices: MapChoices, now: datetime) -> ThemeAsked | None:
    return ask_theme(db.session(), choices, filter_from(request.args), audience(), now, today())


def _refusal(error: DomainError) -> Response:
    status = 404 if isinstance(error, NotFoundError) else 400
    problem = {"type": "about:blank", "title": "Temat går inte att visa", "status": status, "detail": str(error)}
    return Response(orjson.dumps(problem), status=status, mimetype="application/problem+json")
