"""One's own account, and the page that a link to a first or a new password leads to."""

from __future__ import annotations

from flask import abort, current_app, flash, make_response, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security.utils import logout_user

from tracker.accounts.account_blueprint import bp
from tracker.accounts.account_forms import NameForm
from tracker.accounts.account_history import list_sign_ins
from tracker.accounts.links import find_linked, reset_token
from tracker.accounts.login import actor, person, requires
from tracker.accounts.models import User
from tracker.accounts.roles import Permission, Role
from tracker.accounts.second_factor import has_second_factor, recovery_codes_left
from tracker.accounts.user_services import end_sessions, rename
from tracker.extensions import db


@bp.get("/konto")
@requires(Permission.OWN_ACCOUNT)
def own_account() -> ResponseReturnValue:
    """One's account: name, how one signs in, and the last sign-ins."""
    return _page(NameForm(name=_me().name))


@bp.post("/konto")
@requires(Permission.OWN_ACCOUNT)
def save_name() -> ResponseReturnValue:
    """Another name."""
    form, me = NameForm(), _me()
    if not form.accepts(lambda: rename(db.session(), me, form.name.data or "", actor())):
        db.session.rollback()
        return _page(form), 422
    db.session.commit()
    flash(_("Namnet är sparat."), "success")
    return redirect(url_for(".own_account"))


@bp.post("/konto/logga-ut-overallt")
@requires(Permission.OWN_ACCOUNT)
def leave_everywhere() -> ResponseReturnValue:
    """End every session of one's own, this one too."""
    end_sessions(db.session(), _me(), actor())
    db.session.commit()
    logout_user()
    session.clear()
    flash(_("Du är utloggad överallt."), "success")
    return redirect(url_for("security.login"))


@bp.get("/valj-losenord/<token>")
@requires(Permission.VIEW_PUBLIC)
def choose_password(token: str) -> ResponseReturnValue:
    """A link of an invitation or of an administrator: on to the form for a password, which is open for an hour."""
    user = find_linked(db.session(), token)
    if user is None:
        flash(_("Länken är redan använd eller har gått ut. Be en administratör om en ny."), "error")
        return redirect(url_for("security.forgot_password"))
    answer = make_response(redirect(url_for("security.reset_password", token=reset_token(user))))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(form: NameForm) -> str:
    me = _me()
    return render_template(
        "accounts/own_account.html",
        form=form,
        me=me,
        roles=[role.label for role in Role if role.value in {one.name for one in me.roles}],
        sign_ins=list_sign_ins(db.session(), me),
        coded=has_second_factor(me),
        codes_left=recovery_codes_left(me),
        code_needed=me.check_tf_required_setup(),
        idle_hours=current_app.config["SESSION_IDLE_MINUTES"] / 60,
        longest_hours=current_app.config["SESSION_MAX_HOURS"],
    )


def _me() -> User:
    return person() or abort(401)
