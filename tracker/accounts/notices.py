"""Letters that tell a person what was done with their account; in Swedish, whatever language the pages have."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import current_app, render_template
from flask_babel import force_locale

from tracker.accounts.links import LinkKind, address_of, can_send_links, make_link, make_reset_link
from tracker.accounts.models import User
from tracker.accounts.posting import post_letter
from tracker.accounts.queries import find_user
from tracker.extensions import db
from tracker.messages import message
from tracker.web.mail import Letter, deliver


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
    if user is None or not user.active:
        return
    with force_locale("sv"):
        post_letter(_letter(user, "Många försök att logga in på ditt konto", "waiting", at=datetime.now(UTC)))


def send_reset_link(typed: str) -> None:
    """Send the link to a new password, if the address has an open account that signs in with a password."""
    user = find_user(db.session(), typed)
    if user is None or not user.active or user.password is None:
        return
    link = make_reset_link(user, str(current_app.config["PUBLIC_URL"]))
    with force_locale("sv"):
        post_letter(_letter(user, "Nytt lösenord i Portföljkartan", "reset", link=link))


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
