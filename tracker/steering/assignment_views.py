"""Assignments: the list, one of them with its projects, and the report of a period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from tracker.accounts.login import actor, can, requires
from tracker.accounts.roles import Permission
from tracker.extensions import db
from tracker.followup.models import Period
from tracker.followup.picking import Picking, picked, read_picking
from tracker.followup.queries import find_last, get_period
from tracker.goals.models import Assignment, AssignmentStatus
from tracker.goals.queries import get_assignment, list_assignments
from tracker.projects.standing import today
from tracker.projects.viewing import viewer
from tracker.steering import assigning
from tracker.steering.assigning import Said
from tracker.steering.blueprint import bp
from tracker.steering.gathering import projects_of_assignments
from tracker.steering.outcomes import UNTRIED, Outcome
from tracker.steering.queries import list_assignment_reports
from tracker.steering.rules import is_late
from tracker.steering.sheet_views import save_sheet, sent_rows, sent_text

LATE = "sena"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which assignments are shown: of a budget year, in a status, or only those that are late."""

    year: int | None
    show: str

    def holds(self, one: Assignment, day: date) -> bool:
        """Whether it is shown."""
        if self.year is not None and one.budget_year != self.year:
            return False
        if self.show == LATE:
            return is_late(one.due, one.status, day)
        return not self.show or one.status.value == self.show


@bp.get("/uppfoljning/uppdrag")
@requires(Permission.VIEW_DRAFTS)
def assignments() -> ResponseReturnValue:
    """Every assignment with owner, last day, status, goals and projects; the late ones are marked."""
    session, day = db.session(), today()
    year, show = request.args.get("year", ""), request.args.get("visa", "")
    known = {status.value for status in AssignmentStatus} | {LATE}
    wanted = Wanted(
        int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None, show if show in known else ""
    )
    everything = list_assignments(session)
    return render_template(
        "steering/assignments.html",
        rows=[(one, is_late(one.due, one.status, day)) for one in everything if wanted.holds(one, day)],
        total=len(everything),
        late=sum(is_late(one.due, one.status, day) for one in everything),
        years=sorted({one.budget_year for one in everything}),
        statuses=list(AssignmentStatus),
        projects=projects_of_assignments(session, viewer()),
        wanted=wanted,
        last=find_last(session),
    )


@bp.get("/uppfoljning/uppdrag/<code>")
@requires(Permission.VIEW_DRAFTS)
def assignment(code: str) -> ResponseReturnValue:
    """One assignment with its projects and its reports."""
    session = db.session()
    found = get_assignment(session, code)
    return _one(found, picked(projects_of_assignments(session, viewer()).get(found.id, ())))


@bp.post("/uppfoljning/uppdrag/<code>")
@requires(Permission.MANAGE_PERIODS)
def link_projects(code: str) -> ResponseReturnValue:
    """Search projects, or save which ones carry it out."""
    session = db.session()
    found = get_assignment(session, code)
    picking = read_picking(session, request.form, viewer())
    if request.form.get("action") == "search" or picking.query:
        return _one(found, picking)
    changed = assigning.link_projects(session, found, picking.ids, actor(), viewer())
    session.commit()
    if changed:
        flash(ngettext("Ett projekt är ändrat.", "%(num)s projekt är ändrade.", changed), "success")
    return redirect(url_for(".assignment", code=code))


def _one(found: Assignment, picking: Picking) -> ResponseReturnValue:
    session = db.session()
    return render_template(
        "steering/assignment.html",
        assignment=found,
        late=is_late(found.due, found.status, today()),
        picking=picking,
        projects=projects_of_assignments(session, viewer()).get(found.id, ()),
        reports=list_assignment_reports(session, found),
    )


@bp.get("/uppfoljning/perioder/<key>/uppdrag")
@requires(Permission.VIEW_DRAFTS)
def report_assignments(key: str) -> ResponseReturnValue:
    """How every assignment of the period goes."""
    return _report(get_period(db.session(), key), {}, UNTRIED, 200)


@bp.post("/uppfoljning/perioder/<key>/uppdrag")
@requires(Permission.MANAGE_PERIODS)
def save_assignments(key: str) -> ResponseReturnValue:
    """Save status and text."""
    said = _said()
    return save_sheet(
        key,
        said,
        lambda period: assigning.report_assignments(db.session(), period, said, actor()),
        _report,
        lambda count: ngettext("Ett uppdrag är rapporterat.", "%(num)s uppdrag är rapporterade.", count),
    )


def _said() -> dict[int, Said]:
    """Rows by the assignment's id, from fields called status-7, text-7, seen-7 and same-7."""
    statuses = {status.value: status for status in AssignmentStatus}
    form = request.form
    return {
        number: Said(
            statuses[value], sent_text(f"text-{number}"), form.get(f"seen-{number}", ""), f"same-{number}" in form
        )
        for number, value in sent_rows("status-")
        if value in statuses
    }


def _report(period: Period, said: Mapping[int, Said], outcome: Outcome, status: int) -> ResponseReturnValue:
    session = db.session()
    rows = assigning.list_report_rows(session, period)
    page = render_template(
        "steering/report_assignments.html",
        period=period,
        rows=rows,
        late={row.assignment.id for row in rows if is_late(row.assignment.due, row.standing.status, period.as_of)},
        projects=projects_of_assignments(session, viewer()),
        said=said,
        outcome=outcome,
        statuses=list(AssignmentStatus),
        writable=period.is_open and can(Permission.MANAGE_PERIODS),
    )
    return page, status
