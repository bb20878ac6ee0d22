"""The buttons that review, publish and withdraw a project. Each carries the version that was read."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm.exc import StaleDataError

from tracker.accounts.login import actor, requires
from tracker.accounts.roles import Permission
from tracker.errors import ConflictError, InvalidInputError, NotFoundError
from tracker.extensions import db
from tracker.messages import joined, message
from tracker.projects import queries
from tracker.projects.form_rows import whole_or_none
from tracker.projects.reviewing import publish_project
from tracker.projects.viewing import rights, viewer
from tracker.projects.views import bp, detail_page
from tracker.projects.vocabulary import Publication
from tracker.web.forms import BaseForm

NOW = {
    Publication.DRAFT: _l("Projektet är nu ett utkast och syns bara för inloggade."),
    Publication.REVIEWED: _l("Projektet är nu granskat och väntar på publicering."),
    Publication.PUBLISHED: _l("Projektet är nu publicerat och syns för alla."),
}


@bp.post("/projekt/<kod>/publicering")
@requires(Permission.EDIT_PROJECT)
def publish(kod: str) -> ResponseReturnValue:
    """Move a project along draft → reviewed → published; 409 with the page as it is now when it has moved."""
    session = db.session()
    project = queries.get_project(session, kod, viewer())
    wanted = request.form.get("publication", "")
    state = next((one for one in Publication if one.value == wanted), None)
    if state is None:
        raise NotFoundError(message("Välj utkast, granskad eller publicerad."))
    if not BaseForm().validate_on_submit():
        return redirect(url_for(".detail", kod=kod))
    version = whole_or_none(request.form.get("version")) or 0
    reason = request.form.get("reason", "")
    try:
        publish_project(session, project, state, actor(), rights(), version, reason)
        session.commit()
    except (ConflictError, StaleDataError):
        session.rollback()
        return detail_page(project, 409, moved=True)
    except InvalidInputError as error:
        session.rollback()
        return detail_page(project, 422, review_fault=joined(" ", (one.reason for one in error.problems)))
    flash(NOW[state], "success")
    return redirect(url_for(".detail", kod=kod))
