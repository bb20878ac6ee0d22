"""The step that says which coordinate system the numbers are in, and which of them is the northing."""

from __future__ import annotations

from dataclasses import replace

from flask.typing import ResponseReturnValue

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.areas.queries import newest_set
from tracker.extensions import db
from tracker.imports.answers import Answers, Step
from tracker.imports.blueprint import bp
from tracker.imports.place_forms import PlaceForm
from tracker.imports.place_questions import place_question
from tracker.imports.remembering import as_last_time
from tracker.imports.walking import go, keep, refusing, step_page, walk
from tracker.web.reading import reads_only


@bp.route("/import/<token>/koordinater", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
@reads_only
@refusing
def place(token: str) -> ResponseReturnValue:
    """Say or confirm the coordinate system; a stated one is told."""
    walked = walk(token)
    table = walked.table()
    known = as_last_time(db.session(), table.columns, walked.answers.choices)
    # Asked without the former answer, so that the way back shows all that can be chosen.
    question = place_question(table, replace(known, srid=None, northing_first=None))
    form = PlaceForm()
    form.offer(question)
    if form.validate_on_submit():
        keep(token, lambda answers: _with_place(answers, form, stated=question.stated is not None))
        return go(Step.COLUMNS, token)
    if not form.is_submitted():
        form.fill(walked.answers.choices)
    return step_page(
        "imports/place.html", walked, Step.PLACE, 422 if form.is_submitted() else 200,
        form=form, question=question, notes=table.notes, newest=newest_set(db.session()),
    )  # fmt: skip


def _with_place(answers: Answers, form: PlaceForm, *, stated: bool) -> Answers:
    srid, northing_first = form.system()
    if stated:
        srid, northing_first = None, northing_first or None
    return answers.after(Step.PLACE, replace(answers.choices, srid=srid, northing_first=northing_first))
