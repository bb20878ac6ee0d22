"""Drafts: kept while one types, listed, and thrown away. They are their author's alone."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from tracker.accounts.login import actor, requires
from tracker.accounts.roles import Permission
from tracker.extensions import db
from tracker.projects.draft_passes import FormPass
from tracker.projects.draft_saving import by_its_pass, keep_while_typing, own_pass
from tracker.projects.draft_store import KEPT_DAYS, drop_draft, is_placed, list_drafts
from tracker.projects.models import Project
from tracker.projects.viewing import viewer
from tracker.projects.views import bp
from tracker.web.redirects import own_or


def _keep(form_pass: FormPass) -> ResponseReturnValue:
    if is_placed(form_pass.token):
        raise BadRequest
    project = db.session().get(Project, form_pass.project_id) if form_pass.project_id else None
    return keep_while_typing(form_pass, project)


@bp.post("/projekt/utkast")
@by_its_pass(_keep)
@requires(Permission.EDIT_PROJECT)
def save_draft() -> ResponseReturnValue:
    """Keep what stands in a form."""
    return _keep(own_pass())


@bp.get("/projekt/utkast")
@requires(Permission.EDIT_PROJECT)
def drafts() -> ResponseReturnValue:
    """One's own drafts."""
    rows = list_drafts(db.session(), actor().user_id or 0, viewer())
    return render_template("projects/drafts.html", rows=rows, days=KEPT_DAYS)


@bp.post("/projekt/utkast/<token>/slang")
@requires(Permission.EDIT_PROJECT)
def throw_draft(token: str) -> ResponseReturnValue:
    """Throw one of one's own drafts away."""
    drop_draft(db.session(), token, actor().user_id or 0)
    db.session.commit()
    flash(_("Utkastet är slängt."), "success")
    return redirect(own_or(request.form.get("back"), url_for("projects.drafts")))
