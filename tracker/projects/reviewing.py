"""Draft → reviewed → published, with names: who has read the present contents, and who let everybody see them.

Whoever may publish reviews, but not their own last change (four eyes); an administrator may, with a reason.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import case, select, type_coerce, update
from sqlalchemy.orm import Session

from tracker.errors import ConflictError, DomainError, InvalidInputError, Problem
from tracker.history.models import Action, HistoryEntry
from tracker.history.services import Actor, record
from tracker.messages import message
from tracker.projects.bulk import blocks
from tracker.projects.display import refresh_display
from tracker.projects.models import Project
from tracker.projects.policies import Rights
from tracker.projects.recording import SUBJECT
from tracker.projects.vocabulary import Publication
from tracker.text import clean

CHANGED_NOTE = message("Ändrad efter granskning")
LONGEST_REASON = 200
BLOCK = 500


def publish_project(
    session: Session,
    project: Project,
    publication: Publication,
    actor: Actor,
    rights: Rights,
    expected_version: int | None = None,
    reason: str = "",
) -> None:
    """Move a project along draft → reviewed → published, or back to draft; or review a published one anew.

    Raises ConflictError when the project is no longer the version that was read, DomainError for a step that this
    person may not take, InvalidInputError for an own last change without a reason.
    """
    if expected_version is not None and project.version != expected_version:
        raise ConflictError(
            message("Projektet har ändrats sedan du läste det. Läs det som gäller nu och granska igen.")
        )
    _refuse(project, publication, rights)
    if project.publication is publication and (publication is Publication.DRAFT or is_reviewed(project)):
        return
    reviews = publication is not Publication.DRAFT and not is_reviewed(project)
    if reviews:
        _four_eyes(session, project, actor, rights, clean(reason))
    changes = _mark(project, publication, actor)
    project.updated_at = actor.at
    session.flush()
    refresh_display(session, [project.id])
    note = clean(reason)[:LONGEST_REASON] if reviews else ""
    record(session, actor, (SUBJECT, project.id, project.version), Action.PUBLISHED, changes, note)


def _refuse(project: Project, publication: Publication, rights: Rights) -> None:
    if publication is not Publication.DRAFT and not rights.publish:
        raise DomainError(message("Bara controller och administratör granskar och publicerar projekt."))
    if publication is Publication.PUBLISHED and project.confidential:
        raise DomainError(message("Ett sekretessmarkerat projekt kan inte publiceras."))


def _four_eyes(session: Session, project: Project, actor: Actor, rights: Rights, reason: str) -> None:
    if not is_own_change(last_change(session, project), actor.user_id):
        return
    if not rights.review_own:
        raise DomainError(
            message("Du gjorde själv den senaste ändringen av projektet. Någon annan behöver granska den.")
        )
    if not reason:
        text = message("Du gjorde själv den senaste ändringen. Skriv varför du ändå granskar den.")
        raise InvalidInputError([Problem("reason", text)])


def _mark(project: Project, publication: Publication, actor: Actor) -> dict[str, list[object]]:
    """Write state and names; gives field → [old, new] for the history."""
    names = ("publication", "reviewed_by", "published_by")
    before = {name: str(getattr(project, name)) for name in names}
    if publication is Publication.DRAFT:
        project.reviewed_by, project.reviewed_at = "", None
    elif not is_reviewed(project):
        project.reviewed_by, project.reviewed_at = actor.name, actor.at
    if publication is not Publication.PUBLISHED:
        project.published_by, project.published_at = "", None
    elif project.publication is not Publication.PUBLISHED or project.published_at is None:
        project.published_by, project.published_at = actor.name, actor.at
    project.publication = publication
    after = {name: str(getattr(project, name)) for name in names}
    return {name: [before[name], after[name]] for name in names if before[name] != after[name]}


def lose_review(project: Project, rights: Rights) -> dict[str, list[object]]:
    """What a change of the contents does to the review, by whoever may not review: it no longer holds.

    A published project stays published and is marked; a reviewed one is a draft again. Gives the history's changes.
    """
    if rights.publish or not is_reviewed(project):
        return {}
    changes: dict[str, list[object]] = {"reviewed_by": [project.reviewed_by, ""]}
    project.reviewed_by, project.reviewed_at = "", None
    if project.publication is Publication.REVIEWED:
        project.publication = Publication.DRAFT
        changes["publication"] = [Publication.REVIEWED.value, Publication.DRAFT.value]
    return changes


def lose_reviews(session: Session, ids: Sequence[int], rights: Rights) -> dict[int, dict[str, list[object]]]:
    """The same for many projects that are changed set-based: project id → the history's changes."""
    if rights.publish:
        return {}
    lost: dict[int, dict[str, list[object]]] = {}
    for block in blocks(ids, BLOCK):
        reviewed = (Project.id.in_(block), Project.reviewed_at.is_not(None), Project.publication != Publication.DRAFT)
        for row in session.execute(select(Project.id, Project.reviewed_by, Project.publication).where(*reviewed)):
            lost[row.id] = {"reviewed_by": [row.reviewed_by, ""]}
            if row.publication is Publication.REVIEWED:
                lost[row.id]["publication"] = [Publication.REVIEWED.value, Publication.DRAFT.value]
        state = case((Project.publication == Publication.REVIEWED, Publication.DRAFT.value), else_=Project.publication)
        values = {"reviewed_by": "", "reviewed_at": None, "publication": type_coerce(state, Project.publication.type)}
        session.execute(update(Project).where(*reviewed).values(values).execution_options(synchronize_session=False))
    return lost


def is_reviewed(project: Project) -> bool:
    """Whether somebody has reviewed the present contents."""
    return project.publication is not Publication.DRAFT and project.reviewed_at is not None


def changed_since_review(project: Project) -> bool:
    """Published, and changed after it was reviewed."""
    published = project.publication is Publication.PUBLISHED
    return published and project.published_at is not None and project.reviewed_at is None


def last_change(session: Session, project: Project) -> HistoryEntry | None:
    """The last change of the contents; reviews and publishing are none."""
    statement = select(HistoryEntry).where(
        HistoryEntry.subject_kind == SUBJECT,
        HistoryEntry.subject_id == project.id,
        HistoryEntry.action != Action.PUBLISHED,
    )
    return session.scalar(statement.order_by(HistoryEntry.id.desc()).limit(1))


def is_own_change(entry: HistoryEntry | None, user_id: int | None) -> bool:
    """Whether that person made the change."""
    return entry is not None and user_id is not None and entry.actor_id == user_id
