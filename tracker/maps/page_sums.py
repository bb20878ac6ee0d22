"""What the portfolio contributes over goals, areas and years, kept ready for the pages of areas and goals.

The sums are those of the contribution report, reckoned by the same code, once for all pages. Those inside get the rule
"fördelad". Without a login it is "berör", of budgets that are settled: a share of a single project's amount would tell
its weights, and a manager's preliminary budget is not decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.areas.models import AreaSet
from tracker.contribution.amounts import MONEY, Money
from tracker.contribution.places import OUTER_CITY, ColumnKind
from tracker.contribution.reckoning import YearSums, sum_years
from tracker.contribution.rows import RowKind
from tracker.contribution.rules import CountingRule
from tracker.contribution.selection import Scope
from tracker.exports.audience import Audience
from tracker.exports.standing import Asking, stand
from tracker.goals.models import GoalSet

OPEN_AMOUNTS = tuple(one for one in MONEY if one.column == "budget_ore")
"""What is told without a login: what was budgeted, never outcome or forecast."""


@dataclass(frozen=True, slots=True)
class BookRow:
    """A row of goals. `key` is its address in the contribution report; `depth` 1 is a goal, 2 an aspect."""

    kind: RowKind
    key: str
    depth: int
    label: str
    detail: bool


@dataclass(frozen=True, slots=True)
class BookColumn:
    """A column of areas, by the key that it has in the contribution report."""

    kind: ColumnKind
    key: str
    label: str
    outer: bool


@dataclass(frozen=True, slots=True)
class SumBook:
    """One amount of money by a counting rule, in whole öre: `amounts[row][column]` holds a number for each year.

    `projects[row][column]` are different projects of whatever year. The grand totals stand last.
    """

    amount: str
    label: str
    rule: CountingRule
    goal_set: str
    goal_set_name: str
    area_set: str
    years: tuple[int, ...]
    rows: tuple[BookRow, ...]
    columns: tuple[BookColumn, ...]
    amounts: tuple[tuple[tuple[int, ...], ...], ...]
    projects: tuple[tuple[int, ...], ...]

    def column(self, area_code: str) -> int | None:
        """The column of an area of the edition."""
        places = (at for at, one in enumerate(self.columns) if one.kind is ColumnKind.AREA and one.key == area_code)
        return next(places, None)

    def row(self, goal_code: str) -> int | None:
        """The row of a goal or an aspect."""
        goals = (RowKind.GOAL, RowKind.ASPECT)
        return next((at for at, one in enumerate(self.rows) if one.kind in goals and one.key == goal_code), None)


def amount_asked(word: str, audience: Audience) -> Money:
    """The amount that is asked for and may be told; else the budgeted outlay."""
    known = OPEN_AMOUNTS if audience is Audience.PUBLIC else MONEY
    return next((one for one in known if one.key == word), known[0])


def amounts_for(audience: Audience) -> tuple[Money, ...]:
    """What may be chosen."""
    return OPEN_AMOUNTS if audience is Audience.PUBLIC else MONEY


def rule_for(audience: Audience) -> CountingRule:
    """How the sums of an audience are counted."""
    return CountingRule.BEROR if audience is Audience.PUBLIC else CountingRule.FORDELAD


def sum_book(
    session: Session, audience: Audience, goal_set: GoalSet, area_set: AreaSet, amount: Money, now: datetime
) -> SumBook:
    """The sums of every year as they are now, from what stands ready where nothing was written since."""

    def make() -> SumBook:
        scope, rule = Scope(audience.viewer, None, public=audience is Audience.PUBLIC), rule_for(audience)
        sums = sum_years(session, scope, goal_set, area_set, (amount,), with_projects=True, rule=rule)
        return _book(sums, goal_set, area_set, amount, rule)

    question = ("sums", audience.value, goal_set.code, area_set.code, amount.key)
    return stand(session, Asking(question, now), SumBook, make)


def _book(sums: YearSums, goal_set: GoalSet, area_set: AreaSet, amount: Money, rule: CountingRule) -> SumBook:
    table = sums.amounts[:, :, :, 0]
    return SumBook(
        amount=amount.key,
        label=amount.label,
        rule=rule,
        goal_set=goal_set.code,
        goal_set_name=goal_set.name,
        area_set=area_set.code,
        years=sums.years,
        rows=tuple(BookRow(one.kind, one.key, one.depth, one.label, one.detail) for one in sums.rows.rows),
        columns=tuple(BookColumn(one.kind, one.key, one.label, one.part == OUTER_CITY) for one in sums.places.columns),
        amounts=tuple(tuple(map(tuple, row)) for row in table.tolist()),
        projects=tuple(map(tuple, sums.projects.tolist())),
    )
