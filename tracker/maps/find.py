"""What a reader may mean by some letters in the map's search box: areas, places in our own texts, and projects.

Only what the viewer may see finds anything: the open text of projects and what their own marks hide, never more.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import and_, case, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.areas.gazetteer import name_key
from tracker.areas.models import LOWEST
from tracker.areas.queries import newest_set
from tracker.areas.searching import find_areas
from tracker.measures.models import MainKind
from tracker.projects.filters import holds_word
from tracker.projects.models import CaseNumber, Project, ProjectDisplay
from tracker.projects.policies import PUBLIC, Viewer, open_to, visible_to
from tracker.projects.secrecy import Secret
from tracker.text import clean, search_text

SHORTEST = 2
AREAS, PLACES, PROJECTS = 5, 3, 8
"""So many of each are offered."""
SHORTEST_DESCRIBED = 4
"""Letters of which a description is searched."""
READ = 200
"""So many projects are looked at to find the best."""
LONGEST = 100
_PLACE = re.compile(
    r"\b[A-ZÅÄÖ][\wåäö]*(?:gatan|gata|vägen|väg|stråket|torget|torg|gränd|allén|backen|bron|parken|plan|leden|terrassen"
    r"|kajen|hamnen|stigen|tunneln|esplanaden|gården|stranden|platsen|fältet|ängen|berget|höjden|dalen|centrum)\b"
)
"""A word that is written as a street, a square or a place is."""


class Sort(StrEnum):
    """What a suggestion is."""

    AREA = "omrade"
    PLACE = "plats"
    PROJECT = "projekt"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`query` is what choosing it sets of the filter; `place` is where a project's sign stands, "lon,lat" or empty."""

    sort: Sort
    label: str
    detail: str
    query: tuple[tuple[str, str], ...]
    code: str = ""
    kind: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class _Hit:
    """A project that was found; `place` is where its sign stands, `described` its description for everybody."""

    id: int
    code: str
    name: str
    kind: MainKind
    described: str
    place: str

    def suggestion(self, detail: str) -> Suggestion:
        return Suggestion(Sort.PROJECT, self.name, detail, (("q", self.code),), self.code, self.kind.value, self.place)


def suggest(session: Session, text: str, viewer: Viewer) -> list[Suggestion]:
    """The best of each sort, areas first; nothing for fewer than two letters."""
    asked = clean(text)[:LONGEST]
    if len(asked) < SHORTEST:
        return []
    named = _named(session, asked, viewer)
    found = [hit.suggestion(detail) for hit, detail in _best(session, named, asked, viewer)]
    if len(found) < PROJECTS and len(asked) >= SHORTEST_DESCRIBED:
        known = {hit.id for hit in named}
        described = [hit for hit in _describing(session, asked, viewer) if hit.id not in known]
        found += [hit.suggestion(_mention(hit, asked)) for hit in described[: PROJECTS - len(found)]]
    return [*_areas(session, asked), *_places(named, asked), *found]


def _areas(session: Session, asked: str) -> list[Suggestion]:
    """Stadsdelar and the areas of the newest edition; an older edition's only where nothing else has the name."""
    newest = newest_set(session).code
    found = find_areas(session, asked)
    current = [one for one in found if one.set_code in (LOWEST, newest)]
    return [
        Suggestion(Sort.AREA, one.label, "", (("area", one.code), ("areas", one.set_code)))
        for one in (current or found)[:AREAS]
    ]


def _named(session: Session, asked: str, viewer: Viewer) -> list[_Hit]:
    """Projects whose own text holds every word: name, code, and what else the viewer may search."""
    words = search_text(asked).split()
    return _read(session, viewer, [holds_word(word, viewer) for word in words]) if words else []


def _describing(session: Session, asked: str, viewer: Viewer) -> list[_Hit]:
    """Projects whose description for everybody names what was asked; the first letter may be a capital."""
    pattern = "%" + re.sub(r"([\\\\%_])", r"\\\1", asked)
    pattern = f"%_{pattern[2:]}%"
    chosen = [Project.description_public.ilike(pattern, escape="\\"), *open_to(PUBLIC, Secret.DESCRIPTION_PUBLIC)]
    wanted = name_key(asked)
    return [hit for hit in _read(session, viewer, chosen) if wanted in name_key(hit.described)]


def _read(session: Session, viewer: Viewer, chosen: Sequence[ColumnElement[bool]]) -> list[_Hit]:
    seen = and_(ProjectDisplay.project_id.is_not(None), *open_to(viewer, Secret.GEOMETRY))
    open_text = and_(Project.id.is_not(None), *open_to(PUBLIC, Secret.DESCRIPTION_PUBLIC))
    columns = (
        Project.id, Project.code, Project.name, Project.main_kind,
        case((open_text, Project.description_public), else_=""),
        case((seen, ProjectDisplay.lon), else_=None), case((seen, ProjectDisplay.lat), else_=None),
    )  # fmt: skip
    statement = (
        select(*columns)
        .outerjoin(ProjectDisplay, ProjectDisplay.project_id == Project.id)
        .where(*visible_to(viewer), *chosen)
        .order_by(Project.sort_key, Project.id)
        .limit(READ)
    )
    return [
        _Hit(number, code, name, kind, described, "" if lon is None else f"{lon},{lat}")
        for number, code, name, kind, described, lon, lat in session.execute(statement)
    ]


def _best(session: Session, named: Sequence[_Hit], asked: str, viewer: Viewer) -> list[tuple[_Hit, str]]:
    """The nearest ones, each with what it was found by when that is not its name."""
    wanted = name_key(asked)
    numbers = _case_numbers(session, named, wanted, viewer)

    def nearness(hit: _Hit) -> tuple[bool, bool, bool]:
        name, code = name_key(hit.name), name_key(hit.code)
        begins = name.startswith(wanted) or code.startswith(wanted)
        return not begins, f" {wanted}" not in f" {name}", wanted not in name

    return [(hit, numbers.get(hit.id, hit.code)) for hit in sorted(named, key=nearness)[:PROJECTS]]


def _case_numbers(session: Session, named: Sequence[_Hit], wanted: str, viewer: Viewer) -> dict[int, str]:
    """Project id → its case number that holds what was asked, where the viewer may see it."""
    statement = select(CaseNumber.project_id, CaseNumber.number).where(
        CaseNumber.project_id.in_([hit.id for hit in named]),
        *open_to(viewer, Secret.CASE_NUMBERS, CaseNumber.project_id),
    )
    return {one: number for one, number in session.execute(statement) if wanted in name_key(number)}


def _places(named: Sequence[_Hit], asked: str) -> list[Suggestion]:
    """Streets and squares that several projects are named after, to see them all."""
    wanted = name_key(asked)
    count: dict[str, int] = defaultdict(int)
    for hit in named:
        for word in set(_PLACE.findall(hit.name)):
            if name_key(word).startswith(wanted):
                count[word] += 1
    several = sorted((word for word, number in count.items() if number > 1), key=lambda word: (-count[word], word))
    return [Suggestion(Sort.PLACE, word, str(count[word]), (("q", word),)) for word in several[:PLACES]]


def _mention(hit: _Hit, asked: str) -> str:
    """The words of the description around what was asked."""
    wanted = name_key(asked)
    words = hit.described.split()
    at = next((place for place, word in enumerate(words) if wanted.split(" ")[0] in name_key(word)), 0)
    return f"… {' '.join(words[max(0, at - 2) : at + 4])} …"
