"""What an export of projects holds: the filtered register in order of code, read a block at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.contribution.amounts import COUNTS
from tracker.contribution.queries import read_counts
from tracker.contribution.selection import Scope, Selection
from tracker.exports.audience import Audience
from tracker.measures.models import MainKind
from tracker.money import format_count
from tracker.projects.bulk import blocks
from tracker.projects.choosing import filter_heading
from tracker.projects.filters import ProjectFilter, conditions
from tracker.projects.geometries import stored_geometries
from tracker.projects.models import CaseNumber, Project
from tracker.projects.policies import Viewer, open_to
from tracker.projects.programmes import programme_ids
from tracker.projects.queries import area_names, goal_codes, marks_of
from tracker.projects.rules import YEARS
from tracker.projects.secrecy import Hidden, Secret, listed
from tracker.projects.vocabulary import SUBTYPES
from tracker.web.content import STOCKHOLM, format_moment

BLOCK = 2_000
PLANNED = tuple(amount for amount in COUNTS if amount.column == "planned")
"""Dwellings and workplaces: the newest planned number."""
Planned = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Extract:
    """What is exported: the ids in order of code, for whom, and what the export says of itself."""

    ids: tuple[int, ...]
    audience: Audience
    produced: datetime
    about: str

    @property
    def file_stem(self) -> str:
        """A name for files: "projekt-oppen"."""
        return f"projekt-{self.audience}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A project as files have it, by `FIELDS` of the table; geometry in EPSG:3011 or None."""

    code: str
    name: str
    kind: str
    other_kinds: str
    subtype: str
    phase: str
    case_numbers: str
    start: date | None
    end: date | None
    stated_area: str
    areas: str
    goals: str
    dwellings: int | None
    workplaces: int | None
    description: str
    link: str
    approximate: bool | None
    example_values: bool
    publication: str
    changed: date
    version: int
    """Counts the saves of the project: an import sees by it whether the row was changed meanwhile."""
    confidential: bool
    ground: str
    secrets: str
    """The fields that are confidential, with their grounds; only an internal export has what they say."""
    geometry: BaseGeometry | None


def choose(
    session: Session,
    wanted: ProjectFilter,
    audience: Audience,
    now: datetime,
    further: Sequence[ColumnElement[bool]] = (),
    words: str = "",
) -> Extract:
    """The projects of a filter that this audience may have. Raises NotFoundError for an unknown area edition.

    `further` are conditions besides the filter's, in which nothing hidden from the audience takes part; `words` say
    what they are.
    """
    chosen = [*conditions(session, wanted, audience.viewer), *further]
    statement = select(Project.id, Project.code).where(*chosen)
    # Sorted here: the two databases collate text in different ways.
    found = sorted(session.execute(statement).all(), key=lambda row: row[1])
    everything = select(func.count(Project.id)).where(*conditions(session, ProjectFilter(), audience.viewer))
    total = session.scalar(everything) or 0
    parts = [f"{format_count(len(found))} av {format_count(total)} projekt", filter_heading(session, wanted), words]
    about = f"{' · '.join(part for part in parts if part)}. {audience.text} Framställd {format_moment(now)}."
    return Extract(tuple(row[0] for row in found), audience, now, about)


def list_entries(session: Session, extract: Extract) -> Iterator[list[Entry]]:
    """The projects in blocks, in order; the number of statements grows with the blocks, not with the projects."""
    planned = dict(zip(extract.ids, _planned(session, extract), strict=True))
    marks = marks_of(session, extract.ids)
    for block in blocks(extract.ids, BLOCK):
        yield _read(session, block, planned, marks, extract.audience.viewer)


COLUMNS = (
    Project.code, Project.name, Project.main_kind, Project.secondary_kinds, Project.subtype, Project.phase,
    Project.start_forecast, Project.start_decided, Project.end_forecast, Project.end_decided, Project.stated_area,
    Project.description_public, Project.link, Project.location_approximate, Project.example_values,
    Project.publication, Project.updated_at, Project.version, Project.confidential, Project.confidentiality_ground,
)  # fmt: skip


