"""Everybody's accounts, for administrators."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from tracker.accounts.account_blueprint import bp
from tracker.accounts.account_forms import HAND, MAIL, AccountForm, InvitationForm, LinkForm, PressForm
from tracker.accounts.account_history import deed_told, list_notes, list_sign_ins, note
from tracker.accounts.attempts import is_waiting
from tracker.accounts.links import LinkKind, can_send_links, make_link
from tracker.accounts.login import actor, requires
from tracker.accounts.models import User
from tracker.accounts.notices import send_link, tell
from tracker.accounts.roles import Permission, Role
from tracker.accounts.services import create_user
from tracker.accounts.sign_in_forms import key_of
from tracker.accounts.user_queries import AccountState, describe, get_user, list_users
from tracker.accounts.user_services import (
    change_address,
    change_role,
    close,
    drop_second_factor,
    end_sessions,
    rename,
    reopen,
)
from tracker.errors import InvalidInputError
from tracker.extensions import db
from tracker.history.services import Actor
from tracker.web.paging import page_number

Word = TypeVar("Word", bound=StrEnum)
Act = Callable[[Session, User, Actor], object]


@bp.get("/anvandare")
@requires(Permission.MANAGE_USERS)
def list_accounts() -> ResponseReturnValue:
    """Accounts by name, with a search."""
    words = request.args.get("sok", "").strip()
    role, state = _chosen(Role, "roll"), _chosen(AccountState, "lage")
    lines = list_users(db.session(), words, role, state)
    page = page_number(request.args.get("page"), len(lines))
    return render_template(
        "accounts/list_accounts.html",
        lines=lines[page.offset : page.offset + page.size],
        page=page,
        words=words,
        role=role,
        state=state,
        roles=list(Role),
        states=list(AccountState),
    )


def _chosen(kind: type[Word], name: str) -> Word | None:
    text = request.args.get(name, "")
    return kind(text) if text in {one.value for one in kind} else None


@bp.route("/anvandare/ny", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def invite() -> ResponseReturnValue:
    """A new account; its person chooses the password by a link."""
    form = InvitationForm(way=MAIL if can_send_links() else HAND)
    made: list[User] = []

    def make() -> None:
        who = (form.email.data or "", form.name.data or "", Role(form.role.data))
        made.append(create_user(db.session(), *who, None, actor=actor()))

    if form.accepts(make):
        db.session.commit()
        flash(_("Kontot %(email)s finns nu.", email=made[0].email), "success")
        return _hand_out(made[0], LinkKind.INVITATION, form.way.data)
    db.session.rollback()
    page = render_template("accounts/invite.html", form=form, can_send=can_send_links())
    return page, 422 if form.errors else 200


@bp.get("/anvandare/<int:user_id>")
@requires(Permission.MANAGE_USERS)
def account(user_id: int) -> ResponseReturnValue:
    """One account."""
    user = get_user(db.session(), user_id)
    return _page(user, _form_of(user))


@bp.post("/anvandare/<int:user_id>")
@requires(Permission.MANAGE_USERS)
def save_account(user_id: int) -> ResponseReturnValue:
    """Another name, address or role."""
    user, form, former = get_user(db.session(), user_id), AccountForm(), []

    def save() -> None:
        session, who = db.session(), actor()
        rename(session, user, form.name.data or "", who)
        former.append(change_address(session, user, form.email.data or "", who))
        change_role(session, user, Role(form.role.data), who)

    if not form.accepts(save):
        db.session.rollback()
        return _page(user, form), 422
    db.session.commit()
    if any(former):
        tell(user, f"Adressen till ditt konto är ändrad till {user.email}.", address=former[0])
    flash(_("Kontot är sparat."), "success")
    return redirect(url_for(".account", user_id=user.id))


@bp.post("/anvandare/<int:user_id>/lank")
@requires(Permission.MANAGE_USERS)
def new_link(user_id: int) -> ResponseReturnValue:
    """A link by which the person chooses a password: sent, or shown to be handed over."""
    user, form = get_user(db.session(), user_id), LinkForm()
    if not user.active or not form.validate_on_submit():
        flash(_("Kontot är stängt. Öppna det först."), "error")
        return redirect(url_for(".account", user_id=user.id))
    kind = LinkKind.RESET if user.password is not None else LinkKind.INVITATION
    note(db.session(), user, actor(), "Gjorde en länk till nytt lösenord")
    db.session.commit()
    return _hand_out(user, kind, form.way.data)


def _hand_out(user: User, kind: LinkKind, way: str) -> ResponseReturnValue:
    """Send the link and go on, or show it in this answer and never again."""
    if way == MAIL:
        reason = send_link(user, kind, actor().name)
        if not reason:
            flash(_("Länken är skickad till %(email)s.", email=user.email), "success")
            return redirect(url_for(".account", user_id=user.id))
        flash(_("Länken kunde inte skickas: %(reason)s", reason=reason), "error")
    base = str(current_app.config["PUBLIC_URL"] or request.host_url)
    answer = make_response(_page(user, _form_of(user), make_link(user, kind, base), kind))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/anvandare/<int:user_id>/stang")
@requires(Permission.MANAGE_USERS)
def close_account(user_id: int) -> ResponseReturnValue:
    """Close an account."""
    return _press(user_id, close, _("Kontot är stängt."))


@bp.post("/anvandare/<int:user_id>/oppna")
@requires(Permission.MANAGE_USERS)
def reopen_account(user_id: int) -> ResponseReturnValue:
    """Open it again."""
    return _press(user_id, reopen, _("Kontot är öppet igen."))


@bp.post("/anvandare/<int:user_id>/logga-ut")
@requires(Permission.MANAGE_USERS)
def sign_out_account(user_id: int) -> ResponseReturnValue:
    """End every session of an account."""
    return _press(user_id, end_sessions, _("Kontot är utloggat överallt."))


@bp.post("/anvandare/<int:user_id>/kod-av")
@requires(Permission.MANAGE_USERS)
def drop_code(user_id: int) -> ResponseReturnValue:
    """Turn a lost second factor off, and tell its person."""
    answer = _press(user_id, drop_second_factor, _("Inloggning med kod är avstängd för kontot."))
    tell(get_user(db.session(), user_id), "En administratör har stängt av inloggning med kod på ditt konto.")
    return answer


def _press(user_id: int, act: Act, said: str) -> ResponseReturnValue:
    user, form = get_user(db.session(), user_id), PressForm()
    if form.validate_on_submit():
        try:
            act(db.session(), user, actor())
        except InvalidInputError as error:
            db.session.rollback()
            flash(str(error), "error")
        else:
            db.session.commit()
            flash(said, "success")
    return redirect(url_for(".account", user_id=user_id))


def _form_of(user: User) -> AccountForm:
    role = describe(db.session(), user).role
    return AccountForm(formdata=None, name=user.name, email=user.email, role=role.value if role else Role.READER.value)


def _page(user: User, form: AccountForm, link: str = "", kind: LinkKind | None = None) -> str:
    session = db.session()
    return render_template(
        "accounts/account.html",
        line=describe(session, user),
        form=form,
        link=link,
        kind=kind,
        can_send=can_send_links(),
        waiting=is_waiting(session, key_of(user.email), datetime.now(UTC)),
        sign_ins=list_sign_ins(session, user),
        notes=list_notes(session, user),
        deed_told=deed_told,
    )
