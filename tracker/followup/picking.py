"""Linking projects by search, in any form: what was ticked, what a search offered, and what it found. Needs no script.

The form sends `projects` (ticked ids), `offered` (ids that stood on the page) and `project_query` (words to search).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.projects.filters import ProjectFilter
from tracker.projects.models import Project
from tracker.projects.policies import Viewer, visible_to
from tracker.projects.queries import list_rows

MOST_HITS = 20
FEW = 500


class Sent(Protocol):
    """A sent form (Werkzeug's MultiDict)."""

    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Pick:
    """A project that can be ticked."""

    id: int
    code: str
    name: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class Picking:
    """The list of the page. `query` is what was searched for just now, `hits` how many the search gave."""

    picks: tuple[Pick, ...]
    query: str = ""
    hits: int = 0
    more: bool = False

    @property
    def ids(self) -> frozenset[int]:
        """The ticked ones, all of them visible to the person."""
        return frozenset(one.id for one in self.picks if one.ticked)


def picked(projects: Iterable[Project]) -> Picking:
    """What is linked already; the projects must be those that the reader may see."""
    return Picking(tuple(Pick(one.id, one.code, one.name, ticked=True) for one in projects))


def read_picking(session: Session, sent: Sent, viewer: Viewer) -> Picking:
    """What was sent, with the hits of a search after it. Projects that the viewer may not see are not there."""
    ticked = _ids(sent.getlist("projects"))
    shown = dict.fromkeys([*_ids(sent.getlist("offered")), *ticked])
    columns = select(Project.id, Project.code, Project.name)
    known = columns.where(Project.id.in_(list(shown)[:FEW]), *visible_to(viewer)).order_by(
        Project.sort_key, Project.code
    )
    picks = [Pick(*row, ticked=row[0] in ticked) for row in session.execute(known)]
    query = " ".join("".join(sent.getlist("project_query")[:1]).split())[:200]
    if not query:
        return Picking(tuple(picks))
    found = list_rows(session, ProjectFilter(q=query), viewer, "namn", 0, MOST_HITS + 1)
    there = {one.id for one in picks}
    new = [Pick(one.id, one.code, one.name, ticked=False) for one in found[:MOST_HITS] if one.id not in there]
    return Picking((*picks, *new), query, min(len(found), MOST_HITS), more=len(found) > MOST_HITS)


def _ids(texts: Sequence[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10]
