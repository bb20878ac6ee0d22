"""What the portfolio contributes, as blocks of tidy rows: a period × a counting rule, in order of time.

The public gets closed periods alone, as their snapshots tell them to the public; a period that tells of what has become
secret since is left out whole, as its stored files are. Budgets and numbers are public; outcomes and forecasts are not.
Readers and controllers also get open periods and the present position.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker.contribution.rules import CountingRule
from tracker.exports.asking import years_with_facts
from tracker.exports.audience import Audience
from tracker.exports.report import Question, gather_asked
from tracker.exports.standing import Asking, stand
from tracker.followup.models import Period
from tracker.followup.queries import list_periods
from tracker.opendata.contribution_rows import Counted, Row, rows_of
from tracker.projects.vocabulary import RUNNING_PERIOD
from tracker.reports.files import list_snapshots
from tracker.reports.gathering import gather_material
from tracker.reports.snapshots import facts_of
from tracker.reports.withholding import reasons_to_withhold
from tracker.web.content import STOCKHOLM


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; an empty `periods` or `rules` means all. A period is named by its key or its code."""

    audience: Audience
    periods: tuple[str, ...] = ()
    rules: tuple[CountingRule, ...] = ()

    def means(self, key: str, code: str) -> bool:
        """Whether a period is asked for."""
        return not self.periods or key in self.periods or code in self.periods


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one period, counted by one rule. `period` is the code of the round, or `lopande` with version 0."""

    period: str
    version: int
    year: int
    as_of: date
    audience: str
    rule: str
    goal_set: str
    area_set: str
    example_values: bool
    rows: tuple[Row, ...]


def list_blocks(session: Session, wanted: Wanted, now: datetime) -> Iterator[Block]:
    """Block after block, so that a file of many periods is never held whole."""
    rules = wanted.rules or tuple(CountingRule)
    for period in list_periods(session):
        if wanted.means(period.key, period.code) and is_told(session, period, wanted.audience):
            for rule in rules:
                yield _of_period(session, period, wanted.audience, rule, now)
    if wanted.audience is not Audience.PUBLIC and wanted.means(RUNNING_PERIOD, RUNNING_PERIOD):
        for year in years_with_facts(session, wanted.audience.viewer):
            for rule in rules:
                yield _of_now(session, year, wanted.audience, rule, now)


def is_told(session: Session, period: Period, audience: Audience) -> bool:
    """Whether this audience gets the figures of a period at all."""
    if audience is not Audience.PUBLIC:
        return True
    return not period.is_open and bool(list_snapshots(session, period, [audience])) and not _withheld(session, period)


def _withheld(session: Session, period: Period) -> bool:
    return bool(reasons_to_withhold(session, period))


def list_told(session: Session, audience: Audience) -> list[Period]:
    """The periods that this audience gets, in order of time."""
    return [one for one in list_periods(session) if is_told(session, one, audience)]


def _of_period(session: Session, period: Period, audience: Audience, rule: CountingRule, now: datetime) -> Block:
    def make() -> Block:
        material = (
            gather_material(session, period, audience)
            if period.is_open
            else facts_of(session, period, audience).material
        )
        counted = Counted.of(material, rule, every=audience is not Audience.PUBLIC)
        return _block(counted, period.code, period.version, period.year, period.as_of, audience)

    question = ("open-contribution", period.key, audience.value, rule.value)
    return stand(session, Asking(question, now, _sign(session, period, audience), spoken=False), Block, make)


def _sign(session: Session, period: Period, audience: Audience) -> str:
    """What a closed period's block is made of, where that is its snapshot and nothing else."""
    if period.is_open or audience is Audience.OPEN:
        return ""
    kept: Sequence[str] = [one.sha256 for one in list_snapshots(session, period, [audience])]
    return f"s{kept[0]}" if kept else ""


def _of_now(session: Session, year: int, audience: Audience, rule: CountingRule, now: datetime) -> Block:
    def make() -> Block:
        material = gather_asked(session, Question(year, rule, audience))
        counted = Counted.of(material, rule, every=True)
        return _block(counted, RUNNING_PERIOD, 0, year, now.astimezone(STOCKHOLM).date(), audience)

    day = now.astimezone(STOCKHOLM).date().isoformat()
    question = ("open-contribution", RUNNING_PERIOD, str(year), day, audience.value, rule.value)
    return stand(session, Asking(question, now, spoken=False), Block, make)


def _block(counted: Counted, code: str, version: int, year: int, as_of: date, audience: Audience) -> Block:
    reckoning = counted.reckoning
    return Block(
        period=code,
        version=version,
        year=year,
        as_of=as_of,
        audience=audience.value,
        rule=counted.rule.value,
        goal_set=reckoning.goal_set.code,
        area_set=reckoning.area_set.code,
        example_values=any(one.example_values for one in reckoning.projects),
        rows=tuple(rows_of(counted)),
    )
