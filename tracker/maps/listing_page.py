"""What the map's page shows of time, changes and the list, by the names of its templates."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tracker.maps.changes import Since, find_since, list_since
from tracker.maps.choices import RADII
from tracker.maps.here_told import here_context
from tracker.maps.listing import Asked, count_everything, read_listing, without_states
from tracker.maps.presenters import state_words
from tracker.maps.times_panel import read_panel


def page_context(session: Session, asked: Asked, page_text: str | None) -> dict[str, object]:
    """Everything beside the filter's own choices."""
    choices = asked.choices
    return {
        **list_context(session, asked, page_text),
        "time": read_panel(session, without_states(session, asked), choices, asked.viewer, asked.now),
        "periods": _offered(session, asked),
        "radii": RADII,
        **here_context(session, choices, asked.viewer, asked.now),
    }


def list_context(session: Session, asked: Asked, page_text: str | None) -> dict[str, object]:
    """What the list alone needs."""
    found = read_listing(session, asked, page_text)
    count = found.count
    return {
        "wanted": asked.wanted,
        "since": find_since(session, asked.choices.since),
        "choices": asked.choices,
        "rows": found.rows,
        "page": found.page,
        "inside": found.inside,
        "total": count.total,
        "everything": count_everything(session, asked, count.total),
        "unlocated": count.unlocated,
        "secret": count.secret,
    }


def _offered(session: Session, asked: Asked) -> list[Since]:
    """The periods, and first the day of the address when it is none of them."""
    offered = list_since(session, asked.viewer, asked.now)
    chosen = find_since(session, asked.choices.since)
    return offered if chosen is None or chosen.key in {one.key for one in offered} else [chosen, *offered]


def list_words(session: Session, asked: Asked) -> str:
    """What the choices narrow, in Swedish words, for a file's heading; empty when they narrow nothing."""
    choices, words = asked.choices, []
    if choices.view:
        words.append(f"i kartbilden {choices.view}")
    if choices.at is not None and choices.hidden_states:
        shown = [text for word, text in state_words(choices.at).items() if word not in choices.hidden_states]
        words.append(", ".join(shown).lower())
    if since := find_since(session, choices.since):
        words.append(f"ändrade sedan {since.words}")
    return " · ".join(words)
