"""What the register already holds of the projects in a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.errors import DomainError
from tracker.measures.models import MainKind, Measure
from tracker.projects.bulk import blocks
from tracker.projects.figures import Volume
from tracker.projects.geometries import stored_geometries
from tracker.projects.models import CaseNumber, Project
from tracker.projects.vocabulary import RUNNING_PERIOD, Phase, Publication

DWELLINGS = "bostader-ospecificerade"
"""The measure that a file's number of dwellings is kept under: planned, tenure not said."""

_COLUMNS: tuple[InstrumentedAttribute[Any], ...] = (
    Project.id, Project.version, Project.name, Project.main_kind, Project.phase, Project.stated_area,
    Project.description_public, Project.link, Project.confidential, Project.confidentiality_ground,
    Project.publication,
)  # fmt: skip

VolumeRow = tuple[str, int, int, int | None, int | None, int | None]
"""Period, measure id, year, planned, started, completed: as the history writes it."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A project of the register with what a file can change."""

    id: int
    version: int
    name: str
    main_kind: MainKind
    phase: Phase
    stated_area: str
    description_public: str
    link: str
    confidential: bool
    confidentiality_ground: str
    publication: Publication
    case_numbers: tuple[str, ...]
    dwellings: VolumeRow | None
    """The newest row up to the year of the import."""
    geometry: BaseGeometry | None


def dwellings_measure(session: Session) -> int:
    """The id of the measure of dwellings. Raises DomainError before the catalogues are seeded."""
    found = session.scalar(select(Measure.id).where(Measure.code == DWELLINGS))
    if found is None:
        raise DomainError(f"Måttet {DWELLINGS} finns inte. Lägg in grunddata med: portfoljkartan seed")
    return found


def find_registered(session: Session, ids: Iterable[int], measure_id: int | None, year: int) -> dict[int, Registered]:
    """Project id → project, a few thousand at a time."""
    found: dict[int, Registered] = {}
    for block in blocks(ids):
        found |= _load(session, block, measure_id, year)
    return found


def _load(session: Session, ids: list[int], measure_id: int | None, year: int) -> dict[int, Registered]:
    numbers = _case_numbers(session, ids)
    volumes = {} if measure_id is None else _volumes(session, ids, measure_id, year)
    shapes = dict(zip(*stored_geometries(session, ids), strict=True))
    rows = session.execute(select(*_COLUMNS).where(Project.id.in_(ids))).mappings()
    return {
        row["id"]: Registered(
            **{column.key: row[column] for column in _COLUMNS},
            case_numbers=tuple(numbers[row["id"]]),
            dwellings=volumes.get(row["id"]),
            geometry=shapes.get(row["id"]),
        )
        for row in rows
    }


def _case_numbers(session: Session, ids: list[int]) -> dict[int, list[str]]:
    numbers: dict[int, list[str]] = defaultdict(list)
    statement = select(CaseNumber.project_id, CaseNumber.number).where(CaseNumber.project_id.in_(ids))
    for project_id, number in session.execute(statement.order_by(CaseNumber.project_id, CaseNumber.position)):
        numbers[project_id].append(number)
    return numbers


def _volumes(session: Session, ids: list[int], measure_id: int, year: int) -> dict[int, VolumeRow]:
    columns = (Volume.period, Volume.measure_id, Volume.year, Volume.planned, Volume.started, Volume.completed)
    statement = (
        select(Volume.project_id, *columns)
        .where(Volume.project_id.in_(ids), Volume.measure_id == measure_id)
        .where(Volume.period == RUNNING_PERIOD, Volume.year <= year, Volume.planned.is_not(None))
        .order_by(Volume.year)
    )
    found: dict[int, Any] = {row[0]: tuple(row[1:]) for row in session.execute(statement)}
    return found
