"""Rows whose version is not the register's: merged where only one side changed a field, else a conflict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from sqlalchemy.orm import Session

from tracker.imports.bases import Counted, find_bases
from tracker.imports.candidates import Candidates
from tracker.imports.columns import label_of
from tracker.imports.comparing import Compare, Pair, Terms
from tracker.imports.comparing_contents import left_alone
from tracker.imports.conflicts import Base, Conflict, Merged, Settled, Side, merge
from tracker.imports.findings import Finding
from tracker.imports.matching import Known, Matches
from tracker.imports.registered import Registered
from tracker.messages import joined, message

Fields = dict[str, Pair] | None


class Found(Protocol):
    """Where remarks and conflicts are gathered."""

    remarks: list[Finding]
    conflicts: list[Conflict]


class Stale:
    """The rows of a file that state another version than the register's present one, with what they began from."""

    def __init__(
        self,
        session: Session,
        candidates: Candidates,
        matches: Matches,
        registered: Mapping[int, Registered],
        terms: Terms,
        settled: Settled,
    ) -> None:
        self.candidates, self.settled = candidates, settled
        versions = candidates.values.get("version") or []
        stated = {known.id: versions[index] for index, known in matches.of.items()} if versions else {}
        self.stated = {
            one: version
            for one, version in stated.items()
            if version is not None and one in registered and version != registered[one].version
        }
        counted = Counted(terms.measure_id, terms.year, "volume_rows" in candidates.values)
        self.names = terms.names
        self.bases = find_bases(session, self.stated, registered, counted) if self.stated else {}

    def settle(self, index: int, present: Registered, known: Known, compare: Compare, found: Found) -> Fields:
        """What the row changes, without what only the register changed; None while a conflict is open.

        Raises DomainError as `compare` does.
        """
        base = self.bases.get(present.id)
        former = None if base is None else base.project
        fields = compare(index, present, former)
        alone = () if former is None else left_alone(self.candidates, index, former, present)
        if base is None or not (fields or alone):
            return fields
        mine = None if former is None else compare(index, former, None)
        merged = merge(fields, mine, base, present)
        if kept := tuple(dict.fromkeys((*merged.kept, *alone))):
            found.remarks.append(self._kept(index, present, kept))
        if not merged.clashing:
            return merged.free
        side = self.settled.of(self.candidates.rows[index], present.version)
        found.conflicts.append(self._conflict(index, present, known, base, merged, side))
        if side is None:
            return None
        return merged.free | merged.clashing if side is Side.FILE else merged.free

    def _conflict(
        self, index: int, present: Registered, known: Known, base: Base, merged: Merged, side: Side | None
    ) -> Conflict:
        return Conflict(
            index=index,
            project_id=present.id,
            code=known.code,
            name=present.name,
            version=present.version,
            stated=self.stated[present.id],
            known=base.project is not None,
            fields=merged.clashing,
            edits={name: edit for name, edit in base.edits.items() if name in merged.clashing},
            side=side,
            names=self.names,
        )

    def _kept(self, index: int, present: Registered, names: tuple[str, ...]) -> Finding:
        labels = joined(", ", [label_of(name) for name in names])
        reason = message(
            "Ändrat i registret sedan filen togs ut (version %(stated)s, nu %(version)s) och inte i "
            "filen. Registrets värde behålls.",
            stated=self.stated[present.id],
            version=present.version,
        )
        return self._finding(index, labels, reason)

    def _finding(self, index: int, column: str, reason: str) -> Finding:
        candidates = self.candidates
        code, name = candidates.value("code", index) or "", candidates.value("name", index) or ""
        return Finding(candidates.rows[index], code, name, column, "", reason)
