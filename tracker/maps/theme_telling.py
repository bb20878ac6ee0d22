"""A theme from the question in an address to the page that is shown: kept while nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.exports.asking import years_with_facts
from tracker.exports.audience import Audience
from tracker.exports.standing import Asking, code_sign, stand
from tracker.followup.models import Period
from tracker.followup.queries import source_key
from tracker.history.revision import revision
from tracker.maps.theme_asking import ThemeAsked
from tracker.maps.theme_pages import ThemePage
from tracker.maps.theme_reading import read_theme, settle
from tracker.maps.themes import theme_page
from tracker.projects.choosing import filter_heading
from tracker.projects.vocabulary import RUNNING_PERIOD
from tracker.reports.explained import unchanging_sign


@dataclass(frozen=True, slots=True)
class FactYears:
    """The years that an audience sees any amount in."""

    years: tuple[int, ...]


def fact_years(session: Session, audience: Audience, now: datetime, period: Period | None = None) -> tuple[int, ...]:
    """The years of the register or of an open period, in order."""
    key = source_key(session, period) if period else RUNNING_PERIOD
    asking = Asking(("theme years", audience.value, key), now)
    return stand(session, asking, FactYears, lambda: FactYears(years_with_facts(session, audience.viewer, key))).years


def tell_theme(session: Session, asked: ThemeAsked, now: datetime, language: str) -> ThemePage:
    """The theme. Raises NotFoundError for a period, an edition or a goal that does not exist.

    Only themes of the whole register are kept: filters are as many as there are readers.
    """
    settled, period = settle(session, asked)

    def make() -> ThemePage:
        return theme_page(read_theme(session, settled, period), settled, filter_heading(session, settled.wanted))

    if settled.wanted.in_force:
        return make()
    sign = unchanging_sign(period, settled.audience) if period else ""
    return stand(session, Asking(("theme", language, *settled.key), now, sign), ThemePage, make)


def mark(session: Session, asked: ThemeAsked, language: str) -> str:
    """What changes when the answer could: cheap, so that an unchanged one need not be made."""
    return "\x1f".join((code_sign(), str(revision(session)), language, *asked.key, repr(asked.wanted.to_query())))
