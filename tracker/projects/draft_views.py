"""Drafts: kept while one types, listed, and thrown away. They are their author's alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from tracker.accounts.login import actor, person, requires
from tracker.accounts.roles import Permission
from tracker.errors import DomainError, ForbiddenError
from tracker.extensions import csrf, db, limiter
from tracker.projects.draft_guard import PASS_FIELD, draft_address, keep
from tracker.projects.draft_passes import FormPass, read_pass
from tracker.projects.draft_store import KEPT_DAYS, drop_draft, find_sent, is_placed, list_drafts
from tracker.projects.models import Project
from tracker.projects.viewing import viewer
from tracker.projects.views import bp
from tracker.web.content import STOCKHOLM

SAVING_LIMIT = "600 per minute"
"""From one address, behind which a whole office can sit."""


def _by_its_pass(view: Callable[..., Any]) -> Any:
    """Let a page go on keeping drafts after its login has ended: the signed mark says whose they are."""

    @wraps(view)
    def passed(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if person() is None and (form_pass := read_pass(request.form.get(PASS_FIELD))) is not None:
            return _keep(form_pass)
        answer: ResponseReturnValue = current_app.ensure_sync(view)(*args, **kwargs)
        return answer

    return csrf.exempt(limiter.limit(SAVING_LIMIT)(passed))


@bp.post("/projekt/utkast")
@_by_its_pass
@requires(Permission.EDIT_PROJECT)
def save_draft() -> ResponseReturnValue:
    """Keep what stands in a form. The signed mark of the page stands for the CSRF token."""
    form_pass = read_pass(request.form.get(PASS_FIELD))
    if form_pass is None:
        raise BadRequest
    if form_pass.user_id != actor().user_id:
        raise ForbiddenError("Sidan öppnades av någon annan. Ladda om den.")
    return _keep(form_pass)


def _keep(form_pass: FormPass) -> ResponseReturnValue:
    """`again` says that the page came back after it was sent: then what stands in it is newer than what was saved."""
    if is_placed(form_pass.token):
        raise BadRequest
    session = db.session()
    sent = find_sent(session, form_pass.token)
    if sent is not None and not request.form.get("again"):
        return _json({"state": "sent", "text": "", "address": ""})
    project = session.get(Project, form_pass.project_id) if form_pass.project_id else None
    try:
        at = keep(form_pass.token, form_pass.user_id, project)
        session.commit()
    except DomainError as error:
        session.rollback()
        return _json({"state": "refused", "text": str(error), "address": ""}, 413)
    clock = at.astimezone(STOCKHOLM).strftime("%H.%M")
    if person() is None:
        text = _("Utkast sparat %(clock)s. Du är utloggad; logga in när du sparar projektet.", clock=clock)
    else:
        text = _("Utkast sparat %(clock)s", clock=clock)
    return _json({"state": "kept", "text": text, "address": draft_address(form_pass.token, project)})


def _json(content: dict[str, str], status: int = 200) -> Response:
    answer = jsonify(content)
    answer.status_code = status
    return answer


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
    back = request.form.get("back", "")
    if back.startswith(("/projekt/", "/uppfoljning/")) and back.isprintable() and "\\" not in back:
        return redirect(back)
    return redirect(url_for("projects.drafts"))
