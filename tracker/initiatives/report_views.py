"""Reporting initiatives in a period, many on one page."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.accounts.login import actor, can, requires
from tracker.accounts.roles import Permission
from tracker.extensions import db
from tracker.followup.models import Period
from tracker.followup.queries import get_period
from tracker.initiatives import reporting
from tracker.initiatives.blueprint import bp
from tracker.initiatives.policies import may_change
from tracker.initiatives.reporting import Outcome, Said
from tracker.projects.viewing import rights, viewer
from tracker.text import clean

UNTRIED = Outcome(0, {}, frozenset())


@bp.get("/uppfoljning/perioder/<key>/insatser")
@requires(Permission.VIEW_DRAFTS)
def report(key: str) -> ResponseReturnValue:
    """What was done and for whom, of every initiative of the period."""
    return _page(get_period(db.session(), key), {}, UNTRIED, 200)


@bp.post("/uppfoljning/perioder/<key>/insatser")
@requires(Permission.EDIT_PROJECT)
def save_report(key: str) -> ResponseReturnValue:
    """Save what was written; when somebody came between, both texts are shown and nothing is saved."""
    session = db.session()
    period, said = get_period(session, key), _said()
    outcome = reporting.report_initiatives(session, period, said, actor(), rights())
    if outcome.problems or outcome.crossed:
        session.rollback()
        return _page(get_period(session, key), said, outcome, 409 if outcome.crossed else 422)
    session.commit()
    if outcome.saved:
        flash(ngettext("En insats är rapporterad.", "%(num)s insatser är rapporterade.", outcome.saved), "success")
    else:
        flash(_("Inget var ändrat, så inget sparades."), "info")
    return redirect(url_for(".report", key=period.key))


def _said() -> dict[int, Said]:
    """Rows by the initiative's id, from fields called done-7, for_whom-7, seen-7 and same-7."""
    numbers = {name.removeprefix("seen-") for name in request.form if name.startswith("seen-")}
    return {
        int(number): Said(
            done=_text(f"done-{number}"),
            for_whom=_text(f"for_whom-{number}"),
            seen=request.form.get(f"seen-{number}", ""),
            same=f"same-{number}" in request.form,
        )
        for number in numbers
        if number.isascii() and number.isdigit() and len(number) < 10
    }


def _text(name: str) -> str:
    return clean(request.form.get(name)).replace("\r\n", "\n")


def _page(period: Period, said: dict[int, Said], outcome: Outcome, status: int) -> ResponseReturnValue:
    rows = reporting.list_report_rows(db.session(), period, viewer())
    writable = {
        row.initiative.id
        for row in rows
        if period.is_open and can(Permission.EDIT_PROJECT) and may_change(row.initiative, rights())
    }
    page = render_template(
        "initiatives/report.html", period=period, rows=rows, writable=writable, said=said, outcome=outcome
    )
    return page, status
