"""Conflicts of a plan: whose value stands where the file and the register changed the same field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.imports import uploads
from tracker.imports.answers import Answers, Step
from tracker.imports.apply import CHANGED_SINCE
from tracker.imports.blueprint import bp
from tracker.imports.conflicts import Side
from tracker.imports.plan_forms import ConflictsForm
from tracker.imports.plan_views import asker
from tracker.imports.planning import seen_plan
from tracker.imports.seen import Row
from tracker.imports.upload_views import state_folder
from tracker.imports.walking import go, keep, refusing, walk
from tracker.web.reading import reads_only

ALL = "alla"
"""The button that means every conflict, also those on other pages."""


@bp.post("/import/<token>/konflikter")
@requires(Permission.EDIT_PROJECT)
@reads_only
@refusing
def settle(token: str) -> ResponseReturnValue:
    """Keep what was chosen for single rows (`rad-<row>`) or for all; the plan is another one then."""
    walked = walk(token)
    form = ConflictsForm()
    seen = seen_plan(uploads.folder_of(state_folder(), token), walked.answers.choices, asker())
    if not form.validate_on_submit() or seen is None or seen.fingerprint != form.fingerprint.data:
        flash(CHANGED_SINCE, "warning")
        return go(Step.PLAN, token)
    chosen = _chosen(seen.rows["konflikter"], request.form)
    keep(token, lambda answers: _with(answers, chosen))
    left = sum(not (row["side"] or str(row["row"]) in chosen) for row in seen.rows["konflikter"])
    if not left:
        flash(gettext("Alla konflikter är avgjorda. Se över planen och genomför den."), "success")
    page = request.args.get("page") if left else None
    return redirect(url_for(".plan", token=token, visa="konflikter", page=page, _anchor="tabell"))


def _chosen(rows: Iterable[Row], given: Mapping[str, str]) -> dict[str, str]:
    """Row → "fil:7": the version is the one that the person saw."""
    every = given.get(ALL, "")
    words = {str(row["row"]): (every or given.get(f"rad-{row['row']}", ""), row["version"]) for row in rows}
    return {row: f"{word}:{version}" for row, (word, version) in words.items() if word in set(Side)}


def _with(answers: Answers, chosen: Mapping[str, str]) -> Answers:
    choices = replace(answers.choices, conflicts={**answers.choices.conflicts, **chosen})
    return replace(answers, choices=choices)
