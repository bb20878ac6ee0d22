"""A portfolio for tests of themes: every way to lie, to serve and to contribute, with odd amounts."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tests.contribution.register import add_figure, add_no_contribution, add_project, add_volume
from tests.geometries import CITY_HALL, FAR_OUTSIDE, RINKEBY
from tracker.projects.display import refresh_display
from tracker.projects.locating import locate_stored
from tracker.projects.models import Project
from tracker.projects.vocabulary import Flow, Publication, Scope

YEARS = (2004, 2005)
SHAPES = (RINKEBY, CITY_HALL, FAR_OUTSIDE, None)
GOALS: tuple[dict[str, int], ...] = ({"G1a": 3, "G2d": 2}, {"G1b": 1}, {"G2c": 3, "G2d": 1, "G1a": 1}, {}, {"G1": 2})
SERVES = (
    (),
    (("Rinkeby", 100),),
    (("Kista", 33), ("Farsta", 67)),
    ((Scope.WHOLE_CITY, 40), ("Vällingby", 60)),
    (("Järva/2023", 50), (Scope.OUTSIDE, 50)),
)


def put_portfolio(session: Session, count: int = 40) -> list[Project]:
    """Projects P-00 … in every combination; every seventh a draft, every eleventh confidential."""
    made = [_put(session, number) for number in range(count)]
    session.flush()
    ids = [one.id for one in made]
    locate_stored(session, ids)
    refresh_display(session, ids)
    return made


def _put(session: Session, number: int) -> Project:
    project = add_project(
        session,
        f"P-{number:02d}",
        SHAPES[number % 4],
        goals=GOALS[number % 5],
        serves=SERVES[number // 2 % 5],
        outlay={year: (number * 7_919_113 + year) % 90_000_007 for year in YEARS} if number % 6 else None,
        city_share=(10_000, 3_333, 6_667)[number % 3],
        publication=Publication.DRAFT if number % 7 == 3 else Publication.PUBLISHED,
        confidential=number % 11 == 5,
    )
    if number % 9 == 4:
        add_no_contribution(session, project)
    if number % 4 == 1:
        add_figure(session, project, 2005, Flow.INCOME, budget=number * 1_000_003, forecast=number * 77_777)
    if number % 5 == 2:
        add_volume(session, project, "bostader-hyresratt", 2004, planned=number * 3, completed=number)
        add_volume(session, project, "bostader-hyresratt", 2005, planned=number * 4, started=7)
    return project
