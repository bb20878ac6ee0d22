"""The first step: which layer or sheet, and in which row the headers stand."""

from __future__ import annotations

from dataclasses import replace

from flask import request
from flask.typing import ResponseReturnValue

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.imports.answers import Answers, Step
from tracker.imports.blueprint import bp
from tracker.imports.choices import Choices
from tracker.imports.contents import FileContents, LayerContents
from tracker.imports.walking import go, keep, step_page, walk
from tracker.imports.wizard_forms import LayerForm
from tracker.web.reading import reads_only


@bp.get("/import/<token>")
@requires(Permission.EDIT_PROJECT)
def continue_import(token: str) -> ResponseReturnValue:
    """Where the person left off: the first step that has a question and no answer."""
    walked = walk(token)
    confirmed = walked.answers.confirmed
    if Step.LAYER not in confirmed and _is_open(walked.contents().only):
        return go(Step.LAYER, token)
    left = [one for one in Step if one is not Step.LAYER and one not in confirmed]
    return go(left[0], token)


def _is_open(only: LayerContents | None) -> bool:
    """Whether a layer, or the row of the headers, must be chosen."""
    return only is None or bool(only.sample and only.header_row is None)


@bp.route("/import/<token>/lager", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
@reads_only
def layer(token: str) -> ResponseReturnValue:
    """Choose a layer or sheet and its row of headers."""
    walked = walk(token)
    contents = walked.contents()
    form = LayerForm()
    chosen = _chosen(contents, request.args.get("lager", walked.answers.choices.layer))
    form.offer(contents.offered)
    if form.validate_on_submit():
        picked = form.chosen
        keep(token, lambda answers: _with_layer(answers, picked, form.header_row.data))
        return go(Step.PLACE, token)
    if not form.is_submitted():
        form.fill(chosen, walked.answers.choices.header_row)
    status = 422 if form.is_submitted() else 200
    return step_page("imports/layer.html", walked, Step.LAYER, status, contents=contents, form=form, chosen=chosen)


def _chosen(contents: FileContents, name: str | None) -> LayerContents | None:
    return next((one for one in contents.offered if one.name == name), contents.only)


def _with_layer(answers: Answers, layer: LayerContents, header_row: int | None) -> Answers:
    """Another layer is another table: what was answered about the former one falls."""
    header = header_row if layer.sample else None
    former = answers.choices
    same = (former.layer or "", former.header_row or layer.header_row) == (layer.name, header or layer.header_row)
    choices = former if same else Choices(year=former.year, publish=former.publish)
    choices = replace(choices, layer=layer.name or None, header_row=header)
    return answers.after(Step.LAYER, choices, again=() if same else Step)
