"""What the page of a project says of its review, and which steps whoever reads it may take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.messages import message
from tracker.projects.models import Project
from tracker.projects.policies import Rights
from tracker.projects.reviewing import changed_since_review, is_own_change, is_reviewed, last_change
from tracker.projects.vocabulary import Publication

STEPS = {
    (Publication.DRAFT, False): (
        (Publication.REVIEWED, message("Granska")),
        (Publication.PUBLISHED, message("Granska och publicera")),
    ),
    (Publication.REVIEWED, True): (
        (Publication.PUBLISHED, message("Publicera")),
        (Publication.DRAFT, message("Gör till utkast")),
    ),
    (Publication.REVIEWED, False): (
        (Publication.REVIEWED, message("Granska")),
        (Publication.DRAFT, message("Gör till utkast")),
    ),
    (Publication.PUBLISHED, True): ((Publication.DRAFT, message("Avpublicera")),),
    (Publication.PUBLISHED, False): (
        (Publication.PUBLISHED, message("Granska")),
        (Publication.DRAFT, message("Avpublicera")),
    ),
}
"""State and whether the contents are reviewed → the steps from there, with the words on their buttons."""


@dataclass(frozen=True, slots=True)
class Review:
    """The state in words and people, and the steps; `own` when the reader made the last change."""

    state: Publication
    reviewed: bool
    changed: bool
    reviewed_by: str
    reviewed_at: datetime | None
    published_by: str
    published_at: datetime | None
    changed_by: str
    changed_at: datetime | None
    own: bool
    needs_reason: bool
    steps: tuple[tuple[Publication, str], ...]


def review_of(session: Session, project: Project, user_id: int | None, rights: Rights) -> Review:
    """The review of a project for one reader; steps that the reader may not take are left out."""
    last, reviewed = last_change(session, project), is_reviewed(project)
    own = is_own_change(last, user_id)
    steps = STEPS[project.publication, reviewed] if rights.publish else ()
    if own and not rights.review_own and not reviewed:
        steps = tuple(step for step in steps if step[0] is Publication.DRAFT)
    if project.confidential:
        steps = tuple(step for step in steps if step[0] is not Publication.PUBLISHED)
    return Review(
        state=project.publication,
        reviewed=reviewed,
        changed=changed_since_review(project),
        reviewed_by=project.reviewed_by,
        reviewed_at=project.reviewed_at,
        published_by=project.published_by,
        published_at=project.published_at,
        changed_by=last.actor_name if last else "",
        changed_at=last.at if last else None,
        own=own,
        needs_reason=own and not reviewed and rights.review_own,
        steps=steps,
    )
