"""What should be looked at on a project: doubts with their reasons. They are shown and never keep anybody from saving.

Pure: the day and the limits are handed in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.money import format_mnkr
from tracker.projects.decisions import (
    DIRECTION,
    IMPLEMENTATION,
    REVISIONS,
    Course,
    Limits,
    decided_budgets,
    final_forecast,
    is_board,
    overrun,
    taken,
)
from tracker.projects.inputs import DecisionInput, VolumeInput
from tracker.projects.vocabulary import Gate, Phase

NEEDED = {
    Phase.PLANNING: (*DIRECTION, *IMPLEMENTATION),
    Phase.IMPLEMENTATION: (*IMPLEMENTATION, Gate.IMPLEMENTATION_PART),
    Phase.FINAL_REPORT: (*IMPLEMENTATION, Gate.IMPLEMENTATION_PART),
    Phase.CLOSED: (Gate.FINAL_REPORT,),
}
"""The decisions of which a project in the phase has at least one; the first names what is missed."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A warning: the text, and the form's section that it belongs to."""

    text: str
    section: str


def doubts(course: Course, today: date, limits: Limits) -> list[Doubt]:
    """Everything that should be looked at, in the form's order."""
    return [
        *(Doubt(text, "matt") for text in _volume_doubts(course)),
        *(Doubt(text, "beslut") for text in _decision_doubts(course, today, limits)),
    ]


def _decision_doubts(course: Course, today: date, limits: Limits) -> Iterator[str]:
    yield from _missing_decision(course, today)
    yield from _order(course.decisions)
    for one in course.decisions:
        yield from _single(one, today, limits)
    yield from _deviation(course, today, limits)


def lacks_decision(phase: Phase, decisions: Sequence[DecisionInput], today: date) -> Gate | None:
    """The decision that a project in this phase should have and has not, or None."""
    needed = NEEDED.get(phase)
    if needed is None or any(one.gate in needed for one in taken(decisions, today)):
        return None
    return needed[0]


def _missing_decision(course: Course, today: date) -> Iterator[str]:
    gate = lacks_decision(course.phase, course.decisions, today)
    if gate is not None:
        yield f"Skedet är {course.phase.label.lower()}, men {gate.label.lower()} saknas."


def _order(decisions: Sequence[DecisionInput]) -> Iterator[str]:
    first: dict[Gate, date] = {}
    for one in decisions:
        if one.date is not None:
            first[one.gate] = min(one.date, first.get(one.gate, one.date))
    pairs = [(Gate.DIRECTION, Gate.IMPLEMENTATION), (Gate.IMPLEMENTATION, Gate.FINAL_REPORT)]
    for before, after in (*pairs, *((whole, revised) for revised, whole in REVISIONS.items())):
        if before in first and after in first and first[after] < first[before]:
            yield f"{after.label} ({first[after]}) ligger före {before.label.lower()} ({first[before]})."
    for revised, whole in REVISIONS.items():
        if revised in first and whole not in first:
            yield f"{revised.label} finns, men det {whole.label.lower()} som revideras saknas."


def _single(one: DecisionInput, today: date, limits: Limits) -> Iterator[str]:
    name = one.gate.label if one.date is None else f"{one.gate.label} {one.date}"
    if one.date is None:
        yield f"{name} saknar datum och räknas inte som fattat."
    elif one.date > today:
        yield f"{name} ligger i framtiden: det räknas som planerat, inte som fattat."
    elif one.gate in (*DIRECTION, *IMPLEMENTATION) and not one.has_sums:
        yield f"{name} saknar beslutad utgift och inkomst."
    if one.has_sums and not one.price_level:
        yield f"{name} har belopp men ingen prisnivå."
    if one.gate in IMPLEMENTATION and (one.outlay_ore or 0) > limits.board_ore and not is_board(one.body):
        limit = format_mnkr(limits.board_ore, 0)
        who = f"instansen är ”{one.body}”" if one.body else "ingen instans är angiven"
        yield f"{name} är över {limit} mnkr och ska fattas av nämnd eller högre, men {who}."


def _deviation(course: Course, today: date, limits: Limits) -> Iterator[str]:
    budgets = decided_budgets(course.decisions, today)
    forecast = final_forecast(course.figures, today.year)
    if budgets is None or not overrun(budgets.latest, forecast, limits.deviation_percent):
        return
    assert forecast is not None  # noqa: S101 - overrun says so
    yield (
        f"Prognosen för utgifterna är {format_mnkr(forecast.outlay_ore or 0)} mnkr mot senast beslutade "
        f"{format_mnkr(budgets.latest.outlay_ore or 0)} mnkr: minst {limits.deviation_percent} % över. "
        "Ett reviderat beslut behövs."
    )


def _volume_doubts(course: Course) -> Iterator[str]:
    """Started and completed are added over the years, planned is the newest; of one measure at a time."""
    for measure_id in dict.fromkeys(row.measure_id for row in course.volumes):
        rows = sorted((row for row in course.volumes if row.measure_id == measure_id), key=lambda row: row.year)
        name = course.measure_names.get(measure_id)
        yield from (f"{name}: {text}" if name else f"{text[0].upper()}{text[1:]}" for text in _measure_doubts(rows))


def _measure_doubts(rows: Sequence[VolumeInput]) -> Iterator[str]:
    started = completed = 0
    for row in rows:
        started, completed = started + (row.started or 0), completed + (row.completed or 0)
        if completed > started and any(one.started is not None for one in rows):
            yield f"till och med {row.year} är fler färdigställda ({completed}) än påbörjade ({started})."
            break
    planned = next((row.planned for row in reversed(rows) if row.planned is not None), None)
    for word, count in (("påbörjade", started), ("färdigställda", completed)):
        if planned is not None and count > planned:
            yield f"fler är {word} ({count}) än planerade ({planned})."
