"""The day and the limits that the installation's rules go by, as the pure rules take them."""

from __future__ import annotations

from datetime import date, datetime

from flask import current_app

from tracker.projects.decisions import Limits
from tracker.web.content import STOCKHOLM

ORE_PER_MNKR = 100_000_000


def today() -> date:
    """The date on the wall clock of Stockholm."""
    return datetime.now(STOCKHOLM).date()


def limits() -> Limits:
    """What the settings warn at."""
    settings = current_app.config
    return Limits(settings["DEVIATION_PERCENT"], settings["BOARD_LIMIT_MNKR"] * ORE_PER_MNKR)
