"""Forms of assignments (uppdrag)."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.accounts.login import actor, requires
from tracker.accounts.roles import Permission
from tracker.extensions import db
from tracker.goals import assignments, presenters, queries
from tracker.goals.blueprint import bp
from tracker.goals.forms import AssignmentForm, NewAssignmentForm, goal_choices
from tracker.goals.models import Assignment


@bp.route("/uppdrag/nytt", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUES)
def add_assignment() -> ResponseReturnValue:
    """A new assignment."""
    session = db.session()
    form = NewAssignmentForm()
    groups = _offer_goals(form)
    if form.accepts(lambda: assignments.add_assignment(session, form.to_input(), actor())):
        session.commit()
        return _back(form)
    return _page(form, groups, None)


@bp.route("/uppdrag/<code>", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUES)
def edit_assignment(code: str) -> ResponseReturnValue:
    """An assignment: its text, owner, status and goals."""
    session = db.session()
    assignment = queries.get_assignment(session, code)
    form = AssignmentForm(
        data={
            "text": assignment.text,
            "owner_board": assignment.owner_board,
            "budget_year": assignment.budget_year,
            "due": assignment.due,
            "status": assignment.status.value,
            "source": assignment.source,
            "goals": [goal.id for goal in assignment.goals],
        }
    )
    groups = _offer_goals(form)
    if form.accepts(lambda: assignments.change_assignment(session, assignment, form.to_input(), actor())):
        session.commit()
        return _back(form)
    return _page(form, groups, assignment)


def _offer_goals(form: AssignmentForm) -> list[presenters.GoalGroup]:
    session = db.session()
    goals = queries.list_goals_of(session)
    form.goals.choices = goal_choices(goals)
    return presenters.goal_groups(queries.list_goal_sets(session), goals)


def _back(form: AssignmentForm) -> ResponseReturnValue:
    """To the edition that shows the assignment: the one of its first goal, else the default."""
    chosen = [goal for goal in queries.list_goals_of(db.session()) if goal.id in (form.goals.data or ())]
    edition = chosen[0].goal_set.code if chosen else None
    return redirect(url_for(".list_goals", edition=edition, _anchor="uppdrag"))


def _page(
    form: AssignmentForm, groups: list[presenters.GoalGroup], assignment: Assignment | None
) -> ResponseReturnValue:
    page = render_template("goals/assignment.html", form=form, groups=groups, assignment=assignment)
    return page, 422 if form.is_submitted() else 200
