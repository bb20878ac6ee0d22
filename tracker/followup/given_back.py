"""A report that was sent to a period which was closed meanwhile: all that was typed is kept and shown, to be copied.

Where the project waits in a later open period, what was changed can be gone on with there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.extensions import db
from tracker.followup.grid_lines import Line
from tracker.followup.models import Period
from tracker.followup.queries import find_taking_over
from tracker.followup.report_forms import ReportForm
from tracker.followup.report_rows import is_changed
from tracker.followup.sheets import Sheet
from tracker.followup.typed import Table, table_of_report, table_of_rows
from tracker.projects.draft_guard import form_token
from tracker.projects.draft_offers import keep_sent
from tracker.projects.draft_store import DRAFT
from tracker.projects.models import Project


def give_back_grid(period: Period, lines: Sequence[Line]) -> ResponseReturnValue:
    """The changed rows of a grid."""
    changed = [line for line in lines if is_changed(line.form)]
    table = table_of_rows((line.sheet, line.form) for line in changed)
    return _page(period, table, [line.sheet.project_id for line in changed], None)


def give_back_report(period: Period, project: Project, sheet: Sheet, form: ReportForm) -> ResponseReturnValue:
    """The changed fields of a report."""
    return _page(period, table_of_report(form, sheet, period.key), [project.id], project)


def _page(period: Period, table: Table, ids: Sequence[int], project: Project | None) -> ResponseReturnValue:
    """409 for what was just sent, which is kept as a draft; 200 for a draft that is looked at again."""
    if request.method == "POST" and table.rows:
        keep_sent(project, placed=True)
    found = find_taking_over(db.session(), period, ids)
    later, waiting = found or (None, 0)
    address = ""
    if later is not None:
        values: dict[str, Any] = {"key": later.key, DRAFT: form_token(project, placed=True)}
        if project is None:
            address = url_for(".report_grid", **values)
        else:
            address = url_for(".report_project", kod=project.code, **values)
    return render_template(
        "followup/given_back.html",
        period=period,
        project=project,
        table=table,
        later=later,
        waiting=waiting,
        address=address,
    ), 409 if request.method == "POST" else 200
