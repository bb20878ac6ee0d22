"""The events of a feed by pages, the first the newest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask_babel import force_locale
from sqlalchemy.orm import Session

from tracker.exports.standing import Asking, stand
from tracker.opendata.feed import Event, Feed, read_feed
from tracker.projects.filters import ProjectFilter, conditions
from tracker.projects.policies import PUBLIC

PAGE_SIZE = 50
NEVER = datetime(2000, 1, 1, tzinfo=UTC)
"""When a feed without an event was changed: a moment that tells nothing."""


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One page; `updated` is of the whole feed."""

    events: tuple[Event, ...]
    number: int
    last: int
    updated: datetime


def page_of(events: Sequence[Event], asked: str) -> FeedPage | None:
    """The page that is asked for; None where there is none."""
    last = max(1, -(-len(events) // PAGE_SIZE))
    if not asked.isascii() or not asked.isdigit() or not 1 <= int(asked[:9]) <= last:
        return None
    number = int(asked)
    shown = events[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return FeedPage(tuple(shown), number, last, max((one.at for one in events), default=NEVER))


def public_events(session: Session, wanted: ProjectFilter, now: datetime) -> tuple[Event, ...]:
    """In Swedish. The whole register's stand ready until the next write; of a filter they are read each time."""
    with force_locale("sv"):
        if wanted == ProjectFilter():
            return stand(session, Asking(("feed",), now), Feed, lambda: read_feed(session)).events
        return read_feed(session, conditions(session, wanted, PUBLIC)).events
