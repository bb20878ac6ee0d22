"""Two people changed one project: what both say, part by part, and what becomes of it when one has chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import shapely
from sqlalchemy.orm import Session

from tracker.database import begin_writing
from tracker.history.models import HistoryEntry
from tracker.messages import joined
from tracker.projects.form_reading import to_input
from tracker.projects.forms import ProjectForm
from tracker.projects.history_parts import Contents, contents_of, field_of, filled, is_controllers, parts_of
from tracker.projects.history_replay import contents_after, entries_after
from tracker.projects.history_shapes import Drawer, Drawing
from tracker.projects.masking import hidden_from
from tracker.projects.models import Project
from tracker.projects.notes import note_words
from tracker.projects.policies import Rights
from tracker.projects.secrecy import hidden_values
from tracker.projects.services import contents_with
from tracker.projects.snapshots import describe
from tracker.projects.telling import DOORS, Words, label, load_words, place_of
from tracker.web.forms import web_text

MINE, THEIRS = "min", "deras"
CHOICE = "val-"
"""What the name of a choice in the form begins with; the key of the part follows."""


@dataclass(frozen=True, slots=True)
class Save:
    """One save by somebody else (or by oneself in another tab): who, when, by which door, and its remark."""

    who: str
    at: datetime
    origin: str
    note: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A part of which the two say different things, in words, and which of them is chosen ("" is not yet)."""

    key: str
    label: str
    base: str
    theirs: str
    mine: str
    chosen: str
    locked: bool
    """Only the controller's counts: the person may not set it."""
    both: bool
    """Both changed it since the form was opened."""

    @property
    def name(self) -> str:
        return f"{CHOICE}{self.key}"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Everything that the page of a conflict shows. `opened` is the version that the form was opened at."""

    opened: int
    saves: tuple[Save, ...]
    choices: tuple[Choice, ...]
    settled: tuple[tuple[str, str, str], ...]
    """(label, before, now) of what others changed and this form does not say anything else of."""
    drawing: Drawing | None
    merged: Contents

    @property
    def undecided(self) -> tuple[Choice, ...]:
        return tuple(one for one in self.choices if not one.chosen)


def find_conflict(
    session: Session, form: ProjectForm, project: Project, opened: int, rights: Rights, answers: Mapping[str, str]
) -> Conflict:
    """Compare what the form says with what is stored now; `answers` are the choices that were sent.

    The form must have been checked. The session is rolled back and begins to write anew.
    """
    told = _three(session, form, project, opened, rights)
    hidden = hidden_values(hidden_from(project, rights.viewer))
    programmes = [one["parent_id"] for one in (told.base, told.theirs, told.mine) if one["parent_id"]]
    words, drawer = load_words(session, rights.viewer, programmes), Drawer(session)
    base, theirs, mine = parts_of(told.base), parts_of(told.theirs), parts_of(told.mine)
    seen = parts_of(contents_after(session, project, _seen_version(form, opened)))
    weighing = _Weighing(words, drawer, rights, answers, seen, dict(theirs))
    for key in sorted({*base, *theirs, *mine}, key=lambda key: (place_of(key), words.part(key))):
        if field_of(key) not in hidden:
            weighing.weigh(key, (base.get(key), theirs.get(key), mine.get(key)))
    kept = {key: value for key, value in weighing.merged.items() if value is not None}
    return Conflict(
        opened=opened,
        saves=tuple(_saves(entries_after(session, project, opened))),
        choices=tuple(weighing.choices),
        settled=tuple(weighing.settled),
        drawing=_drawing(drawer, told) if any(one.key == "geometry" for one in weighing.choices) else None,
        merged=contents_of(kept, told.theirs),
    )


@dataclass(slots=True)
class _Weighing:
    """Goes through the parts: what differs is a choice, what only others changed is settled, and `merged` follows."""

    words: Words
    drawer: Drawer
    rights: Rights
    answers: Mapping[str, str]
    seen: Contents
    """What the choices on the page were about: one stands only while theirs says what it said then."""
    merged: Contents
    choices: list[Choice] = field(default_factory=list)
    settled: list[tuple[str, str, str]] = field(default_factory=list)

    def weigh(self, key: str, versions: tuple[Any, Any, Any]) -> None:
        base, theirs, mine = versions
        if _same(key, theirs, mine):
            if not _same(key, base, theirs):
                self.settled.append((self.words.part(key), self.words.value(key, base), self.words.value(key, theirs)))
            return
        known = self.answers.get(f"{CHOICE}{key}", "") if _same(key, self.seen.get(key), theirs) else ""
        choice = _choice(key, versions, self.words, self.rights, known)
        self.choices.append(_with_places(self.drawer, choice, versions) if key == "geometry" else choice)
        if choice.chosen == MINE:
            self.merged[key] = mine


NOT_IN_THE_FORM = frozenset({"publication", "stated_area", "example_values"})


def says_the_same(session: Session, form: ProjectForm, project: Project, rights: Rights) -> bool:
    """Whether a form for a new project says just what the project was registered with; rolls back as above."""
    mine = parts_of(filled(contents_with(session, project, to_input(form, None), rights)))
    session.rollback()
    begin_writing(session)
    first = parts_of(contents_after(session, project, 1))
    compared = (key for key in {*first, *mine} if field_of(key) not in NOT_IN_THE_FORM)
    return all(_same(key, first.get(key), mine.get(key)) for key in compared)


def differing_fields(session: Session, form: ProjectForm, project: Project, rights: Rights) -> list[str]:
    """The names of the fields in which a checked form differs from what is stored; rolls back as above."""
    mine = parts_of(
        _untouched(
            form, filled(describe(project)), filled(contents_with(session, project, to_input(form, project), rights))
        )
    )
    session.rollback()
    stored = parts_of(filled(describe(project)))
    hidden = hidden_values(hidden_from(project, rights.viewer)) | NOT_IN_THE_FORM
    keys = [key for key in {*stored, *mine} if not _same(key, stored.get(key), mine.get(key))]
    names = (field_of(key) for key in sorted(keys, key=place_of))
    return [label(name) for name in dict.fromkeys(names) if name not in hidden]


def _saves(entries: list[HistoryEntry]) -> list[Save]:
    return [Save(one.actor_name, one.at, DOORS[one.origin], note_words(one.note)) for one in entries]


def _seen_version(form: ProjectForm, opened: int) -> int:
    """The version that the choices on the page were about."""
    text = str(form.version.data or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else opened


@dataclass(frozen=True, slots=True)
class _Three:
    base: Contents
    theirs: Contents
    mine: Contents


def _three(session: Session, form: ProjectForm, project: Project, opened: int, rights: Rights) -> _Three:
    """What it was, what is stored, and what the form would make of it."""
    given = to_input(form, project)
    mine = filled(contents_with(session, project, given, rights))
    session.rollback()
    begin_writing(session)
    base, theirs = contents_after(session, project, opened), filled(describe(project))
    return _Three(base, theirs, _untouched(form, base, mine))


def _untouched(form: ProjectForm, base: Contents, mine: Contents) -> Contents:
    """What went out to the page and came back as it was is not mine, though the way there and back left a mark."""
    same = dict(mine)
    if base["geometry"] and form.geometry.typed == web_text(shapely.from_wkt(base["geometry"])):
        same["geometry"] = base["geometry"]
    for name, value in mine.items():
        if isinstance(value, str) and isinstance(base.get(name), str) and value.split() == base[name].split():
            same[name] = base[name]
    return same


def _same(key: str, one: Any, other: Any) -> bool:
    """Whether two say the same; whether a budget is preliminary follows from who saves it."""
    if key.startswith("figures:") and key.endswith(":budget") and one and other:
        return bool(one[0] == other[0])
    return bool(one == other)


def _choice(key: str, versions: tuple[Any, Any, Any], words: Words, rights: Rights, answer: str) -> Choice:
    base, theirs, mine = versions
    locked = not rights.budget and is_controllers(key, theirs)
    both = not _same(key, base, theirs) and not _same(key, base, mine)
    chosen = answer if answer in (MINE, THEIRS) else "" if both else THEIRS if _same(key, base, mine) else MINE
    texts = [words.value(key, value) for value in versions]
    return Choice(key, words.part(key), texts[0], texts[1], texts[2], THEIRS if locked else chosen, locked, both)


def _with_places(drawer: Drawer, choice: Choice, shapes: tuple[Any, Any, Any]) -> Choice:
    """How large each shape is, and where it lies."""
    texts = (choice.base, choice.theirs, choice.mine)
    told = [joined("\n", filter(None, (one, drawer.places(wkt)))) for one, wkt in zip(texts, shapes, strict=True)]
    return replace(choice, base=told[0], theirs=told[1], mine=told[2])


def _drawing(drawer: Drawer, told: _Three) -> Drawing | None:
    """Both shapes, and under them the one that both changed."""
    base, theirs, mine = (one["geometry"] for one in (told.base, told.theirs, told.mine))
    shown = None if base in (theirs, mine) else base
    return drawer.draw(("before", shown), ("theirs", theirs), ("mine", mine))
