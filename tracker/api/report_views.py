"""Periods, and what is reported of a project in one: by the rules of the page "Rapportera"."""

from __future__ import annotations

from dataclasses import replace

import orjson
from flask import Response, g, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict

from tracker.accounts.login import actor, requires
from tracker.accounts.roles import Permission
from tracker.accounts.token_bearing import bearer
from tracker.api.blueprint import bp
from tracker.api.json_reading import JSON, read_body
from tracker.api.project_words import list_codes
from tracker.api.report_document import READ_ONLY, ReportDocument, place_in_report, report_fields, told_report
from tracker.api.shapes_of_json import typed
from tracker.api.versions import moved, refuse_moved
from tracker.errors import ConflictError, InvalidInputError, NotFoundError, Problem
from tracker.extensions import db
from tracker.followup import reporting
from tracker.followup.models import Period
from tracker.followup.queries import get_period, list_periods
from tracker.followup.report_forms import ReportForm, report_form, to_input
from tracker.followup.sheet_reading import read_sheets
from tracker.followup.sheets import Sheet
from tracker.projects.models import Project
from tracker.projects.policies import Rights
from tracker.projects.queries import get_project
from tracker.projects.viewing import rights, viewer
from tracker.web.addresses import whole_address


@bp.get("/periods")
@requires(Permission.VIEW_DRAFTS)
def periods() -> ResponseReturnValue:
    """Every period in order of time, with its state and its last day."""
    found = [
        {"key": one.key, "state": one.state.value, "as_of": one.as_of.isoformat(), "deadline": one.deadline.isoformat()}
        for one in list_periods(db.session())
    ]
    return jsonify(periods=found)


@bp.get("/periods/<key>/projects/<code>/report")
@requires(Permission.VIEW_DRAFTS)
def report(key: str, code: str) -> ResponseReturnValue:
    """The report as it stands, whether made or waited for."""
    period, _project, sheet = _load(key, code)
    return _answer(period, sheet)


@bp.put("/periods/<key>/projects/<code>/report")
@requires(Permission.REPORT_FIGURES)
def save_report(key: str, code: str) -> ResponseReturnValue:
    """Report a project. What the document does not name of amounts and counts stays as it stands."""
    session = db.session()
    period, project, sheet = _load(key, code)
    reporting.refuse_others(project, _rights())
    reporting.hold_open(session, period)
    refuse_moved(_tag(sheet))
    document = _document()
    measures = _measures(session)
    form = _checked(document, sheet, measures)
    try:
        given = to_input(form, sheet)
        reporting.report_project(session, period, project, given, actor(), _rights(), sheet.version, sheet.sign)
        session.commit()
    except InvalidInputError as error:
        raise InvalidInputError([_placed(one, document, measures) for one in error.problems]) from error
    except (ConflictError, StaleDataError) as error:
        session.rollback()
        period, _project, now = _load(key, code)
        if not period.is_open:
            raise ConflictError(f"Perioden {period.key} är stängd och tar inte emot rapporter.") from error
        raise moved(_tag(now)) from error
    period, _project, sheet = _load(key, code)
    return _answer(period, sheet)


def _rights() -> Rights:
    """A controller reports anybody's project, also with a token that was made for reporting alone."""
    found = bearer()
    controls = found is not None and Permission.EDIT_BUDGET in found.owner_permissions
    return replace(rights(), budget=rights().budget or controls)


def _load(key: str, code: str) -> tuple[Period, Project, Sheet]:
    session, reader = db.session(), viewer()
    period, project = get_period(session, key), get_project(session, code, reader)
    sheet = read_sheets(session, period, [project.id], reader).get(project.id)
    if sheet is None:
        raise NotFoundError(f"Projektet {project.code} väntas inte rapportera i {period.key}.")
    return period, project, sheet


def _document() -> ReportDocument:
    sent = read_body(JSON)
    if not isinstance(sent, dict):
        raise InvalidInputError([Problem("dokumentet", "Ska vara ett objekt.")])
    return typed({name: value for name, value in sent.items() if name not in READ_ONLY}, ReportDocument)


def _measures(session: Session) -> dict[int, str]:
    return dict(list_codes(session))


def _checked(document: ReportDocument, sheet: Sheet, measures: dict[int, str]) -> ReportForm:
    fields = MultiDict(report_fields(document, sheet, measures))
    # No browser sends what this form is made of: the token in the header has told whose it is.
    g.csrf_valid = True
    form = report_form(sheet, fields)
    if not form.validate():
        found = [Problem(name, str(reason)) for name, reasons in form.errors.items() for reason in reasons]
        raise InvalidInputError([_placed(one, document, measures) for one in found])
    return form


def _placed(one: Problem, document: ReportDocument, measures: dict[int, str]) -> Problem:
    return Problem(place_in_report(one.field or "dokumentet", document, measures), one.reason, one.value)


def _tag(sheet: Sheet) -> str:
    """Of the report and of what stands beside it in the register, as far as whoever asks sees it."""
    return f"r{sheet.version}-{sheet.sign}"


def _answer(period: Period, sheet: Sheet) -> Response:
    links = [{"rel": "self", "href": whole_address("api.report", key=period.key, code=sheet.code), "type": JSON}]
    told = told_report(sheet, period.key, _measures(db.session())) | {"links": links}
    answer = Response(orjson.dumps(told), mimetype=JSON)
    answer.headers["ETag"] = f'"{_tag(sheet)}"'
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
