"""The page of one's own tokens, and for administrators of everybody's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.accounts.login import actor, can, person, requires
from tracker.accounts.models import User
from tracker.accounts.roles import Permission
from tracker.accounts.token_forms import TokenForm
from tracker.accounts.token_models import AccessToken
from tracker.accounts.token_queries import get_token, list_tokens
from tracker.accounts.token_rules import TokenScope
from tracker.accounts.token_services import create_token, revoke_token
from tracker.errors import NotFoundError
from tracker.extensions import db
from tracker.messages import message

bp = Blueprint("tokens", __name__, url_prefix="/konto")


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token as the page shows it."""

    token: AccessToken
    live: bool

    @property
    def state(self) -> str:
        """Why it opens nothing, or that it does."""
        if self.live:
            return str(_("Gäller"))
        if self.token.revoked_at is not None:
            return str(_("Återkallad"))
        return str(_("Kontot stängt") if not self.token.user.active else _("Har gått ut"))


@bp.route("/nycklar", methods=["GET", "POST"])
@requires(Permission.OWN_TOKENS)
def own_tokens() -> ResponseReturnValue:
    """One's tokens and the form for a new one. What was made is shown in the answer to the form, and never again."""
    form, me, made = TokenForm(), _me(), ""
    session, now = db.session(), datetime.now(UTC)
    wanted = form.wanted_scopes() if can(Permission.EDIT_PROJECT) else ()

    def make() -> None:
        nonlocal made
        made = create_token(session, me, form.name.data or "", wanted, form.days.data, now).text()

    if form.accepts(make):
        session.commit()
        form = TokenForm(formdata=None)
    elif form.errors:
        session.rollback()
    return _page(form, list_tokens(session, me.id), made, "own")


@bp.get("/nycklar/alla")
@requires(Permission.MANAGE_USERS)
def every_token() -> ResponseReturnValue:
    """Everybody's tokens: whose they are, and when they were used."""
    return _page(None, list_tokens(db.session()), "", "every")


@bp.post("/nycklar/<public_id>/aterkalla")
@requires(Permission.OWN_TOKENS)
def revoke(public_id: str) -> ResponseReturnValue:
    """End a token: one's own, or as an administrator anybody's."""
    token = get_token(db.session(), public_id)
    if token.user_id != _me().id and not can(Permission.MANAGE_USERS):
        raise NotFoundError(message("Nyckeln finns inte."))
    revoke_token(token, actor().name, actor().at)
    name = token.name
    db.session.commit()
    flash(_("Nyckeln ”%(name)s” är återkallad. Program som använder den stoppas nu.", name=name), "success")
    return redirect(url_for(".every_token" if request.form.get("fran") == "alla" else ".own_tokens"))


def _me() -> User:
    user = person()
    if user is None:
        raise NotFoundError(message("Kontot finns inte."))
    return user


def _page(form: TokenForm | None, tokens: Sequence[AccessToken], made: str, kind: str) -> ResponseReturnValue:
    now = datetime.now(UTC)
    lines = [TokenLine(token, token.is_live(now)) for token in tokens]
    status = 422 if form is not None and form.errors else 200
    answer = make_response(
        render_template(
            "accounts/tokens.html",
            form=form,
            made=made,
            kind=kind,
            live=[line for line in lines if line.live],
            dead=[line for line in lines if not line.live],
            scopes=[one for one in TokenScope if one is not TokenScope.READ],
        ),
        status,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
