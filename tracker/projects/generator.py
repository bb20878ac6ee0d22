"""Made-up projects in any number: the same seed gives the same portfolio. Pure; knows no database.

40 % polygons, 35 % lines, 25 % points, spread over given outlines; 1–3 goals, 1–4 served areas, 2–5 years of money.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from tracker.apportion import WHOLE, IntArray, apportion_groups
from tracker.geo.crs import GeometryArray
from tracker.measures.models import MainKind
from tracker.projects.cutting import rank_in_run
from tracker.projects.vocabulary import Phase

SEED = 2005
FIRST_YEARS = (2003, 2007)
KIND_SHARES = {MainKind.HOUSING: 0.45, MainKind.WORKPLACE: 0.2, MainKind.TRAFFIC: 0.35}
PHASES = (Phase.IDEA, Phase.DIRECTION, Phase.PLANNING, Phase.IMPLEMENTATION, Phase.CLOSED)
PHASE_SHARES = (0.1, 0.2, 0.3, 0.3, 0.1)
SHAPE_SHARES = (0.40, 0.35, 0.25)
HEADS = {
    MainKind.HOUSING: ("Bostäder", "Studentbostäder", "Radhus", "Äldreboende"),
    MainKind.WORKPLACE: ("Kontorskvarter", "Förskola", "Centrumupprustning", "Verksamhetsområde"),
    MainKind.TRAFFIC: ("Gång- och cykelväg", "Bussgata", "Gatuupprustning", "Torg", "Bro"),
}
POLYGON, LINE, POINT = 0, 1, 2

FloatArray = npt.NDArray[np.float64]
Random = np.random.Generator


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere for projects to lie: a name for titles and an outline in EPSG:3011."""

    name: str
    outline: shapely.MultiPolygon


@dataclass(frozen=True, slots=True)
class Tags:
    """Goal tags: project and goal as indices, weight 1–3."""

    project: IntArray
    goal: IntArray
    weight: IntArray


@dataclass(frozen=True, slots=True)
class Served:
    """Served areas: project and place as indices, position from 1, shares that sum to 10 000 in each project."""

    project: IntArray
    position: IntArray
    place: IntArray
    share: IntArray


@dataclass(frozen=True, slots=True)
class Years:
    """Money and counts by project (index) and year; whole öre. Income is a tenth to a half of the outlay."""

    project: IntArray
    year: IntArray
    outlay_ore: IntArray
    income_ore: IntArray
    count: IntArray
    """Dwellings of housing projects, workplaces of the others."""


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Equally long lists and arrays, one entry for each project; children refer to them by index."""

    names: list[str]
    kinds: list[MainKind]
    phases: list[Phase]
    geometries: GeometryArray
    """EPSG:3011, centimetres."""
    tags: Tags
    served: Served
    years: Years

    def __len__(self) -> int:
        return len(self.names)


def generate(count: int, places: list[Place], goals: int, seed: int = SEED) -> Portfolio:
    """A portfolio of `count` projects over the places, tagged with goals 0 … `goals` - 1."""
    random = np.random.default_rng(seed)
    home = random.integers(0, len(places), count)
    centres = _points_in(random, [place.outline for place in places], home)
    kinds = random.choice(len(KIND_SHARES), count, p=list(KIND_SHARES.values()))
    phases = random.choice(len(PHASES), count, p=PHASE_SHARES)
    return Portfolio(
        names=_names(random, kinds, [places[one].name for one in home.tolist()]),
        kinds=[list(KIND_SHARES)[one] for one in kinds.tolist()],
        phases=[PHASES[one] for one in phases.tolist()],
        geometries=_shapes(random, centres),
        tags=_tags(random, count, goals),
        served=_served(random, home, len(places)),
        years=_years(random, count),
    )


def _points_in(random: Random, outlines: list[shapely.MultiPolygon], home: IntArray) -> FloatArray:
    """A point inside the outline of each project's place, uniformly."""
    bounds = shapely.bounds(np.array(outlines, dtype=object))
    shapely.prepare(outlines)
    points = np.empty((len(home), 2))
    missing = np.arange(len(home))
    while missing.size:
        box = bounds[home[missing]]
        points[missing] = random.uniform(box[:, :2], box[:, 2:])
        inside = shapely.contains_xy(
            np.array(outlines, dtype=object)[home[missing]], points[missing, 0], points[missing, 1]
        )
        missing = missing[~inside]
    return points.round(2)


