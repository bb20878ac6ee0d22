"""What every page of an area or a goal has around its contents: its map, its one address, its reader."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import current_app, request
from sqlalchemy.orm import Session

from tracker.errors import NotFoundError
from tracker.exports.views import audience
from tracker.goals.models import GoalSet, GoalSetKind
from tracker.goals.queries import get_goal_set, goal_set_for_year, list_goal_sets
from tracker.maps.area_page import Who
from tracker.maps.backgrounds import backgrounds_of
from tracker.maps.page_sums import amount_asked, amounts_for
from tracker.maps.presenters import goal_names, script_words
from tracker.maps.render import page_map
from tracker.projects.standing import today
from tracker.projects.viewing import viewer


def who_asks(goal_set: GoalSet) -> Who:
    """Whose page, with the amount that the address names (`shown`)."""
    reader = audience()
    return Who(
        viewer=viewer(),
        audience=reader,
        goal_set=goal_set,
        amount=amount_asked(request.args.get("shown", ""), reader),
        now=datetime.now(UTC),
        today=today(),
    )


def offered_amounts() -> list[tuple[str, str]]:
    """The amounts that this reader may choose between: key, label."""
    return [(one.key, one.label) for one in amounts_for(audience())]


def map_parts(session: Session) -> dict[str, object]:
    """What the template of the map needs: folium's map, cut into parts, and the words that its script says."""
    return {"map": page_map(backgrounds_of(current_app.config)), "words": script_words(goal_names(session))}


def chosen_goal_set(session: Session, code: str) -> GoalSet:
    """The goal edition of that code; without one, the one of integration goals that is valid this year."""
    if code:
        return get_goal_set(session, code)
    try:
        return goal_set_for_year(session, today().year)
    except NotFoundError:
        sets = list_goal_sets(session, GoalSetKind.INTEGRATION)
        if not sets:
            raise
        return sets[0]
