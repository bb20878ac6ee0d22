"""What is sent from a project form is never lost: neither without a login nor when the page has grown too old."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError

from tracker.accounts.login import person
from tracker.errors import DomainError
from tracker.extensions import csrf, db
from tracker.projects.draft_passes import FormPass, issue_pass, read_pass
from tracker.projects.draft_store import DRAFT, PLACED, is_placed, keep_draft
from tracker.projects.form_rows import whole_or_none
from tracker.projects.models import Project

View = Callable[..., Any]
# Kept with the request and not in `g`, which belongs to the application's context and can outlive it.
_STALE, _TOKEN = "tracker.stale_form", "tracker.form_token"
PASS_FIELD = "form_pass"  # noqa: S105 - the name of a field


def keeps_what_was_sent(view: View) -> View:
    """Guard the view of a project form or a report, outside `requires`: it judges the CSRF token itself.

    Sent without a login, the form becomes a draft of the one it was given to, and the way leads over the login page
    back to it. Sent with a token of another session, it is shown again (`is_stale`) and saved by pressing once more.
    """

    @wraps(view)
    def kept(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if request.method == "POST":
            if person() is None:
                form_pass = read_pass(request.form.get(PASS_FIELD))
                if form_pass is not None:
                    return _over_the_login(form_pass)
            else:
                request.environ[_STALE] = not csrf_holds()
        answer: ResponseReturnValue = current_app.ensure_sync(view)(*args, **kwargs)
        return answer

    exempted: View = csrf.exempt(kept)
    return exempted


def is_stale() -> bool:
    """Whether the form that was sent may not be saved, because its page belongs to an ended session."""
    return bool(request.environ.get(_STALE))


def csrf_holds() -> bool:
    """Whether the request carries the session's own CSRF token."""
    if not current_app.config["WTF_CSRF_ENABLED"]:
        return True
    try:
        csrf.protect()
    except CSRFError:
        return False
    return True


def _over_the_login(form_pass: FormPass) -> ResponseReturnValue:
    project = db.session().get(Project, form_pass.project_id) if form_pass.project_id else None
    try:
        keep(form_pass.token, form_pass.user_id, project)
        db.session.commit()
    except DomainError as error:
        db.session.rollback()
        flash(str(error), "error")
    else:
        flash(_what_is_kept(form_pass), "message")
    return redirect(url_for("security.login", next=draft_address(form_pass.token, project)))


def _what_is_kept(form_pass: FormPass) -> str:
    if is_placed(form_pass.token):
        return str(_("Du hade blivit utloggad. Det du skrev är kvar som utkast och visas när du har loggat in."))
    return str(_("Du hade blivit utloggad. Det du skrev och ritade är kvar som utkast och visas när du har loggat in."))


def keep(token: str, author_id: int, project: Project | None, place: str = "") -> datetime:
    """Store what was sent as the author's draft and say when; the caller commits.

    `place` is the page of a form that is not a project's; without it that of this request.
    """
    opened = whole_or_none(request.form.get("opened") or request.form.get("version"))
    now = datetime.now(UTC)
    project_id = project.id if project else None
    sent, place = request.form.items(multi=True), (place or _here()) if is_placed(token) else ""
    keep_draft(db.session(), token, author_id, project_id, opened or 0, sent, now, place)
    return now


def _here(**further: str) -> str:
    """The page of this request, without the draft that it went on with."""
    kept = {name: value for name, value in request.args.items() if name != DRAFT} | further
    path = f"{request.root_path}{request.path}"
    return f"{path}?{urlencode(kept)}" if kept else path


def draft_address(token: str, project: Project | None) -> str:
    """Where a draft is gone on with; that of a form that is not a project's on the page of this request."""
    if is_placed(token):
        return _here(**{DRAFT: token})
    if project is None:
        return url_for("projects.new_project", utkast=token)
    return url_for("projects.edit_project", kod=project.code, utkast=token)


def form_token(project: Project | None, *, placed: bool = False) -> str:
    """The token of the form of this request: the one that it came with, or a new one.

    `placed` is that of a form that is not a project's, but can be about one.
    """
    if _TOKEN not in request.environ:
        sent, user = read_pass(request.form.get(PASS_FIELD)), person()
        mine = sent is not None and user is not None and sent.user_id == user.id
        about = (project.id if project else None, placed)
        same = sent is not None and (sent.project_id, is_placed(sent.token)) == about
        fresh = (PLACED if placed else "") + secrets.token_urlsafe(24)
        use_token(sent.token if sent is not None and mine and same else fresh)
    return str(request.environ[_TOKEN])


def fresh_token() -> None:
    """Let what stands in the form of this request be a form of its own from now on."""
    use_token(secrets.token_urlsafe(24))


def use_token(token: str) -> None:
    """Let the form of this request go on under a token."""
    request.environ[_TOKEN] = token


def form_pass(project: Project | None, *, placed: bool = False) -> str:
    """The signed mark for the page of this request."""
    user = person()
    return issue_pass(user, project.id if project else None, form_token(project, placed=placed)) if user else ""
