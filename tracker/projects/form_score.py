"""How complete the project is as the form stands: the same items and weights as everywhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tracker.measures.models import MainKind
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


bp.add_app_template_global(form_score, "form_score")
