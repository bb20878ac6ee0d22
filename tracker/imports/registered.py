"""What the register already holds of the projects in a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.errors import DomainError
from tracker.imports.registered_contents import NOTHING, Contents, load_contents
from tracker.measures.models import MainKind, Measure
from tracker.messages import message
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
    Project.publication, Project.secondary_kinds, Project.subtype, Project.manager_id, Project.deputy_id,
    Project.start_decided, Project.start_forecast, Project.end_decided, Project.end_forecast,
    Project.description_internal, Project.serves_motivation, Project.parent_id, Project.city_share,
    Project.location_approximate, Project.example_values,
)  # fmt: skip

VolumeRow = tuple[str, int, int, int | None, int | None, int | None]
"""Period, measure id, year, planned, started, completed: as the history writes it."""


@dataclass(slots=True)
class Registered:
    """A project of the register with what a file can change; never changed, and not frozen, which costs a file of
    ten thousand rows a twentieth of its plan. The fields follow `_COLUMNS` in their order."""

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
    secondary_kinds: list[str]
    subtype: str
    manager_id: int | None
    deputy_id: int | None
    start_decided: date | None
    start_forecast: date | None
    end_decided: date | None
    end_forecast: date | None
    description_internal: str
    serves_motivation: str
    parent_id: int | None
    city_share: int
    location_approximate: bool
    example_values: bool
    case_numbers: tuple[str, ...]
    dwellings: VolumeRow | None
    """The newest row up to the year of the import."""
    geometry: BaseGeometry | None
    contents: Contents
    """Goals, served areas and figures, where the file has such columns."""


def dwellings_measure(session: Session) -> int:
    """The id of the measure of dwellings. Raises DomainError before the catalogues are seeded."""
    found = session.scalar(select(Measure.id).where(Measure.code == DWELLINGS))
    if found is None:
        raise DomainError(
            message("Måttet %(measure)s finns inte. Lägg in grunddata med: portfoljkartan seed", measure=DWELLINGS)
        )
    return found


def find_registered(
    session: Session, ids: Iterable[int], counted: tuple[int | None, int], fields: Collection[str]
) -> dict[int, Registered]:
    """Project id → project, a few thousand at a time.

    `counted` is the measure of dwellings (None when the file has none) and the year; `fields` are those of the file,
    with "geometry" when it has places; what it has none of is not read.
    """
    found: dict[int, Registered] = {}
    for block in blocks(ids):
        found |= _load(session, block, counted, fields)
    return found


def _load(
    session: Session, ids: list[int], counted: tuple[int | None, int], fields: Collection[str]
) -> dict[int, Registered]:
    measure_id, year = counted
    contents = load_contents(session, ids, fields)
    numbers = _case_numbers(session, ids) if "case_numbers" in fields else {}
    volumes = {} if measure_id is None else _volumes(session, ids, measure_id, year)
    shapes = dict(zip(*stored_geometries(session, ids), strict=True)) if "geometry" in fields else {}

    def rest(one: int) -> tuple[Any, ...]:
        return tuple(numbers.get(one, ())), volumes.get(one), shapes.get(one), contents.get(one, NOTHING)

    return {
        row[0]: Registered(*(*row, *rest(row[0])))
        for row in session.execute(select(*_COLUMNS).where(Project.id.in_(ids)))
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
