"""Counts of a project by measure and year: started and completed are added, planned is a position. For pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.measures.models import Measure
from tracker.projects.figures import Volume
from tracker.projects.models import Project
from tracker.projects.vocabulary import RUNNING_PERIOD


@dataclass(frozen=True, slots=True)
class MeasureCounts:
    """One measure: its years, the sums of what was started and completed, and the newest planned with its year."""

    measure: Measure
    rows: tuple[Volume, ...]

    @property
    def started(self) -> int | None:
        """All years; None when no year says anything."""
        return _sum([row.started for row in self.rows])

    @property
    def completed(self) -> int | None:
        """All years; None when no year says anything."""
        return _sum([row.completed for row in self.rows])

    @property
    def planned(self) -> tuple[int, int] | None:
        """(number, year) of the newest planned."""
        return next(((row.planned, row.year) for row in reversed(self.rows) if row.planned is not None), None)

    @property
    def left(self) -> int | None:
        """Planned and not yet completed; None when nothing is planned or more than that is done."""
        if self.planned is None:
            return None
        rest = self.planned[0] - (self.completed or 0)
        return rest if rest >= 0 else None


def _sum(numbers: Sequence[int | None]) -> int | None:
    given = [number for number in numbers if number is not None]
    return sum(given) if given else None


def counts_by_measure(project: Project, measures: Sequence[Measure]) -> list[MeasureCounts]:
    """The measures that the project has numbers of, in the catalogue's order."""
    found = []
    for measure in sorted(measures, key=lambda one: (one.position, one.id)):
        rows = [row for row in project.volumes if row.measure_id == measure.id and row.period == RUNNING_PERIOD]
        if rows:
            found.append(MeasureCounts(measure, tuple(sorted(rows, key=lambda row: row.year))))
    return found
