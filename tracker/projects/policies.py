"""Who sees which projects, and who may change what of one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_
from sqlalchemy.sql.elements import ColumnElement

from tracker.projects.models import Project
from tracker.projects.vocabulary import Publication


@dataclass(frozen=True, slots=True)
class Viewer:
    """What a reader may see. A confidential project is seen by its own manager and deputy as well."""

    drafts: bool = False
    confidential: bool = False
    user_id: int | None = None


PUBLIC = Viewer()
"""Anybody: published and not confidential."""
SHELL = Viewer(drafts=True)
"""Commands act as the system: drafts, never confidential matters."""
INTERNAL = Viewer(drafts=True, confidential=True)
"""The controller's internal export: everything, marked."""


def visible_to(viewer: Viewer) -> list[ColumnElement[bool]]:
    """Conditions that every query for this viewer carries."""
    conditions: list[ColumnElement[bool]] = []
    if not viewer.drafts:
        conditions.append(Project.publication == Publication.PUBLISHED)
    if not viewer.confidential:
        open_matter: ColumnElement[bool] = Project.confidential.is_(False)
        if viewer.user_id is not None:
            mine = or_(Project.manager_id == viewer.user_id, Project.deputy_id == viewer.user_id)
            open_matter = or_(open_matter, mine)
        conditions.append(open_matter)
    return conditions


@dataclass(frozen=True, slots=True)
class Rights:
    """What a person may set on a project beyond the manager's own fields."""

    budget: bool = False
    """Budget and outcome are the controller's; a manager's first budget is marked preliminary."""
    publish: bool = False


SYSTEM_RIGHTS = Rights(budget=True, publish=True)
"""What seeding and commands may do."""
