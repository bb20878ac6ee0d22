"""Forms of whole editions: a new one from an old, its own fields, locking, discarding."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.accounts.login import actor, requires
from tracker.accounts.roles import Permission
from tracker.extensions import db
from tracker.goals import editions, presenters, queries
from tracker.goals.blueprint import bp
from tracker.goals.forms import EditionForm, LockForm, NewEditionForm
from tracker.goals.policies import refuse_locked, refuse_succeeded


@bp.route("/mal/utgava/<edition>/ny", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUES)
def copy_edition(edition: str) -> ResponseReturnValue:
    """A new unlocked edition with the content of this one."""
    session = db.session()
    source = queries.get_goal_set(session, edition)
    refuse_succeeded(session, source)
    form = NewEditionForm()
    if form.accepts(lambda: editions.copy_edition(session, source, form.to_input(), actor())):
        session.commit()
        flash(_("Den nya utgåvan finns. Ändra det som ska ändras och fastställ den sedan."), "success")
        return redirect(url_for(".list_goals", edition=form.code.data))
    tree = queries.goal_tree(session, source)
    return _page("goals/copy_edition.html", form, edition=source, counts=presenters.counts(tree))


@bp.route("/mal/utgava/<edition>/andra", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUES)
def edit_edition(edition: str) -> ResponseReturnValue:
    """Name, first year and note of an unlocked edition."""
    session = db.session()
    goal_set = queries.get_goal_set(session, edition)
    refuse_locked(goal_set)
    form = EditionForm(obj=goal_set)
    if form.accepts(lambda: editions.change_edition(session, goal_set, form.to_input(), actor())):
        session.commit()
        return redirect(url_for(".list_goals", edition=edition))
    return _page("goals/edit_edition.html", form, edition=goal_set)


@bp.route("/mal/utgava/<edition>/faststall", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUES)
def lock_edition(edition: str) -> ResponseReturnValue:
    """Lock an edition, after a page that says what that means."""
    session = db.session()
    goal_set = queries.get_goal_set(session, edition)
    refuse_locked(goal_set)
    form = LockForm()
    if form.accepts(lambda: editions.lock_edition(session, goal_set, actor())):
        session.commit()
        flash(_("Utgåvan är fastställd."), "success")
        return redirect(url_for(".list_goals", edition=edition))
    tree = queries.goal_tree(session, goal_set)
    concepts = queries.list_concepts(session, goal_set)
    counts = presenters.counts(tree) | {
        "concepts": len(concepts),
        "proposed": sum(concept.proposed for concept in concepts)
        + sum(question.proposed for node in presenters.walk(tree) for question in node.questions),
    }
    return _page("goals/lock_edition.html", form, edition=goal_set, counts=counts)


@bp.post("/mal/utgava/<edition>/ta-bort")
@requires(Permission.EDIT_CATALOGUES)
def discard_edition(edition: str) -> ResponseReturnValue:
    """Remove an unlocked edition that nothing refers to."""
    session = db.session()
    goal_set = queries.get_goal_set(session, edition)
    predecessor = goal_set.predecessor
    back = predecessor.code if predecessor else None
    editions.discard_edition(session, goal_set, actor())
    session.commit()
    flash(_("Utgåvan är borttagen."), "success")
    return redirect(url_for(".list_goals", edition=back))


def _page(template: str, form: EditionForm | LockForm, **shown: object) -> ResponseReturnValue:
    page = render_template(template, form=form, validity=presenters.validity, **shown)
    return page, 422 if form.is_submitted() else 200
