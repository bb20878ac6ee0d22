"""Receiving a file, the list of unfinished imports, and dropping one."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge, TooManyRequests

from tracker.accounts.login import person, require_still, requires
from tracker.accounts.roles import Permission
from tracker.database import begin_writing
from tracker.errors import DomainError, NotFoundError, RefusedFileError
from tracker.extensions import db, limiter
from tracker.imports import uploads
from tracker.imports.answers import take_over
from tracker.imports.blueprint import bp
from tracker.imports.contents import inspect_file
from tracker.imports.wizard_forms import UploadForm
from tracker.messages import told
from tracker.sandbox import calling
from tracker.web.reading import reads_only

UPLOAD_LIMIT = "20 per minute"
SWEEP_SECONDS = 900
DRAINED_BYTES = 256 * 1024 * 1024
_swept = {"at": float("-inf")}


def me() -> int:
    """The id of the signed-in person; the views that ask are guarded."""
    user = person()
    return user.id if user else 0


def state_folder() -> Path:
    """Where the installation keeps its files."""
    return Path(current_app.config["STATE_DIR"])


def _by_person() -> str:
    return f"import:{me()}"


@bp.get("/import")
@requires(Permission.EDIT_PROJECT)
def start() -> ResponseReturnValue:
    """The upload form and my unfinished imports. The reader starts while the person chooses a file."""
    calling.warm()
    return start_page()


@bp.post("/import")
@requires(Permission.EDIT_PROJECT)
@limiter.limit(UPLOAD_LIMIT, key_func=_by_person)
@reads_only
def upload() -> ResponseReturnValue:
    """Receive a file. The right to write is asked for when the file is in, not while it is on its way."""
    form = UploadForm()
    if not form.validate_on_submit():
        return _refused(str(next(iter(form.errors.values()))[0]), 422)
    try:
        token = _take(form.file.data, form.after.data or "")
    except RefusedFileError as error:
        return _refused(str(error), 422)
    address = url_for(".continue_import", token=token)
    return jsonify(address=address) if _asks_json() else redirect(address)


def _take(file: FileStorage, after: str) -> str:
    """Keep the file, look at it, and only then write its row."""
    session, state, limit = db.session(), state_folder(), current_app.config["UPLOAD_MAX_BYTES"]
    user_id = me()
    kept = uploads.keep_file(state, file.stream, file.filename or "", limit)  # type: ignore[arg-type]
    try:
        inspect_file(kept.path, kept.name)
        session.rollback()
        begin_writing(session)
        require_still(Permission.EDIT_PROJECT)
        upload = uploads.add_upload(session, kept, user_id, datetime.now(UTC))
        former = uploads.find_upload(session, after, user_id) if after else None
        if former is not None and not uploads.is_finished(former):
            take_over(upload, former)
        session.commit()
    except BaseException:
        uploads.remove_files(state, kept.token)
        raise
    return kept.token


@bp.post("/import/<token>/slang")
@requires(Permission.EDIT_PROJECT)
def drop(token: str) -> ResponseReturnValue:
    """Drop an unfinished import and its file. Once is as good as twice."""
    session = db.session()
    found = uploads.find_upload(session, token, me(), lock=True)
    if found is not None:
        name = found.file_name
        session.delete(found)
        session.commit()
        uploads.remove_files(state_folder(), token)
        flash(_("%(name)s är slängd. Registret är oförändrat.", name=name), "success")
    return redirect(url_for(".start"))


@bp.errorhandler(RequestEntityTooLarge)
def _too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Read on to the end, else the browser says that the connection was broken and not why."""
    source, left = request.environ["wsgi.input"], min(request.content_length or 0, DRAINED_BYTES)
    while left > 0 and (chunk := source.read(min(left, 1024 * 1024))):
        left -= len(chunk)
    most = current_app.config["UPLOAD_MAX_BYTES"] // uploads.MEBIBYTE
    return _refused(_("Filen är större än %(most)s MB. Dela upp den och skicka delarna.", most=most), 413)


@bp.errorhandler(TooManyRequests)
def _too_often(_error: TooManyRequests) -> ResponseReturnValue:
    return _refused(_("För många filer på kort tid. Vänta en minut och försök igen."), 429)


@bp.errorhandler(NotFoundError)
def _gone(error: NotFoundError) -> ResponseReturnValue:
    return _refused(str(error), 404)


@bp.errorhandler(RefusedFileError)
def _no_file(error: RefusedFileError) -> ResponseReturnValue:
    return _refused(str(error), 422)


def _refused(sentence: str, status: int) -> ResponseReturnValue:
    db.session.rollback()
    if _asks_json():
        return jsonify(error=told(sentence)), status
    return start_page(sentence), status


def _asks_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def start_page(error: str = "") -> str:
    """The first page, with what was wrong with the file if anything was."""
    session = db.session()
    mine = uploads.list_uploads(session, me()) if person() else []
    return render_template(
        "imports/start.html",
        form=UploadForm(formdata=None),
        error=error,
        unfinished=[one for one in mine if not uploads.is_finished(one)],
        most_bytes=current_app.config["UPLOAD_MAX_BYTES"],
    )


@bp.before_app_request
def _sweep_now_and_then() -> None:
    """No file outlives its day, though nobody comes to the import: any page looks, a few times an hour.

    The clock is the process's own and only spares the folder; nothing depends on it.
    """
    if request.method != "GET" or time.monotonic() - _swept["at"] < SWEEP_SECONDS:
        return
    _swept["at"] = time.monotonic()
    now = datetime.now(UTC)
    if uploads.has_old_files(state_folder(), now):
        sweep_uploads(now)


def forget_sweep() -> None:
    """Let the next page look at once."""
    _swept["at"] = float("-inf")


def sweep_uploads(now: datetime) -> int:
    """Sweep in a transaction of its own; another time, when the database is busy or the folder cannot be read."""
    session = db.session()
    try:
        begin_writing(session)
        count = uploads.sweep(session, state_folder(), now)
        session.commit()
    except (DomainError, DBAPIError):
        session.rollback()
        return 0
    return count
