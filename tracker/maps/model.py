"""The public map in the memory of a worker: what everybody may see, at one revision of the register.

A copy of what the database says, read in one snapshot with its revision, and used for a request only when that is
still the revision which the request reads. So a write is seen by the next request, and what became confidential is
gone with it. What is hidden from the public is never read into it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from sqlalchemy import Engine, Integer, String, cast, extract, func, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.history.revision import revision
from tracker.maps.reading import BINARY, Utf8, reader_of
from tracker.maps.times import END, START
from tracker.measures.models import MainKind
from tracker.projects.models import Project, ProjectDisplay
from tracker.projects.policies import PUBLIC, hidden_ids, open_to, visible_to
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Phase

BLOCK = 5_000
NO_YEAR = -1
KINDS = tuple(MainKind)
PHASES = tuple(Phase)

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class MapModel:
    """Equally long columns, a row for each public project; those without a place come last and have no text."""

    revision: int
    ids: IntArray
    kind: IntArray
    """Place in KINDS of the main kind."""
    kinds: BoolArray
    """Rows × KINDS: main and secondary ones."""
    phase: IntArray
    start: IntArray
    """Years for everybody, NO_YEAR where there is none."""
    end: IntArray
    secret: BoolArray
    """It has a place that is hidden from the public."""
    lonlat: FloatArray
    extent_metres: FloatArray
    sizes: IntArray
    """Rows × Detail: bytes of the whole text."""
    tree: shapely.STRtree
    """The shapes (EPSG:3011) of those with a place."""
    bounds: FloatArray
    """Rows × 4: their boxes."""
    exact: Sequence[bytes]
    """Whole texts of those with a place."""
    head: Sequence[bytes]
    far: Sequence[bytes]
    """What follows the head on a map zoomed out, and for what is too small to be seen as a shape."""
    point: Sequence[bytes]
    meant: dict[Any, Any] = field(default_factory=dict)
    """What questions mean of it, kept by whoever asks, as long as the model lives."""

    @property
    def located(self) -> int:
        """How many have a place that may be seen."""
        return len(self.head)


def load_model(engine: Engine) -> MapModel:
    """Read it all in one snapshot, some thousand rows at a time."""
    level = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with Session(reader_of(engine).execution_options(**level)) as session:
        number = revision(session)
        hidden = set(session.scalars(hidden_ids(PUBLIC, [Secret.GEOMETRY])))
        shown = select(Project.id).outerjoin(ProjectDisplay).where(*visible_to(PUBLIC)).order_by(Project.id)
        placed = ProjectDisplay.project_id.is_not(None)
        drawn = [one for one in session.scalars(shown.where(placed)) if one not in hidden]
        rest = sorted(set(session.scalars(shown)) - set(drawn))
        facts = _facts(session, [*drawn, *rest])
        texts = _texts(session, drawn)
    return MapModel(
        revision=number,
        ids=np.array([*drawn, *rest], dtype=np.int64),
        secret=np.isin([*drawn, *rest], list(hidden)),
        **facts,
        **texts,
    )


def _facts(session: Session, ids: Sequence[int]) -> dict[str, Any]:
    """The columns that the filter asks about, in the order of the ids."""
    kind = type_coerce(Project.main_kind, String)
    columns = (Project.id, kind, type_coerce(Project.secondary_kinds, String), Project.phase)
    years = (cast(extract("year", one), Integer) for one in (START, END))
    statement = select(*columns, *years).where(*visible_to(PUBLIC))
    timeless = set(session.scalars(hidden_ids(PUBLIC, [Secret.DATES])))
    table = np.full((len(ids), 4), NO_YEAR, dtype=np.int64)
    kinds = np.zeros((len(ids), len(KINDS)), dtype=bool)
    kind_at, phase_at = _places(KINDS), _places(PHASES)
    for first, block in _blocks(ids):
        place = {one: first + row for row, one in enumerate(block)}
        for one, main, secondary, phase, *told in session.execute(statement.where(_among(block))):
            if (row := place.get(one)) is None:
                continue
            table[row, :2] = kind_at[main], phase_at[phase]
            table[row, 2:] = [NO_YEAR if year is None or one in timeless else year for year in told]
            kinds[row] = [word == main or f'"{word}"' in (secondary or "") for word in kind_at]
    names = ("kind", "phase", "start", "end")
    return {"kinds": kinds} | {name: table[:, column].copy() for column, name in enumerate(names)}


def _texts(session: Session, ids: Sequence[int]) -> dict[str, Any]:
    """The columns of those that are drawn, in the order of the ids, which is ascending."""
    texts = (ProjectDisplay.feature, ProjectDisplay.head, ProjectDisplay.shape_far, ProjectDisplay.point)
    numbers = (
        ProjectDisplay.lon, ProjectDisplay.lat, ProjectDisplay.extent_metres, ProjectDisplay.size,
        ProjectDisplay.size_far, ProjectDisplay.size_point,
    )  # fmt: skip
    columns = select(*(Utf8(one) for one in texts), func.ST_AsBinary(Project.geom), *numbers)
    shown = [*visible_to(PUBLIC), *open_to(PUBLIC, Secret.GEOMETRY)]
    statement = columns.join(Project, Project.id == ProjectDisplay.project_id).where(*shown).order_by(Project.id)
    table = np.zeros((len(ids), 6))
    shapes = np.empty(len(ids), dtype=object)
    found: tuple[list[bytes], ...] = ([], [], [], [])
    for first, block in _blocks(ids):
        rows = session.connection().execute(statement.where(_among(block)), execution_options=BINARY).all()
        table[first : first + len(rows)] = [tuple(row)[5:] for row in rows]
        shapes[first : first + len(rows)] = shapely.from_wkb(np.array([bytes(row[4]) for row in rows], dtype=object))
        for part, column in zip(found, zip(*(tuple(row)[:4] for row in rows), strict=True), strict=True):
            part.extend(column)
    exact, head, far, point = found
    return {
        "exact": exact, "head": head, "point": point,
        "far": [end if one is None else one for one, end in zip(far, point, strict=True)],
        "lonlat": table[:, :2].copy(), "extent_metres": table[:, 2].copy(),
        "sizes": table[:, 3:].astype(np.int64), "tree": shapely.STRtree(shapes),
        "bounds": shapely.bounds(shapes),
    }  # fmt: skip


def _places(words: Sequence[str]) -> dict[str, int]:
    return {str(word): place for place, word in enumerate(words)}


def _among(block: Sequence[int]) -> ColumnElement[bool]:
    """The projects of a block, and perhaps others: thousands of ids in a statement take longer than some rows more."""
    return Project.id.between(min(block), max(block))


def _blocks(ids: Sequence[int]) -> Iterator[tuple[int, Sequence[int]]]:
    """Where each block begins, and its ids."""
    return ((first, ids[first : first + BLOCK]) for first in range(0, len(ids), BLOCK))