def _read(
    session: Session, ids: Sequence[int], planned: Mapping[int, Planned], marks: Mapping[int, Hidden], viewer: Viewer
) -> list[Entry]:
    rows = {row.id: row for row in session.execute(select(Project.id, *COLUMNS).where(Project.id.in_(ids)))}
    numbers, goals = _case_numbers(session, ids, viewer), goal_codes(session, ids, viewer)
    areas, hidden = area_names(session, ids, viewer), {} if viewer.confidential else marks
    drawn = [one for one in ids if Secret.GEOMETRY not in hidden.get(one, ())]
    shapes = dict(zip(*stored_geometries(session, drawn), strict=True))
    return [
        Entry(
            **_plain(rows[one]) | _blanked(hidden.get(one, {})),
            case_numbers="; ".join(numbers.get(one, ())),
            areas=", ".join(areas.get(one, ())),
            goals=", ".join(goals.get(one, ())),
            dwellings=planned[one][0],
            workplaces=planned[one][1],
            secrets=listed(marks.get(one, {})),
            geometry=shapes.get(one),
        )
        for one in ids
    ]


BLANKS: Mapping[Secret, Mapping[str, object]] = {
    Secret.GEOMETRY: {"stated_area": "", "approximate": None},
    Secret.DESCRIPTION_PUBLIC: {"description": ""},
    Secret.LINK: {"link": ""},
    Secret.DATES: {"start": None, "end": None},
}
"""What a hidden field leaves in a file: an empty cell, which an import leaves alone."""


def _blanked(hidden: Hidden) -> dict[str, object]:
    return {name: value for one in hidden for name, value in BLANKS.get(one, {}).items()}


def _plain(row: Any) -> dict[str, Any]:
    """What stands in the row of the project itself, in words."""
    return {
        "code": row.code,
        "name": row.name,
        "kind": row.main_kind.label,
        "other_kinds": ", ".join(MainKind(kind).label for kind in row.secondary_kinds),
        "subtype": SUBTYPES.get(row.subtype, row.subtype),
        "phase": row.phase.label,
        "start": row.start_forecast or row.start_decided,
        "end": row.end_forecast or row.end_decided,
        "stated_area": row.stated_area,
        "description": row.description_public,
        "link": row.link,
        "approximate": row.location_approximate,
        "example_values": row.example_values,
        "publication": row.publication.label,
        "changed": row.updated_at.astimezone(STOCKHOLM).date(),
        "version": row.version,
        "confidential": row.confidential,
        "ground": row.confidentiality_ground,
    }


def _case_numbers(session: Session, ids: Sequence[int], viewer: Viewer) -> dict[int, list[str]]:
    statement = select(CaseNumber.project_id, CaseNumber.number).where(CaseNumber.project_id.in_(ids))
    statement = statement.where(*open_to(viewer, Secret.CASE_NUMBERS, CaseNumber.project_id))
    found: dict[int, list[str]] = defaultdict(list)
    for project_id, number in session.execute(statement.order_by(CaseNumber.project_id, CaseNumber.position)):
        found[project_id].append(number)
    return found


def _planned(session: Session, extract: Extract) -> list[Planned]:
    """Planned dwellings and workplaces of each project; None where none are given.

    A programme has none: its parts have them, and a column must not add up to more than there is.
    """
    programmes = programme_ids(session, extract.audience.viewer)
    places = np.array(extract.ids, dtype=np.int64)
    selection = Selection.of(places, np.full_like(places, 0))
    facts = read_counts(session, selection, Scope(extract.audience.viewer, None), PLANNED, YEARS[-1])
    numbers: list[list[int | None]] = [[None, None] for _ in extract.ids]
    for project, column, amount in zip(facts.project, facts.column, facts.amount, strict=True):
        numbers[project][column] = int(amount)
    return [
        (None, None) if one in programmes else (dwellings, workplaces)
        for one, (dwellings, workplaces) in zip(extract.ids, numbers, strict=True)
    ]


def point_of(geometry: BaseGeometry) -> tuple[float, float]:
    """Northing and easting in metres (EPSG:3011): of a point itself, else of a point inside the shape."""
    point = geometry if geometry.geom_type == "Point" else shapely.point_on_surface(geometry)
    return point.y, point.x
