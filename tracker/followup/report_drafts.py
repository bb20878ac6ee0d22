"""Reports that are being typed: kept as their author's drafts, and offered when the author comes back to the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from tracker.accounts.login import person, requires
from tracker.accounts.roles import Permission
from tracker.extensions import db
from tracker.followup.blueprint import bp
from tracker.followup.models import Period
from tracker.followup.queries import get_period
from tracker.followup.report_rows import row_prefix, stored_row, written
from tracker.followup.sheet_reading import read_sheets
from tracker.followup.sheets import Sheet
from tracker.followup.typed import Fields, changed_cells, differing_fields, sent_ids
from tracker.projects.draft_offers import MOST_OFFERED
from tracker.projects.draft_passes import FormPass
from tracker.projects.draft_saving import by_its_pass, keep_while_typing, own_pass
from tracker.projects.draft_store import address_of, fields_of, is_placed, placed_drafts
from tracker.projects.drafts import Draft
from tracker.projects.models import Project
from tracker.projects.viewing import viewer
from tracker.text import clean


@dataclass(frozen=True, slots=True)
class OfferedReport:
    """What somebody typed and did not save; `changed` are the projects, or the fields, that it says otherwise of."""

    token: str
    at: datetime
    address: str
    changed: tuple[str, ...]


def _keep(form_pass: FormPass, key: str) -> ResponseReturnValue:
    """Keep a grid, or the report of the project that the mark names."""
    if not is_placed(form_pass.token):
        raise BadRequest
    period, project = get_period(db.session(), key), None
    if form_pass.project_id is None:
        place = grid_address(period)
    else:
        project = db.session().get_one(Project, form_pass.project_id)
        place = url_for("followup.report_project", key=period.key, kod=project.code)
    return keep_while_typing(form_pass, project, place)


@bp.post("/uppfoljning/perioder/<key>/utkast")
@by_its_pass(_keep)
@requires(Permission.EDIT_PROJECT)
def save_report_draft(key: str) -> ResponseReturnValue:
    """Keep what stands in a report while it is typed. The choices of a grid stand in the address."""
    return _keep(own_pass(), key)


def grid_address(period: Period, endpoint: str = "followup.report_grid") -> str:
    """A page of the grid with the choices of this request."""
    kept: dict[str, Any] = {name: request.args[name] for name in ("visa", "ledare", "page") if request.args.get(name)}
    return url_for(endpoint, key=period.key, **kept)


def grid_draft_address(period: Period) -> str:
    """Where the grid of this request is kept."""
    return grid_address(period, "followup.save_report_draft")


def offered_grids(period: Period) -> list[OfferedReport]:
    """The person's newest drafts of the grid of a period that say something else than what stands."""
    return [one for draft in _mine(None, period) if (one := _offered(draft, _changed_rows(period, fields_of(draft))))]


def offered_reports(period: Period, project: Project, sheet: Sheet) -> list[OfferedReport]:
    """The person's newest drafts of a project's report that say something else than what stands."""
    drafts = _mine(project, period)
    return [one for draft in drafts if (one := _offered(draft, differing_fields(sheet, fields_of(draft))))]


def _mine(project: Project | None, period: Period) -> list[Draft]:
    user = person()
    if user is None or request.method != "GET":
        return []
    if project is None:
        path = url_for("followup.report_grid", key=period.key)
    else:
        path = url_for("followup.report_project", key=period.key, kod=project.code)
    return placed_drafts(db.session(), user.id, project.id if project else None, path)[:MOST_OFFERED]


def _offered(draft: Draft, changed: Sequence[str]) -> OfferedReport | None:
    return OfferedReport(draft.token, draft.updated_at, address_of(draft), tuple(changed)) if changed else None


def _changed_rows(period: Period, fields: Fields) -> list[str]:
    """The names of the projects that a person typed something of, other than what stands now."""
    changed = {one: cells for one in sent_ids(fields) if (cells := changed_cells(fields, one))}
    sheets = read_sheets(db.session(), period, list(changed), viewer()) if changed else {}
    return [
        sheets[one].name for one, cells in changed.items() if one in sheets and _differs(sheets[one], cells, fields)
    ]


def _differs(sheet: Sheet, cells: Sequence[str], fields: Fields) -> bool:
    stored, prefix = stored_row(sheet), row_prefix(sheet.project_id)
    return any(name in stored and clean(fields[prefix + name]) != clean(written(stored[name])) for name in cells)
