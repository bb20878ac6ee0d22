"""Letters that tell a person what was done with their account; in Swedish, whatever language the pages have."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from flask import current_app, render_template
from flask_babel import force_locale

from tracker.accounts.links import LinkKind, address_of, can_send_links, make_link, make_reset_link
from tracker.accounts.models import User
from tracker.accounts.posting import post_letter, post_nothing
from tracker.accounts.queries import find_user
from tracker.extensions import db
from tracker.messages import message
from tracker.web.mail import Letter, deliver

_FILLING = "x" * 20


def _letter(user: User, subject: str, template: str, **values: object) -> Letter:
    contact = current_app.config["CONTACT_EMAIL"]
    text = render_template(f"accounts/letters/{template}.txt", user=user, contact=contact, **values)
    return Letter(user.name, user.email, subject, text.strip() + "\n")


def tell(user: User, event: str, *, address: str = "") -> None:
    """Tell a person by mail what was done ("Ditt lösenord är bytt."), at their address or at a former one."""
    with force_locale("sv"):
        letter = _letter(user, event.rstrip("."), "notice", event=event, at=datetime.now(UTC))
    post_letter(Letter(letter.name, address or letter.address, letter.subject, letter.text))


def tell_of_waiting(typed: str) -> None:
    """Tell the owner of an address, if it has one, that the account waits after too many tries."""
    user = find_user(db.session(), typed)
    owner = user if user is not None and user.active else None
    with force_locale("sv"):
        letter = _letter(
            owner or _nobody(typed), "Många försök att logga in på ditt konto", "waiting", at=datetime.now(UTC)
        )
    (post_letter if owner else post_nothing)(letter)


def send_reset_link(typed: str) -> None:
    """Send the link to a new password, if the address has an open account that signs in with a password."""
    user = find_user(db.session(), typed)
    owner = user if user is not None and user.active and user.password is not None else None
    addressee = owner or _nobody(typed)
    link = make_reset_link(addressee, str(current_app.config["PUBLIC_URL"]))
    with force_locale("sv"):
        letter = _letter(addressee, "Nytt lösenord i Portföljkartan", "reset", link=link)
    (post_letter if owner else post_nothing)(letter)


def _nobody(typed: str) -> User:
    """For an address without an account: the same work is done, or how long the next answers take would tell."""
    return User(name=_FILLING, email=typed, fs_uniquifier=uuid4().hex, password=_FILLING)


def send_link(user: User, kind: LinkKind, by: str) -> str:
    """Send an administrator's link at once; "" when the mail server took it, else the reason in Swedish."""
    if not can_send_links():
        return message("Ingen e-post skickades: MAIL_SERVER eller PUBLIC_URL är inte satt.")
    base = str(current_app.config["PUBLIC_URL"])
    values = {"link": make_link(user, kind, base), "by": by, "start": address_of(base, "projects.overview")}
    with force_locale("sv"):
        if kind is LinkKind.INVITATION:
            letter = _letter(user, "Du har fått ett konto i Portföljkartan", "invitation", **values)
        else:
            letter = _letter(user, "Nytt lösenord i Portföljkartan", "reset_by", **values)
    return deliver([letter])[0]
