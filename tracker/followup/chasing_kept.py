"""The last answers of read_chased, kept while nothing is written: pages, filters and orders of one list are one answer.

The key holds the database, the number that grows with each committed write, the viewer and the day; it is read before
the data, so that an answer is never older than its key.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import date
from threading import Lock

from sqlalchemy.orm import Session

from tracker.followup.chasing import Chased, read_chased
from tracker.followup.models import Period
from tracker.followup.progress import own
from tracker.history.revision import revision
from tracker.projects.policies import Viewer

MOST = 2
"""Answers kept; one of 100,000 projects takes some 40 MB."""
_keeping = Lock()
_kept: OrderedDict[tuple[object, ...], list[Chased]] = OrderedDict()


def kept_chased(session: Session, period: Period, viewer: Viewer, today: date, owner: int | None) -> list[Chased]:
    """As read_chased gives it, of one person's own projects (`owner`, a user's id) or of all. Not to be changed."""
    database = session.connection().engine.url
    key = (database, revision(session), period.id, viewer, today, owner)
    found = _kept.get(key)
    if found is None:
        found = read_chased(session, period, viewer, today, () if owner is None else (own(owner),))
    with _keeping:
        _kept[key] = found
        _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return found
