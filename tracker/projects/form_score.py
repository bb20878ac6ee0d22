"""How complete the project is as the form stands: the same items and weights as everywhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tracker.measures.models import MainKind
from tracker.messages import Message, joined, message
from tracker.money import format_count
from tracker.projects.completeness import Completeness, Facts, completeness
from tracker.projects.completeness_sql import HIDING
from tracker.projects.decisions import DIRECTION, IMPLEMENTATION
from tracker.projects.form_reading import to_input
from tracker.projects.forms import Assessment, ProjectForm
from tracker.projects.views import bp
from tracker.projects.vocabulary import Gate, Phase


def form_score(form: ProjectForm, *, has_shape: object, programme: bool = False) -> Completeness:
    """The score of what is filled in, saved or not."""
    given = to_input(form, None)
    tagged = [row for row in form.goal_rows.values() if row.weight.data] if form.choices.edition else []
    gates = {one.gate for one in given.decisions or ()}
    part = {*IMPLEMENTATION, Gate.IMPLEMENTATION_PART}
    decided = [one for one in given.decisions or () if one.gate in part or one.gate in DIRECTION]
    facts = Facts(
        kind=given.main_kind or MainKind.HOUSING,
        phase=given.phase or Phase.IDEA,
        programme=programme,
        subtype=bool(given.subtype),
        manager=given.manager_id is not None,
        case_numbers=bool(given.case_numbers),
        description=bool(given.description_public),
        dates=bool((given.start_decided or given.start_forecast) and (given.end_decided or given.end_forecast)),
        geometry=bool(has_shape),
        assessed=bool(tagged) or bool(form.other_goal_rows) or form.assessment.data == Assessment.NOTHING,
        motivated=all(row.motivation.data for row in tagged),
        serves=bool(form.used("serves")),
        volumes=bool(given.volumes),
        figures=any(field.given for row in form.used("figures") for field in row.amounts),
        forecast=any(row.forecast_ore is not None for row in given.figures),
        direction=bool(gates & {*DIRECTION, *part}),
        implementation=bool(gates & part),
        sums=any(one.has_sums for one in decided),
        final_report=Gate.FINAL_REPORT in gates,
    )
    shut: dict[str, Any] = {fact: True for fact, secret in HIDING.items() if secret in form.shut}
    return completeness(replace(facts, **shut))


def count_sums(form: ProjectForm) -> list[str]:
    """Each measure in a sentence: what was started and completed in all years, and the newest planned."""
    names = {measure.id: measure.text for measure in form.choices.measures}
    given = to_input(form, None).volumes
    sentences: list[str] = []
    for measure_id in dict.fromkeys(row.measure_id for row in given):
        rows = sorted((row for row in given if row.measure_id == measure_id), key=lambda row: row.year)
        planned = next((row for row in reversed(rows) if row.planned is not None), None)
        parts = [_planned(planned.planned or 0, planned.year)] if planned else []
        for word, name in ((message("påbörjat"), "started"), (message("färdigställt"), "completed")):
            numbers = [getattr(row, name) for row in rows if getattr(row, name) is not None]
            parts += [joined(" ", (word, format_count(sum(numbers))))] if numbers else []
        if parts:
            name = names.get(measure_id, "")
            sentences.append(message("%(measure)s: %(counts)s.", measure=name, counts=joined(", ", parts)))
    return sentences


def _planned(number: int, year: int) -> Message:
    return message("planerat %(number)s (läget %(year)s)", number=format_count(number), year=year)


bp.add_app_template_global(form_score, "form_score")
bp.add_app_template_global(count_sums, "count_sums")
