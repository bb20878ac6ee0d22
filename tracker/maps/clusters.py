"""Too many projects to draw one by one: how many there are in each square of a grid, by kind."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.maps.windows import Window, degrees_per_pixel
from tracker.measures.models import MainKind
from tracker.projects.models import Project, ProjectDisplay

CELL_PIXELS = 72
MAX_CELLS = 2_400
DEFAULT_ZOOM = 11
_DECIMALS = 6


@dataclass(slots=True)
class Cluster:
    """The projects of one square: how many of each kind, the sum of their places, and one of them."""

    by_kind: dict[str, int] = field(default_factory=dict)
    lon_sum: float = 0.0
    lat_sum: float = 0.0
    first_id: int = 0

    @property
    def count(self) -> int:
        return sum(self.by_kind.values())

    def add(self, kind: MainKind, count: int, lon: float, lat: float, first_id: int) -> None:
        """Count the projects of one kind whose places have these means."""
        self.by_kind[kind.value] = count
        self.lon_sum += lon * count
        self.lat_sum += lat * count
        self.first_id = first_id

    def feature(self) -> str:
        """A GeoJSON point in the middle of the projects, with the counts as properties."""
        lon, lat = round(self.lon_sum / self.count, _DECIMALS), round(self.lat_sum / self.count, _DECIMALS)
        kinds = ",".join(f'"{kind.value}":{self.by_kind.get(kind.value, 0)}' for kind in MainKind)
        return (
            f'{{"type":"Feature","geometry":{{"type":"Point","coordinates":[{lon},{lat}]}},'
            f'"properties":{{"cluster":true,"count":{self.count},{kinds}}}}}'
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


def list_clusters(session: Session, chosen: Sequence[ColumnElement[bool]], window: Window) -> list[Cluster]:
    """The squares of the window that hold any of the chosen projects, from south-west to north-east."""
    width, height = cell_size(window)
    west, south, east, north = window.clipped()
    place = (
        select(
            func.floor(ProjectDisplay.lon / width).label("across"),
            func.floor(ProjectDisplay.lat / height).label("up"),
            Project.main_kind.label("kind"),
            ProjectDisplay.lon.label("lon"),
            ProjectDisplay.lat.label("lat"),
            Project.id.label("id"),
        )
        .join(Project, Project.id == ProjectDisplay.project_id)
        .where(*chosen, ProjectDisplay.lon.between(west, east), ProjectDisplay.lat.between(south, north))
        .subquery()
    )
    square = (place.c.up, place.c.across, place.c.kind)
    sums = (func.count(), func.avg(place.c.lon), func.avg(place.c.lat), func.min(place.c.id))
    found: dict[tuple[int, int], Cluster] = defaultdict(Cluster)
    for up, across, kind, *numbers in session.execute(select(*square, *sums).group_by(*square).order_by(*square)):
        found[int(up), int(across)].add(kind, *numbers)
    return list(found.values())
