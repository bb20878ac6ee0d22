"""The step that says what the words of the file mean in the register."""

from __future__ import annotations

from dataclasses import replace

from flask.typing import ResponseReturnValue

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.areas.gazetteer import Gazetteer
from tracker.areas.queries import list_areas, lowest_set
from tracker.extensions import db
from tracker.imports.answers import Answers, Step
from tracker.imports.blueprint import bp
from tracker.imports.choices import Choices
from tracker.imports.questions import questions
from tracker.imports.remembering import as_last_time
from tracker.imports.value_forms import ValuesForm
from tracker.imports.walking import go, keep, refusing, step_page, walk
from tracker.web.reading import reads_only


@bp.route("/import/<token>/varden", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
@reads_only
@refusing
def values(token: str) -> ResponseReturnValue:
    """Match the words; those that nobody understands must be chosen or left empty."""
    walked = walk(token)
    table = walked.table()
    session = db.session()
    known = as_last_time(session, table.columns, walked.answers.choices)
    asked = questions(session, table, known)
    if asked.missing_key:
        return go(Step.COLUMNS, token)
    form = ValuesForm()
    form.offer(asked.words, Gazetteer.load(session))
    if form.validate_on_submit():
        meanings = form.meanings()
        keep(token, lambda answers: _with_values(answers, meanings, known))
        return go(Step.PLAN, token)
    return step_page(
        "imports/values.html", walked, Step.VALUES, 422 if form.is_submitted() else 200, form=form,
        area_names=[area.name for area in list_areas(session, lowest_set(session))],
    )  # fmt: skip


def _with_values(answers: Answers, meanings: dict[str, dict[str, str]], known: Choices) -> Answers:
    """Words of columns that are not asked about now keep their meaning."""
    choices = answers.choices
    if choices.columns is None and known.columns is not None:
        choices = replace(choices, columns=known.columns, code_prefix=known.code_prefix)
    kept = {field: dict(words) for field, words in choices.values.items()}
    for field, words in meanings.items():
        kept[field] = kept.get(field, {}) | words
    return answers.after(Step.VALUES, replace(choices, values=kept))
