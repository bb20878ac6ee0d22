"""What happens at a place, by the names of its template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.maps.choices import RADII, MapChoices
from tracker.maps.here import Here, Near, what_happens
from tracker.maps.page_words import planned_text
from tracker.maps.presenters import distance_words, state_words, years_words
from tracker.projects.policies import Viewer


@dataclass(frozen=True, slots=True)
class ToldNear:
    """A project around the place, in words."""

    near: Near
    distance: str
    state: str
    years: str
    planned: str


def here_context(session: Session, choices: MapChoices, viewer: Viewer, now: datetime) -> dict[str, object]:
    """`here` with its projects in words; nothing when the address names no place."""
    if not choices.here:
        return {"here": None, "around": ()}
    year = choices.at or now.year
    found = what_happens(session, choices.here, choices.radius or RADII[0], viewer, year)
    return {"here": found, "around": tell_around(found, year, with_state=choices.at is not None)}


def tell_around(found: Here, year: int, *, with_state: bool) -> Sequence[ToldNear]:
    """With the state of the year, when the address names one."""
    words = state_words(year)
    return [
        ToldNear(
            one,
            distance_words(one.metres),
            words[one.state.value] if with_state else "",
            years_words(one.start, one.end),
            planned_text(one.planned),
        )
        for one in found.near
    ]
