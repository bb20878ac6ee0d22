"""The ledger of a period: sending a file, what holds now, and earlier imports."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from tracker.accounts.login import require_still, requires
from tracker.accounts.roles import Permission
from tracker.database import begin_writing
from tracker.errors import ConflictError, RefusedFileError
from tracker.extensions import db, limiter
from tracker.followup import ledger_queries
from tracker.followup.ledger_writing import refuse_closed
from tracker.followup.models import Period
from tracker.imports import uploads
from tracker.imports.blueprint import bp
from tracker.imports.ledger_choices import LedgerChoices
from tracker.imports.ledger_files import ManySheetsError
from tracker.imports.ledger_planning import recall, said_again
from tracker.imports.ledger_walk import purpose_of, the_period, the_upload
from tracker.imports.upload_views import UPLOAD_LIMIT, me, state_folder
from tracker.imports.wizard_forms import UploadForm
from tracker.messages import told
from tracker.web.reading import reads_only

SHOWN_ROWS = 200


@bp.get("/uppfoljning/perioder/<key>/huvudbok")
@requires(Permission.MANAGE_PERIODS)
def ledger(key: str) -> ResponseReturnValue:
    """What ledger holds in the period, its rows without a project, and the form for the next file."""
    return ledger_page(the_period(key))


def ledger_page(period: Period, error: str = "", status: int = 200) -> ResponseReturnValue:
    """The page, with what was wrong with the file if anything was."""
    session = db.session()
    current = ledger_queries.find_current(session, period)
    mine = uploads.list_uploads(session, me(), purpose_of(period))
    page = render_template(
        "imports/ledger.html",
        period=period,
        error=error,
        current=current,
        note=said_again(current.note) if current else "",
        loose=ledger_queries.loose_rows(session, current) if current else (),
        shown=SHOWN_ROWS,
        imports=ledger_queries.list_imports(session, period),
        counts=ledger_queries.row_counts(session, period),
        by_hand=ledger_queries.hand_matches(session),
        unfinished=[one for one in mine if not uploads.is_finished(one)],
        most_bytes=current_app.config["UPLOAD_MAX_BYTES"],
    )
    return page, status


@bp.post("/uppfoljning/perioder/<key>/huvudbok")
@requires(Permission.MANAGE_PERIODS)
@limiter.limit(UPLOAD_LIMIT, key_func=lambda: f"import:{me()}")
@reads_only
def send_ledger(key: str) -> ResponseReturnValue:
    """Receive a file. The right to write is asked for when the file is in, not while it is on its way."""
    period, form = the_period(key), UploadForm()
    try:
        refuse_closed(period)
        if not form.validate_on_submit():
            return _refused(key, str(next(iter(form.errors.values()))[0]))
        token = _take(period, form.file.data)
    except (RefusedFileError, ConflictError) as error:
        return _refused(key, str(error))
    address = url_for(".ledger_plan", key=key, token=token)
    return jsonify(address=address) if request.accept_mimetypes.best == "application/json" else redirect(address)


def _refused(key: str, sentence: str) -> ResponseReturnValue:
    db.session.rollback()
    if request.accept_mimetypes.best == "application/json":
        return jsonify(error=told(sentence)), 422
    return ledger_page(the_period(key), sentence, 422)


def _take(period: Period, file: FileStorage) -> str:
    """Keep the file, look at it, and only then write its row, with the answers of the last one like it."""
    session, state, limit = db.session(), state_folder(), current_app.config["UPLOAD_MAX_BYTES"]
    user_id, purpose = me(), purpose_of(period)
    kept = uploads.keep_file(state, file.stream, file.filename or "", limit)  # type: ignore[arg-type]
    try:
        choices = LedgerChoices()
        with suppress(ManySheetsError):  # asked about on the next page
            choices = recall(session, kept.path, kept.name, choices)
        session.rollback()
        begin_writing(session)
        require_still(Permission.MANAGE_PERIODS)
        upload = uploads.add_upload(session, kept, user_id, datetime.now(UTC), purpose)
        upload.choices = choices.to_json()
        session.commit()
    except BaseException:
        uploads.remove_files(state, kept.token)
        raise
    return kept.token


@bp.post("/uppfoljning/perioder/<key>/huvudbok/fil/<token>/slang")
@requires(Permission.MANAGE_PERIODS)
def drop_ledger(key: str, token: str) -> ResponseReturnValue:
    """Drop an unfinished file."""
    session, period = db.session(), the_period(key)
    upload = the_upload(period, token, lock=True)
    name = upload.file_name
    session.delete(upload)
    session.commit()
    uploads.remove_files(state_folder(), token)
    flash(_("%(name)s är slängd. Utfallet är oförändrat.", name=name), "success")
    return redirect(url_for(".ledger", key=key))
