"""Registers that several tests of files read."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.contribution.register import add_project, add_volume
from tests.exports.reading import NOW
from tests.geometries import CITY_HALL, RINKEBY, line, square
from tracker.measures.models import MainKind
from tracker.projects.figures import Figure
from tracker.projects.vocabulary import Flow


@pytest.fixture
def some_projects(session: Session) -> Session:
    """Projects of each kind with shapes of three types, and one without location; changed late on a July evening."""
    one = add_project(
        session, "B-1", square(150_000, 6_575_000, 100), name="Kvarteret Åäö & <Ö>", goals={"G1a": 3, "G2d": 1},
        serves=[("Rinkeby/1999", 100)], start_forecast=date(2005, 7, 1), updated_at=NOW,
    )  # fmt: skip
    told = {"project_id": one.id, "flow": Flow.OUTLAY}
    session.add(Figure(year=2005, budget_ore=123_456_789_012, forecast_ore=5, **told))
    session.add(Figure(year=2006, budget_ore=7, budget_preliminary=True, **told))
    add_volume(session, one, "bostader-hyresratt", 2005, planned=10)
    road = line((150_000, 6_575_000), (150_500, 6_575_900.5))
    add_project(session, "T-1", road, main_kind=MainKind.TRAFFIC, updated_at=NOW)
    add_project(session, "A-1", CITY_HALL, main_kind=MainKind.WORKPLACE, updated_at=NOW)
    add_project(session, "A-2", RINKEBY, main_kind=MainKind.WORKPLACE, updated_at=NOW)
    add_project(session, "U-1", updated_at=NOW)
    return session
