"""The projects of an export, read a block at a time and column by column.

The number of statements grows with the blocks, and the memory with nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import shapely
from sqlalchemy import String, func, select, type_coerce
from sqlalchemy.orm import Session

from tracker.exports.register import Extract
from tracker.exports.register_lists import (
    Words,
    among,
    area_words,
    areas_of,
    case_numbers_of,
    goal_words,
    goals_of,
    planned_of,
)
from tracker.geo.crs import GeometryArray
from tracker.measures.models import MainKind
from tracker.projects.bulk import blocks, table_of, without_collecting
from tracker.projects.models import Project
from tracker.projects.policies import Viewer
from tracker.projects.programmes import programme_ids
from tracker.projects.queries import marks_of
from tracker.projects.secrecy import Hidden, Secret, listed
from tracker.projects.vocabulary import SUBTYPES, Phase, Publication
from tracker.web.content import STOCKHOLM

BLOCK = 2_000
Cells = list[Any]


@dataclass(frozen=True, slots=True)
class Block:
    """Some projects in order of code. Every column, and `geometries`, has one cell for each of `ids`."""

    ids: list[int]
    columns: Mapping[str, Cells]
    """By `Attribute.column`."""
    geometries: GeometryArray
    """EPSG:3011; None where there is none, or where it is hidden."""

    @property
    def codes(self) -> list[str]:
        """The code of each project."""
        return self.columns["code"]


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all blocks need, read once."""

    viewer: Viewer
    goals: Words
    areas: Words
    programmes: set[int]
    marks: Mapping[int, Hidden]


def read_blocks(
    session: Session, extract: Extract, progress: Callable[[int], None] = lambda _: None
) -> Iterator[Block]:
    """The projects in blocks, in order; `progress` is told of each block when whoever reads is done with it."""
    viewer = extract.audience.viewer
    shared = _Shared(
        viewer,
        goal_words(session),
        area_words(session),
        programme_ids(session, viewer),
        marks_of(session, extract.ids),
    )
    for ids in blocks(extract.ids, BLOCK):
        with without_collecting():
            block = _read(session, ids, shared)
        yield block
        progress(len(ids))


# Of the table, not of the model: a row that the mapper has passed on costs twice as much.
_P = table_of(Project).c
_TEXT = (_P.main_kind, _P.secondary_kinds, _P.phase, _P.publication)
_COLUMNS = (
    _P.id, _P.code, _P.name, *(type_coerce(one, String) for one in _TEXT), _P.subtype,
    func.coalesce(_P.start_forecast, _P.start_decided), func.coalesce(_P.end_forecast, _P.end_decided),
    _P.stated_area, _P.description_public, _P.link, _P.location_approximate, _P.example_values, _P.updated_at,
    _P.version, _P.confidential, _P.confidentiality_ground, func.ST_AsBinary(_P.geom),
)  # fmt: skip


def _read(session: Session, wanted: Sequence[int], shared: _Shared) -> Block:
    # All at once: the driver is asked for each row by itself otherwise.
    read = session.execute(select(*_COLUMNS).where(among(session, _P.id, wanted))).all()
    found = {row[0]: row for row in read}
    # A project may be gone since the extract was chosen.
    rows = [found[one] for one in wanted if one in found]
    ids = [row[0] for row in rows]
    columns = _plain(list(zip(*rows, strict=True)) if rows else [()] * len(_COLUMNS))
    viewer = shared.viewer
    columns |= {
        "case_numbers": case_numbers_of(session, ids, viewer),
        "goals": goals_of(session, ids, viewer, shared.goals),
        "areas": areas_of(session, ids, viewer, shared.areas),
        "secrets": [listed(shared.marks[one]) if one in shared.marks else "" for one in ids],
    }
    planned = planned_of(session, ids, viewer)
    for name, numbers in zip(("dwellings", "workplaces"), planned, strict=True):
        # A programme has none: its parts have them, and a column must not add up to more than there is.
        columns[name] = [None if one in shared.programmes else number for one, number in zip(ids, numbers, strict=True)]
    if not viewer.confidential:
        _blank(columns, ids, shared.marks)
    return Block(ids, columns, shapely.from_wkb(np.array(columns.pop("wkb"), dtype=object)))


_LABELS = tuple({one.value: one.label for one in words} for words in (MainKind, Phase, Publication))


def _plain(cells: Sequence[Sequence[Any]]) -> dict[str, Cells]:
    """What stands in the rows of the projects themselves, in words. The order is that of `_COLUMNS`."""
    (_, code, name, kind, others, phase, publication, subtype, start, end, stated, description, link, approximate,
     example, changed, version, confidential, ground, wkb) = cells  # fmt: skip
    kinds, phases, publications = _LABELS
    other_kinds = {word: ", ".join(kinds[one] for one in json.loads(word)) for word in set(others)}
    return {
        "code": list(code),
        "name": list(name),
        "kind": [kinds[one] for one in kind],
        "other_kinds": [other_kinds[one] for one in others],
        "subtype": [SUBTYPES.get(one, one) for one in subtype],
        "phase": [phases[one] for one in phase],
        "start": list(start),
        "end": list(end),
        "stated_area": list(stated),
        "description": list(description),
        "link": list(link),
        "approximate": list(approximate),
        "example_values": list(example),
        "publication": [publications[one] for one in publication],
        "changed": _days(changed),
        "version": list(version),
        "confidential": list(confidential),
        "ground": list(ground),
        "wkb": [None if one is None else bytes(one) for one in wkb],
    }


def _days(moments: Sequence[datetime]) -> Cells:
    """The day on the clock of Stockholm: the same whatever zone the reader's program is set to."""
    days = {moment: moment.astimezone(STOCKHOLM).date() for moment in set(moments)}
    return [days[moment] for moment in moments]


BLANKS: Mapping[Secret, Mapping[str, object]] = {
    Secret.GEOMETRY: {"stated_area": "", "approximate": None, "wkb": None},
    Secret.DESCRIPTION_PUBLIC: {"description": ""},
    Secret.LINK: {"link": ""},
    Secret.DATES: {"start": None, "end": None},
}
"""What a hidden field leaves in a file: an empty cell, which an import leaves alone."""


def _blank(columns: dict[str, Cells], ids: Sequence[int], marks: Mapping[int, Hidden]) -> None:
    for row, one in enumerate(ids):
        for secret in marks.get(one, ()):
            for name, value in BLANKS.get(secret, {}).items():
                columns[name][row] = value
