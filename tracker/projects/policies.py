"""Who sees which projects, and who may change what of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from tracker.projects.models import Project, SecretField
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Publication


@dataclass(frozen=True, slots=True)
class Viewer:
    """What a reader may see. What is confidential is seen by the project's own manager and deputy as well."""

    drafts: bool = False
    confidential: bool = False
    user_id: int | None = None


PUBLIC = Viewer()
"""Anybody: published and not confidential."""
SHELL = Viewer(drafts=True)
"""Commands act as the system: drafts, never confidential matters."""
INTERNAL = Viewer(drafts=True, confidential=True)
"""The controller's internal export: everything, marked."""


def visible_to(viewer: Viewer, project: type[Project] = Project) -> list[ColumnElement[bool]]:
    """Conditions on `project` that every query for this viewer carries."""
    conditions: list[ColumnElement[bool]] = []
    if not viewer.drafts:
        conditions.append(project.publication == Publication.PUBLISHED)
    if not viewer.confidential:
        open_matter: ColumnElement[bool] = project.confidential.is_(False)
        if viewer.user_id is not None:
            mine = or_(project.manager_id == viewer.user_id, project.deputy_id == viewer.user_id)
            open_matter = or_(open_matter, mine)
        conditions.append(open_matter)
    return conditions


def open_to(viewer: Viewer, secret: Secret, project_id: Any = Project.id) -> list[ColumnElement[bool]]:
    """Conditions on a column of project ids: the field is not hidden from this viewer.

    Every query that reads, counts or filters by the field carries them, so that a hidden value takes no part in
    anything that the viewer gets.
    """
    return [] if viewer.confidential else [project_id.not_in(hidden_ids(viewer, [secret]))]


def hidden_ids(viewer: Viewer, secrets: Sequence[Secret]) -> Select[int]:
    """Ids of the projects that hide any of the fields from this viewer; whose projects they are does not matter."""
    marks = [mark.value for one in secrets for mark in one.hidden_by]
    hidden = select(SecretField.project_id).where(SecretField.field.in_(marks))
    return hidden.where(*_not_seen(viewer)).correlate(None)


def seen_marks(viewer: Viewer) -> list[ColumnElement[bool]]:
    """Conditions on `secret_field`: the viewer may see what it hides."""
    if viewer.confidential:
        return []
    return [SecretField.project_id.in_(_own_ids(viewer.user_id or 0))]


def _not_seen(viewer: Viewer) -> list[ColumnElement[bool]]:
    if viewer.confidential or viewer.user_id is None:
        return []
    return [SecretField.project_id.not_in(_own_ids(viewer.user_id))]


def _own_ids(user_id: int) -> Select[int]:
    own = aliased(Project)
    return select(own.id).where(or_(own.manager_id == user_id, own.deputy_id == user_id)).correlate(None)


@dataclass(frozen=True, slots=True)
class Rights:
    """What a person may set on a project beyond the manager's own fields."""

    budget: bool = False
    """Budget and outcome are the controller's; a manager's first budget is marked preliminary."""
    publish: bool = False
    review_own: bool = False
    """May review a last change of their own, with a reason."""
    viewer: Viewer = SHELL
    """Fields that are hidden from this viewer stay as they are, whatever the input says."""


SYSTEM_RIGHTS = Rights(budget=True, publish=True, review_own=True)
"""What seeding and commands may do."""
