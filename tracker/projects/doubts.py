"""What should be looked at on a project: doubts with their reasons. They are shown and never keep anybody from saving.

Pure: the day and the limits are handed in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.messages import joined, message
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
        yield message(
            "Skedet är %(phase)s, men %(decision)s saknas.",
            phase=course.phase.label.lower(),
            decision=gate.label.lower(),
        )


def _order(decisions: Sequence[DecisionInput]) -> Iterator[str]:
    first: dict[Gate, date] = {}
    for one in decisions:
        if one.date is not None:
            first[one.gate] = min(one.date, first.get(one.gate, one.date))
    pairs = [(Gate.DIRECTION, Gate.IMPLEMENTATION), (Gate.IMPLEMENTATION, Gate.FINAL_REPORT)]
    for before, after in (*pairs, *((whole, revised) for revised, whole in REVISIONS.items())):
        if before in first and after in first and first[after] < first[before]:
            yield message(
                "%(after)s (%(after_day)s) ligger före %(before)s (%(before_day)s).",
                after=after.label, after_day=first[after], before=before.label.lower(), before_day=first[before],
            )  # fmt: skip
    for revised, whole in REVISIONS.items():
        if revised in first and whole not in first:
            yield message(
                "%(revised)s finns, men det %(whole)s som revideras saknas.",
                revised=revised.label, whole=whole.label.lower(),
            )  # fmt: skip


def _single(one: DecisionInput, today: date, limits: Limits) -> Iterator[str]:
    name = one.gate.label if one.date is None else joined(" ", (one.gate.label, str(one.date)))
    if one.date is None:
        yield message("%(decision)s saknar datum och räknas inte som fattat.", decision=name)
    elif one.date > today:
        yield message("%(decision)s ligger i framtiden: det räknas som planerat, inte som fattat.", decision=name)
    elif one.gate in (*DIRECTION, *IMPLEMENTATION) and not one.has_sums:
        yield message("%(decision)s saknar beslutad utgift och inkomst.", decision=name)
    if one.has_sums and not one.price_level:
        yield message("%(decision)s har belopp men ingen prisnivå.", decision=name)
    if one.gate in IMPLEMENTATION and (one.outlay_ore or 0) > limits.board_ore and not is_board(one.body):
        yield message(
            "%(decision)s är över %(limit)s mnkr och ska fattas av nämnd eller högre, men %(who)s.",
            decision=name,
            limit=format_mnkr(limits.board_ore, 0),
            who=message("instansen är ”%(body)s”", body=one.body) if one.body else message("ingen instans är angiven"),
        )


def _deviation(course: Course, today: date, limits: Limits) -> Iterator[str]:
    budgets = decided_budgets(course.decisions, today)
    forecast = final_forecast(course.figures, today.year)
    if budgets is None or not overrun(budgets.latest, forecast, limits.deviation_percent):
        return
    assert forecast is not None  # noqa: S101 - overrun says so
    yield message(
        "Prognosen för utgifterna är %(forecast)s mnkr mot senast beslutade %(decided)s mnkr: "
        "minst %(percent)s %% över. Ett reviderat beslut behövs.",
        forecast=format_mnkr(forecast.outlay_ore or 0),
        decided=format_mnkr(budgets.latest.outlay_ore or 0),
        percent=limits.deviation_percent,
    )


def _volume_doubts(course: Course) -> Iterator[str]:
    """Started and completed are added over the years, planned is the newest; of one measure at a time."""
    for measure_id in dict.fromkeys(row.measure_id for row in course.volumes):
        rows = sorted((row for row in course.volumes if row.measure_id == measure_id), key=lambda row: row.year)
        yield from _measure_doubts(rows, course.measure_names.get(measure_id, ""))


def _measure_doubts(rows: Sequence[VolumeInput], name: str) -> Iterator[str]:
    started = completed = 0
    for row in rows:
        started, completed = started + (row.started or 0), completed + (row.completed or 0)
        if completed > started and any(one.started is not None for one in rows):
            yield _more_completed(name, year=row.year, completed=completed, started=started)
            break
    planned = next((row.planned for row in reversed(rows) if row.planned is not None), None)
    for word, count in ((message("påbörjade"), started), (message("färdigställda"), completed)):
        if planned is not None and count > planned:
            yield _more_than_planned(name, word=word, count=count, planned=planned)


def _more_completed(name: str, **numbers: object) -> str:
    if not name:
        return message(
            "Till och med %(year)s är fler färdigställda (%(completed)s) än påbörjade (%(started)s).", **numbers
        )
    return message(
        "%(measure)s: till och med %(year)s är fler färdigställda (%(completed)s) än påbörjade (%(started)s).",
        measure=name, **numbers,
    )  # fmt: skip


def _more_than_planned(name: str, **numbers: object) -> str:
    if not name:
        return message("Fler är %(word)s (%(count)s) än planerade (%(planned)s).", **numbers)
    return message("%(measure)s: fler är %(word)s (%(count)s) än planerade (%(planned)s).", measure=name, **numbers)
