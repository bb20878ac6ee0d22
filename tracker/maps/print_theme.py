"""The theme that a map's address asks for, for its print: told as the page around the map tells it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from tracker.exports.asking import default_year
from tracker.exports.views import audience, page_language
from tracker.maps.listing import Asked
from tracker.maps.theme_asking import ThemeForm, theme_from
from tracker.maps.theme_pages import ThemePage
from tracker.maps.theme_telling import fact_years, tell_theme
from tracker.projects.standing import today


@dataclass(frozen=True, slots=True)
class PrintedTheme:
    """`circles`: drawn as circles, not as fills."""

    page: ThemePage
    circles: bool


def read_map_theme(session: Session, asked: Asked) -> PrintedTheme | None:
    """The theme, as whoever asks may have it; None without one, without figures, or for one that is not theirs.

    Raises NotFoundError for a period, an edition or a goal that does not exist.
    """
    reader = audience()
    year = default_year(fact_years(session, reader, asked.now), today())
    theme = theme_from(asked.choices, asked.wanted, reader, year)
    if theme is None:
        return None
    page = tell_theme(session, theme, asked.now, page_language())
    return None if page.empty else PrintedTheme(page, theme.form is ThemeForm.SYMBOL)
