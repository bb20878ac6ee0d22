"""What the map's page shows of time, changes and the list, by the names of its templates."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tracker.maps.changes import Since, find_since, list_since
from tracker.maps.listing import Asked, count_everything, read_listing, without_states
from tracker.maps.times_panel import read_panel


def page_context(session: Session, asked: Asked, page_text: str | None) -> dict[str, object]:
    """Everything beside the filter's own choices."""
    choices = asked.choices
    return {
        **list_context(session, asked, page_text),
        "time": read_panel(session, without_states(session, asked), choices, asked.viewer, asked.now),
        "since": find_since(session, choices.since),
        "periods": _offered(session, asked),
    }


def list_context(session: Session, asked: Asked, page_text: str | None) -> dict[str, object]:
    """What the list alone needs."""
    found = read_listing(session, asked, page_text)
    count = found.count
    return {
        "wanted": asked.wanted,
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
