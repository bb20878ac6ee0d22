"""What a worker remembers of themes, so that the second of a kind is quick: never across a committed write.

What the projects are shared over is the same for every figure of a year, and takes longest to read. Pages of filtered
themes are remembered here and not in the database: filters are as many as there are readers.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from sqlalchemy.orm import Session

from tracker.areas.models import AreaSet
from tracker.contribution.selection import Scope
from tracker.contribution.years import Sharing, read_sharing
from tracker.goals.models import GoalSet
from tracker.history.revision import revision
from tracker.maps.keeping import Asking, Keeping, Value
from tracker.maps.theme_pages import ThemePage

MOST_SHARINGS = 4
"""About 14 MB each at 100,000 projects."""
MOST_PAGES = 100
_SHARINGS: Keeping[Sharing] = Keeping(MOST_SHARINGS)
_PAGES: Keeping[ThemePage] = Keeping(MOST_PAGES)


def sharing_of(session: Session, scope: Scope, goal_set: GoalSet, area_set: AreaSet) -> Sharing:
    """As `read_sharing`, remembered until something is written."""
    question = (scope, goal_set.code, area_set.code)
    return _kept(session, _SHARINGS, question, lambda: read_sharing(session, scope, goal_set, area_set))


def filtered_page(session: Session, question: Hashable, make: Callable[[], ThemePage]) -> ThemePage:
    """The page of a theme with a filter; the question holds the audience and the filter."""
    return _kept(session, _PAGES, question, make)


def _kept(session: Session, keeping: Keeping[Value], question: Hashable, make: Callable[[], Value]) -> Value:
    """Kept only when nothing was written while it was made, so that it holds one state of the register."""
    engine = session.get_bind().engine
    asking = Asking(engine.url.render_as_string(hide_password=True), revision(session), question)
    found = keeping.find(asking)
    if found is not None:
        return found
    made = make()
    if revision(session) == asking.revision:
        keeping.keep(asking, made)
    return made
