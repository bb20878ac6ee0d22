"""Who sees which initiatives."""

from __future__ import annotations

from sqlalchemy import or_
from sqlalchemy.sql.elements import ColumnElement

from tracker.errors import ForbiddenError
from tracker.initiatives.models import Initiative
from tracker.messages import message
from tracker.projects.policies import Rights, Viewer
from tracker.projects.vocabulary import Publication


def visible_to(viewer: Viewer) -> list[ColumnElement[bool]]:
    """Conditions on `initiative` that every query for this viewer carries; an owner sees a confidential one too."""
    conditions: list[ColumnElement[bool]] = []
    if not viewer.drafts:
        conditions.append(Initiative.publication == Publication.PUBLISHED)
    if not viewer.confidential:
        open_matter: ColumnElement[bool] = Initiative.confidential.is_(False)
        if viewer.user_id is not None:
            open_matter = or_(open_matter, Initiative.owner_id == viewer.user_id)
        conditions.append(open_matter)
    return conditions


def may_change(initiative: Initiative, rights: Rights) -> bool:
    """A manager changes and reports their own and those that have no owner; whoever may publish, all."""
    return rights.publish or initiative.owner_id in (None, rights.viewer.user_id)


def refuse_other(initiative: Initiative, rights: Rights) -> None:
    """Raises ForbiddenError when it is somebody else's."""
    if not may_change(initiative, rights):
        raise ForbiddenError(
            message("Insatsen har en annan ansvarig. Be den personen eller en controller att ändra den.")
        )
