"""The page that reads an indicator's values from a file: the plan first, then all of it or nothing.

No file is kept: the plan's page carries the rows as they were read, and they are read again when it is carried out.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from tracker.accounts.login import actor, requires
from tracker.accounts.roles import Permission
from tracker.errors import RefusedFileError
from tracker.extensions import db, limiter
from tracker.imports import uploads
from tracker.imports.blueprint import bp
from tracker.imports.indicator_files import FileRow, ValuePlan, apply_values, plain_rows, plan_values, read_rows
from tracker.imports.sources import read_table
from tracker.imports.upload_views import UPLOAD_LIMIT, me, state_folder
from tracker.imports.wizard_forms import UploadForm
from tracker.messages import message
from tracker.steering.indicators import hold
from tracker.steering.models import Indicator
from tracker.steering.numbers import number_text
from tracker.steering.queries import get_indicator
from tracker.text import clean
from tracker.web.reading import reads_only


@bp.get("/uppfoljning/indikatorer/<code>/fil")
@requires(Permission.MANAGE_PERIODS)
def indicator_file(code: str) -> ResponseReturnValue:
    """The form that takes the file."""
    return _start(get_indicator(db.session(), code), "", 200)


@bp.post("/uppfoljning/indikatorer/<code>/fil")
@requires(Permission.MANAGE_PERIODS)
@limiter.limit(UPLOAD_LIMIT, key_func=lambda: f"import:{me()}")
@reads_only
def read_indicator_file(code: str) -> ResponseReturnValue:
    """Read the file and show what it would change."""
    indicator = get_indicator(db.session(), code)
    form = UploadForm()
    if not form.validate_on_submit():
        return _start(indicator, str(next(iter(form.errors.values()))[0]), 422)
    try:
        rows = _read(form.file.data, clean(request.form.get("layer")))
    except RefusedFileError as error:
        return _start(indicator, str(error), 422)
    plan = plan_values(db.session(), indicator, rows)
    return _plan(indicator, plan, rows, form.file.data.filename or "", 422 if plan.faults else 200)


@bp.post("/uppfoljning/indikatorer/<code>/fil/genomfor")
@requires(Permission.MANAGE_PERIODS)
def apply_indicator_file(code: str) -> ResponseReturnValue:
    """Carry out the plan that was shown; when the values have changed since, it is shown anew."""
    session = db.session()
    indicator = get_indicator(session, code)
    rows, name = _sent_rows(request.form.get("rows", "")), clean(request.form.get("name"))[:200]
    hold(session, indicator)
    plan = plan_values(session, indicator, rows)
    if plan.faults or _mark(plan) != request.form.get("mark"):
        return _plan(indicator, plan, rows, name, 422 if plan.faults else 409)
    changed = apply_values(session, indicator, plan, actor())
    session.commit()
    flash(ngettext("En rad är inläst.", "%(num)s rader är inlästa.", changed), "success")
    return redirect(url_for("steering.indicator", code=code))


def _read(file: FileStorage, layer: str) -> list[FileRow]:
    state, limit = state_folder(), current_app.config["UPLOAD_MAX_BYTES"]
    kept = uploads.keep_file(state, file.stream, file.filename or "", limit)  # type: ignore[arg-type]
    try:
        return plain_rows(read_rows(read_table(kept.path, layer or None, title=kept.name)))
    finally:
        uploads.remove_files(state, kept.token)


def _sent_rows(text: str) -> list[FileRow]:
    try:
        found: Any = json.loads(text)
        return [FileRow(int(number), {str(key): str(cell) for key, cell in cells.items()}) for number, cells in found]
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise RefusedFileError(message("Planen gick inte att läsa. Läs in filen igen.")) from error


def _mark(plan: ValuePlan) -> str:
    """What the plan would do, as a short text that another plan does not have."""
    return hashlib.sha256(repr([(one.place, one.before, one.after) for one in plan.planned]).encode()).hexdigest()


def _start(indicator: Indicator, error: str, status: int) -> ResponseReturnValue:
    return render_template("imports/indicator_file.html", indicator=indicator, error=error), status


def _plan(indicator: Indicator, plan: ValuePlan, rows: list[FileRow], name: str, status: int) -> ResponseReturnValue:
    page = render_template(
        "imports/indicator_plan.html",
        indicator=indicator,
        plan=plan,
        name=name,
        rows=json.dumps([[row.number, dict(row.cells)] for row in rows], ensure_ascii=False),
        mark=_mark(plan),
        number_text=number_text,
        outdated=status == 409,
    )
    return page, status
