"""Which single fields of which projects are confidential for whoever imports: they stay as they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.projects.bulk import blocks
from tracker.projects.models import Project, SecretField
from tracker.projects.policies import Viewer
from tracker.projects.secrecy import Secret, hidden_values, with_brought


def hidden_fields(session: Session, ids: Iterable[int], viewer: Viewer) -> dict[int, frozenset[str]]:
    """Project id → names of the fields that this viewer may not see."""
    if viewer.confidential:
        return {}
    marks: dict[int, dict[str, str]] = defaultdict(dict)
    statement = select(SecretField.project_id, SecretField.field, SecretField.ground)
    if viewer.user_id is not None:
        own = select(Project.id).where(or_(Project.manager_id == viewer.user_id, Project.deputy_id == viewer.user_id))
        statement = statement.where(SecretField.project_id.not_in(own))
    for block in blocks(ids):
        for one, name, ground in session.execute(statement.where(SecretField.project_id.in_(block))):
            marks[one][name] = ground
    # Manager and deputy see what is hidden: whoever may not see it names neither.
    return {one: hidden_values([*with_brought(several), Secret.PEOPLE]) for one, several in marks.items()}
