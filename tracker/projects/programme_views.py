"""The button of a programme that gives its common costs a sub-project of their own."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.accounts.login import actor, requires
from tracker.accounts.roles import Permission
from tracker.extensions import db
from tracker.projects import queries
from tracker.projects.commons import add_common
from tracker.projects.viewing import rights, viewer
from tracker.projects.views import bp
from tracker.web.forms import BaseForm


@bp.post("/projekt/<kod>/gemensamt")
@requires(Permission.EDIT_PROJECT)
def add_common_costs(kod: str) -> ResponseReturnValue:
    """A sub-project "Gemensamt" that takes over the programme's own amounts."""
    session = db.session()
    programme = queries.get_project(session, kod, viewer())
    if not BaseForm().validate_on_submit():
        return redirect(url_for(".detail", kod=kod))
    child = add_common(session, programme, actor(), rights())
    session.commit()
    flash(_("Delprojektet %(code)s finns nu och har programmets egna belopp och mått.", code=child.code), "success")
    return redirect(url_for(".detail", kod=child.code))
