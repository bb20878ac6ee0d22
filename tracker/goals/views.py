"""The public page of the goal catalogue. The forms behind it are in the *_views modules beside."""

from __future__ import annotations

from datetime import datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.errors import NotFoundError
from tracker.extensions import db
from tracker.goals import assignment_views, edition_views, goal_views, presenters, queries
from tracker.goals.blueprint import bp
from tracker.goals.models import GoalSet
from tracker.web.content import STOCKHOLM

__all__ = ["assignment_views", "bp", "edition_views", "goal_views"]


@bp.get("/mal")
@requires(Permission.VIEW_PUBLIC)
def list_goals() -> ResponseReturnValue:
    """One edition in full: `edition` chooses it, else the one that is valid this year."""
    session = db.session()
    goal_set = _chosen_edition()
    tree = queries.goal_tree(session, goal_set)
    successors = queries.list_successors(session, goal_set)
    return render_template(
        "goals/list_goals.html",
        edition=goal_set,
        editions=queries.list_goal_sets(session),
        successor=successors[0] if successors else None,
        tree=tree,
        counts=presenters.counts(tree),
        budget_links=presenters.budget_links(tree),
        linking_goals=queries.list_linking_goals(session, goal_set),
        concepts=queries.list_concepts(session, goal_set),
        assignments=queries.list_assignments(session, goal_set),
        asked_questions=presenters.asked_questions,
        validity=presenters.validity,
        kind_label=presenters.kind_label,
    )


def _chosen_edition() -> GoalSet:
    session = db.session()
    wanted = request.args.get("edition")
    if wanted:
        return queries.get_goal_set(session, wanted)
    try:
        return queries.goal_set_for_year(session, datetime.now(STOCKHOLM).year)
    except NotFoundError:
        editions = queries.list_goal_sets(session)
        if not editions:
            raise
        return editions[0]
