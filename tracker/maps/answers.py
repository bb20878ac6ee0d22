"""What the map draws: the ready-made text of the projects that a filter means, put together and bounded.

Bounded in number and in bytes: an answer that would be larger is drawn coarser, then as points, and then as counts on
a grid. A bigger zoom, which makes the window smaller, shows all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, func, literal, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.geo.envelope import InEnvelope
from tracker.maps.clusters import list_clusters
from tracker.maps.details import Detail, detail_for, feature_bytes, feature_text, least_metres
from tracker.maps.reading import BINARY, Utf8
from tracker.maps.windows import Window
from tracker.projects.filters import ProjectFilter, conditions
from tracker.projects.models import Project, ProjectDisplay
from tracker.projects.policies import Viewer, open_to
from tracker.projects.secrecy import Secret

LIMIT = 4_000
"""How many projects a browser is asked to draw one by one."""
MOST_BYTES = 1_500_000
"""Of features drawn one by one; pressed for the way it is about a tenth."""
NEAR_METRES = 4_000
"""A window no longer than this is read at once; how much a larger one holds is asked first."""
LARGE_BYTES = 20_000
"""A single feature of this size is not read before it is known how many there are."""

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
    """GeoJSON features in EPSG:4326 and what they stand for, in no order.

    `count` is of all that the filter means; `shown` projects are drawn, one by one or, when `clustered`, as counts.
    `coarser`: drawn less exactly than the zoom asked for, to stay within bounds. `complete`: nothing that has a place
    is left out or drawn coarser.
    """

    features: Sequence[bytes]
    count: Tally
    shown: int
    clustered: bool
    coarser: bool = False

    @property
    def complete(self) -> bool:
        return not self.clustered and not self.coarser and self.shown == self.count.located

    def body(self) -> bytes:
        """The whole as a FeatureCollection; the counts are foreign members."""
        head = (
            f'{{"type":"FeatureCollection","total":{self.count.total},'
            f'"shown":{self.shown},"unlocated":{self.count.unlocated},'
            f'"clustered":{_json(self.clustered)},"complete":{_json(self.complete)},"features":['
        )
        return b"".join((head.encode(), b",".join(self.features), b"]}"))

    def text(self) -> str:
        """The same as text."""
        return self.body().decode()


def answer_map(
    session: Session,
    wanted: ProjectFilter,
    viewer: Viewer,
    window: Window,
    further: Conditions = (),
    at: int | None = None,
    count: Tally | None = None,
) -> MapAnswer:
    """The projects that the filter means and the viewer may see.

    Without a window all of them, if they keep within the bounds; with one those whose bounding box meets it. More than
    that become counts on a grid, with `at` of their states in that year too. `further` are conditions on `project`
    that whoever asks has seen to that nothing hidden takes part in. `count` is given by whoever knows it already.
    """
    chosen = [*conditions(session, wanted, viewer), *further]
    count = count or tally(session, chosen, viewer)
    chosen += open_to(viewer, Secret.GEOMETRY)
    return _drawn(session, chosen, window, count) or _clustered(session, chosen, window, count, at)


def tally(session: Session, chosen: Conditions, viewer: Viewer) -> Tally:
    """Count the projects that meet the conditions; a place that is hidden from the viewer is none."""
    shown = open_to(viewer, Secret.GEOMETRY)
    without = _number(and_(Project.geom.is_not(None), *shown))
    hidden = _number(and_(*shown)) if shown else literal(0)
    return Tally(*session.execute(select(func.count(Project.id), without, hidden).where(*chosen)).one())


def _number(located: ColumnElement[bool]) -> ColumnElement[int]:
    """How many do not meet the condition."""
    return func.coalesce(func.sum(case((located, 0), else_=1)), 0)


def _drawn(session: Session, chosen: Conditions, window: Window, count: Tally) -> MapAnswer | None:
    """Each project by itself, as exactly as the bounds allow; None when even points are too many."""
    if window.box is None:
        if count.located > LIMIT:
            return None
        window, inside, near = Window(), chosen, False
    else:
        box = window.stored_box()
        inside = [*chosen, InEnvelope(Project.geom, Project.id, box)]
        near = max(box[2] - box[0], box[3] - box[1]) <= NEAR_METRES
    wanted = detail_for(window)
    found = _features(session, inside, window, wanted) if near or count.located <= LIMIT // 10 else None
    detail: Detail | None = wanted
    if found is None:
        detail = _affordable(session, inside, window, wanted)
        found = [] if detail is None else _read(session, inside, window, detail)
    if detail is None:
        return None
    return MapAnswer(found, count, len(found), clustered=False, coarser=detail is not wanted)


def _features(session: Session, inside: Conditions, window: Window, detail: Detail) -> list[bytes] | None:
    """The texts, read without asking first how many there are; None when they go beyond the bounds."""
    least = least_metres(window)
    text: ColumnElement[bytes] = Utf8(feature_text(detail, least))
    found = _texts(session, case((feature_bytes(detail, least) <= LARGE_BYTES, text)), inside)
    if len(found) > LIMIT or None in found or sum(map(len, found)) > MOST_BYTES:
        return None
    return found


def _affordable(session: Session, inside: Conditions, window: Window, wanted: Detail) -> Detail | None:
    """The most exact detail within the bounds, no more exact than the wanted one."""
    least = least_metres(window)
    sizes = [func.coalesce(func.sum(feature_bytes(detail, least)), 0) for detail in Detail]
    number, *all_bytes = session.execute(_of_displays(func.count(), inside).add_columns(*sizes)).one()
    if number > LIMIT:
        return None
    return next((detail for detail in Detail if detail >= wanted and all_bytes[detail] <= MOST_BYTES), None)


def _read(session: Session, inside: Conditions, window: Window, detail: Detail) -> list[bytes]:
    return _texts(session, Utf8(feature_text(detail, least_metres(window))), inside)


def _texts(session: Session, text: ColumnElement[bytes], inside: Conditions) -> list[bytes]:
    """At most one more than are drawn one by one; past the ORM, for there are many of them."""
    statement = _of_displays(text, inside).limit(LIMIT + 1)
    rows = session.connection().execute(statement, execution_options=BINARY).all()
    return [row[0] for row in rows]


def _of_displays(column: ColumnElement[Any], inside: Conditions) -> Select[Any]:
    shown = select(column).select_from(Project).join(ProjectDisplay, ProjectDisplay.project_id == Project.id)
    return shown.where(*inside)


def _clustered(session: Session, chosen: Conditions, window: Window, count: Tally, at: int | None) -> MapAnswer:
    """Counts on a grid; a project alone in its square is itself."""
    clusters = list_clusters(session, chosen, window, at)
    alone = [cluster.first_id for cluster in clusters if cluster.count == 1]
    text = Utf8(feature_text(Detail.POINT, 0.0))
    rows = session.execute(select(ProjectDisplay.project_id, text).where(ProjectDisplay.project_id.in_(alone)))
    single = {row[0]: row[1] for row in rows}
    features = [single[one.first_id] if one.count == 1 else one.feature().encode() for one in clusters]
    return MapAnswer(features, count, sum(one.count for one in clusters), clustered=True)


def _json(value: bool) -> str:
    return "true" if value else "false"
