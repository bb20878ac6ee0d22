"""A theme from the question in an address to the page that is shown: kept while nothing is written."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker.exports.asking import default_year
from tracker.exports.audience import Audience
from tracker.exports.standing import Asking, code_sign, stand
from tracker.history.revision import revision
from tracker.maps.choices import MapChoices
from tracker.maps.theme_asking import ThemeAsked, measure_of, theme_from
from tracker.maps.theme_keeping import filtered_page
from tracker.maps.theme_pages import ThemePage
from tracker.maps.theme_reading import read_theme, settle
from tracker.maps.theme_years import fact_years
from tracker.maps.themes import theme_page
from tracker.projects.choosing import filter_heading
from tracker.projects.filters import ProjectFilter
from tracker.projects.vocabulary import RUNNING_PERIOD
from tracker.reports.explained import unchanging_sign


def ask_theme(
    session: Session, choices: MapChoices, wanted: ProjectFilter, audience: Audience, now: datetime, today: date
) -> ThemeAsked | None:
    """The theme that an address asks for; where it names no year, the year nearest to today that has any of it."""
    measure = measure_of(choices, audience)
    if measure is None:
        return None
    year = default_year(fact_years(session, measure, audience, RUNNING_PERIOD, now), today)
    return theme_from(choices, wanted, audience, year)


def tell_theme(session: Session, asked: ThemeAsked, now: datetime, language: str) -> ThemePage:
    """The theme, kept until something is written. Raises NotFoundError for a period, edition or goal that is not there.

    Those of the whole register are kept for all workers; those with a filter, as many as there are readers, by each.
    """
    settled, period = settle(session, asked)

    def make() -> ThemePage:
        return theme_page(read_theme(session, settled, period), settled, filter_heading(session, settled.wanted))

    if settled.wanted.in_force:
        return filtered_page(session, (language, *settled.key, settled.wanted), make)
    sign = unchanging_sign(period, settled.audience) if period else ""
    return stand(session, Asking(("theme", *settled.key), now, sign), ThemePage, make)


def mark(session: Session, asked: ThemeAsked, language: str) -> str:
    """What changes when the answer could: cheap, so that an unchanged one need not be made."""
    return "\x1f".join((code_sign(), str(revision(session)), language, *asked.key, repr(asked.wanted.to_query())))
