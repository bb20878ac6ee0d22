"""Projects that may be the one being typed: by name in any spelling, by case number, by place. Never a refusal."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from rapidfuzz import fuzz, process
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tracker.geo.envelope import InEnvelope
from tracker.messages import joined, message
from tracker.projects.models import CaseNumber, Project
from tracker.projects.policies import Viewer, open_to, visible_to
from tracker.projects.secrecy import Secret
from tracker.text import clean, sort_key

_SIGNS = string.punctuation.translate({ord(sign): None for sign in "{|}"})

MOST_NAMES = 100_000
MOST_SHAPES = 200
MOST_NUMBERS = 20
SHOWN = 5
LIKE, PERHAPS = 86, 70
"""Likeness of names in percent: enough by itself, and enough together with the place."""
SAME_PLACE = message("samma plats")
NEAR_METRES = 25.0
SAME_PART = 0.5
"""So much of two areas together is common to both, for them to be one place."""
_BARE = str.maketrans({"{": "a", "|": "a", "}": "o"} | {chr(sign): " " for sign in range(128) if chr(sign) in _SIGNS})
_NOISE = ("kv", "kvarteret", "projekt", "projektet", "m fl", "mfl")
_NUMBER_SIGNS = re.compile(r"[^0-9a-zåäö]+")


@dataclass(frozen=True, slots=True)
class Sought:
    """What has been typed and drawn so far; `geometry` in EPSG:3011. `code` is the project itself."""

    name: str = ""
    case_numbers: tuple[str, ...] = ()
    geometry: BaseGeometry | None = None
    code: str = ""


@dataclass(slots=True)
class Likeness:
    """Another project and why it may be the same one, the strongest reason first."""

    code: str
    name: str
    score: int = 0
    reasons: list[str] = field(default_factory=list)


def find_alike(session: Session, sought: Sought, viewer: Viewer) -> list[Likeness]:
    """At most SHOWN projects that the viewer may see and that may be the one sought, the likeliest first."""
    named, placed = _by_name(session, sought, viewer), _by_place(session, sought, viewer)
    numbered = _by_number(session, sought, viewer)
    found: dict[int, Likeness] = {}
    for project_id in {*named, *placed, *numbered}:
        name_score, place = named.get(project_id, 0), placed.get(project_id)
        one = Likeness("", "")
        if project_id in numbered:
            one.score, one.reasons = (
                one.score + 100,
                [*one.reasons, message("samma diarienummer %(number)s", number=numbered[project_id])],
            )
        if name_score >= LIKE or (name_score >= PERHAPS and place is not None):
            one.score, one.reasons = one.score + name_score, [*one.reasons, message("liknande namn")]
        if place == SAME_PLACE or (place and one.reasons):
            one.score, one.reasons = one.score + 60, [*one.reasons, place]
        if one.reasons:
            found[project_id] = one
    best = sorted(found, key=lambda one: (-found[one].score, one))[:SHOWN]
    for row in session.execute(select(Project.id, Project.code, Project.name).where(Project.id.in_(best))):
        found[row.id].code, found[row.id].name = row.code, row.name
    return [found[project_id] for project_id in best]


def _others(sought: Sought, viewer: Viewer) -> list[object]:
    return [Project.code != sought.code, *visible_to(viewer)]


def _by_name(session: Session, sought: Sought, viewer: Viewer) -> dict[int, int]:
    """Project id → likeness of its name in percent, from PERHAPS on."""
    (wanted,) = fold_names([sort_key(sought.name[:300])])
    if len(wanted) < 3:
        return {}
    rows = _names(session, viewer)
    names = fold_names(row[1] for row in rows)
    found: dict[int, int] = {}
    for scorer, cutoff in ((fuzz.token_sort_ratio, PERHAPS), (fuzz.token_set_ratio, 99)):
        for name, score, place in process.extract(wanted, names, scorer=scorer, score_cutoff=cutoff, limit=50):
            if _alike(wanted, name, whole=scorer is fuzz.token_sort_ratio):
                project_id = rows[place][0]
                found[project_id] = max(found.get(project_id, 0), min(int(score), 100 if name == wanted else 95))
    own = session.scalar(select(Project.id).where(Project.code == sought.code)) if sought.code else None
    return {project_id: score for project_id, score in found.items() if project_id != own}


def _names(session: Session, viewer: Viewer) -> list[tuple[int, str]]:
    """(id, sort key) of what the viewer sees: what is open stands in an index and is read from that alone."""
    columns = select(Project.id, Project.sort_key)
    statement = columns.where(*visible_to(replace(viewer, user_id=None)))
    rows = [(int(row[0]), str(row[1])) for row in session.execute(statement.limit(MOST_NAMES))]
    if viewer.user_id is not None and not viewer.confidential:
        mine = or_(Project.manager_id == viewer.user_id, Project.deputy_id == viewer.user_id)
        own = columns.where(mine, Project.confidential.is_(True), *visible_to(viewer))
        rows += [(int(row[0]), str(row[1])) for row in session.execute(own)]
    return rows


def fold_names(keys: Iterable[str]) -> list[str]:
    """Sort keys as words: å, ä and ö as people leave them out, signs and "kv" and the like away.

    All of them as one text, for there may be a hundred thousand.
    """
    text = "\n".join(key.replace("\n", " ") for key in keys).translate(_BARE)
    for word in _NOISE:
        text = text.replace(f" {word} ", " ")
    return [" ".join(line.split()) for line in _first_words_away(text).split("\n")]


def _first_words_away(text: str) -> str:
    for word in _NOISE:
        text = f"\n{text}".replace(f"\n{word} ", "\n")[1:]
    return text


def _alike(wanted: str, name: str, *, whole: bool) -> bool:
    """Stages differ in their numbers alone; and one word that both have is no likeness of two longer names."""
    one, other = wanted.split(), name.split()
    if {word for word in one if word.isdigit()} != {word for word in other if word.isdigit()}:
        return False
    return whole or min(len(one), len(other)) >= 2


def _by_number(session: Session, sought: Sought, viewer: Viewer) -> dict[int, str]:
    """Project id → the case number that both have, however it is spaced."""
    numbers = {clean(number) for number in sought.case_numbers[:MOST_NUMBERS] if clean(number)}
    keys = {number_key(number): number for number in numbers}
    if not keys:
        return {}
    bare = func.lower(CaseNumber.number)
    for sign in (" ", "-", ":", ".", "/", "\u2013"):
        bare = func.replace(bare, sign, "")
    statement = (
        select(CaseNumber.project_id, CaseNumber.number)
        .join(Project, Project.id == CaseNumber.project_id)
        .where(bare.in_([key for key in keys if key]), *_others(sought, viewer))  # type: ignore[arg-type]
        .where(*open_to(viewer, Secret.CASE_NUMBERS))
        .limit(MOST_SHAPES)
    )
    return {int(project_id): number for project_id, number in session.execute(statement)}


def number_key(number: str) -> str:
    """A case number without case, spaces and signs: "E2004-00123" and "e 2004 00123" are one."""
    return _NUMBER_SIGNS.sub("", number.casefold())


def _by_place(session: Session, sought: Sought, viewer: Viewer) -> dict[int, str]:
    """Project id → "samma plats", or "överlappar" or "ligger intill"."""
    shape = sought.geometry
    if shape is None or shape.is_empty:
        return {}
    low_x, low_y, high_x, high_y = shape.bounds
    box = (low_x - NEAR_METRES, low_y - NEAR_METRES, high_x + NEAR_METRES, high_y + NEAR_METRES)
    statement = (
        select(Project.id, func.ST_AsBinary(Project.geom))
        .where(InEnvelope(Project.geom, Project.id, box), *_others(sought, viewer))  # type: ignore[arg-type]
        .where(*open_to(viewer, Secret.GEOMETRY))
        .limit(MOST_SHAPES)
    )
    rows = session.execute(statement).all()
    shapes = shapely.from_wkb(np.array([bytes(row[1]) for row in rows], dtype=object))
    return {
        int(row[0]): word for row, other in zip(rows, shapes, strict=True) if (word := _place(shape, other)) is not None
    }


def _place(shape: BaseGeometry, other: BaseGeometry) -> str | None:
    if shapely.distance(shape, other) > NEAR_METRES:
        return None
    if _same_place(shape, other):
        return SAME_PLACE
    return message("överlappar") if shapely.intersects(shape, other) else message("ligger intill")


def _same_place(shape: BaseGeometry, other: BaseGeometry) -> bool:
    """Most of two areas is common; lines and points are nowhere far from each other."""
    if shapely.get_dimensions(shape) == shapely.get_dimensions(other) == 2 and shape.is_valid and other.is_valid:
        common = shapely.area(shapely.intersection(shape, other))
        return bool(common >= SAME_PART * shapely.area(shapely.union(shape, other)))
    return bool(shapely.hausdorff_distance(shape, other) <= 2 * NEAR_METRES)


def told(found: Sequence[Likeness]) -> list[dict[str, str]]:
    """As the page asks for it."""
    return [{"code": one.code, "name": one.name, "why": joined(", ", one.reasons)} for one in found]
