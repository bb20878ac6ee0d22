"""What the map's address says beyond the filter of projects: a year, what changed, a theme.

Parameters are English words, their values Swedish ones, as everywhere. A value that means nothing is dropped, so that
an old link still opens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from tracker.projects.filters import Arguments

YEARS = (1990, 2100)
"""First and last year that the slider may stand at."""
_KEY = re.compile(r"\d{4}-[A-Z0-9]{2}(-v\d{1,2})?")


@dataclass(frozen=True, slots=True)
class MapChoices:
    """`at`: how things stood or will stand in that year. `since`: only what changed since that period, by its key.

    `theme`: the figure that the areas show, and with it how it is asked for and drawn (theme_asking.py); nothing
    of that without one. `served`: lines from the projects to the areas that they serve.
    """

    at: int | None = None
    since: str = ""
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

    def to_query(self) -> dict[str, str]:
        """As query parameters, only those in force."""
        values = ((one.name, getattr(self, one.name)) for one in fields(self))
        return {name: str(value) for name, value in values if value not in ("", None)}


def choices_from(args: Arguments) -> MapChoices:
    """Read the choices from a query string."""
    at, since = _first(args, "at"), _first(args, "since")
    year = int(at) if at.isascii() and at.isdigit() and len(at) == 4 else None
    return MapChoices(
        at=year if year is not None and YEARS[0] <= year <= YEARS[1] else None,
        since=since if _KEY.fullmatch(since) else "",
        served="ja" if _first(args, "served") == "ja" else "",
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


def _first(args: Arguments, key: str) -> str:
    return "".join(args.getlist(key)[:1]).strip()
