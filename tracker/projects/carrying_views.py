"""The page that shows what carrying tags over to a goal edition would do, and its button."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from tracker.accounts.login import actor, requires
from tracker.accounts.roles import Permission
from tracker.extensions import db
from tracker.goals.queries import get_goal_set
from tracker.projects.carrying import carry_over, plan_carrying
from tracker.projects.views import bp
from tracker.web.forms import BaseForm


@bp.route("/mal/utgava/<edition>/markningar", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUES)
def carry_tags(edition: str) -> ResponseReturnValue:
    """Preview, and on POST do it."""
    session = db.session()
    target = get_goal_set(session, edition)
    if BaseForm().validate_on_submit():
        done = carry_over(session, target, actor())
        session.commit()
        flash(
            ngettext("%(num)s projekt är märkt.", "%(num)s projekt är märkta.", done.projects),
            "success",
        )
        return redirect(url_for("goals.list_goals", edition=edition))
    return render_template("projects/carry_tags.html", plan=plan_carrying(session, target))
