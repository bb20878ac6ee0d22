"""Storing new outlines: of the stadsdelar, which every edition is made of, or of one edition alone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely
from sqlalchemy import update
from sqlalchemy.orm import Session

from tracker.areas.coverage import differences, geometry_array, united
from tracker.areas.models import Area, AreaSet
from tracker.areas.queries import Outlines, list_area_sets, list_areas, lowest_set, outlines_of, parts_by_area
from tracker.geo.crs import GeometryArray
from tracker.geo.stored import to_stored
from tracker.history.models import Action
from tracker.history.services import Actor, record

SQUARE_METRES_PER_HECTARE = 10_000
TOLD_PERCENT = 0.05
Shapes = Mapping[int, shapely.MultiPolygon]
"""Outlines in EPSG:3011 by area id."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What is said of outlines: where they come from, and whether they are our own sketch."""

    source: str
    schematic: bool = False


@dataclass(frozen=True, slots=True)
class RedrawnArea:
    """One area before and after; `difference_percent` is the symmetric difference over the area before."""

    name: str
    hectares_before: float
    hectares_after: float
    difference_percent: float


@dataclass(frozen=True, slots=True)
class RedrawnSet:
    """A set whose outlines were replaced, with all its areas."""

    code: str
    name: str
    areas: tuple[RedrawnArea, ...]

    @property
    def changed(self) -> tuple[RedrawnArea, ...]:
        """The areas that differ enough to be told one by one."""
        return tuple(area for area in self.areas if area.difference_percent >= TOLD_PERCENT)


def redraw_lowest(session: Session, shapes: Shapes, origin: Origin, actor: Actor) -> list[RedrawnSet]:
    """Give the stadsdelar new outlines, and every edition the unions of them; the lowest level comes first."""
    lowest = lowest_set(session)
    done = [_redraw(session, lowest, shapes, origin, actor, own=False)]
    done += [redraw_from_parts(session, edition, actor) for edition in list_area_sets(session)]
    return done


def redraw_edition(session: Session, edition: AreaSet, shapes: Shapes, origin: Origin, actor: Actor) -> RedrawnSet:
    """Give one edition outlines of its own; those of the stadsdelar and of other editions stay."""
    return _redraw(session, edition, shapes, origin, actor, own=True)


def redraw_from_parts(session: Session, edition: AreaSet, actor: Actor) -> RedrawnSet:
    """Let an edition follow its stadsdelar again: the outline of each area is their union."""
    lowest = lowest_set(session)
    outlines = outlines_of(session, lowest)
    cells = dict(zip(outlines.ids, outlines.shapes, strict=True))
    parts = parts_by_area(session)
    shapes = {
        area.id: united([cells[part] for part in sorted(parts[area.id])])
        for area in list_areas(session, edition)
        if parts[area.id]
    }
    said = "" if lowest.schematic else "Sammanslagna stadsdelar: "
    origin = Origin(said + lowest.outline_source, lowest.schematic)
    return _redraw(session, edition, shapes, origin, actor, own=False)


def _redraw(
    session: Session, area_set: AreaSet, shapes: Shapes, origin: Origin, actor: Actor, *, own: bool
) -> RedrawnSet:
    outlines = outlines_of(session, area_set)
    after = geometry_array([shapes.get(key, old) for key, old in zip(outlines.ids, outlines.shapes, strict=True)])
    new = {"outline_source": origin.source[:300], "schematic": origin.schematic, "own_outlines": own}
    changes: dict[str, list[object]] = {
        name: [getattr(area_set, name), value] for name, value in new.items() if getattr(area_set, name) != value
    }
    marks = [_fingerprint(outlines.shapes), _fingerprint(after)]
    if marks[0] != marks[1]:
        changes["outlines"] = list(marks)
        _store(session, outlines.ids, after)
    if changes:
        for name, value in new.items():
            setattr(area_set, name, value)
        area_set.outlines_changed_at = actor.at
        record(session, actor, ("area_set", area_set.id, 1), Action.CHANGED, changes)
        session.flush()
    return RedrawnSet(area_set.code, area_set.name, _compared(session, area_set, outlines, after))


def _store(session: Session, ids: Sequence[int], shapes: GeometryArray) -> None:
    session.flush()
    session.execute(
        update(Area), [{"id": key, "geom": to_stored(shape)} for key, shape in zip(ids, shapes, strict=True)]
    )
    session.expire_all()


def _fingerprint(shapes: GeometryArray) -> str:
    """SHA-256 of the shapes in order, for the history: the shapes themselves would be megabytes."""
    digest = hashlib.sha256()
    for wkb in shapely.to_wkb(shapes):
        digest.update(wkb)
    return digest.hexdigest()


def _compared(session: Session, area_set: AreaSet, before: Outlines, after: GeometryArray) -> tuple[RedrawnArea, ...]:
    """In Swedish order."""
    pairs = zip(before.shapes, after, differences(before.shapes, after), strict=True)
    by_id = dict(zip(before.ids, pairs, strict=True))
    return tuple(
        RedrawnArea(
            name=area.name,
            hectares_before=by_id[area.id][0].area / SQUARE_METRES_PER_HECTARE,
            hectares_after=by_id[area.id][1].area / SQUARE_METRES_PER_HECTARE,
            difference_percent=100 * by_id[area.id][2] / by_id[area.id][0].area,
        )
        for area in list_areas(session, area_set)
    )
