"""The rows of the grid "Rapportera": what stands in the period, what was sent, or what a draft of it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request

from tracker.errors import NotFoundError
from tracker.extensions import db
from tracker.followup.models import Period
from tracker.followup.queries import get_period
from tracker.followup.report_forms import needs_comment, typed_deviation
from tracker.followup.report_rows import RowForm, row_form
from tracker.followup.sheet_reading import read_sheets
from tracker.followup.sheets import Sheet
from tracker.followup.typed import PERIOD, Fields, changed_cells, go_on_with_row, sent_ids
from tracker.projects.draft_store import fields_of
from tracker.projects.drafts import Draft
from tracker.projects.secrecy import signs
from tracker.projects.viewing import viewer
from tracker.projects.vocabulary import Flow

MOST_ROWS = 200
"""Rows that one save may hold; a page has fewer."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the page shows it: what stands, and what is typed."""

    sheet: Sheet
    form: RowForm
    signs: Mapping[str, str]
    far: bool
    """The forecasts in the fields are so far from the budget that a comment is needed."""
    deviation_ore: int | None
    """Of the outlay in its field."""


def lines_of(period: Period, ids: Sequence[int], typed: Fields | None = None) -> list[Line]:
    """The rows of projects; with what was sent, or with what was typed before."""
    sheets = read_sheets(db.session(), period, ids, viewer())
    return [line_of(period, sheets[one], row_form(sheets[one], typed)) for one in ids if one in sheets]


def line_of(period: Period, sheet: Sheet, form: RowForm) -> Line:
    """A row with what stands in its fields."""
    far = needs_comment(form, sheet, period.deviation_percent, period.deviation_ore)
    return Line(sheet, form, signs(sheet.hidden), far, typed_deviation(form, sheet.row(Flow.OUTLAY), sheet.year))


def sent_lines(period: Period) -> list[Line]:
    """The rows that were sent, in the order of the page."""
    return lines_of(period, sent_ids(request.form)[:MOST_ROWS])


def lines_of_draft(period: Period, draft: Draft) -> list[Line]:
    """The rows that a draft holds; of one that was sent to another period, those that were changed."""
    fields = fields_of(draft)
    ids = sent_ids(fields)[:MOST_ROWS]
    old = _other_period(period, fields)
    if old is None:
        return lines_of(period, ids, fields)
    changed = [one for one in ids if changed_cells(fields, one)]
    sheets = read_sheets(db.session(), period, changed, viewer())
    typed = {one: go_on_with_row(sheets[one], old.year, fields) for one in changed if one in sheets}
    return [line_of(period, sheets[one], row_form(sheets[one], typed[one])) for one in typed]


def _other_period(period: Period, fields: Fields) -> Period | None:
    """The period that a draft was sent to, where that is another one."""
    key = fields.get(PERIOD, period.key)
    if key == period.key:
        return None
    try:
        return get_period(db.session(), key)
    except NotFoundError:
        return None
