"""The dry run: which projects a file adds, changes, leaves as they are or cannot give, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from tracker.areas.gazetteer import Gazetteer
from tracker.geo.crs import GeometryArray
from tracker.imports.agreement import Agreement, Stated, compare
from tracker.imports.candidates import Candidates
from tracker.imports.findings import Finding
from tracker.imports.fingerprints import fingerprint_of
from tracker.imports.matching import match_rows
from tracker.imports.registered import Registered, VolumeRow, dwellings_measure, find_registered
from tracker.projects.locating import MAIN_PLACE, LocationRows, Outlines, load_outlines, locate
from tracker.projects.policies import INTERNAL, SYSTEM_RIGHTS, Rights, Viewer
from tracker.projects.vocabulary import RUNNING_PERIOD, Phase, Publication

SIMPLE = (
    "name", "main_kind", "phase", "stated_area", "description_public", "link", "confidential",
    "confidentiality_ground",
)  # fmt: skip
"""Fields of a project that are compared and written as they are."""
SAME_PLACE_METRES = 0.01
"""Files often carry two decimals: a shape within a centimetre of the stored one is the stored one."""


@dataclass(frozen=True, slots=True)
class Change:
    """A project that the file changes: field → (old, new) as the history writes them."""

    index: int
    project_id: int
    version: int
    """Before the change."""
    fields: Mapping[str, tuple[object, object]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do; indices are those of the candidates."""

    candidates: Candidates
    year: int
    measure_id: int | None
    """The measure of dwellings, when the file has a number of them."""
    publish: bool
    additions: tuple[int, ...]
    changes: tuple[Change, ...]
    unchanged: tuple[tuple[int, int], ...]
    """(index, project id)"""
    refused: tuple[Finding, ...]
    remarks: tuple[Finding, ...]
    notes: tuple[str, ...]
    outlines: Outlines
    located: LocationRows | None
    """Where every candidate lies, when it had to be known for the comparison with the file's own areas."""
    agreement: Agreement

    def locations(self, indices: Sequence[int]) -> LocationRows:
        """Where these candidates lie; `row` is an index into `indices`."""
        if self.located is not None:
            return self.located.of_rows(indices)
        return locate(self.outlines, self.shapes(indices))

    def shapes(self, indices: Sequence[int]) -> GeometryArray:
        """The geometries of these candidates, None where there is none."""
        if self.candidates.geometries is None:
            return np.full(len(indices), None, dtype=object)
        chosen: GeometryArray = self.candidates.geometries[list(indices)]
        return chosen

    def fingerprint(self) -> str:
        """The same for the same outcome: what would be added, changed (with the version it stands on), left, refused.

        Whoever applies what a person has seen makes the plan anew and compares.
        """
        return fingerprint_of(self)

    @property
    def refused_rows(self) -> int:
        """How many rows cannot be taken."""
        return len({finding.row for finding in self.refused})


def make_plan(
    session: Session,
    candidates: Candidates,
    year: int,
    *,
    publish: bool,
    viewer: Viewer = INTERNAL,
    rights: Rights = SYSTEM_RIGHTS,
) -> Plan:
    """Compare the candidates with the register. `year` is the one that numbers of dwellings are the position of.

    Writes nothing. An empty cell changes nothing, and so does a kind that was only guessed. `viewer` is who asks:
    what they may not see they do not change; `rights` is what they may set.
    """
    measure_id = dwellings_measure(session) if "dwellings" in candidates.values else None
    matches = match_rows(session, candidates, viewer)
    registered = find_registered(session, {known.id for known in matches.of.values()}, measure_id, year)
    refused = [finding for findings in candidates.refused.values() for finding in findings]
    refused += [finding for _, finding in matches.refused]
    out = candidates.refused.keys() | {index for index, _ in matches.refused}
    additions, changes, unchanged = [], [], []
    for index in range(len(candidates)):
        if index in out:
            continue
        if index not in matches.of:
            if candidates.value("name", index):
                additions.append(index)
            else:
                refused.append(candidates.finding(index, "name", "", "Projektets namn saknas."))
            continue
        present = registered[matches.of[index].id]
        fields = dict(_differences(candidates, index, present, (measure_id, year), publish))
        if fields:
            changes.append(Change(index, present.id, present.version, fields))
        else:
            unchanged.append((index, present.id))
    outlines = load_outlines(session)
    located = _locate_if_compared(candidates, outlines)
    return Plan(
        candidates=candidates,
        year=year,
        measure_id=measure_id,
        publish=publish,
        additions=tuple(additions),
        changes=tuple(changes),
        unchanged=tuple(unchanged),
        refused=tuple(sorted(refused, key=lambda finding: finding.row)),
        remarks=(*matches.by_case_number, *_remarks(candidates, additions, publish)),
        notes=(*candidates.notes, *_silences(candidates, len(additions))),
        outlines=outlines,
        located=located,
        agreement=_agreement(session, candidates, outlines, located),
    )


