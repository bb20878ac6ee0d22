"""The form for projects filled in from a document: its reading, its rules and its sentences, told by member."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tracker.api.geometry_reading import degrees_text, in_metres, read_metres, without_crs
from tracker.api.project_document import READ_ONLY, ProjectDocument
from tracker.api.project_fields import form_fields, place_of
from tracker.api.project_told import members_of
from tracker.api.project_words import Words, load_words
from tracker.api.shapes_of_json import typed
from tracker.errors import InvalidInputError, Problem
from tracker.geo.stored import from_stored, storable
from tracker.geo.validity import find_fault
from tracker.goals.models import GoalSet
from tracker.projects.form_checks import check
from tracker.projects.form_choices import Choices, load_choices
from tracker.projects.form_reading import to_input
from tracker.projects.forms import ProjectForm
from tracker.projects.inputs import ProjectInput
from tracker.projects.masking import hidden_from, shown_to
from tracker.projects.models import Project
from tracker.projects.policies import Viewer
from tracker.projects.secrecy import Secret
from tracker.web.content import STOCKHOLM

HIDDEN = "Uppgiften är sekretessbelagd för dig och kan inte ändras. Utelämna den."


def choices_of(session: Session, viewer: Viewer, project: Project | None, edition: str | None) -> Choices:
    """What the form offers; raises InvalidInputError for a goal edition that is none."""
    goal_set = None
    if edition is not None:
        goal_set = session.scalar(select(GoalSet.id).where(GoalSet.code == edition))
    choices = load_choices(session, viewer, project, goal_set, datetime.now(STOCKHOLM).year)
    if edition is not None and (choices.edition is None or choices.edition.code != edition):
        raise InvalidInputError([Problem("goals.edition", f"Målutgåvan ”{edition}” finns inte.", edition)])
    return choices


def read_project(session: Session, sent: Any, stored: Project | None, viewer: Viewer) -> ProjectInput:
    """What was sent as the services take it. Raises InvalidInputError with everything that the form refuses."""
    document = _document(sent, stored, viewer)
    edition = document.goals.edition if document.goals is not None else None
    choices = choices_of(session, viewer, stored, edition)
    form = _filled(document, stored, choices, load_words(session, choices), viewer)
    if not check(session, form, stored, viewer):
        raise InvalidInputError(form_problems(form))
    return to_input(form, shown_to(stored, viewer) if stored else None)


def _document(sent: Any, stored: Project | None, viewer: Viewer) -> ProjectDocument:
    if not isinstance(sent, dict):
        raise InvalidInputError([Problem("dokumentet", "Ska vara ett objekt.")])
    hidden = hidden_from(stored, viewer) if stored is not None else {}
    given = {name: value for name, value in sent.items() if name not in READ_ONLY}
    told = sorted(members_of(hidden) & given.keys())
    goals = given.get("goals")
    if Secret.ANSWERS in hidden and isinstance(goals, dict) and "answers" in goals:
        told.append("goals.answers")
    if told:
        raise InvalidInputError([Problem(name, HIDDEN) for name in told])
    return typed(given, ProjectDocument)


def _filled(
    document: ProjectDocument, stored: Project | None, choices: Choices, words: Words, viewer: Viewer
) -> ProjectForm:
    shape = from_stored(shown_to(stored, viewer).geom) if stored is not None else None
    sent, text = document.geometry, ""
    metres = in_metres(sent, request.headers.get("Content-Crs")) if sent is not None else False
    if sent is not None and not metres:
        text = degrees_text(without_crs(sent), shape)
    fields = MultiDict(form_fields(document, words, text))
    form = ProjectForm(formdata=fields, data={"geometry": shape}, meta={"csrf": False})
    form.offer(choices)
    form.shut = frozenset(hidden_from(stored, viewer) if stored is not None else ())
    if sent is not None and metres:
        _draw(form, without_crs(sent))
    return form


def _draw(form: ProjectForm, geometry: Mapping[str, Any]) -> None:
    """A shape in the register's own metres, judged as the field judges one in degrees."""
    shape = storable(read_metres(dict(geometry)))
    form.geometry.replace(shape)
    if (fault := find_fault(shape)) is not None:
        form.geometry.fault = fault
        form.geometry.process_errors = [fault.sentence()]


def form_problems(form: ProjectForm) -> list[Problem]:
    """What the form refuses, each with its member and with what was sent there."""
    found = [Problem("dokumentet", str(reason)) for reason in form.form_errors]
    for field, reason in form.faults():
        value = getattr(field, "typed", None) or (field.data if isinstance(field.data, str) else "")
        found.append(Problem(place_of(field.name), reason, "" if field.name == "geometry" else str(value)[:200]))
    return found


def service_problems(error: InvalidInputError) -> InvalidInputError:
    """What the services refuse, by the names of the document."""
    return InvalidInputError([Problem(place_of(one.field), one.reason, one.value) for one in error.problems])
