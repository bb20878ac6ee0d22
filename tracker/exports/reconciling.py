"""The totals of a report beside those that the register gives by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tracker.contribution.amounts import AMOUNTS
from tracker.contribution.reckoning import Reckoning
from tracker.contribution.rules import CountingRule
from tracker.messages import message


@dataclass(frozen=True, slots=True)
class ControlLine:
    """One amount reconciled; whole öre or a count. `difference` is 0, or the report is wrong.

    `over_goals` and `over_areas` add the rows and columns one by one. Where things are counted more than once on
    purpose (berör, and numbers of projects) they come to more than the total, and only the total is compared.
    """

    label: str
    unit: str
    registered: int
    portfolio: int
    total: int
    over_goals: int
    over_areas: int
    over_details: int
    shared: bool

    @property
    def difference(self) -> int:
        """The largest difference from the portfolio, with its sign."""
        compared = [self.total]
        if self.shared:
            compared += [self.over_goals, self.over_areas, self.over_details]
        worst: int = max((abs(one - self.portfolio), one - self.portfolio) for one in compared)[1]
        return worst


def control_lines(reckoning: Reckoning) -> Iterator[ControlLine]:
    """Every amount, and the number of projects."""
    cube, control = reckoning.cube, reckoning.control
    rows, columns = cube.rows, cube.columns
    tops = np.flatnonzero(rows.parent == rows.root)
    details = [node for node, column in enumerate(reckoning.places.columns) if column.detail]
    for place, amount in enumerate(AMOUNTS):
        yield ControlLine(
            label=amount.label,
            unit=amount.unit,
            registered=control.registered[place],
            portfolio=control.portfolio[place],
            total=cube.amount(rows.root, columns.root, place),
            over_goals=int(cube.amounts[tops, columns.root, place].sum()),
            over_areas=int(cube.amounts[rows.root, details, place].sum()),
            over_details=int(reckoning.details.amounts[:, place].sum()),
            shared=cube.rule is CountingRule.FORDELAD,
        )
    yield ControlLine(
        label=message("Antal projekt"),
        unit="st",
        registered=control.projects,
        portfolio=control.projects,
        total=cube.project_count(rows.root, columns.root),
        over_goals=int(cube.projects[tops, columns.root].sum()),
        over_areas=int(cube.projects[rows.root, details].sum()),
        over_details=int(np.unique(reckoning.details.project).size),
        shared=False,
    )
