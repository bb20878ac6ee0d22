"""Forms inside an unlocked edition: goals, aspects, strategic questions, concepts."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug import Response

from tracker.accounts.login import actor, requires
from tracker.accounts.roles import Permission
from tracker.extensions import db
from tracker.goals import queries, services
from tracker.goals.blueprint import bp
from tracker.goals.forms import ConceptForm, GoalForm, NewGoalForm, QuestionForm
from tracker.goals.models import Goal, GoalSet, GoalSetKind
from tracker.goals.policies import refuse_locked
from tracker.web.forms import BaseForm


@bp.route("/mal/utgava/<edition>/nytt-mal", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUES)
def add_goal(edition: str) -> ResponseReturnValue:
    """A new goal, or an aspect of the goal that `under` names."""
    session = db.session()
    goal_set = _unlocked(edition)
    form = NewGoalForm(parent_code=request.args.get("under", ""))
    form.offer_parents(queries.goal_tree(session, goal_set))
    form.offer_budget_goals(_budget_goals())
    if form.accepts(lambda: services.add_goal(session, goal_set, form.to_input(), actor())):
        session.commit()
        return _back(goal_set, form.code.data)
    return _page("goals/goal.html", form, edition=goal_set, goal=None)


@bp.route("/mal/utgava/<edition>/mal/<code>", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUES)
def edit_goal(edition: str, code: str) -> ResponseReturnValue:
    """A goal or an aspect: texts, links, questions."""
    session = db.session()
    goal_set, goal = _goal(edition, code)
    form = GoalForm(data=_fields(goal))
    form.offer_budget_goals(_budget_goals())
    if form.accepts(lambda: services.change_goal(session, goal, form.to_input(), actor())):
        session.commit()
        return _back(goal_set, code)
    return _page("goals/goal.html", form, edition=goal_set, goal=goal)


@bp.post("/mal/utgava/<edition>/mal/<code>/ta-bort")
@requires(Permission.EDIT_CATALOGUES)
def remove_goal(edition: str, code: str) -> ResponseReturnValue:
    """Remove a goal without aspects, or an aspect."""
    goal_set, goal = _goal(edition, code)
    parent = goal.parent.code if goal.parent else None
    services.remove_goal(db.session(), goal, actor())
    db.session.commit()
    return _back(goal_set, parent)


@bp.route("/mal/utgava/<edition>/mal/<code>/fraga/ny", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUES)
def add_question(edition: str, code: str) -> ResponseReturnValue:
    """A new strategic question."""
    session = db.session()
    goal_set, goal = _goal(edition, code)
    form = QuestionForm()
    if form.accepts(lambda: services.add_question(session, goal, form.to_input(), actor())):
        session.commit()
        return _back(goal_set, code)
    return _page("goals/question.html", form, edition=goal_set, goal=goal, question=None)


@bp.route("/mal/utgava/<edition>/mal/<code>/fraga/<int:number>", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUES)
def edit_question(edition: str, code: str, number: int) -> ResponseReturnValue:
    """A strategic question."""
    session = db.session()
    goal_set, goal = _goal(edition, code)
    question = queries.get_question(session, goal, number)
    form = QuestionForm(obj=question)
    if form.accepts(lambda: services.change_question(session, goal, question, form.to_input(), actor())):
        session.commit()
        return _back(goal_set, code)
    return _page("goals/question.html", form, edition=goal_set, goal=goal, question=question)


@bp.post("/mal/utgava/<edition>/mal/<code>/fraga/<int:number>/ta-bort")
@requires(Permission.EDIT_CATALOGUES)
def remove_question(edition: str, code: str, number: int) -> ResponseReturnValue:
    """Remove a strategic question that nobody has answered."""
    session = db.session()
    goal_set, goal = _goal(edition, code)
    services.remove_question(session, goal, queries.get_question(session, goal, number), actor())
    session.commit()
    return _back(goal_set, code)


@bp.route("/mal/utgava/<edition>/begrepp/nytt", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUES)
def add_concept(edition: str) -> ResponseReturnValue:
    """A new defined term."""
    session = db.session()
    goal_set = _unlocked(edition)
    form = ConceptForm()
    if form.accepts(lambda: services.add_concept(session, goal_set, form.to_input(), actor())):
        session.commit()
        return _back(goal_set, "begrepp")
    return _page("goals/concept.html", form, edition=goal_set, concept=None)


@bp.route("/mal/utgava/<edition>/begrepp/<int:number>", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUES)
def edit_concept(edition: str, number: int) -> ResponseReturnValue:
    """A defined term."""
    session = db.session()
    goal_set = _unlocked(edition)
    concept = queries.get_concept(session, goal_set, number)
    form = ConceptForm(obj=concept)
    if form.accepts(lambda: services.change_concept(session, goal_set, concept, form.to_input(), actor())):
        session.commit()
        return _back(goal_set, "begrepp")
    return _page("goals/concept.html", form, edition=goal_set, concept=concept)


@bp.post("/mal/utgava/<edition>/begrepp/<int:number>/ta-bort")
@requires(Permission.EDIT_CATALOGUES)
def remove_concept(edition: str, number: int) -> ResponseReturnValue:
    """Remove a defined term."""
    session = db.session()
    goal_set = _unlocked(edition)
    services.remove_concept(session, goal_set, queries.get_concept(session, goal_set, number), actor())
    session.commit()
    return _back(goal_set, "begrepp")


def _unlocked(edition: str) -> GoalSet:
    goal_set = queries.get_goal_set(db.session(), edition)
    refuse_locked(goal_set)
    return goal_set


def _goal(edition: str, code: str) -> tuple[GoalSet, Goal]:
    goal_set = _unlocked(edition)
    return goal_set, queries.get_goal(db.session(), goal_set, code)


def _fields(goal: Goal) -> dict[str, object]:
    names = ("name_sv", "name_en", "text_sv", "text_en", "outer_city_measures")
    linked = [budget_goal.id for budget_goal in goal.budget_goals]
    return {name: getattr(goal, name) for name in names} | {"budget_goals": linked}


def _budget_goals() -> list[Goal]:
    return queries.list_goals_of(db.session(), GoalSetKind.BUDGET)


def _back(goal_set: GoalSet, anchor: str | None) -> Response:
    return redirect(url_for(".list_goals", edition=goal_set.code, _anchor=anchor))


def _page(template: str, form: BaseForm, **shown: object) -> ResponseReturnValue:
    return render_template(template, form=form, **shown), 422 if form.is_submitted() else 200
