"""Writes: register and change a project; reviewing.py has its review and publishing. The caller commits."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from tracker.errors import ConflictError, InvalidInputError, Problem
from tracker.geo.stored import from_stored, to_stored
from tracker.history.models import Action
from tracker.history.services import Actor, record
from tracker.messages import Message, message
from tracker.projects import rules
from tracker.projects.contents import apply_contents
from tracker.projects.display import refresh_display
from tracker.projects.inputs import GoalsInput, ProjectInput
from tracker.projects.locating import load_outlines, locate, store_locations
from tracker.projects.masking import hidden_from, keep_hidden, people_problems
from tracker.projects.models import Location, Project
from tracker.projects.policies import Rights
from tracker.projects.programmes import hold_tree, is_below
from tracker.projects.reviewing import CHANGED_NOTE, lose_review
from tracker.projects.searching import write_search_text
from tracker.projects.secrecy import hidden_values
from tracker.projects.snapshots import changes_between, describe
from tracker.projects.vocabulary import Publication
from tracker.text import clean, sort_key

SUBJECT = "project"
_PLAIN = (
    "main_kind", "phase", "subtype", "manager_id", "deputy_id", "start_decided", "start_forecast", "end_decided",
    "end_forecast", "link", "city_share", "confidential", "parent_id", "location_approximate", "example_values",
)  # fmt: skip
_TEXTS = (
    "name",
    "description_public",
    "description_internal",
    "stated_area",
    "confidentiality_ground",
    "serves_motivation",
)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a change is made: what the history calls it, and what it says of goal editions beside the input's own."""

    action: Action = Action.CHANGED
    note: str = ""
    further_goals: tuple[GoalsInput, ...] = ()


PLAINLY = Manner()


def register_project(session: Session, given: ProjectInput, actor: Actor, rights: Rights) -> Project:
    """A new draft. Raises InvalidInputError with every problem of the input, a taken code included."""
    _refuse(session, given, None, rights)
    project = Project(code=clean(given.code), version=1, created_at=actor.at, updated_at=actor.at)
    project.publication = Publication.DRAFT
    _write(session, project, given, rights, {})
    session.add(project)
    _settle(session, project, geometry_changed=given.geometry is not None)
    record(session, actor, (SUBJECT, project.id, 1), Action.CREATED, changes_between({}, describe(project)))
    return project


def change_project(
    session: Session,
    project: Project,
    given: ProjectInput,
    expected_version: int,
    actor: Actor,
    rights: Rights,
    manner: Manner = PLAINLY,
) -> Project:
    """Change a project that the caller read at `expected_version`.

    Raises ConflictError when somebody saved in between, InvalidInputError for the input. Unchanged input writes
    nothing, and an unchanged geometry keeps its bytes. What is hidden from whoever has these rights stays as it is.
    """
    if project.version != expected_version:
        raise ConflictError(
            message("Någon annan har sparat projektet medan du arbetade. Dina uppgifter finns kvar här nedanför.")
        )
    given = keep_hidden(project, given, hidden_from(project, rights.viewer))
    _refuse(session, given, project, rights)
    before = describe(project)
    geometry_changed = not _same_geometry(project, given)
    for goals in (given.goals, *manner.further_goals):
        _write(session, project, replace(given, goals=goals), rights, before)
    after = describe(project)
    changes = changes_between(before, after)
    if changes:
        changes |= (lost := lose_review(project, rights))
        project.updated_at = actor.at
        # The version moves also when only rows of other tables differ and the moment is that of the last save.
        flag_modified(project, "updated_at")
        _settle(session, project, geometry_changed)
        note = _noted(manner.note, lost)
        record(session, actor, (SUBJECT, project.id, project.version), manner.action, changes, note)
    return project


def _noted(note: str, lost: dict[str, list[object]]) -> str:
    """The note of a change, and that it was made after a review."""
    return " · ".join(text for text in (note, CHANGED_NOTE if lost else "") if text)


def contents_with(session: Session, project: Project, given: ProjectInput, rights: Rights) -> dict[str, object]:
    """What the project would hold if the input were saved as it stands, amounts that are the controller's included.

    Nothing is written, but the project in the session is changed: the caller rolls back.
    """
    given = keep_hidden(project, given, hidden_from(project, rights.viewer))
    if given.decisions is not None:
        # A row that was corrected here may have been removed elsewhere: it is known by what it says.
        given = replace(given, decisions=tuple(replace(one, id=None) for one in given.decisions))
    with session.no_autoflush:
        _write(session, project, given, replace(rights, budget=True), describe(project))
        return describe(project)


def _refuse(session: Session, given: ProjectInput, project: Project | None, rights: Rights) -> None:
    # Whoever may not see a field can neither mend it nor be told what is wrong with it.
    marks = hidden_from(project, rights.viewer) if project else {}
    hidden = hidden_values(marks)
    found = [one for one in rules.problems(given) if one.field not in hidden]
    found += people_problems(project, given, marks) if project else []
    code = clean(given.code)
    holder = session.scalar(select(Project.id).where(Project.code == code))
    if holder is not None and (project is None or holder != project.id):
        found.append(Problem("code", taken_code(code), code))
    if project is not None and _would_go_round(session, project, given.parent_id):
        reason = message("Ett projekt kan inte ingå i sig självt eller i något av sina delprojekt.")
        found.append(Problem("parent_id", reason))
    if found:
        raise InvalidInputError(found)


def taken_code(code: str) -> Message:
    """Why a code that another project has is refused."""
    return message("Projektkoden %(code)s används redan av ett annat projekt.", code=code)


def _would_go_round(session: Session, project: Project, parent_id: int | None) -> bool:
    if parent_id is None or parent_id == project.parent_id:
        return False
    hold_tree(session)
    return is_below(session, parent_id, project.id)


def _write(session: Session, project: Project, given: ProjectInput, rights: Rights, before: dict[str, object]) -> None:
    project.code = clean(given.code)
    for name in _PLAIN:
        setattr(project, name, getattr(given, name))
    for name in _TEXTS:
        setattr(project, name, clean(getattr(given, name)))
    project.secondary_kinds = [kind.value for kind in given.secondary_kinds]
    project.sort_key = sort_key(project.name)
    numbers = tuple(dict.fromkeys(clean(number) for number in given.case_numbers if clean(number)))
    if not before or not _same_geometry(project, given):
        project.geom = to_stored(given.geometry)
    with session.no_autoflush:
        apply_contents(session, project, replace(given, case_numbers=numbers), rights)
        write_search_text(project)


def _same_geometry(project: Project, given: ProjectInput) -> bool:
    stored = from_stored(project.geom)
    if stored is None or given.geometry is None:
        return stored is given.geometry
    return bool(shapely.to_wkb(stored) == shapely.to_wkb(given.geometry))


def _settle(session: Session, project: Project, geometry_changed: bool) -> None:
    """Bring "ligger i" and the map text in step with what was written."""
    session.flush()
    if geometry_changed:
        geometry = from_stored(project.geom)
        if geometry is None:
            session.execute(delete(Location).where(Location.project_id == project.id))
        else:
            shapes = np.empty(1, dtype=object)
            shapes[0] = geometry
            store_locations(session, [project.id], locate(load_outlines(session), shapes))
        session.expire(project, ["locations"])
    refresh_display(session, [project.id])
