"""Keeping what stands in a form while one types: the page's signed mark says whose it is, with a login and without."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from tracker.accounts.login import actor, person
from tracker.errors import DomainError, ForbiddenError
from tracker.extensions import csrf, db, limiter
from tracker.messages import message, told
from tracker.projects.draft_guard import PASS_FIELD, draft_address, keep
from tracker.projects.draft_passes import FormPass, read_pass
from tracker.projects.draft_store import find_sent, gone_on_at
from tracker.projects.models import Project
from tracker.web.content import STOCKHOLM

SAVING_LIMIT = "600 per minute"
"""From one address, behind which a whole office can sit."""
View = Callable[..., Any]


def by_its_pass(keep_it: Callable[..., ResponseReturnValue]) -> Callable[[View], View]:
    """Let a page go on keeping drafts after its login has ended: `keep_it` gets its mark, and what the view gets."""

    def guarded(view: View) -> View:
        @wraps(view)
        def passed(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            if person() is None and (form_pass := read_pass(request.form.get(PASS_FIELD))) is not None:
                return keep_it(form_pass, *args, **kwargs)
            answer: ResponseReturnValue = current_app.ensure_sync(view)(*args, **kwargs)
            return answer

        exempted: View = csrf.exempt(limiter.limit(SAVING_LIMIT)(passed))
        return exempted

    return guarded


def own_pass() -> FormPass:
    """The mark of the page, which stands for the CSRF token; only of a page that was given to who is signed in."""
    form_pass = read_pass(request.form.get(PASS_FIELD))
    if form_pass is None:
        raise BadRequest
    if form_pass.user_id != actor().user_id:
        raise ForbiddenError(message("Sidan öppnades av någon annan. Ladda om den."))
    return form_pass


def keep_while_typing(form_pass: FormPass, project: Project | None, place: str = "") -> ResponseReturnValue:
    """Keep what was sent, and commit that. `place` is the page of a form that is not a project's.

    `again` says that the page came back after it was sent: then what stands in it is newer than what was saved.
    """
    session = db.session()
    sent = find_sent(session, form_pass.token)
    if sent is not None and not request.form.get("again"):
        return _json({"state": "sent", "text": "", "address": ""})
    try:
        at = keep(form_pass.token, form_pass.user_id, project, place)
        session.commit()
    except DomainError as error:
        session.rollback()
        return _json({"state": "refused", "text": told(str(error)), "address": ""}, 413)
    clock = at.astimezone(STOCKHOLM).strftime("%H.%M")
    if person() is not None:
        text = _("Utkast sparat %(clock)s", clock=clock)
    elif place:
        text = _("Utkast sparat %(clock)s. Du är utloggad; logga in när du sparar.", clock=clock)
    else:
        text = _("Utkast sparat %(clock)s. Du är utloggad; logga in när du sparar projektet.", clock=clock)
    address = gone_on_at(place, form_pass.token) if place else draft_address(form_pass.token, project)
    return _json({"state": "kept", "text": text, "address": address})


def _json(content: dict[str, str], status: int = 200) -> Response:
    answer = jsonify(content)
    answer.status_code = status
    return answer
