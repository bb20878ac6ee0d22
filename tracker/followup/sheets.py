"""What a project reports on: figures, counts, days and judgement as they stand, as far as the viewer may see them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from tracker.followup.report_inputs import CountInput, ForecastInput, ReportInput
from tracker.followup.vocabulary import Light, ReportState
from tracker.projects.secrecy import Hidden, Secret
from tracker.projects.vocabulary import Flow

JUDGED = frozenset({Secret.FIGURES, Secret.VOLUMES, Secret.DATES})
"""What a light is a judgement of: where one of them is hidden, the light would tell of it."""


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """One year and flow in whole öre; `before_ore` is the forecast of the period before. None is not given."""

    year: int
    flow: Flow
    budget_ore: int | None = None
    outcome_ore: int | None = None
    forecast_ore: int | None = None
    before_ore: int | None = None


@dataclass(frozen=True, slots=True)
class CountRow:
    """A measure in the period's year. `carried` is the newest planned of an earlier year, where this one has none."""

    measure_id: int
    name: str
    unit: str
    planned: int | None = None
    started: int | None = None
    completed: int | None = None
    carried: int | None = None

    @property
    def position(self) -> int | None:
        """The planned number that holds."""
        return self.carried if self.planned is None else self.planned


@dataclass(frozen=True, slots=True)
class Sheet:
    """A project's report as it stands. What `hidden` names is empty here."""

    project_id: int
    code: str
    name: str
    year: int
    version: int
    state: ReportState
    light: Light | None
    light_text: str
    comment: str
    start_decided: date | None
    start_forecast: date | None
    end_decided: date | None
    end_forecast: date | None
    reported_at: datetime | None
    reported_by: str
    money: tuple[MoneyRow, ...]
    counts: tuple[CountRow, ...]
    hidden: Hidden

    @property
    def years(self) -> list[int]:
        """The years that are asked for, in order."""
        return sorted({row.year for row in self.money})

    def row(self, flow: Flow, year: int | None = None) -> MoneyRow:
        """The money of a flow in a year, the period's unless another is named."""
        wanted = year or self.year
        found = (row for row in self.money if (row.year, row.flow) == (wanted, flow))
        return next(found, MoneyRow(wanted, flow))

    def as_given(self) -> ReportInput:
        """The report that says what stands already."""
        return ReportInput(
            forecasts=tuple(ForecastInput(row.year, row.flow, row.forecast_ore) for row in self.money),
            counts=tuple(CountInput(row.measure_id, row.position, row.started, row.completed) for row in self.counts),
            start_forecast=self.start_forecast,
            end_forecast=self.end_forecast,
            light=self.light,
            light_text=self.light_text,
            comment=self.comment,
        )

    @property
    def sign(self) -> str:
        """Names what stands, as far as the viewer sees it: another sign, and something was changed."""
        return hashlib.sha256(repr(self.as_given()).encode()).hexdigest()[:24]

    @property
    def hides_figures(self) -> bool:
        """Whether the viewer may not see the amounts."""
        return Secret.FIGURES in self.hidden


def deviation(budget_ore: int | None, forecast_ore: int | None) -> int | None:
    """Budget less forecast; None where either is not given."""
    return None if budget_ore is None or forecast_ore is None else budget_ore - forecast_ore
