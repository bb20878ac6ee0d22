"""Which periods and projects an archive holds, and under which ground what is confidential is kept apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import extract, func, select
from sqlalchemy.orm import Session

from tracker.errors import ConflictError, NotFoundError
from tracker.followup.models import Period
from tracker.followup.queries import get_period
from tracker.followup.vocabulary import PeriodState
from tracker.projects.masking import marks
from tracker.projects.models import Project
from tracker.projects.policies import INTERNAL, PUBLIC, visible_to
from tracker.projects.secrecy import short_ground
from tracker.projects.vocabulary import Phase
from tracker.text import slug

DONE = (Phase.CLOSED, Phase.ABORTED)
BLOCK = 200


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was asked for: everything closed, a year, or one period; for the public or whole."""

    year: int | None = None
    period: str = ""
    public: bool = False


def chosen_periods(session: Session, chosen: Chosen) -> Sequence[Period]:
    """Closed periods, in order of key. Raises NotFoundError, and ConflictError for a named one that is open."""
    if chosen.period:
        found = get_period(session, chosen.period)
        if found.is_open:
            raise ConflictError(f"Perioden {found.key} är öppen. Bara stängda perioder arkiveras.")
        return [found]
    statement = select(Period).where(Period.state == PeriodState.CLOSED)
    if chosen.year is not None:
        statement = statement.where(Period.year == chosen.year)
    return sorted(session.scalars(statement), key=lambda one: (one.as_of, one.code, one.version))


def chosen_projects(session: Session, chosen: Chosen) -> list[int]:
    """Ids of closed and aborted projects, in order of code; with a year those that ended in it, with a period none."""
    if chosen.period:
        return []
    statement = select(Project.id, Project.code).where(
        Project.phase.in_(DONE), *visible_to(PUBLIC if chosen.public else INTERNAL)
    )
    if chosen.year is not None:
        ended = func.coalesce(Project.end_forecast, Project.end_decided)
        statement = statement.where(extract("year", ended) == chosen.year)
    codes = dict(session.execute(statement).tuples().all())
    return sorted(codes, key=codes.__getitem__)


def read_projects(session: Session, ids: Sequence[int]) -> Iterator[Project]:
    """The projects of these ids in their order, a block in memory at a time."""
    for start in range(0, len(ids), BLOCK):
        block = ids[start : start + BLOCK]
        found = {one.id: one for one in session.scalars(select(Project).where(Project.id.in_(block)))}
        yield from (found[one] for one in block)
        session.expire_all()


def ground_of(project: Project) -> str:
    """The ground under which the whole project is kept apart; empty for one without anything confidential."""
    if project.confidential:
        return project.confidentiality_ground or "utan angivet lagrum"
    return next(iter(marks(project).values()), "")


def folder_of(ground: str) -> str:
    """ "OSL 19 kap. 3 §" as "osl-19-3"."""
    return slug(short_ground(ground)) or "utan-angivet-lagrum"


def refuse_nothing(periods: Sequence[Period], projects: Sequence[int]) -> None:
    """Raises NotFoundError where there is nothing to deliver."""
    if not periods and not projects:
        raise NotFoundError("Det finns ingen stängd period och inget avslutat projekt att arkivera i urvalet.")