def _names(random: Random, kinds: IntArray, places: list[str]) -> list[str]:
    heads = list(HEADS.values())
    picks, stages = random.random(len(kinds)), random.integers(1, 9, len(kinds))
    return [
        f"{heads[kind][int(pick * len(heads[kind]))]} i {place}, etapp {stage}"
        for kind, pick, place, stage in zip(kinds.tolist(), picks.tolist(), places, stages.tolist(), strict=True)
    ]


def _shapes(random: Random, centres: FloatArray) -> GeometryArray:
    shapes: GeometryArray = np.empty(len(centres), dtype=object)
    chosen = random.choice(len(SHAPE_SHARES), len(centres), p=SHAPE_SHARES)
    shapes[chosen == POLYGON] = _polygons(random, centres[chosen == POLYGON])
    shapes[chosen == LINE] = _lines(random, centres[chosen == LINE])
    shapes[chosen == POINT] = shapely.points(centres[chosen == POINT])
    return shapes


def _polygons(random: Random, centres: FloatArray) -> GeometryArray:
    """Star-shaped plots, 50–400 m across, 8–40 corners."""
    corners = random.integers(8, 41, len(centres))
    owner = np.repeat(np.arange(len(centres)), corners)
    turn = (rank_in_run(owner) + random.uniform(-0.3, 0.3, len(owner))) * 2 * np.pi / corners[owner]
    radius = random.uniform(25, 200, len(centres))[owner] * random.uniform(0.7, 1.0, len(owner))
    xy = centres[owner] + np.column_stack([radius * np.cos(turn), radius * np.sin(turn)])
    rings: GeometryArray = shapely.polygons(shapely.linearrings(xy.round(2), indices=owner))
    return rings


def _lines(random: Random, centres: FloatArray) -> GeometryArray:
    """Winding lines, 200–6 000 m long, 5–60 corners, around their centres."""
    corners = random.integers(5, 61, len(centres))
    owner = np.repeat(np.arange(len(centres)), corners)
    length = np.exp(random.uniform(np.log(200), np.log(6_000), len(centres)))
    step = (length / (corners - 1))[owner]
    heading = _summed(owner, random.normal(0, 0.15, len(owner))) + random.uniform(0, 2 * np.pi, len(centres))[owner]
    x, y = _summed(owner, step * np.cos(heading)), _summed(owner, step * np.sin(heading))
    middle = np.column_stack([np.bincount(owner, column) / corners for column in (x, y)])
    xy = centres[owner] + np.column_stack([x, y]) - middle[owner]
    lines: GeometryArray = shapely.linestrings(xy.round(2), indices=owner)
    return lines


def _summed(owner: IntArray, values: FloatArray) -> FloatArray:
    """The running sum within each owner; owners come in runs."""
    total = np.cumsum(values)
    ends = total[np.cumsum(np.bincount(owner)) - 1]
    return np.asarray(total - np.concatenate([[0.0], ends[:-1]])[owner])


def _several(random: Random, count: int, at_most: int) -> tuple[IntArray, IntArray]:
    """(project, rank) rows: 1 … `at_most` of them for each project."""
    project = np.repeat(np.arange(count), random.integers(1, at_most + 1, count))
    return project, rank_in_run(project)


def _tags(random: Random, count: int, goals: int) -> Tags:
    project, rank = _several(random, count, min(3, goals))
    # A step that shares no divisor with the number of goals never meets the same goal twice.
    goal = (random.integers(0, goals, count)[project] + rank) % goals
    return Tags(project, goal, random.integers(1, 4, len(project)))


def _served(random: Random, home: IntArray, places: int) -> Served:
    project, rank = _several(random, len(home), min(4, places))
    weights = np.zeros((len(home), 4), dtype=np.int64)
    weights[project, rank] = random.integers(1, 100, len(project))
    shares = apportion_groups(np.full(len(home), WHOLE, dtype=np.int64), weights)
    return Served(project, rank + 1, (home[project] + rank) % places, shares[project, rank])


def _years(random: Random, count: int) -> Years:
    project = np.repeat(np.arange(count), random.integers(2, 6, count))
    year = random.integers(FIRST_YEARS[0], FIRST_YEARS[1] + 1, count)[project] + rank_in_run(project)
    kronor = np.exp(random.normal(np.log(1.2e7), 1.1, len(project)))
    outlay = np.rint(kronor * 100).astype(np.int64)
    income = np.rint(outlay * random.uniform(0.1, 0.5, len(project))).astype(np.int64)
    return Years(project, year, outlay, income, random.integers(0, 120, len(project)))
