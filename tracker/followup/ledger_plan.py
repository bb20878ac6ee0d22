"""What an import of the ledger would do to a period: set-based, before anything is written."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import DomainError
from tracker.followup.ledger import LedgerLine
from tracker.followup.ledger_matching import Found, Match, Register, names_of
from tracker.followup.models import LedgerImport, Period
from tracker.followup.queries import source_key
from tracker.messages import message
from tracker.money import LIMIT_ORE, format_kronor
from tracker.projects.figures import Figure
from tracker.projects.models import Project
from tracker.projects.policies import INTERNAL
from tracker.projects.programmes import is_programme
from tracker.projects.vocabulary import Flow

Place = tuple[int, int, Flow]
"""Project id, year, flow."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome that the ledger gives a project in a year, and the one that the period has now, in whole öre."""

    project_id: int
    code: str
    name: str
    year: int
    flow: Flow
    old_ore: int | None
    new_ore: int
    rows: tuple[int, ...]
    """Of the file; several are added."""
    found: Found

    @property
    def changes(self) -> bool:
        """Whether anything is written."""
        return self.old_ore != self.new_ore

    @property
    def difference_ore(self) -> int:
        """New less old; nothing counts as 0."""
        return self.new_ore - (self.old_ore or 0)


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A row that no project takes, and those between which a person can choose: (code, name)."""

    line: LedgerLine
    found: Found
    candidates: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Lacking:
    """A project with an outcome in the period that the ledger has no row of."""

    project_id: int
    code: str
    name: str
    year: int
    flow: Flow
    outcome_ore: int


@dataclass(frozen=True, slots=True)
class LedgerTotal:
    """The sums of a year and flow in whole öre: all rows = matched + unmatched."""

    year: int
    flow: Flow
    all_ore: int
    matched_ore: int
    unmatched_ore: int


@dataclass(frozen=True, slots=True)
class LedgerPlan:
    """What would be written, and what nothing can be done about."""

    lines: tuple[LedgerLine, ...]
    matches: tuple[Match, ...]
    outcomes: tuple[Outcome, ...]
    unmatched: tuple[Unmatched, ...]
    lacking: tuple[Lacking, ...]
    totals: tuple[LedgerTotal, ...]
    replaces: int | None
    """The id of the import whose rows stand now and would give way."""

    @property
    def changed(self) -> tuple[Outcome, ...]:
        """What differs from the period."""
        return tuple(one for one in self.outcomes if one.changes)

    @property
    def unchanged(self) -> tuple[Outcome, ...]:
        """What the period has already."""
        return tuple(one for one in self.outcomes if not one.changes)

    @property
    def added(self) -> tuple[Outcome, ...]:
        """What several rows were added to."""
        return tuple(one for one in self.outcomes if len(one.rows) > 1)

    def fingerprint(self) -> str:
        """The same for the same rows, matches and figures: whoever applies makes the plan anew and compares."""
        digest = hashlib.sha256()
        for part in (
            [[one.row, one.reference, one.text, one.year, one.flow.value, one.amount_ore] for one in self.lines],
            [one.project_id for one in self.matches],
            [one.old_ore for one in self.outcomes],
            [[one.project_id, one.year, one.flow.value, one.outcome_ore] for one in self.lacking],
            [self.replaces],
        ):
            digest.update(orjson.dumps(part))
        return digest.hexdigest()


def make_ledger_plan(session: Session, period: Period, lines: Sequence[LedgerLine]) -> LedgerPlan:
    """Match the lines and compare them with the period's figures. Writes nothing.

    Raises DomainError when the rows of a project come to more than an amount may be.
    """
    matches = tuple(Register(session).matches(lines))
    sums: dict[Place, int] = defaultdict(int)
    rows: dict[Place, list[int]] = defaultdict(list)
    how: dict[Place, Found] = {}
    for line, match in zip(lines, matches, strict=True):
        if match.project_id is not None:
            place = (match.project_id, line.year, line.flow)
            sums[place] += line.amount_ore
            rows[place].append(line.row)
            how.setdefault(place, match.found)
    current = select(LedgerImport.id).where(LedgerImport.period_id == period.id, LedgerImport.current)
    present = outcomes_of(session, period)
    years = {line.year for line in lines}
    lost = {place: ore for place, ore in present.items() if ore and place not in sums and place[1] in years}
    choices = {one for match in matches for one in match.candidates}
    named = names_of(session, {place[0] for place in (*sums, *lost)} | choices)
    _refuse_too_large(sums, named)
    return LedgerPlan(
        lines=tuple(lines),
        matches=matches,
        outcomes=tuple(
            Outcome(one, *named[one], year, flow, present.get((one, year, flow)), sums[one, year, flow],
                    tuple(rows[one, year, flow]), how[one, year, flow])
            for one, year, flow in in_order(sums, named)
        ),
        unmatched=tuple(_unmatched(lines, matches, named)),
        lacking=tuple(
            Lacking(one, *named[one], year, flow, lost[one, year, flow]) for one, year, flow in in_order(lost, named)
        ),
        totals=tuple(_totals(lines, matches)),
        replaces=session.scalar(current),
    )  # fmt: skip


def _refuse_too_large(sums: Mapping[Place, int], named: Mapping[int, tuple[str, str]]) -> None:
    for (project_id, year, flow), ore in sums.items():
        if abs(ore) >= LIMIT_ORE:
            code, _name = named[project_id]
            text = message(
                "Raderna för %(code)s %(year)s (%(flow)s) blir tillsammans %(amount)s kr, "
                "mer än ett belopp kan vara. Är enheten rätt?",
                code=code, year=year, flow=flow.label.lower(), amount=format_kronor(ore, 2),
            )  # fmt: skip
            raise DomainError(text)


def in_order(places: Mapping[Place, object], named: Mapping[int, tuple[str, str]]) -> list[Place]:
    """By code, year, outlay before income."""
    return sorted(places, key=lambda place: (named[place[0]][0], place[1], place[2] is Flow.INCOME))


def outcomes_of(session: Session, period: Period) -> dict[Place, int]:
    """Every outcome of a period, of projects that have figures of their own."""
    columns = select(Figure.project_id, Figure.year, Figure.flow, Figure.outcome_ore)
    rows = columns.join(Project, Project.id == Figure.project_id).where(
        Figure.period == source_key(session, period), Figure.outcome_ore.is_not(None), ~is_programme(INTERNAL)
    )
    return {(one, year, flow): ore for one, year, flow, ore in session.execute(rows) if ore is not None}


def _unmatched(
    lines: Sequence[LedgerLine], matches: Sequence[Match], named: Mapping[int, tuple[str, str]]
) -> Iterator[Unmatched]:
    for line, match in zip(lines, matches, strict=True):
        if match.project_id is None:
            yield Unmatched(line, match.found, tuple(named[one] for one in match.candidates))


def _totals(lines: Sequence[LedgerLine], matches: Sequence[Match]) -> Iterator[LedgerTotal]:
    every: dict[tuple[int, Flow], int] = defaultdict(int)
    matched: dict[tuple[int, Flow], int] = defaultdict(int)
    for line, match in zip(lines, matches, strict=True):
        every[line.year, line.flow] += line.amount_ore
        matched[line.year, line.flow] += line.amount_ore if match.project_id is not None else 0
    for year, flow in sorted(every, key=lambda one: (one[0], one[1] is Flow.INCOME)):
        whole, taken = every[year, flow], matched[year, flow]
        yield LedgerTotal(year, flow, whole, taken, whole - taken)
