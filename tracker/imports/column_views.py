"""The step that says which column of the file is which field."""

from __future__ import annotations

from dataclasses import replace

from flask.typing import ResponseReturnValue

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.extensions import db
from tracker.imports.answers import Answers, Step
from tracker.imports.blueprint import bp
from tracker.imports.choices import Choices
from tracker.imports.column_forms import ColumnsForm
from tracker.imports.column_rows import POSITIONS, column_rows
from tracker.imports.remembering import as_last_time, find_remembered
from tracker.imports.walking import go, keep, refusing, step_page, walk
from tracker.web.reading import reads_only


@bp.route("/import/<token>/kolumner", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
@reads_only
@refusing
def columns(token: str) -> ResponseReturnValue:
    """Match the columns; those that no field was found for stay visible."""
    walked = walk(token)
    table = walked.table()
    session = db.session()
    known = as_last_time(session, table.columns, walked.answers.choices)
    rows = column_rows(table, known)
    form = ColumnsForm()
    form.offer(rows, known.code_prefix)
    if form.validate_on_submit():
        chosen, units, prefix = form.columns(), form.units(), form.prefix()
        keep(token, lambda answers: _with_columns(answers, chosen, units, prefix))
        return go(Step.VALUES, token)
    return step_page(
        "imports/columns.html", walked, Step.COLUMNS, 422 if form.is_submitted() else 200,
        form=form, rows=rows, count=len(table.rows), notes=table.notes,
        remembered=find_remembered(session, table.columns) if walked.answers.choices.columns is None else None,
    )  # fmt: skip


def _with_columns(answers: Answers, columns: dict[str, str], units: dict[str, str], prefix: str) -> Answers:
    """Other columns of positions are other positions, and other words are to be understood."""
    former = answers.choices.columns or {}
    moved = any(former.get(field, columns[field]) != columns[field] for field in POSITIONS)
    again = (Step.VALUES, Step.PLACE) if moved else (Step.VALUES,)
    choices: Choices = replace(answers.choices, columns=columns, units=units, code_prefix=prefix)
    return answers.after(Step.COLUMNS, choices, again)
