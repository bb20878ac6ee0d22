"""Drafts at the form: keeping what was sent and not saved, going on with one, and offering those that there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import flash, request
from flask_babel import gettext as _

from tracker.accounts.login import person
from tracker.errors import DomainError
from tracker.extensions import db
from tracker.projects.draft_guard import form_token, keep, use_token
from tracker.projects.draft_store import DRAFT, drafts_of, drop_draft, find_draft, is_placed, mark_sent
from tracker.projects.drafts import Draft
from tracker.projects.form_checks import check
from tracker.projects.form_conflicts import differing_fields
from tracker.projects.forms import ProjectForm
from tracker.projects.models import Project
from tracker.projects.viewing import rights, viewer

MOST_OFFERED = 3


@dataclass(frozen=True, slots=True)
class Offer:
    """A draft that the page offers to go on with, and in which fields it differs from what is stored."""

    token: str
    title: str
    at: datetime
    differs: tuple[str, ...]
    overtaken: bool
    """Somebody saved the project since."""


def keep_sent(project: Project | None, *, placed: bool = False) -> None:
    """Keep what was sent and is not saved as the sender's draft, and commit that."""
    user = person()
    if user is None:
        return
    try:
        keep(form_token(project, placed=placed), user.id, project)
        db.session.commit()
    except DomainError as error:
        db.session.rollback()
        flash(str(error), "warning")


def drop_sent(project: Project | None, *, placed: bool = False) -> None:
    """Throw the draft of the form of this request away, which is saved; the caller commits."""
    user = person()
    if user is not None:
        drop_draft(db.session(), form_token(project, placed=placed), user.id)


def settle_placed(about: Project | None, saved: Project) -> None:
    """Throw the draft of a saved form away that is not a project's own, and note that what its page still sends is
    none any more; `saved` is one of the projects that it was about. The caller commits.
    """
    drop_sent(about, placed=True)
    mark_sent(db.session(), form_token(about, placed=True), saved, datetime.now(UTC))


def wanted_draft(project: Project | None, *, placed: bool = False) -> Draft | None:
    """The draft that the address names, when it is this person's and of this project; the form goes on under it."""
    token, user = request.args.get(DRAFT, ""), person()
    if request.method != "GET" or not token or user is None:
        return None
    draft = find_draft(db.session(), token, user.id)
    about = (project.id if project else None, placed)
    if draft is None or (draft.project_id, is_placed(token)) != about:
        flash(
            _("Utkastet finns inte längre: det är sparat, slängt eller äldre än 30 dagar, eller någon annans."),
            "message",
        )
        return None
    use_token(token)
    return draft


def offered_drafts(project: Project | None, fill: Callable[[Project | None, Draft | None], ProjectForm]) -> list[Offer]:
    """The newest drafts of this project, or of new ones, by this person."""
    user, session = person(), db.session()
    if user is None:
        return []
    found = drafts_of(session, user.id, project.id if project else None)[:MOST_OFFERED]
    return [
        Offer(
            token=draft.token,
            title=draft.title,
            at=draft.updated_at,
            differs=tuple(_differs(project, draft, fill)),
            overtaken=project is not None and draft.version != project.version,
        )
        for draft in found
    ]


def _differs(
    project: Project | None, draft: Draft, fill: Callable[[Project | None, Draft | None], ProjectForm]
) -> list[str]:
    session = db.session()
    stored = session.get(Project, project.id) if project is not None else None
    if stored is None:
        return []
    form = fill(project, draft)
    check(session, form, stored, viewer())
    return differing_fields(session, form, stored, rights())
