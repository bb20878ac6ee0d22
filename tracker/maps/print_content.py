"""What a printed map holds: the projects, areas and words of a sheet, read as the map itself reads them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import orjson
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.areas.models import AreaSet
from tracker.areas.queries import Outlines, get_area_set, list_areas, newest_set, outlines_of
from tracker.geo.crs import STORAGE_SRID, WEB_SRID, GeometryArray, reproject, transformer
from tracker.maps.answers import Tally, answer_map
from tracker.maps.listing import Asked, choice_conditions, meant
from tracker.maps.print_further import NOTHING_FURTHER, Further, middles_of, read_circles, read_lines
from tracker.maps.print_orders import OUTLINES, PrintOrder
from tracker.maps.print_sheets import Ground, Sheet, fit
from tracker.maps.theme_pages import MISSING, ThemePage
from tracker.maps.times import state_in
from tracker.maps.windows import Box, Window, metres_per_pixel
from tracker.projects.models import Project, ProjectDisplay
from tracker.projects.policies import open_to
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Phase

PIXEL_MM = 0.15
"""A pixel of the map's zoom levels on paper: what is smaller is not drawn, and 72 of them are a cluster's square."""
OUTLINE_MM = 0.1
MIDDLE_METRES = 50.0
AROUND_METRES = 400.0
"""Ground around the projects when no view was asked for."""


@dataclass(frozen=True, slots=True)
class PrintedArea:
    """An area of the edition; its outline in EPSG:3011, simplified to what the scale shows."""

    code: str
    name: str
    outer: bool
    shape: BaseGeometry
    tone: int | None = None
    """Of the theme: 0 for zero, None where there is no theme or nothing known."""
    radius: int = 0
    """Of the theme's circle, in tenths of the screen's pixels."""


@dataclass(frozen=True, slots=True)
class PrintedProject:
    """A project that the sheet shows; `sign` is where its sign stands, EPSG:3011.

    `state` is that of the year in the address, by its word; empty without a year.
    """

    name: str
    kind: str
    approximate: bool
    shape: BaseGeometry
    sign: tuple[float, float]
    state: str = ""


@dataclass(frozen=True, slots=True)
class PrintedCluster:
    """Projects of one square that are too many to draw: how many there are, and of which kinds."""

    at: tuple[float, float]
    by_kind: Mapping[str, int]

    @property
    def count(self) -> int:
        return sum(self.by_kind.values())


@dataclass(frozen=True, slots=True)
class PrintContent:
    """Everything on the map of a sheet. `circles`: the theme is drawn as circles, not as fills."""

    sheet: Sheet
    ground: Ground
    area_set: AreaSet
    areas: Sequence[PrintedArea]
    projects: Sequence[PrintedProject]
    clusters: Sequence[PrintedCluster]
    count: Tally
    hidden: frozenset[str]
    year: int | None
    theme: ThemePage | None
    circles: bool
    further: Further = NOTHING_FURTHER

    @property
    def shown(self) -> int:
        """How many projects the sheet shows, one by one or counted."""
        return len(self.projects) + sum(cluster.count for cluster in self.clusters)


def gather(
    session: Session, asked: Asked, order: PrintOrder, theme: ThemePage | None = None, *, circles: bool = False
) -> PrintContent:
    """Read what the sheet of an order holds. The same rights and bounds as the map: it asks as the map asks."""
    edition = theme.area_set if theme else asked.wanted.areas
    area_set = get_area_set(session, edition) if edition else newest_set(session)
    outlines = outlines_of(session, area_set)
    much = theme is not None or asked.choices.at is not None or bool(asked.choices.sized)
    sheet = replace(order.sheet, tall=much)
    ground = fit(_box(session, asked, order, outlines.shapes), sheet)
    window = Window(_in_degrees(ground.box), _zoom(ground.metres_per_mm * PIXEL_MM))
    narrowed = choice_conditions(session, asked)
    answer = answer_map(session, asked.wanted, asked.viewer, window, narrowed, asked.choices.at)
    projects, clusters = _drawn(answer.features, ground, order.hidden, asked.choices.at)
    told = _areas(session, area_set, outlines, ground, theme)
    further = Further(
        read_circles(session, asked, order.hidden), _lines(session, asked, area_set, told, clustered=bool(clusters))
    )
    areas = [] if OUTLINES in order.hidden else told
    return PrintContent(
        sheet, ground, area_set, areas, projects, clusters, answer.count, order.hidden, asked.choices.at, theme,
        circles, further,
    )  # fmt: skip


def _lines(session: Session, asked: Asked, area_set: AreaSet, areas: Sequence[PrintedArea], *, clustered: bool) -> Any:
    """Lines to the areas that are served; none where projects are only counted, as on the map."""
    if clustered:
        return () if asked.choices.served else None
    return read_lines(session, asked, area_set, middles_of({one.code: one.shape for one in areas}, MIDDLE_METRES))


def _areas(
    session: Session, area_set: AreaSet, outlines: Outlines, ground: Ground, theme: ThemePage | None
) -> list[PrintedArea]:
    told = {line.key: line for line in theme.areas} if theme else {}
    by_id = {area.id: area for area in list_areas(session, area_set)}
    found = []
    simple = shapely.coverage_simplify(outlines.shapes, OUTLINE_MM * ground.metres_per_mm)
    for area_id, shape in zip(outlines.ids, simple, strict=True):
        area, line = by_id[area_id], told.get(by_id[area_id].code)
        tone = line.tone if line and line.status != MISSING else None
        found.append(PrintedArea(area.code, area.name, area.outer_city, shape, tone, line.radius if line else 0))
    return found


def _box(session: Session, asked: Asked, order: PrintOrder, outlines: GeometryArray) -> Box:
    """In EPSG:3011: the view that was asked for, else all that the filter finds, else the whole city."""
    if order.box is not None:
        return Window(order.box).stored_box()
    found = _found(session, asked) if asked.wanted.in_force or asked.choices.since or not len(outlines) else None
    if found is None:
        bounds = shapely.total_bounds(outlines) if len(outlines) else Window().stored_box()
        return (bounds[0], bounds[1], bounds[2], bounds[3])
    x0, y0, x1, y1 = Window(found).stored_box()
    return (x0 - AROUND_METRES, y0 - AROUND_METRES, x1 + AROUND_METRES, y1 + AROUND_METRES)


def _found(session: Session, asked: Asked) -> Box | None:
    """The box in degrees around the signs of all that a filter finds; None when it finds nothing with a place."""
    lon, lat = ProjectDisplay.lon, ProjectDisplay.lat
    statement = select(func.min(lon), func.min(lat), func.max(lon), func.max(lat)).join(
        Project, Project.id == ProjectDisplay.project_id
    )
    chosen = [*meant(session, asked), *open_to(asked.viewer, Secret.GEOMETRY)]
    west, south, east, north = session.execute(statement.where(*chosen)).one()
    return None if west is None else (west, south, east, north)


def _zoom(metres: float) -> int:
    """The zoom whose pixels are at least that long."""
    return max(0, min(19, math.floor(math.log2(metres_per_pixel(0) / metres))))


def _in_degrees(box: Box) -> Box:
    bounds = transformer(STORAGE_SRID, WEB_SRID).transform_bounds(*box, densify_pts=21)
    return (bounds[0], bounds[1], bounds[2], bounds[3])


def _drawn(
    features: Sequence[bytes], ground: Ground, hidden: frozenset[str], year: int | None
) -> tuple[list[PrintedProject], list[PrintedCluster]]:
    """The map's features as they are drawn: those that the frame shows, without the kinds that are hidden."""
    texts = sorted(feature.decode() for feature in features)  # the map's answer has no order of its own
    read = [orjson.loads(text) for text in texts]
    shapes = reproject(shapely.from_geojson(np.array(texts, dtype=object)), WEB_SRID, STORAGE_SRID)
    signs = _signs(read, shapes)
    inside = shapely.intersects(shapes, shapely.box(*ground.box))
    projects, clusters = [], []
    for feature, shape, sign, is_inside in zip(read, shapes, signs, inside, strict=True):
        facts = feature["properties"]
        if facts.get("cluster"):
            kinds = {kind: facts[kind] for kind in ("bostad", "arbetsplats", "trafik") if kind not in hidden}
            if is_inside and sum(kinds.values()):
                clusters.append(PrintedCluster(sign, kinds))
        elif is_inside and facts["kind"] not in hidden:
            state = _state(facts, year)
            projects.append(
                PrintedProject(facts["name"], facts["kind"], bool(facts["approximate"]), shape, sign, state)
            )
    return projects, clusters


def _state(facts: dict[str, Any], year: int | None) -> str:
    if year is None:
        return ""
    aborted = facts["phase"] == Phase.ABORTED.value
    return state_in(year, facts.get("start"), facts.get("end"), aborted=aborted).value


def _signs(read: Sequence[dict[str, Any]], shapes: GeometryArray) -> list[tuple[float, float]]:
    """Where each feature's sign stands, EPSG:3011: the map's own place, else the middle of the shape."""
    places = np.array(
        [
            feature.get("point") or shapely.get_coordinates(shape)[0]
            for feature, shape in zip(read, shapes, strict=True)
        ],
        dtype=np.float64,
    ).reshape(-1, 2)
    given = np.array(["point" in feature for feature in read], dtype=bool)
    step = transformer(WEB_SRID, STORAGE_SRID)
    if given.any():
        places[given] = np.column_stack(step.transform(places[given, 0], places[given, 1]))
    return [(float(x), float(y)) for x, y in places]
