"""The dry run: which projects a file adds, changes, leaves as they are or cannot give, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from tracker.geo.crs import GeometryArray
from tracker.imports.agreement import Agreement
from tracker.imports.candidates import Candidates
from tracker.imports.comparing import Terms
from tracker.imports.conflicts import Conflict, Settled
from tracker.imports.findings import Finding
from tracker.imports.fingerprints import fingerprint_of
from tracker.imports.hiding import hidden_fields
from tracker.imports.judging import Change, judge_rows
from tracker.imports.lying import Located, locate_and_compare
from tracker.imports.matching import match_rows
from tracker.imports.naming import names_of
from tracker.imports.registered import dwellings_measure, find_registered
from tracker.imports.resolving import resolve
from tracker.messages import message
from tracker.projects.bulk import without_collecting
from tracker.projects.locating import LocationRows, Outlines, load_outlines, locate
from tracker.projects.policies import INTERNAL, SYSTEM_RIGHTS, Rights, Viewer
from tracker.projects.vocabulary import Phase

__all__ = ["Change", "Plan", "make_plan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do; indices are those of the candidates."""

    candidates: Candidates
    terms: Terms
    additions: tuple[int, ...]
    changes: tuple[Change, ...]
    unchanged: tuple[tuple[int, int], ...]
    """(index, project id)"""
    conflicts: tuple[Conflict, ...]
    """Settled ones too."""
    refused: tuple[Finding, ...]
    remarks: tuple[Finding, ...]
    notes: tuple[str, ...]
    outlines: Outlines
    located: Located | None
    """Where new and moved candidates lie, when it had to be known for the comparison with the file's own areas."""
    agreement: Agreement

    def locations(self, indices: Sequence[int]) -> LocationRows:
        """Where these candidates lie; `row` is an index into `indices`."""
        found = self.located.of(indices) if self.located is not None else None
        return found if found is not None else locate(self.outlines, self.shapes(indices))

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
        with without_collecting():
            return fingerprint_of(self)

    @property
    def open_conflicts(self) -> tuple[Conflict, ...]:
        """Those that nobody has settled: their rows are in no other list."""
        return tuple(one for one in self.conflicts if one.side is None)

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
    settled: Settled = Settled(),  # noqa: B008 - frozen
) -> Plan:
    """Compare the candidates with the register. `year` is the one that numbers of dwellings are the position of.

    Writes nothing. An empty cell changes nothing, and so does a kind that was only guessed. `viewer` is who asks:
    what they may not see they do not change; `rights` is what they may set; `settled` what they chose in conflicts.
    """
    with without_collecting():
        return _plan(session, candidates, viewer, (year, publish, rights, settled))


def _plan(session: Session, candidates: Candidates, viewer: Viewer, asked: tuple[int, bool, Rights, Settled]) -> Plan:
    year, publish, rights, settled = asked
    candidates = resolve(session, candidates, year, viewer)
    measure_id = dwellings_measure(session) if "dwellings" in candidates.values else None
    matches = match_rows(session, candidates, viewer)
    ids = {known.id for known in matches.of.values()}
    fields = {*candidates.values, *(() if candidates.geometries is None else ("geometry",))}
    registered = find_registered(session, ids, (measure_id, year), fields)
    hidden, names = hidden_fields(session, ids, viewer), names_of(session, fields)
    terms = Terms(measure_id, year, publish, rights, hidden, names)
    judged = judge_rows(session, candidates, matches, registered, terms, settled)
    outlines = load_outlines(session)
    located, agreement = locate_and_compare(session, candidates, judged, outlines, terms.hidden)
    return Plan(
        candidates=candidates,
        terms=terms,
        additions=tuple(judged.additions),
        changes=tuple(judged.changes),
        unchanged=tuple(judged.unchanged),
        conflicts=tuple(judged.conflicts),
        refused=tuple(sorted(judged.refused, key=lambda finding: finding.row)),
        remarks=(*matches.by_case_number, *judged.remarks, *_remarks(candidates, judged.additions, publish)),
        notes=(*candidates.notes, *_silences(candidates, len(judged.additions))),
        outlines=outlines,
        located=located,
        agreement=agreement,
    )


def _remarks(candidates: Candidates, additions: list[int], publish: bool) -> Iterator[Finding]:
    """What was decided for single new projects because their row does not say it."""
    has_phase, has_kind = "phase" in candidates.values, "main_kind" in candidates.values
    for index in additions:
        if has_phase and candidates.value("phase", index) is None:
            yield candidates.finding(
                index, "phase", "", message("Skedet saknas och sätts till %(phase)s.", phase=Phase.IDEA.label)
            )
        if has_kind and candidates.value("main_kind", index) is None:
            kind = candidates.kind_or_guess(index).label
            reason = message(
                "Inget av våra huvudslag; projektet får %(kind)s efter namn och antal bostäder.", kind=kind
            )
            yield candidates.finding(index, "main_kind", candidates.raw_kind(index), reason)
        if candidates.geometries is not None and candidates.geometries[index] is None:
            yield candidates.finding(index, "geometry", "", message("Projektet saknar läge."))
        if publish and candidates.value("confidential", index):
            yield candidates.finding(
                index, "confidential", message("Ja"), message("Ett sekretessmarkerat projekt publiceras inte.")
            )


def _silences(candidates: Candidates, additions: int) -> Iterator[str]:
    """What the file says of no project at all."""
    if not additions:
        return
    if "phase" not in candidates.values:
        yield message("Filen har inget skede; nya projekt får %(phase)s.", phase=Phase.IDEA.label)
    if "main_kind" not in candidates.values:
        yield message("Filen har inget huvudslag; nya projekt får det efter namn och antal bostäder.")
    if candidates.geometries is None:
        yield message("Filen har inga lägen.")
