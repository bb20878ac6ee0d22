"""What a manager reports of a project in a period: frozen, typed; money in whole öre, counts in whole units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.followup.vocabulary import Light
from tracker.projects.vocabulary import Flow


@dataclass(frozen=True, slots=True)
class ForecastInput:
    """The forecast of one year and flow; None is not given."""

    year: int
    flow: Flow
    forecast_ore: int | None

    @property
    def field(self) -> str:
        """How a form and a problem name it."""
        return forecast_field(self.year, self.flow)


@dataclass(frozen=True, slots=True)
class CountInput:
    """One measure in the period's year; None is not given."""

    measure_id: int
    planned: int | None = None
    started: int | None = None
    completed: int | None = None


@dataclass(frozen=True, slots=True)
class ReportInput:
    """The whole report. Years and measures that are not named stay as they are."""

    forecasts: tuple[ForecastInput, ...] = ()
    counts: tuple[CountInput, ...] = ()
    start_forecast: date | None = None
    end_forecast: date | None = None
    light: Light | None = None
    light_text: str = ""
    comment: str = ""


def forecast_field(year: int, flow: Flow) -> str:
    """ "prognos-2005-utgift"."""
    return f"prognos-{year}-{flow.value}"


def count_field(measure_id: int, column: str) -> str:
    """ "matt-7-planned"."""
    return f"matt-{measure_id}-{column}"
