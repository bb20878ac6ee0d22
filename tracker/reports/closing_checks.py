"""What is missing in a period that is about to be closed, and what stops it: only totals that do not reconcile."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from tracker.contribution.reckoning import reckon_material
from tracker.contribution.rules import AreaBasis, CountingRule
from tracker.exports.report import control_lines
from tracker.followup.chasing import read_chased
from tracker.followup.checks_words import Check
from tracker.followup.facts import ReconciledYear
from tracker.followup.models import Period
from tracker.followup.reconciling import missing_targets
from tracker.followup.refreshing import waiting_codes
from tracker.followup.vocabulary import PeriodKind
from tracker.messages import message, plural_message
from tracker.money import format_kronor
from tracker.projects.policies import INTERNAL
from tracker.projects.vocabulary import Flow
from tracker.reports.deviations import list_deviations
from tracker.reports.facts import BoardFacts

SHOWN = 20
"""So many codes are named of those that a finding is about."""
TOLD = frozenset({Check.NOT_REPORTED, Check.DEVIATION, Check.GOALS})
"""Checks that are told from the facts that are kept, in other words."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is missing, or that stops; `codes` names the first projects or goals, of `count`."""

    text: str
    count: int = 1
    codes: tuple[str, ...] = ()
    endpoint: str = ""
    """The page of the period where it is mended."""
    check: str = ""
    """What that page is narrowed to."""

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.codes) if self.codes else 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How a period stands before it is closed."""

    missing: tuple[Finding, ...]
    stops: tuple[Finding, ...]


def standing_of(session: Session, period: Period, facts: BoardFacts) -> Standing:
    """From the facts of the office, and what there is nothing to reconcile against."""
    unmatched = (
        Finding(one.sentence(), endpoint="followup.reconciliation")
        for one in missing_targets(session, period, INTERNAL)
    )
    waiting = waiting_codes(session, period)
    return Standing((*unmatched, *_missing(facts, waiting), *_doubts(session, period)), stops_of(facts))


def stops_of(facts: BoardFacts) -> tuple[Finding, ...]:
    """Totals that do not reconcile: of the report with the register, of the portfolio with the ledger and budget."""
    return tuple(_stops(facts))


def _missing(facts: BoardFacts, waiting: Collection[str]) -> Iterator[Finding]:
    """`waiting` are the projects that are asked: a closed one without money in the year is told of, and not asked."""
    projects = facts.projects
    late = [one.code for one in projects if one.code in waiting]
    text = plural_message("%(num)s projekt har inte rapporterat.", "%(num)s projekt har inte rapporterat.", len(late))
    yield from _about(late, text, "followup.chase")
    lines = list_deviations(facts).above_limit()
    silent = {one.project.code for one in lines if not one.reported.comment.strip()}
    text = plural_message(
        "%(num)s projekt har en avvikelse över gränsen utan kommentar.",
        "%(num)s projekt har en avvikelse över gränsen utan kommentar.",
        len(silent),
    )
    yield from _about(sorted(silent), text, "followup.chase")
    yield from _unplaced(facts)
    yield from _unjudged(facts)


def _unplaced(facts: BoardFacts) -> Iterator[Finding]:
    """Projects that were not judged against the goals, and those that no area is known of."""
    projects, material = facts.projects, facts.material
    tagged = np.bincount(material.tags.project, minlength=len(projects)) > 0
    judged = tagged | material.no_contribution
    untagged = [one.code for one, known in zip(projects, judged, strict=True) if not known]
    text = plural_message(
        "%(num)s projekt är inte bedömda mot målen.", "%(num)s projekt är inte bedömda mot målen.", len(untagged)
    )
    yield from _about(untagged, text, "reports.explained")
    basis = reckon_material(material, CountingRule.FORDELAD).basis
    unlocated = [one.code for one, source in zip(projects, basis, strict=True) if source is AreaBasis.OLOKALISERAD]
    text = plural_message("%(num)s projekt saknar område.", "%(num)s projekt saknar område.", len(unlocated))
    yield from _about(unlocated, text, "reports.explained")


def _doubts(session: Session, period: Period) -> Iterator[Finding]:
    """What the checks find on the reports, the gravest first: warnings, none of which stops anything."""
    found: dict[Check, list[str]] = {}
    for one in read_chased(session, period, INTERNAL, period.deadline):
        for check in one.checks:
            found.setdefault(check, []).append(one.code)
    for check in sorted(found.keys() - TOLD, key=lambda one: (-one.severity.weight, list(Check).index(one))):
        codes = sorted(found[check])
        text = plural_message(
            "%(num)s projekt: %(what)s.", "%(num)s projekt: %(what)s.", len(codes), what=check.label.lower()
        )
        yield Finding(text, len(codes), tuple(codes[:SHOWN]), "followup.chase", check.value)


def _about(codes: Sequence[str], text: str, endpoint: str) -> Iterator[Finding]:
    if codes:
        yield Finding(text, len(codes), tuple(codes[:SHOWN]), endpoint)


def _unjudged(facts: BoardFacts) -> Iterator[Finding]:
    """The year's report says how far each goal is met."""
    if facts.period.kind is not PeriodKind.YEAR:
        return
    judged = {one.goal for one in facts.steering.fulfilments}
    left = tuple(one.code for one in facts.goals if not one.parent and one.code not in judged)
    if left:
        text = plural_message(
            "%(num)s mål saknar bedömd måluppfyllelse.", "%(num)s mål saknar bedömd måluppfyllelse.", len(left)
        )
        yield Finding(text, len(left), left, "steering.assignments")


def _stops(facts: BoardFacts) -> Iterator[Finding]:
    for line in control_lines(reckon_material(facts.material, CountingRule.FORDELAD)):
        if line.difference:
            text = message(
                "Rapporten stämmer inte med registret: %(label)s, differens %(difference)s.",
                label=line.label,
                difference=line.difference,
            )
            yield Finding(text)
    for row in facts.reconciliation:
        if not row.settled:
            yield Finding(_unsettled(row), endpoint="followup.reconciliation")


def _unsettled(row: ReconciledYear) -> str:
    said = {"target": row.target.label, "year": row.year, "difference": format_kronor(row.difference_ore, 2)}
    if row.flow is Flow.OUTLAY:
        return message("%(target)s %(year)s, utgifter: differensen %(difference)s kr är inte förklarad.", **said)
    return message("%(target)s %(year)s, inkomster: differensen %(difference)s kr är inte förklarad.", **said)
