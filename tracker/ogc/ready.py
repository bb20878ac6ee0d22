"""The public's plain questions answered from the map's memory: ready-made text, put together.

The memory is one of the map's (maps/model.py), of the register's present revision; what is kept here beside it, in its
own `meant`, lives as long as it does. The answers are those of the database, to the byte.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from tracker.maps.model import BoolArray, IntArray, MapModel
from tracker.ogc.answering import Page
from tracker.ogc.asking import ItemsAsked
from tracker.ogc.paging import Step, token_of, values_in
from tracker.ogc.project_features import whole_ends
from tracker.ogc.properties import Kind
from tracker.ogc.stating import Bytewise
from tracker.projects.coarsening import EXACT
from tracker.projects.models import Project
from tracker.projects.policies import PUBLIC

_ID = b'"id":'
_PROPERTIES = b',"properties":'
_DIMENSION = {
    "points": (shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT),
    "lines": (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING),
    "polygons": (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON),
}
INNER = (1.0, 0.99, 0.97, 0.9, 0.8)
_BY_CODE = [Step(Bytewise(Project.code), Kind.TEXT, descending=False)]


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """Those of a part that have a place, in the order of their codes."""

    codes: Sequence[str]
    texts: Sequence[bytes]
    rows: IntArray
    """Their places in the model."""
    places: IntArray
    """Place here of each row of the model; −1 for another part's."""


def ready_of(session: Session, model: MapModel, part: str) -> Ready:
    """Of a part of SHAPES, or all that have a place; made once for a model."""
    found: Ready | None = model.meant.get(("ogc", part))
    if found is None:
        found = model.meant.setdefault(("ogc", part), _make(session, model, part))
    return found


def _make(session: Session, model: MapModel, part: str) -> Ready:
    if part:
        whole = ready_of(session, model, "")
        chosen = np.isin(shapely.get_type_id(model.tree.geometries), _DIMENSION[part])
        kept = [at for at, row in enumerate(whole.rows.tolist()) if chosen[row]]
        return _arranged(model, [whole.codes[at] for at in kept], [whole.texts[at] for at in kept], whole.rows[kept])
    codes = [_code(head) for head in model.head]
    order = sorted(range(len(codes)), key=lambda row: codes[row].encode())
    texts = _whole(session, model)
    return _arranged(
        model, [codes[row] for row in order], [texts[row] for row in order], np.array(order, dtype=np.int64)
    )


def _arranged(model: MapModel, codes: Sequence[str], texts: Sequence[bytes], rows: IntArray) -> Ready:
    places = np.full(model.located, -1, dtype=np.int64)
    places[rows] = np.arange(len(rows))
    return Ready(codes, texts, rows, places)


def _code(head: bytes) -> str:
    code: str = orjson.loads(head[head.index(_ID) + len(_ID) : head.index(_PROPERTIES)])
    return code


def _whole(session: Session, model: MapModel) -> Sequence[bytes]:
    """The texts, with the whole shape of what the map draws coarser."""
    large = np.flatnonzero(shapely.get_num_coordinates(model.tree.geometries) > EXACT.most).tolist()
    if not large:
        return model.exact
    texts = list(model.exact)
    ends = {int(model.ids[row]): model.exact[row] for row in large}
    whole = whole_ends(session, list(ends), ends, PUBLIC)
    for row in large:
        if (end := whole.get(int(model.ids[row]))) is not None:
            texts[row] = model.head[row] + end
    return texts


def read_ready(session: Session, model: MapModel, part: str, asked: ItemsAsked) -> Page:
    """The page of a plain question."""
    ready = ready_of(session, model, part)
    first = 0
    inside = None if asked.box is None else _inside(model, ready, asked.box)
    if asked.cursor:
        first = bisect.bisect_right(ready.codes, values_in(asked.cursor, _BY_CODE, ())[0].encode(), key=str.encode)
    if inside is None:
        here: Sequence[int] = range(first, min(first + asked.limit, len(ready.codes)))
        more, matched = first + asked.limit < len(ready.codes), len(ready.codes)
    else:
        begin = int(np.searchsorted(inside, first))
        here = inside[begin : begin + asked.limit].tolist()
        more, matched = begin + asked.limit < len(inside), len(inside)
    texts = ready.texts[here.start : here.stop] if isinstance(here, range) else [ready.texts[at] for at in here]
    return Page(texts, matched, token_of([ready.codes[here[-1]]], ()) if more else "")


def _inside(model: MapModel, ready: Ready, box: BaseGeometry) -> IntArray:
    """Places of those that meet a box, in order."""
    if box.is_empty:
        return np.empty(0, dtype=np.int64)
    near = model.tree.query(box)
    near = near[ready.places[near] >= 0]
    met = _held(model, near, box)
    crossing = np.flatnonzero(~met)
    shapely.prepare(box)
    met[crossing] = shapely.intersects(box, model.tree.geometries[near[crossing]])
    found: IntArray = np.sort(ready.places[near[met]])
    return found


def _held(model: MapModel, near: IntArray, box: BaseGeometry) -> BoolArray:
    """Those whose own upright box lies in an upright one that the turned box holds; the rest are looked at closer."""
    west, south, east, north = box.bounds
    held: Any = np.zeros(len(near), dtype=bool)
    for factor in INNER:
        aside, above = (1 - factor) * (east - west) / 2, (1 - factor) * (north - south) / 2
        inner = (west + aside, south + above, east - aside, north - above)
        if box.contains(shapely.box(*inner)):
            bounds = model.bounds[near]
            held = (bounds[:, :2] >= inner[:2]).all(axis=1) & (bounds[:, 2:] <= inner[2:]).all(axis=1)
            break
    return np.asarray(held, dtype=bool)
