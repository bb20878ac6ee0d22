"""Keeping drafts and the marks of forms that were sent. The caller commits."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import and_, delete, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tracker.accounts.attempts import stand_in_line
from tracker.errors import DomainError
from tracker.messages import message
from tracker.projects.drafts import Draft, SentForm
from tracker.projects.models import Project
from tracker.projects.policies import Viewer, visible_to
from tracker.text import clean

KEPT_DAYS = 30
MOST_DRAFTS = 20
"""Of one person; the oldest go when there are more."""
MOST_CHARACTERS = 16_000_000
"""A shape of 170,000 vertices is some 7 million."""
DRAFT = "utkast"
"""What an address calls the draft that its page goes on with."""
PLACED = "sida-"
"""How the token of a form begins that is not a project's: its draft says itself on which page it is gone on with."""
PLACE = "place"
_UNKEPT = frozenset({"csrf_token", "form_pass", "action", "opened", "again", PLACE})

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft in a list; `code` and `name` are its project's, empty for a new one or one that is not seen any more."""

    token: str
    title: str
    code: str
    name: str
    updated_at: datetime
    overtaken: bool
    """Somebody saved the project since the form was opened."""
    of_new: bool = False
    """It is of a project that was never saved."""
    address: str = ""
    """Where it is gone on with, when that is not the project's form."""


def is_placed(token: str) -> bool:
    """Whether the token is of another form than a project's."""
    return token.startswith(PLACED)


def keep_draft(
    session: Session, token: str, author_id: int, project_id: int | None, version: int, sent: Iterable[tuple[str, str]],
    at: datetime, place: str = "",
) -> Draft:  # fmt: skip
    """Store what stands in a form, instead of what was stored of it before. Raises DomainError when it is too large.

    `place` is the address of the page of a form that is not a project's.
    """
    pairs = [(name, value) for name, value in sent if name not in _UNKEPT and not name.startswith("val-")]
    pairs = [(name, str(version) if name == "version" else value) for name, value in pairs]
    pairs += [(PLACE, place)] if place else []
    content = json.dumps(pairs, ensure_ascii=False).replace("\\u0000", "")
    if len(content) > MOST_CHARACTERS:
        raise DomainError(message("Formuläret är för stort för att sparas som utkast."))
    # A form that is sent twice at once keeps one draft, and neither answer falls over the other's row.
    stand_in_line(session, sha256(token.encode()).hexdigest())
    draft = session.get(Draft, token)
    if draft is None:
        draft = Draft(token=token, user_id=author_id, created_at=at)
        session.add(draft)
    elif draft.user_id != author_id:
        raise DomainError(message("Utkastet är någon annans."))
    draft.project_id, draft.version, draft.content, draft.updated_at = project_id, version, content, at
    draft.title = clean(next((value for name, value in pairs if name == "name"), ""))[:300]
    session.flush()
    _clean_up(session, author_id, at)
    return draft


def _clean_up(session: Session, author_id: int, now: datetime) -> None:
    oldest = now - timedelta(days=KEPT_DAYS)
    session.execute(delete(Draft).where(Draft.updated_at < oldest))
    session.execute(delete(SentForm).where(SentForm.at < oldest))
    newest = select(Draft.token).where(Draft.user_id == author_id).order_by(Draft.updated_at.desc(), Draft.token)
    for token in list(session.scalars(newest.offset(MOST_DRAFTS))):
        session.execute(delete(Draft).where(Draft.token == token))


def find_draft(session: Session, token: str, author_id: int) -> Draft | None:
    """The draft if it is this person's."""
    return session.scalar(select(Draft).where(Draft.token == token, Draft.user_id == author_id))


def fields_of(draft: Draft) -> MultiDict[str, str]:
    """What stood in the form, as a request would send it."""
    return MultiDict([(str(name), str(value)) for name, value in json.loads(draft.content)])


def drop_draft(session: Session, token: str, author_id: int) -> None:
    """Throw a draft away; one that is gone already, or somebody else's, is passed over."""
    session.execute(delete(Draft).where(Draft.token == token, Draft.user_id == author_id))


def drafts_of(session: Session, author_id: int, project_id: int | None) -> list[Draft]:
    """A person's drafts of one project's form, or of that of new projects, the newest first."""
    mine = select(Draft).where(Draft.user_id == author_id, ~Draft.token.startswith(PLACED, autoescape=True))
    same = Draft.project_id.is_(None) if project_id is None else Draft.project_id == project_id
    return list(session.scalars(mine.where(same).order_by(Draft.updated_at.desc(), Draft.token)))


def list_drafts(session: Session, user_id: int, viewer: Viewer | None = None) -> list[DraftRow]:
    """A person's drafts, the newest first. `viewer` is that person: a project not seen any more is not named."""
    shown = [] if viewer is None else visible_to(viewer)
    columns = (
        Draft.token, Draft.title, Draft.updated_at, Draft.version, Draft.project_id,
        Project.code, Project.name, Project.version,
    )  # fmt: skip
    statement = (
        select(*columns)
        .outerjoin(Project, and_(Project.id == Draft.project_id, *shown))
        .where(Draft.user_id == user_id)
        .order_by(Draft.updated_at.desc(), Draft.token)
    )
    found = []
    for token, title, at, version, project_id, code, name, now in session.execute(statement):
        if is_placed(token):
            seen = bool(code) or project_id is None
            address = address_of(session.get_one(Draft, token)) if seen else ""
            found.append(DraftRow(token, title, code or "", name or "", at, overtaken=False, address=address))
        else:
            overtaken = now is not None and now != version
            found.append(DraftRow(token, title, code or "", name or "", at, overtaken, project_id is None))
    return found


def placed_drafts(session: Session, author_id: int, project_id: int | None, path: str) -> list[Draft]:
    """A person's drafts of the form on a page that is not a project's own form, the newest first."""
    mine = select(Draft).where(Draft.user_id == author_id, Draft.token.startswith(PLACED, autoescape=True))
    same = Draft.project_id.is_(None) if project_id is None else Draft.project_id == project_id
    found = session.scalars(mine.where(same).order_by(Draft.updated_at.desc(), Draft.token))
    return [one for one in found if fields_of(one).get(PLACE, "").partition("?")[0] == path]


def address_of(draft: Draft) -> str:
    """Where a draft of another form than a project's is gone on with."""
    place = fields_of(draft).get(PLACE, "")
    return gone_on_at(place, draft.token) if place else ""


def gone_on_at(place: str, token: str) -> str:
    """The page of a form with the draft that it goes on with."""
    return f"{place}{'&' if '?' in place else '?'}{DRAFT}={token}"


def find_sent(session: Session, token: str) -> SentForm | None:
    """The mark that a form was saved, or None."""
    return session.get(SentForm, token, populate_existing=True)


def mark_sent(session: Session, token: str, project: Project, at: datetime) -> None:
    """Note that a form was saved; a second one at the same time fails on the token (IntegrityError)."""
    present = find_sent(session, token)
    if present is None:
        session.add(SentForm(token=token, project_id=project.id, at=at))
    else:
        present.at = at
    session.flush()
