"""Writes: register, change, review and publish a project. The caller commits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker.errors import ConflictError, DomainError, InvalidInputError, Problem
from tracker.geo.stored import from_stored, to_stored
from tracker.history.models import Action
from tracker.history.services import Actor, record
from tracker.projects import rules
from tracker.projects.contents import apply_contents
from tracker.projects.display import refresh_display
from tracker.projects.inputs import ProjectInput
from tracker.projects.locating import load_outlines, locate, store_locations
from tracker.projects.models import Location, Project
from tracker.projects.policies import Rights
from tracker.projects.programmes import is_below
from tracker.projects.snapshots import changes_between, describe
from tracker.projects.vocabulary import Publication
from tracker.text import clean, search_text, sort_key

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


def register_project(session: Session, given: ProjectInput, actor: Actor, rights: Rights) -> Project:
    """A new draft. Raises InvalidInputError with every problem of the input, a taken code included."""
    _refuse(session, given, None)
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
) -> Project:
    """Change a project that the caller read at `expected_version`.

    Raises ConflictError when somebody saved in between, InvalidInputError for the input. Unchanged input writes
    nothing, and an unchanged geometry keeps its bytes.
    """
    if project.version != expected_version:
        raise ConflictError(
            "Någon annan har sparat projektet medan du arbetade. Dina uppgifter finns kvar här nedanför."
        )
    _refuse(session, given, project)
    before = describe(project)
    geometry_changed = not _same_geometry(project, given)
    _write(session, project, given, rights, before)
    after = describe(project)
    changes = changes_between(before, after)
    if changes:
        project.updated_at = actor.at
        _settle(session, project, geometry_changed)
        record(session, actor, (SUBJECT, project.id, project.version), Action.CHANGED, changes)
    return project


def publish_project(session: Session, project: Project, publication: Publication, actor: Actor, rights: Rights) -> None:
    """Move a project along draft → reviewed → published, or back to draft."""
    if publication is not Publication.DRAFT and not rights.publish:
        raise DomainError("Bara controller och administratör granskar och publicerar projekt.")
    if publication is Publication.PUBLISHED and project.confidential:
        raise DomainError("Ett sekretessmarkerat projekt kan inte publiceras.")
    if project.publication is publication:
        return
    changes: dict[str, list[object]] = {"publication": [project.publication.value, publication.value]}
    project.publication = publication
    project.updated_at = actor.at
    session.flush()
    refresh_display(session, [project.id])
    record(session, actor, (SUBJECT, project.id, project.version), Action.PUBLISHED, changes)


def _refuse(session: Session, given: ProjectInput, project: Project | None) -> None:
    found = rules.problems(given)
    code = clean(given.code)
    holder = session.scalar(select(Project.id).where(Project.code == code))
    if holder is not None and (project is None or holder != project.id):
        found.append(Problem("code", f"Projektkoden {code} används redan av ett annat projekt.", code))
    if project is not None and given.parent_id is not None and is_below(session, given.parent_id, project.id):
        found.append(Problem("parent_id", "Ett projekt kan inte ingå i sig självt eller i något av sina delprojekt."))
    if found:
        raise InvalidInputError(found)


def _write(session: Session, project: Project, given: ProjectInput, rights: Rights, before: dict[str, object]) -> None:
    project.code = clean(given.code)
    for name in _PLAIN:
        setattr(project, name, getattr(given, name))
    for name in _TEXTS:
        setattr(project, name, clean(getattr(given, name)))
    project.secondary_kinds = [kind.value for kind in given.secondary_kinds]
    project.sort_key = sort_key(project.name)
    numbers = tuple(dict.fromkeys(clean(number) for number in given.case_numbers if clean(number)))
    project.search_text = search_text(project.code, project.name, *numbers, project.stated_area)
    if not before or not _same_geometry(project, given):
        project.geom = to_stored(given.geometry)
    with session.no_autoflush:
        apply_contents(session, project, replace(given, case_numbers=numbers), rights)


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
