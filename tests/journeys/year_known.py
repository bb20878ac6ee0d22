"""What the played year knows of its projects, and how it writes amounts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from tests.journeys.year import Year
from tests.journeys.year_portfolio import YEAR
from tracker.projects.figures import Figure
from tracker.projects.models import Project
from tracker.projects.vocabulary import Flow


@dataclass(frozen=True)
class Known:
    """A project of the year as the test knows it."""

    id: int
    code: str
    name: str
    budget_ore: int


def city_outlay(year: Year) -> int:
    """The city's share of the budgeted outlays of the year, worked out row by row in whole öre."""
    with year.register() as session:
        rows = session.execute(
            select(Figure.budget_ore, Project.city_share)
            .join(Project, Project.id == Figure.project_id)
            .where(Figure.period == "2005-VB", Figure.year == YEAR, Figure.flow == Flow.OUTLAY)
        )
        return sum(((ore or 0) * share + 5_000) // 10_000 for ore, share in rows)


def kr(ore: int) -> str:
    """mnkr as a person types it."""
    return f"{Decimal(ore).scaleb(-8):f}".replace(".", ",")


def kr_exact(ore: int) -> str:
    """Kronor and öre as a ledger writes them."""
    return f"{Decimal(ore).scaleb(-2):f}".replace(".", ",")
