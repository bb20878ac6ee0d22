"""The plan as a person sees it, kept beside the upload: making it takes seconds, turning a page must not.

Two files in the folder of the upload: `plan.json`, the rows in words, and `karta.json`, a FeatureCollection in
EPSG:4326. They go with the upload. What is written to the register is never read from them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from tracker.imports.conflict_words import row_of
from tracker.imports.disagreements import disagreements, without_place
from tracker.imports.findings import Finding
from tracker.imports.plan import Change, Plan
from tracker.imports.seen_texts import Texts, told_again
from tracker.imports.wording import change_in_words, label_or

PLAN_FILE, MAP_FILE = "plan.json", "karta.json"
KINDS = ("konflikter", "nya", "andras", "oforandrade", "avvisas", "anmarkningar")
"""The tables of a plan, as their addresses call them."""
MOST_REASONS = 12
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """A plan in words. `rows` maps each of KINDS to its rows; `fresh` says how many rows are new since last time."""

    answers: str
    """Digest of the answers that it was made with, and of what the person may see and set."""
    fingerprint: str
    made_at: str
    total: int
    refused_rows: int
    places: int
    """How many shapes the map has."""
    notes: list[str]
    readings: list[list[Any]]
    agreement: list[int]
    """Rows whose area agrees by its name, by another name, differs, is not stated, cannot be compared."""
    rows: Mapping[str, list[Row]]
    fresh: Mapping[str, int]
    texts: list[list[Any]]
    """What notes, readings and rows say in messages: their places there stand in them (see seen_texts.py)."""

    def told(self, kept: Any) -> Any:
        """Rows, notes or readings with their messages, to show."""
        return told_again(kept, self.texts)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows each table has; a refused row counts once, though it may have several reasons."""
        return {kind: len(self.rows[kind]) for kind in KINDS} | {"avvisas": self.refused_rows}

    def reasons(self, kind: str) -> list[tuple[str, list[Row]]]:
        """The reasons of a table's rows with the rows that have each, the most frequent first."""
        found: dict[bytes, list[Row]] = defaultdict(list)
        for row in self.rows[kind]:
            if "reason" in row:
                found[orjson.dumps(row["reason"])].append(row)
        frequent = sorted(found.values(), key=len, reverse=True)[:MOST_REASONS]
        return [(self.told(rows[0]["reason"]), rows) for rows in frequent]

    @property
    def open_conflicts(self) -> int:
        """How many conflicts nobody has settled."""
        return sum(not row["side"] for row in self.rows["konflikter"])

    @property
    def writes(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.rows["nya"] or self.rows["andras"])


def see(plan: Plan, answers: str, now: datetime, places: int, former: Seen | None) -> Seen:
    """Put a plan into words. `former` is the plan that the person saw before; what it lacks is marked as new."""
    elsewhere, texts = disagreements(plan), Texts(former.texts if former is not None else ())
    said = {
        "konflikter": [_row(plan, one.index) | row_of(one) for one in plan.conflicts],
        "nya": [_addition(plan, index) for index in plan.additions],
        "andras": [_change(plan, change) for change in plan.changes],
        "oforandrade": [_row(plan, index) for index, _project in plan.unchanged],
        "avvisas": [_finding(one) for one in plan.refused],
        "anmarkningar": [_finding(one) for one in (*plan.remarks, *elsewhere)],
    }
    rows = {kind: [texts.kept(row) for row in listed] for kind, listed in said.items()}
    readings = [[one.column, one.value, one.meaning, one.rows] for one in plan.candidates.readings]
    return Seen(
        answers=answers,
        fingerprint=plan.fingerprint(),
        made_at=now.isoformat(),
        total=len(plan.candidates),
        refused_rows=plan.refused_rows,
        places=places,
        notes=texts.kept(plan.notes),
        readings=texts.kept(readings),
        agreement=_agreement(plan, len(elsewhere)),
        rows=rows,
        fresh=_mark_fresh(rows, former) if former is not None else {},
        texts=texts.listed,
    )


def _agreement(plan: Plan, differing: int) -> list[int]:
    found = plan.agreement
    return [found.same_name, found.other_name, differing, found.silent, without_place(plan)]


def _row(plan: Plan, index: int) -> Row:
    candidates = plan.candidates
    return {
        "row": candidates.rows[index],
        "code": candidates.value("code", index) or "",
        "name": candidates.value("name", index) or "",
    }


def _addition(plan: Plan, index: int) -> Row:
    candidates = plan.candidates
    shapes = candidates.geometries
    return _row(plan, index) | {
        "kind": candidates.kind_or_guess(index).value,
        "guessed": candidates.value("main_kind", index) is None,
        "phase": label_or(candidates.value("phase", index)),
        "place": shapes is not None and shapes[index] is not None,
    }


def _change(plan: Plan, change: Change) -> Row:
    fields = [change_in_words(field, old, new, plan.terms.names) for field, (old, new) in change.fields.items()]
    return _row(plan, change.index) | {"fields": fields}


def _finding(finding: Finding) -> Row:
    return {
        "row": finding.row, "code": finding.code, "name": finding.name, "column": finding.column,
        "value": finding.value, "reason": finding.reason,
    }  # fmt: skip


def _mark_fresh(rows: Mapping[str, list[Row]], former: Seen) -> dict[str, int]:
    fresh = {}
    for kind, listed in rows.items():
        known = {_plain(row) for row in former.rows[kind]}
        new = [row for row in listed if _plain(row) not in known]
        for row in new:
            row["fresh"] = True
        fresh[kind] = len(new)
    return fresh


def _plain(row: Row) -> bytes:
    return orjson.dumps({name: value for name, value in row.items() if name != "fresh"}, option=orjson.OPT_SORT_KEYS)


def keep_seen(folder: Path, seen: Seen, shapes: bytes) -> None:
    """Write both files; the plan last, whole or not at all, for another tab may read it."""
    for name, data in ((MAP_FILE, shapes), (PLAN_FILE, orjson.dumps(seen))):
        part = folder / f"{name}.del"
        part.touch(mode=0o600)
        part.write_bytes(data)
        part.replace(folder / name)


def read_seen(folder: Path) -> Seen | None:
    """The plan that was seen last; None when none was made."""
    try:
        seen = Seen(**orjson.loads((folder / PLAN_FILE).read_bytes()))
        return seen if seen.rows.keys() == set(KINDS) else None
    except (OSError, ValueError, TypeError, KeyError):
        return None
