"""Too many projects to draw one by one: how many there are in each square of a grid, by kind and by state in a year."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, null, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.maps.times import State, state_of
from tracker.maps.windows import Window, degrees_per_pixel
from tracker.measures.models import MainKind
from tracker.projects.models import Project, ProjectDisplay
from tracker.projects.policies import PUBLIC

CELL_PIXELS = 72
MAX_CELLS = 1_600
DEFAULT_ZOOM = 11
_DECIMALS = 5
"""Of a degree: about a metre."""


@dataclass(slots=True)
class Cluster:
    """The projects of one square: how many of each kind and state, the sum of their places, and one of them."""

    by_kind: dict[str, int] = field(default_factory=dict)
    by_state: dict[str, int] = field(default_factory=dict)
    """Empty when no year was asked for."""
    lon_sum: float = 0.0
    lat_sum: float = 0.0
    first_id: int = 0

    @property
    def count(self) -> int:
        return sum(self.by_kind.values())

    def add(self, kind: MainKind, state: str | None, count: int, lon: float, lat: float, first_id: int) -> None:
        """Count the projects of one kind and state whose places have these means."""
        self.by_kind[kind.value] = self.by_kind.get(kind.value, 0) + count
        if state is not None:
            self.by_state[state] = self.by_state.get(state, 0) + count
        self.lon_sum += lon * count
        self.lat_sum += lat * count
        self.first_id = first_id

    def feature(self) -> str:
        """A GeoJSON point in the middle of the projects, with the counts as properties."""
        lon, lat = round(self.lon_sum / self.count, _DECIMALS), round(self.lat_sum / self.count, _DECIMALS)
        counts = {kind.value: self.by_kind.get(kind.value, 0) for kind in MainKind}
        if self.by_state:
            counts |= {state.value: self.by_state.get(state.value, 0) for state in State}
        told = ",".join(f'"{word}":{count}' for word, count in counts.items())
        return (
            f'{{"type":"Feature","geometry":{{"type":"Point","coordinates":[{lon},{lat}]}},'
            f'"properties":{{"cluster":true,"count":{self.count},{told}}}}}'
        )


def cell_size(window: Window) -> tuple[float, float]:
    """Degrees of longitude and latitude of a square: of even size on screen, and never too many of them."""
    zoom = DEFAULT_ZOOM if window.zoom is None else window.zoom
    width, height = (CELL_PIXELS * size for size in degrees_per_pixel(zoom))
    west, south, east, north = window.clipped()
    cells = max(0.0, east - west) * max(0.0, north - south) / (width * height)
    if cells > MAX_CELLS:
        # Doubling keeps the squares of one zoom inside those of the next, so that they do not dance about.
        doubled = 2 ** math.ceil(math.log2(cells / MAX_CELLS) / 2)
        width, height = width * doubled, height * doubled
    return width, height


def list_clusters(
    session: Session, chosen: Sequence[ColumnElement[bool]], window: Window, at: int | None = None
) -> list[Cluster]:
    """The squares of the window that hold any of the chosen projects, from south-west to north-east.

    With `at` their states in that year are counted, by the dates that everybody may see.
    """
    width, height = cell_size(window)
    west, south, east, north = window.clipped()
    place = (
        select(
            func.floor(ProjectDisplay.lon / width).label("across"),
            func.floor(ProjectDisplay.lat / height).label("up"),
            Project.main_kind.label("kind"),
            (null() if at is None else state_of(at, PUBLIC)).label("state"),
            ProjectDisplay.lon.label("lon"),
            ProjectDisplay.lat.label("lat"),
            Project.id.label("id"),
        )
        .join(Project, Project.id == ProjectDisplay.project_id)
        .where(*chosen, ProjectDisplay.lon.between(west, east), ProjectDisplay.lat.between(south, north))
        .subquery()
    )
    square = (place.c.up, place.c.across, place.c.kind, *(() if at is None else (place.c.state,)))
    state = place.c.state if at is not None else null()
    sums = (state, func.count(), func.avg(place.c.lon), func.avg(place.c.lat), func.min(place.c.id))
    found: dict[tuple[int, int], Cluster] = defaultdict(Cluster)
    rows = session.execute(select(*square[:3], *sums).group_by(*square).order_by(*square))
    for up, across, kind, *numbers in rows:
        found[int(up), int(across)].add(kind, *numbers)
    return list(found.values())
