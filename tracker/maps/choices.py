"""What the map's address says beyond the filter of projects: a year, what changed, a place, a theme.

Parameters are English words, their values Swedish ones, as everywhere. A value that means nothing is dropped, so that
an old link still opens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from werkzeug.datastructures import MultiDict

from tracker.errors import InvalidInputError
from tracker.maps.sizes import SizedBy
from tracker.maps.windows import window_from
from tracker.projects.filters import Arguments

YEARS = (1990, 2100)
"""First and last year that the slider may stand at."""
_KEY = re.compile(r"\d{4}-[A-Z0-9]{2}(-v\d{1,2})?|\d{4}-\d{2}-\d{2}")
_PLACE = re.compile(r"-?\d{1,3}(\.\d{1,8})?,-?\d{1,2}(\.\d{1,8})?")
_STATES = ("planerat", "pagar", "klart", "tidigare", "okant")
RADII = (250, 500, 1000)
"""Metres around a place; the first goes without saying."""
SORTS = ("skede", "slag", "start", "slut", "avstand")
"""What the list may be sorted by instead of the name."""


@dataclass(frozen=True, slots=True)
class MapChoices:
    """`at`: how things stood or will stand in that year; `hide`: states in it that are hidden, with commas between.

    `since`: only what changed since that period, by its key, or since a day. `here`: what happens within `radius`
    metres of "lon,lat". `view`: only what is in the map's view "minlon,minlat,maxlon,maxlat". `sort`, `order`: of the
    list. `theme`: the figure that the areas show, and with it how it is asked for and drawn (theme_asking.py); nothing
    of that without one. `served`: lines from the projects to the areas that they serve. `sized`: circles in proportion
    to the projects (sizes.py).
    """

    at: int | None = None
    hide: str = ""
    since: str = ""
    here: str = ""
    radius: int | None = None
    view: str = ""
    sort: str = ""
    order: str = ""
    theme: str = ""
    theme_goal: str = ""
    theme_edition: str = ""
    theme_year: str = ""
    theme_period: str = ""
    theme_counting: str = ""
    theme_as: str = ""
    theme_form: str = ""
    theme_order: str = ""
    served: str = ""
    sized: str = ""

    @property
    def hidden_states(self) -> tuple[str, ...]:
        """Words of times.State; none unless a year is chosen."""
        return tuple(self.hide.split(",")) if self.hide and self.at is not None else ()

    def to_query(self) -> dict[str, str]:
        """As query parameters, only those in force."""
        values = ((one.name, getattr(self, one.name)) for one in fields(self))
        return {name: str(value) for name, value in values if value not in ("", None)}


def choices_from(args: Arguments) -> MapChoices:
    """Read the choices from a query string."""
    year, radius = _number(args, "at"), _number(args, "radius")
    hidden = [word for word in _STATES if word in _first(args, "hide").split(",")]
    return MapChoices(
        at=year if year is not None and YEARS[0] <= year <= YEARS[1] else None,
        hide=",".join(hidden),
        since=_matching(args, "since", _KEY),
        here=_matching(args, "here", _PLACE),
        radius=radius if radius in RADII[1:] else None,
        view=_view(args),
        sort=_first(args, "sort") if _first(args, "sort") in SORTS else "",
        order="fallande" if _first(args, "order") == "fallande" else "",
        served="ja" if _first(args, "served") == "ja" else "",
        sized=_first(args, "sized") if _first(args, "sized") in set(SizedBy) else "",
        theme=_theme(args, "theme"),
        theme_goal=_theme(args, "theme_goal"),
        theme_edition=_theme(args, "theme_edition"),
        theme_year=_theme(args, "theme_year"),
        theme_period=_theme(args, "theme_period"),
        theme_counting=_theme(args, "theme_counting"),
        theme_as=_theme(args, "theme_as"),
        theme_form=_theme(args, "theme_form"),
        theme_order=_theme(args, "theme_order"),
    )


def _theme(args: Arguments, key: str) -> str:
    """What is said of a theme, where there is one; its words are known to theme_asking.py."""
    return _first(args, key)[:60] if _first(args, "theme") else ""


def _number(args: Arguments, key: str) -> int | None:
    text = _first(args, key)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None


def _matching(args: Arguments, key: str, form: re.Pattern[str]) -> str:
    text = _first(args, key)
    return text if form.fullmatch(text) else ""


def _view(args: Arguments) -> str:
    """The box as it was written, if it is one."""
    text = _first(args, "view")
    try:
        return text if window_from(MultiDict({"bbox": text})).box else ""
    except InvalidInputError:
        return ""


def _first(args: Arguments, key: str) -> str:
    return "".join(args.getlist(key)[:1]).strip()
