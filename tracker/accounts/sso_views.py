"""The way to the city's sign-in and back, and the page where one's own account is linked with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security.utils import login_user
from sqlalchemy.exc import IntegrityError

from tracker.accounts import sso_services
from tracker.accounts.login import person, requires
from tracker.accounts.models import User
from tracker.accounts.roles import Permission, Role
from tracker.accounts.sso_client import METHOD, VIA, need_settings, provider
from tracker.accounts.sso_forms import LinkForm
from tracker.accounts.sso_pages import refused
from tracker.accounts.sso_pending import Pending, find_pending, forget_pending, keep_pending, newest_pending
from tracker.accounts.sso_queries import find_identity_of, has_other_local_admin
from tracker.accounts.sso_reasons import Reason, SsoError
from tracker.accounts.sso_rules import Claimed
from tracker.database import begin_writing
from tracker.errors import ForbiddenError
from tracker.extensions import db, limiter
from tracker.web.addresses import whole_address
from tracker.web.redirects import asked_next

bp = Blueprint("sso", __name__)
LIMIT = "120 per minute"
"""Of one address: behind it may be a whole office, which comes at eight o'clock."""
LINK_LIMIT = "10 per minute"
LEAVING = "sso_leaving"
"""In the session of who went on to sign out at the provider: the mark to come back with."""
Answer = TypeVar("Answer")


@bp.get("/logga-in/sso")
@requires(Permission.VIEW_PUBLIC)
@limiter.limit(LIMIT)
def start() -> ResponseReturnValue:
    """To the provider; whoever is signed in already goes straight on."""
    need_settings()
    next_address = asked_next(url_for("projects.overview"))
    if person() is not None:
        return redirect(next_address)
    try:
        return redirect(_way_to_provider(Pending(next_address, None)))
    except SsoError as error:
        return refused(error, next_address)


@bp.get("/logga-in/sso/svar")
@requires(Permission.VIEW_PUBLIC)
@limiter.limit(LIMIT)
def answer() -> ResponseReturnValue:
    """Back from the provider."""
    need_settings()
    client, state, home = provider(), request.args.get("state"), url_for("projects.overview")
    pending = find_pending(client, state, home)
    asks = person()
    asks_id = asks.id if asks else None
    db.session.rollback()
    if pending is None:
        # Some providers leave the state out when they say no. What they said is shown; it lets nobody in.
        return refused(client.refusal() or SsoError(Reason.STATE_LOST), newest_pending(client, home).next_address)
    try:
        claimed = client.person()
    except SsoError as error:
        return refused(error, pending.next_address, linking=pending.link_user_id is not None)
    finally:
        forget_pending(client, state)
    if pending.link_user_id is not None:
        return _link(pending, claimed, asks_id)
    return _sign_in(pending, claimed)


@bp.get("/logga-in/sso/utloggad")
@requires(Permission.VIEW_PUBLIC)
def signed_out() -> ResponseReturnValue:
    """Signed out here; the session at the provider, and with it the way into everything else, is ended by choice."""
    need_settings()
    if person() is not None:
        return redirect(url_for("projects.overview"))
    asked = session.pop(LEAVING, None)
    everywhere = asked is not None and asked == request.args.get("state")
    return render_template(
        "accounts/sso_signed_out.html", everywhere=everywhere, login_address=lambda: url_for("security.login")
    )


@bp.get("/logga-in/sso/lamna")
@requires(Permission.VIEW_PUBLIC)
@limiter.limit(LIMIT)
def leave() -> ResponseReturnValue:
    """On to the provider's own sign-out, where it has one; whoever is still signed in here goes home instead."""
    need_settings()
    if person() is not None:
        return redirect(url_for("projects.overview"))
    try:
        way = provider().way_out(whole_address("sso.signed_out"))
    except SsoError as error:
        return refused(error, url_for("projects.overview"))
    if way is None:
        return redirect(url_for("projects.overview"))
    address, session[LEAVING] = way
    return redirect(address)


@bp.route("/konto/stadens-konto", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
@limiter.limit(LINK_LIMIT, methods=["POST"])
def own_identity() -> ResponseReturnValue:
    """Whether the account is linked; linking it takes its password once more, and then the provider's word."""
    settings, me, form, onward = need_settings(), person(), LinkForm(), ""
    if me is None:
        raise ForbiddenError(_("Logga in först."))
    me_id, identity = me.id, find_identity_of(db.session(), me.id)
    if identity is None and form.validate_on_submit() and form.proves(me):
        try:
            onward = _way_to_provider(Pending(url_for(".own_identity"), me_id))
        except SsoError as error:
            return refused(error, url_for(".own_identity"), linking=True)
    # A form may not lead to another host (form-action): what leads there is a link on the page that answers it.
    page = render_template(
        "accounts/sso_link.html", form=form, settings=settings, identity=identity, onward=onward,
        last_admin=_is_last_admin(me_id),
    )  # fmt: skip
    return page, 422 if form.errors else 200


def _is_last_admin(user_id: int) -> bool:
    me = db.session().get_one(User, user_id)
    is_admin = any(role.name == Role.ADMIN.value for role in me.roles)
    return is_admin and not has_other_local_admin(db.session(), me.id)


def _way_to_provider(pending: Pending) -> str:
    """The address of the provider's page, after what must be the same on the way back has been kept."""
    client, way_back = provider(), whole_address("sso.answer")
    # No connection to the database is held while the provider is waited for.
    db.session.rollback()
    way = client.way_there(way_back)
    keep_pending(client, way_back, way, pending)
    return str(way["url"])


def _sign_in(pending: Pending, claimed: Claimed) -> ResponseReturnValue:
    settings, now = need_settings(), datetime.now(UTC)
    outcome = _written(lambda: sso_services.sign_in(db.session(), settings, claimed, now))
    if isinstance(outcome, Reason):
        db.session.commit()
        return refused(SsoError(outcome), pending.next_address)
    _enter(outcome)
    return redirect(pending.next_address)


def _enter(user: User) -> None:
    # Nothing of the session before is the new one's: who knew its marks knows nothing of this.
    session.clear()
    login_user(user, remember=False, authn_via=[METHOD])
    session[VIA] = True
    db.session.commit()


def _link(pending: Pending, claimed: Claimed, asks_id: int | None) -> ResponseReturnValue:
    """Only for the one who asked for it, and is still the one who is signed in."""
    if asks_id is None or asks_id != pending.link_user_id:
        return refused(SsoError(Reason.STATE_LOST), pending.next_address, linking=True)
    settings, now = need_settings(), datetime.now(UTC)

    def write() -> Reason | User:
        user = db.session().get_one(User, asks_id)
        return sso_services.link(db.session(), settings, user, claimed, now) or user

    outcome = _written(write)
    if isinstance(outcome, Reason):
        return refused(SsoError(outcome), pending.next_address, linking=True)
    _enter(outcome)
    flash(_("Kontot är kopplat. Härefter loggar du in med stadens konto."), "success")
    return redirect(pending.next_address)


def _written(write: Callable[[], Answer]) -> Answer:
    """Write in a transaction that begins as a writing one. Two windows of one newcomer may come at the same time."""
    try:
        begin_writing(db.session())
        return write()
    except IntegrityError:
        db.session.rollback()
        begin_writing(db.session())
        return write()
