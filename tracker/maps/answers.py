"""What the map draws: the ready-made text of the projects that a filter means, put together and bounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, case, func, literal, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.geo.envelope import InEnvelope
from tracker.maps.clusters import list_clusters
from tracker.maps.windows import Window, metres_per_pixel
from tracker.projects.filters import ProjectFilter, conditions
from tracker.projects.models import Project, ProjectDisplay
from tracker.projects.policies import Viewer, open_to
from tracker.projects.secrecy import Secret

LIMIT = 4_000
"""How many projects a browser is asked to draw one by one."""
SMALL_PIXELS = 3
"""A shape shorter than this on screen is sent as a point, to a reader that says its zoom and window."""

Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many projects a filter means, how many of them have no place on the map, and of how many it is hidden."""

    total: int
    unlocated: int
    secret: int = 0
    """Counted among the unlocated."""

    @property
    def located(self) -> int:
        return self.total - self.unlocated


@dataclass(frozen=True, slots=True)
class MapAnswer:
    """GeoJSON features in EPSG:4326 and what they stand for.

    `count` is of all that the filter means; `shown` projects are drawn, one by one or, when `clustered`, as counts.
    `complete`: nothing that has a place is left out.
    """

    features: Sequence[str]
    count: Tally
    shown: int
    clustered: bool

    @property
    def complete(self) -> bool:
        return not self.clustered and self.shown == self.count.located

    def text(self) -> str:
        """The whole as a FeatureCollection; the counts are foreign members."""
        return (
            f'{{"type":"FeatureCollection","total":{self.count.total},'
            f'"shown":{self.shown},"unlocated":{self.count.unlocated},'
            f'"clustered":{_json(self.clustered)},"complete":{_json(self.complete)},'
            f'"features":[{",".join(self.features)}]}}'
        )


def answer_map(session: Session, wanted: ProjectFilter, viewer: Viewer, window: Window) -> MapAnswer:
    """The projects that the filter means and the viewer may see, in the list's order.

    Without a window all of them, if there are at most LIMIT; with one those whose bounding box meets it. More than
    that become counts on a grid.
    """
    chosen = conditions(session, wanted, viewer)
    count = tally(session, chosen, viewer)
    chosen += open_to(viewer, Secret.GEOMETRY)
    narrowed = window.box is not None
    inside = [*chosen, InEnvelope(Project.geom, Project.id, window.stored_box())] if narrowed else chosen
    if count.located > LIMIT and not (narrowed and _few(session, inside)):
        return _clustered(session, chosen, window, count)
    features = _features(session, inside, window if narrowed else Window())
    return MapAnswer(features, count, len(features), clustered=False)


def tally(session: Session, chosen: Conditions, viewer: Viewer) -> Tally:
    """Count the projects that meet the conditions; a place that is hidden from the viewer is none."""
    shown = open_to(viewer, Secret.GEOMETRY)
    without = _number(and_(Project.geom.is_not(None), *shown))
    hidden = _number(and_(*shown)) if shown else literal(0)
    return Tally(*session.execute(select(func.count(Project.id), without, hidden).where(*chosen)).one())


def _number(located: ColumnElement[bool]) -> ColumnElement[int]:
    """How many do not meet the condition."""
    return func.coalesce(func.sum(case((located, 0), else_=1)), 0)


def _few(session: Session, inside: Conditions) -> bool:
    some = select(Project.id).where(*inside).limit(LIMIT + 1).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) <= LIMIT


def _features(session: Session, inside: Conditions, window: Window) -> list[str]:
    small = 0.0 if window.zoom is None else SMALL_PIXELS * metres_per_pixel(window.zoom)
    columns = (ProjectDisplay.feature, ProjectDisplay.lon, ProjectDisplay.lat, ProjectDisplay.extent_metres)
    statement = (
        select(*columns)
        .join(Project, Project.id == ProjectDisplay.project_id)
        .where(*inside)
        .order_by(Project.sort_key, Project.id)
    )
    return [_drawn(*row, small) for row in session.execute(statement)]


def _drawn(feature: str, lon: float, lat: float, extent_metres: float, small: float) -> str:
    """A feature with the place of its sign, or as nothing but that place when it is too small to see."""
    if extent_metres == 0:
        return feature
    if extent_metres < small:
        return as_point(feature, lon, lat)
    return f'{feature[:-1]},"point":[{lon},{lat}]}}'


def as_point(feature: str, lon: float, lat: float) -> str:
    """The feature with a point for its geometry.

    Quotes inside a JSON string are escaped, so neither key can be found within a project's name.
    """
    head, _, rest = feature.partition('"geometry":')
    _, key, tail = rest.partition(',"properties":')
    return f'{head}"geometry":{{"type":"Point","coordinates":[{lon},{lat}]}}{key}{tail}'


def _clustered(session: Session, chosen: Conditions, window: Window, count: Tally) -> MapAnswer:
    """Counts on a grid; a project alone in its square is itself."""
    clusters = list_clusters(session, chosen, window)
    alone = [cluster.first_id for cluster in clusters if cluster.count == 1]
    columns = (ProjectDisplay.project_id, ProjectDisplay.feature, ProjectDisplay.lon, ProjectDisplay.lat)
    rows = session.execute(select(*columns).where(ProjectDisplay.project_id.in_(alone)))
    single = {project_id: as_point(feature, lon, lat) for project_id, feature, lon, lat in rows}
    features = [single[one.first_id] if one.count == 1 else one.feature() for one in clusters]
    return MapAnswer(features, count, sum(one.count for one in clusters), clustered=True)


def _json(value: bool) -> str:
    return "true" if value else "false"
