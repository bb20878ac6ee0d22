"""Where the rows of a file lie: computed for those that are new or move, read for those that stay where they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.areas.gazetteer import Gazetteer
from tracker.imports.agreement import Agreement, Stated, compare
from tracker.imports.candidates import Candidates
from tracker.imports.judging import Judged
from tracker.projects.bulk import blocks
from tracker.projects.locating import MAIN_PLACE, OUTSIDE, LocationRows, Outlines, locate
from tracker.projects.models import Location


@dataclass(frozen=True, slots=True)
class Located:
    """ "Ligger i" of some candidates."""

    rows: LocationRows
    place_of: Mapping[int, int]
    """Index of the candidate → row."""

    def of(self, indices: Sequence[int]) -> LocationRows | None:
        """Numbered anew in the order of `indices`; None when not all of them were located."""
        if not all(index in self.place_of for index in indices):
            return None
        return self.rows.of_rows([self.place_of[index] for index in indices])


def locate_and_compare(
    session: Session, candidates: Candidates, judged: Judged, outlines: Outlines, hidden: Mapping[int, frozenset[str]]
) -> tuple[Located | None, Agreement]:
    """Compare the areas that the file names with where its shapes lie; nothing is located when it names none.

    `hidden` is project id → fields that whoever imports may not see. A project with a hidden place is not compared:
    even a count would tell whether a guess is right.
    """
    texts = candidates.values.get("stated_area")
    if texts is None:
        return None, Agreement(0, 0, (), len(candidates))
    main: dict[int, int] = {}
    located = None
    staying = dict(judged.unchanged)
    staying |= {one.index: one.project_id for one in judged.changes if "geometry" not in one.fields}
    staying |= {one.index: one.project_id for one in judged.conflicts if not one.side and "geometry" not in one.fields}
    secret = {index for index, one in staying.items() if "geometry" in hidden.get(one, ())}
    if candidates.geometries is not None:
        rest = [index for index in range(len(candidates)) if index not in staying]
        located = Located(locate(outlines, candidates.geometries[rest]), {index: row for row, index in enumerate(rest)})
        main = _main_of_located(located, rest, outlines)
        stored = _main_of_stored(session, staying.values(), outlines)
        drawn = candidates.geometries
        main |= {i: stored[one] for i, one in staying.items() if one in stored and drawn[i] is not None}
    names = dict(zip(outlines.lowest.area_ids.tolist(), outlines.lowest.names, strict=True))
    rows = [
        Stated(index, "" if text is None or index in secret else text, main.get(index))
        for index, text in enumerate(texts)
    ]
    return located, compare(rows, names, Gazetteer.load(session))


def _main_of_located(located: Located, rest: Sequence[int], outlines: Outlines) -> dict[int, int]:
    rows = located.rows
    chosen = (rows.area_set_id == outlines.lowest.id) & (rows.place == MAIN_PLACE)
    return {rest[row]: area for row, area in zip(rows.row[chosen].tolist(), rows.area_id[chosen].tolist(), strict=True)}


def _main_of_stored(session: Session, ids: Iterable[int], outlines: Outlines) -> dict[int, int]:
    """Project id → its main stadsdel, or OUTSIDE."""
    found: dict[int, int] = {}
    statement = select(Location.project_id, Location.area_id).where(
        Location.area_set_id == outlines.lowest.id, Location.place == MAIN_PLACE
    )
    for block in blocks(ids):
        for one, area_id in session.execute(statement.where(Location.project_id.in_(block))):
            found[one] = OUTSIDE if area_id is None else area_id
    return found
