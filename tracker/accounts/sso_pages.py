"""The pages that say why somebody could not sign in, with a way on."""

from __future__ import annotations

import logging
import secrets

from flask import current_app, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.accounts.sso_reasons import Reason, SsoError
from tracker.extensions import db

logger = logging.getLogger("tracker.sso")


def refused(error: SsoError, next_address: str, *, linking: bool = False) -> ResponseReturnValue:
    """Say it, and write down under a reference what happened: reasons of ours, nothing that came from outside."""
    db.session.rollback()
    reference = secrets.token_hex(4)
    expected = error.reason in {Reason.CANCELLED, Reason.STATE_LOST}
    level = logging.INFO if expected else logging.WARNING
    logger.log(level, "single sign-on: reference %s, %s %s", reference, error.reason.value, error.detail)
    answer = make_response(
        render_template(
            "accounts/sso_fault.html",
            reason=error.reason,
            reference=reference,
            next_address=next_address,
            linking=linking,
            # This very address holds the provider's answer, and is no page to come back to.
            login_address=lambda: url_for("security.login", next=next_address),
            contact=current_app.config.get("CONTACT_NAME") or "",
            contact_email=current_app.config.get("CONTACT_EMAIL") or "",
        ),
        error.reason.status,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
