"""A project without what is hidden from somebody: as it is shown, as it is changed, and as its history is told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm.attributes import set_committed_value

from tracker.errors import Problem
from tracker.geo.stored import from_stored
from tracker.messages import message
from tracker.projects.inputs import FigureInput, ProjectInput, SecretInput, ServedInput, VolumeInput
from tracker.projects.models import Project
from tracker.projects.policies import Viewer
from tracker.projects.secrecy import VALUES, Hidden, Secret, hidden_values, secret_named, sign, with_brought
from tracker.projects.vocabulary import RUNNING_PERIOD, WHOLE

_BLANK: Mapping[Secret, Mapping[str, object]] = {
    Secret.GEOMETRY: {"geom": None, "locations": (), "stated_area": "", "location_approximate": False},
    Secret.SERVES: {"serves": (), "serves_motivation": ""},
    Secret.GOALS: {"goal_tags": (), "goal_assessments": ()},
    Secret.ANSWERS: {"answers": ()},
    Secret.FIGURES: {"figures": (), "city_share": WHOLE},
    Secret.DECISIONS: {"decisions": ()},
    Secret.VOLUMES: {"volumes": ()},
    Secret.CASE_NUMBERS: {"case_numbers": ()},
    Secret.DESCRIPTION_PUBLIC: {"description_public": ""},
    Secret.DESCRIPTION_INTERNAL: {"description_internal": ""},
    Secret.LINK: {"link": ""},
    Secret.DATES: dict.fromkeys(("start_decided", "start_forecast", "end_decided", "end_forecast")),
    Secret.PEOPLE: dict.fromkeys(("manager_id", "deputy_id", "manager", "deputy")),
}
"""What a hidden field leaves behind: nothing, as if it had never been given."""


def marks(project: Project) -> Hidden:
    """What is confidential in the project, with what hides together → its ground."""
    return with_brought({row.field: row.ground for row in project.secret_fields})


def hidden_from(project: Project, viewer: Viewer) -> Hidden:
    """What of the project this viewer may not see; its own manager and deputy see all of it."""
    own = viewer.user_id is not None and viewer.user_id in (project.manager_id, project.deputy_id)
    return {} if viewer.confidential or own else marks(project)


def shown_to(project: Project, viewer: Viewer) -> Project:
    """The project as this viewer may see it: itself, or a copy outside every session without what is hidden.

    The copy is for reading. The programme (`parent`) is not in it: who may know of that is asked of find_parent.
    """
    hidden = hidden_from(project, viewer)
    return _without(project, hidden) if hidden else project


def _without(project: Project, hidden: Collection[Secret]) -> Project:
    blank = {name: value for one in hidden for name, value in _BLANK[one].items()}
    copy, mapper = Project(), inspect(Project)
    for name in (*mapper.column_attrs.keys(), *mapper.relationships.keys()):
        if name == "parent":
            continue
        value = blank[name] if name in blank else getattr(project, name)
        set_committed_value(copy, name, list(value) if isinstance(value, tuple) else value)
    return copy


_Kept = Callable[[Project, ProjectInput], Mapping[str, Any]]
_PLAIN = {
    Secret.DESCRIPTION_PUBLIC: ("description_public",),
    Secret.DESCRIPTION_INTERNAL: ("description_internal",),
    Secret.LINK: ("link",),
    Secret.DATES: ("start_decided", "start_forecast", "end_decided", "end_forecast"),
    Secret.PEOPLE: ("manager_id", "deputy_id"),
}


def keep_hidden(project: Project, given: ProjectInput, hidden: Collection[Secret]) -> ProjectInput:
    """The input with what is hidden from whoever gave it as it is stored, and the marks that hide it too."""
    if not hidden:
        return given
    kept: dict[str, Any] = {}
    for one in hidden:
        kept |= {name: getattr(project, name) for name in _PLAIN.get(one, ())}
        if one in _KEPT and not (one is Secret.ANSWERS and Secret.GOALS in hidden):
            kept |= _KEPT[one](project, given)
    if given.secret_fields is not None:
        kept["secret_fields"] = _kept_marks(project, given.secret_fields, hidden)
    return replace(given, **kept)


def people_problems(project: Project, given: ProjectInput, hidden: Collection[Secret]) -> list[Problem]:
    """Whoever may not see all of a project names nobody its manager or deputy, themselves least of all.

    The manager and the deputy see what is hidden, so to name them is to open it.
    """
    if not hidden:
        return []
    names = [name for name in VALUES[Secret.PEOPLE] if getattr(given, name) != getattr(project, name)]
    reason = message(
        "Projektet har sekretessbelagda uppgifter. Bara den som ser dem byter projektledare och ersättare."
    )
    return [Problem(name, reason) for name in names]


def _kept_marks(project: Project, given: Sequence[SecretInput], hidden: Collection[Secret]) -> tuple[SecretInput, ...]:
    stored = [SecretInput(row.field, row.ground) for row in project.secret_fields]
    return (
        *(one for one in stored if secret_named(one.field) in hidden),
        *(one for one in given if secret_named(one.field) not in hidden),
    )


def _geometry(project: Project, _given: ProjectInput) -> Mapping[str, Any]:
    return {
        "geometry": from_stored(project.geom),
        "stated_area": project.stated_area,
        "location_approximate": project.location_approximate,
    }


def _serves(project: Project, _given: ProjectInput) -> Mapping[str, Any]:
    rows = tuple(ServedInput(row.scope, row.share, row.area_id) for row in project.serves)
    return {"serves": rows, "serves_motivation": project.serves_motivation}


def _answers(_project: Project, given: ProjectInput) -> Mapping[str, Any]:
    """Answers to questions of other goal editions stay by themselves; see contents.py."""
    if given.goals is None:
        return {}
    return {"goals": replace(given.goals, answers=None)}


def _figures(project: Project, _given: ProjectInput) -> Mapping[str, Any]:
    rows = tuple(
        FigureInput(row.year, row.flow, row.budget_ore, row.outcome_ore, row.forecast_ore)
        for row in project.figures
        if row.period == RUNNING_PERIOD
    )
    return {"figures": rows, "city_share": project.city_share}


def _volumes(project: Project, _given: ProjectInput) -> Mapping[str, Any]:
    rows = (row for row in project.volumes if row.period == RUNNING_PERIOD)
    return {
        "volumes": tuple(VolumeInput(row.measure_id, row.year, row.planned, row.started, row.completed) for row in rows)
    }


_KEPT: Mapping[Secret, _Kept] = {
    Secret.GEOMETRY: _geometry,
    Secret.SERVES: _serves,
    Secret.GOALS: lambda _project, _given: {"goals": None},
    Secret.ANSWERS: _answers,
    Secret.FIGURES: _figures,
    Secret.DECISIONS: lambda _project, _given: {"decisions": None},
    Secret.VOLUMES: _volumes,
    Secret.CASE_NUMBERS: lambda project, _given: {"case_numbers": tuple(row.number for row in project.case_numbers)},
}


def told_changes(changes: Mapping[str, Sequence[Any]], hidden: Hidden) -> dict[str, list[Any]]:
    """Changes as the history keeps them (field → [old, new]) for somebody: what is hidden now is hidden of old too."""
    names = hidden_values(hidden)
    place = {name: sign(ground) for one, ground in hidden.items() for name in hidden_values([one])}
    return {name: [place[name], place[name]] if name in names else list(values) for name, values in changes.items()}


def without_hidden(values: Mapping[str, Any], hidden: Hidden) -> dict[str, Any]:
    """A project as plain values (see snapshots.describe) without those that are hidden."""
    names = hidden_values(hidden)
    return {name: value for name, value in values.items() if name not in names}
