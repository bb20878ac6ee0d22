"""Matching the names and shapes of a file to the areas of a set: everything that is wrong, at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from tracker.areas.coverage import clean_coverage, differences, geometry_array, multipolygon, split_along_cells
from tracker.areas.gazetteer import Gazetteer
from tracker.areas.models import Area, AreaSet
from tracker.areas.outline_files import OutlineFile
from tracker.areas.outlines import schematic_outlines
from tracker.areas.queries import list_area_sets, list_areas, lowest_set
from tracker.errors import RefusedFileError
from tracker.geo.validity import find_fault

NOTED_SQUARE_METRES = 100.0
REFUSED_SQUARE_METRES = 10_000.0
"""How much an area may change when overlaps and slits towards its neighbours are mended."""


@dataclass(frozen=True, slots=True)
class NameMatch:
    """What the names of a file mean in one set: ids for each name (two for Södermalm), and what does not fit."""

    area_set: AreaSet
    areas: list[Area]
    ids: list[tuple[int, ...]]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    double: tuple[str, ...]

    @property
    def fits(self) -> bool:
        return not (self.unknown or self.missing or self.double)

    def sentence(self) -> str:
        """Every name that does not fit, in Swedish."""
        lists = (
            ("Okända namn", self.unknown),
            ("Områden som saknas i filen", self.missing),
            ("Namn som finns flera gånger", self.double),
        )
        said = " ".join(f"{label}: {', '.join(names)}." for label, names in lists if names)
        return f"Namnen stämmer inte med {self.area_set.name}. {said} Inget har ändrats."


@dataclass(frozen=True, slots=True)
class MatchedShapes:
    """One clean MultiPolygon in EPSG:3011 for each area of the set, by id; `split` names what was cut in two."""

    shapes: dict[int, shapely.MultiPolygon]
    notes: tuple[str, ...]
    split: tuple[str, ...]


def match_names(session: Session, area_set: AreaSet, names: Sequence[str], gazetteer: Gazetteer) -> NameMatch:
    """Compare the names with those of a set, in any case and spelling."""
    areas = list_areas(session, area_set)
    ids = [gazetteer.areas(name, area_set.code) for name in names]
    counts = Counter(area_id for found in ids for area_id in found)
    return NameMatch(
        area_set,
        areas,
        ids,
        unknown=tuple(name or "(utan namn)" for name, found in zip(names, ids, strict=True) if not found),
        missing=tuple(area.name for area in areas if not counts[area.id]),
        double=tuple(area.name for area in areas if counts[area.id] > 1),
    )


def best_match(session: Session, names: Sequence[str], gazetteer: Gazetteer) -> NameMatch:
    """The set whose names these are, or the nearest."""
    sets = [lowest_set(session), *reversed(list_area_sets(session))]
    matches = [match_names(session, area_set, names, gazetteer) for area_set in sets]
    return min(matches, key=lambda one: (len(one.unknown), len(one.missing) + len(one.double)))


def match_shapes(file: OutlineFile, match: NameMatch) -> MatchedShapes:
    """The shapes of a file by area id, mended and cut where need be; raises RefusedFileError with all faults."""
    shapes, notes = _usable(file)
    by_id, split = _by_id(match, file.names, shapes)
    order = [area.id for area in match.areas]
    drawn = geometry_array([by_id[area_id] for area_id in order])
    clean = clean_coverage(drawn)
    names = [area.name for area in match.areas]
    changed = list(zip(names, differences(drawn, clean), strict=True))
    _refuse_overlaps(changed)
    notes += _mended(changed)
    notes += [
        f"{name} är en yta i filen men två delar i registret. Den delades längs vår egen schematiska gräns."
        for name in split
    ]
    return MatchedShapes(dict(zip(order, clean, strict=True)), tuple(notes), tuple(split))


def _usable(file: OutlineFile) -> tuple[list[shapely.MultiPolygon], list[str]]:
    """Valid polygons for every name. A crossing outline is repaired, and that is noted."""
    shapes, notes, problems = [], [], []
    for name, shape in zip(file.names, file.shapes, strict=True):
        fault = None if shape is None else find_fault(shape)
        if shape is None or shape.is_empty:
            problems.append(f"{name} saknar form.")
        elif shape.geom_type not in ("Polygon", "MultiPolygon"):
            problems.append(f"{name} är ingen yta ({shape.geom_type}).")
        elif fault is not None and (fault.repaired is None or find_fault(fault.repaired)):
            problems.append(f"{name}: {fault.sentence()}")
        elif fault is not None:
            notes.append(f"{name}: {fault.sentence()} Den lagade formen används.")
            shapes.append(multipolygon(fault.repaired))
        else:
            shapes.append(multipolygon(shape))
    if problems:
        raise RefusedFileError(" ".join([*problems, "Inget har ändrats."]))
    return shapes, notes


def _by_id(
    match: NameMatch, names: Sequence[str], shapes: Sequence[shapely.MultiPolygon]
) -> tuple[dict[int, BaseGeometry], list[str]]:
    codes = {area.id: area.code for area in match.areas}
    by_id: dict[int, BaseGeometry] = {}
    split = []
    for name, ids, shape in zip(names, match.ids, shapes, strict=True):
        if len(ids) == 1:
            by_id[ids[0]] = shape
            continue
        by_id |= zip(ids, _cut(name, shape, [codes[area_id] for area_id in ids]), strict=True)
        split.append(name.capitalize() if name.isupper() else name)
    return by_id, split


def _cut(name: str, shape: shapely.MultiPolygon, codes: list[str]) -> list[shapely.MultiPolygon]:
    """Cut what we keep as two cells along the border that our own sketch has between them."""
    sketch = schematic_outlines()
    try:
        return split_along_cells(shape, [sketch[code] for code in codes])
    except (KeyError, ValueError) as error:
        raise RefusedFileError(f"{name} är flera delar i registret men kan inte delas som de.") from error


def _mended(changed: list[tuple[str, float]]) -> list[str]:
    noted = [(metres, name) for name, metres in changed if metres >= NOTED_SQUARE_METRES]
    if not noted:
        return []
    metres, name = max(noted)
    return [f"Glapp och överlapp mellan grannar jämnades ut i {len(noted)} områden, mest {metres:.0f} m² i {name}."]


def _refuse_overlaps(changed: list[tuple[str, float]]) -> None:
    large = [f"{name} ({metres / 10_000:.1f} ha)" for name, metres in changed if metres > REFUSED_SQUARE_METRES]
    if large:
        raise RefusedFileError(f"Områdena överlappar varandra: {', '.join(large)}. Inget har ändrats.")
