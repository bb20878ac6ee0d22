"""Replacing outlines from a file, all or nothing.

The lowest level carries every edition: its outlines replace those of all editions, which are its unions. An
edition's own file replaces that edition alone. Importing again, also an older file, does and undoes;
`restore_schematic` brings back our own outlines.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from tracker.areas.catalogue import SCHEMATIC_SOURCE
from tracker.areas.gazetteer import Gazetteer
from tracker.areas.matching import NameMatch, best_match, match_names, match_shapes
from tracker.areas.models import LOWEST
from tracker.areas.outline_files import Reading, read_outlines
from tracker.areas.outlines import schematic_outlines
from tracker.areas.queries import get_area_set, list_area_sets, list_areas, lowest_set
from tracker.areas.redrawing import Origin, RedrawnSet, redraw_edition, redraw_from_parts, redraw_lowest
from tracker.errors import DomainError, RefusedFileError
from tracker.history.services import Actor


@dataclass(frozen=True, slots=True)
class OutlineReport:
    """What an import changed: the set of the file first, then the editions that follow from it."""

    source: str
    sets: tuple[RedrawnSet, ...]
    notes: tuple[str, ...]


def import_outlines(
    session: Session, path: Path, reading: Reading, set_code: str | None, actor: Actor
) -> OutlineReport:
    """Replace the outlines of a set, found from the names of the file when `set_code` is None.

    Raises RefusedFileError with every unknown, missing and double name, and with every shape that cannot be used.
    """
    gazetteer = Gazetteer.load(session)
    area_set = get_area_set(session, set_code) if set_code else None
    file = read_outlines(path, reading, lambda name: bool(gazetteer.places(name)))
    best = best_match(session, file.names, gazetteer)
    match = best if area_set is None else match_names(session, area_set, file.names, gazetteer)
    if not match.fits:
        raise RefusedFileError(_another_set(match, best) if best.fits else match.sentence())
    matched = match_shapes(file, match)
    notes = [*file.notes, *matched.notes]
    cut = f"; {' och '.join(matched.split)} delad längs egen schematisk gräns" if matched.split else ""
    origin = Origin(f"{file.name[:200]}{cut}")
    if match.area_set.code == LOWEST:
        notes += _lost_outlines(session)
        sets = redraw_lowest(session, matched.shapes, origin, actor)
    else:
        notes.append(f"Bara {match.area_set.name} fick nya gränser. Stadsdelarna och övriga utgåvor är som förut.")
        sets = [redraw_edition(session, match.area_set, matched.shapes, origin, actor)]
    return OutlineReport(origin.source, tuple(sets), tuple(notes))


def _another_set(match: NameMatch, best: NameMatch) -> str:
    return (
        f"Namnen i filen är inte områdena i {match.area_set.name} utan {best.area_set.name}. "
        f"Kör med --edition {best.area_set.code} eller utan --edition. Inget har ändrats."
    )


def restore_schematic(session: Session, actor: Actor) -> OutlineReport:
    """Bring back our own schematic outlines at the lowest level, and so in every edition."""
    sketch = schematic_outlines()
    areas = list_areas(session, lowest_set(session))
    unknown = [area.name for area in areas if area.code not in sketch]
    if unknown:
        raise DomainError(f"Det finns ingen schematisk gräns för {', '.join(unknown)}.")
    notes = _lost_outlines(session)
    shapes = {area.id: sketch[area.code] for area in areas}
    sets = redraw_lowest(session, shapes, Origin(SCHEMATIC_SOURCE, schematic=True), actor)
    return OutlineReport(SCHEMATIC_SOURCE, tuple(sets), tuple(notes))


def restore_union(session: Session, set_code: str, actor: Actor) -> OutlineReport:
    """Let an edition follow its stadsdelar again, after outlines of its own."""
    edition = get_area_set(session, set_code)
    if edition.code == LOWEST:
        return restore_schematic(session, actor)
    redrawn = redraw_from_parts(session, edition, actor)
    return OutlineReport(edition.outline_source, (redrawn,), ())


def _lost_outlines(session: Session) -> list[str]:
    """Say which editions had outlines of their own that are replaced."""
    names = [edition.name for edition in list_area_sets(session) if edition.own_outlines]
    return [f"{name} hade egna gränser; nu följer den stadsdelarna." for name in names]