def _differences(
    candidates: Candidates, index: int, present: Registered, counted: tuple[int | None, int], publish: bool
) -> Iterator[tuple[str, tuple[object, object]]]:
    for field in SIMPLE:
        new, old = candidates.value(field, index), getattr(present, field)
        if new is not None and new != old:
            yield field, (getattr(old, "value", old), getattr(new, "value", new))
    numbers = candidates.value("case_numbers", index)
    if numbers is not None and numbers != present.case_numbers:
        yield "case_numbers", (list(present.case_numbers), list(numbers))
    volumes = _volume_change(candidates.value("dwellings", index), present.dwellings, counted)
    if volumes:
        yield "volumes", volumes
    shape = None if candidates.geometries is None else candidates.geometries[index]
    if shape is not None and not _same_place(shape, present.geometry):
        yield "geometry", (present.geometry and to_wkt(present.geometry), to_wkt(shape))
    secret = present.confidential if (stated := candidates.value("confidential", index)) is None else stated
    if publish and not secret and present.publication is not Publication.PUBLISHED:
        yield "publication", (present.publication.value, Publication.PUBLISHED.value)


def _volume_change(
    dwellings: int | None, present: VolumeRow | None, counted: tuple[int | None, int]
) -> tuple[object, object] | None:
    """The position as of the year of the import; an older row stays, for it was true then."""
    measure_id, year = counted
    if dwellings is None or measure_id is None or (present and present[3] == dwellings):
        return None
    if present and present[2] == year:
        return [list(present)], [[*present[:3], dwellings, *present[4:]]]
    return [], [[RUNNING_PERIOD, measure_id, year, dwellings, None, None]]


def _same_place(new: BaseGeometry, old: BaseGeometry | None) -> bool:
    return old is not None and bool(shapely.equals_exact(new, old, tolerance=SAME_PLACE_METRES))


def to_wkt(shape: BaseGeometry) -> str:
    """EPSG:3011 as the history keeps it: every decimal."""
    return str(shapely.to_wkt(shape, rounding_precision=-1))


def _locate_if_compared(candidates: Candidates, outlines: Outlines) -> LocationRows | None:
    if candidates.geometries is None or "stated_area" not in candidates.values:
        return None
    return locate(outlines, candidates.geometries)


def _agreement(
    session: Session, candidates: Candidates, outlines: Outlines, locations: LocationRows | None
) -> Agreement:
    texts = candidates.values.get("stated_area")
    if texts is None:
        return Agreement(0, 0, (), len(candidates))
    main: dict[int, int] = {}
    if locations is not None:
        chosen = (locations.area_set_id == outlines.lowest.id) & (locations.place == MAIN_PLACE)
        main = dict(zip(locations.row[chosen].tolist(), locations.area_id[chosen].tolist(), strict=True))
    names = dict(zip(outlines.lowest.area_ids.tolist(), outlines.lowest.names, strict=True))
    rows = [Stated(index, text or "", main.get(index)) for index, text in enumerate(texts)]
    return compare(rows, names, Gazetteer.load(session))


def _remarks(candidates: Candidates, additions: list[int], publish: bool) -> Iterator[Finding]:
    """What was decided for single new projects because their row does not say it."""
    has_phase, has_kind = "phase" in candidates.values, "main_kind" in candidates.values
    for index in additions:
        if has_phase and candidates.value("phase", index) is None:
            yield candidates.finding(index, "phase", "", f"Skedet saknas och sätts till {Phase.IDEA.label}.")
        if has_kind and candidates.value("main_kind", index) is None:
            kind = candidates.kind_or_guess(index).label
            reason = f"Inget av våra huvudslag; projektet får {kind} efter namn och antal bostäder."
            yield candidates.finding(index, "main_kind", candidates.raw_kind(index), reason)
        if candidates.geometries is not None and candidates.geometries[index] is None:
            yield candidates.finding(index, "geometry", "", "Projektet saknar läge.")
        if publish and candidates.value("confidential", index):
            yield candidates.finding(index, "confidential", "Ja", "Ett sekretessmarkerat projekt publiceras inte.")


def _silences(candidates: Candidates, additions: int) -> Iterator[str]:
    """What the file says of no project at all."""
    if not additions:
        return
    if "phase" not in candidates.values:
        yield f"Filen har inget skede; nya projekt får {Phase.IDEA.label}."
    if "main_kind" not in candidates.values:
        yield "Filen har inget huvudslag; nya projekt får det efter namn och antal bostäder."
    if candidates.geometries is None:
        yield "Filen har inga lägen."
