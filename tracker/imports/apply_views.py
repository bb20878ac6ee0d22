"""Going ahead with a plan, and how it went."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.accounts.login import actor, require_still, requires
from tracker.accounts.roles import Permission
from tracker.database import begin_writing
from tracker.errors import ConflictError, RefusedFileError
from tracker.extensions import db
from tracker.history.models import Origin
from tracker.history.services import Actor
from tracker.imports import uploads
from tracker.imports.answers import Step
from tracker.imports.apply import CHANGED_SINCE, Applied, apply_plan, conflicts_in_words, count_without_goals
from tracker.imports.blueprint import bp
from tracker.imports.candidates import interpret
from tracker.imports.choices import Choices
from tracker.imports.models import Upload
from tracker.imports.plan_forms import ApplyForm
from tracker.imports.plan_views import asker, refused_plan
from tracker.imports.planning import keep_plan, plan_of
from tracker.imports.remembering import remember
from tracker.imports.results import written_projects
from tracker.imports.sources import Table
from tracker.imports.upload_views import me, state_folder
from tracker.imports.walking import go, refusing, walk
from tracker.projects.programmes import hold_tree
from tracker.web.paging import page_number
from tracker.web.reading import reads_only


@bp.post("/import/<token>/genomfor")
@requires(Permission.EDIT_PROJECT)
@reads_only
@refusing
def apply(token: str) -> ResponseReturnValue:
    """Do what was seen, all of it or nothing. The file is read before the right to write is asked for."""
    walked = walk(token)
    form = ApplyForm()
    if not form.validate_on_submit():
        return go(Step.PLAN, token)
    table, choices = walked.table(), walked.answers.choices
    candidates = interpret(table, choices)
    by = asker()
    who = replace(actor(), origin=Origin.IMPORT, note=f"Fil: {walked.upload.file_name}")
    session = db.session()
    session.rollback()
    begin_writing(session)
    require_still(Permission.EDIT_PROJECT)
    upload = walk(token, lock=True).upload  # sends the second of two clicks to the result of the first
    if "parent" in candidates.values:
        hold_tree(session)
    made = plan_of(session, candidates, choices, by)
    if made.fingerprint() != form.fingerprint.data:
        session.rollback()
        keep_plan(uploads.folder_of(state_folder(), token), made, choices, by)
        flash(CHANGED_SINCE, "warning")
        return go(Step.PLAN, token)
    if made.open_conflicts:
        session.rollback()
        return refused_plan(token, conflicts_in_words(len(made.open_conflicts)))
    try:
        applied = apply_plan(session, made, who, leave_refused=bool(form.leave_refused.data))
        _finish(upload, table, choices, applied, who)
        session.commit()
    except (RefusedFileError, ConflictError) as error:
        session.rollback()
        return refused_plan(token, str(error))
    uploads.remove_files(state_folder(), token)
    return redirect(url_for(".result", token=token))


def _finish(upload: Upload, table: Table, choices: Choices, applied: Applied, who: Actor) -> None:
    """In the same transaction: what is remembered for the next file, and how it went."""
    session = db.session()
    remember(session, table.columns, choices, upload.file_name, who.name, who.at)
    told = {
        "at": who.at.isoformat(),
        "added": applied.added,
        "changed": applied.changed,
        "unchanged": applied.unchanged,
        "left": applied.left,
        "unjudged": count_without_goals(session, applied.project_ids),
    }
    uploads.finish(upload, json.dumps(told), who.at)


@bp.get("/import/<token>/klart")
@requires(Permission.EDIT_PROJECT)
def result(token: str) -> ResponseReturnValue:
    """How an import went, for a day: counts, and the projects that it added and changed."""
    session = db.session()
    upload = uploads.get_upload(session, token, me())
    if not uploads.is_finished(upload):
        return go(Step.PLAN, token)
    told: dict[str, Any] = json.loads(upload.choices)
    at = datetime.fromisoformat(told["at"])
    page = page_number(request.args.get("page"), told["added"] + told["changed"])
    projects = written_projects(session, at, me(), page.offset, page.size)
    return render_template("imports/result.html", upload=upload, told=told, at=at, projects=projects, page=page)
