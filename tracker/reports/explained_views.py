"""The contribution of a period on screen: the report, the projects behind a cell, and the arithmetic of one of them."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.exports import asking, presenters
from tracker.exports.arithmetic import arithmetic as explained_part
from tracker.exports.pages import ContributionPage, page_of
from tracker.exports.standing import Asking, stand
from tracker.exports.views import asked_cell, audience
from tracker.extensions import db
from tracker.followup.queries import get_period
from tracker.reports.blueprint import bp
from tracker.reports.explained import asked_in, material_of, offered_in, period_report, unchanging_sign


@bp.get("/uppfoljning/perioder/<key>/bidrag")
@requires(Permission.VIEW_DRAFTS)
def explained(key: str) -> ResponseReturnValue:
    """Contribution to the goals as a period tells it."""
    session = db.session()
    period = get_period(session, key)
    asked = asked_in(period, request.args, audience())
    sign = unchanging_sign(period, asked.question.audience)

    def make() -> ContributionPage:
        report = period_report(session, period, asked.question)
        return page_of(report, asked, offered_in(session, period, asked.question))

    asks = Asking(("period page", *asked.key), datetime.now(UTC), sign)
    page = stand(session, asks, ContributionPage, make)
    return render_template(
        "reports/explained.html",
        asked=asked,
        page=page,
        period=period,
        shown_words=asking.SHOWN_WORDS,
        column_words=asking.COLUMN_WORDS,
    )


@bp.get("/uppfoljning/perioder/<key>/bidrag/projekt")
@requires(Permission.VIEW_DRAFTS)
def projects_behind(key: str) -> ResponseReturnValue:
    """The projects behind one cell."""
    period = get_period(db.session(), key)
    asked = asked_in(period, request.args, audience())
    report = period_report(db.session(), period, asked.question)
    page = presenters.behind(report, asked.shown, *asked_cell())
    return render_template("reports/projects_behind.html", asked=asked, report=report, page=page, period=period)


@bp.get("/uppfoljning/perioder/<key>/bidrag/projekt/<kod>")
@requires(Permission.VIEW_DRAFTS)
def arithmetic(key: str, kod: str) -> ResponseReturnValue:
    """The arithmetic behind what one project brings to a cell."""
    period = get_period(db.session(), key)
    asked = asked_in(period, request.args, audience())
    material, _ = material_of(db.session(), period, asked.question)
    page = explained_part(material, asked.question.rule, kod, presenters.amount_index(asked.shown), asked_cell())
    return render_template("reports/arithmetic.html", asked=asked, page=page, material=material, period=period)
