"""The reconciliation of a period: differences until they are 0 or explained, and the budget's totals."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from tracker.accounts.login import actor, requires
from tracker.accounts.roles import Permission
from tracker.errors import ConflictError, InvalidInputError, NotFoundError
from tracker.extensions import db
from tracker.followup.blueprint import bp
from tracker.followup.models import BudgetTotal, Period
from tracker.followup.queries import get_period
from tracker.followup.reconciliation_forms import ExplanationForm, TotalsForm
from tracker.followup.reconciliation_pages import show_reconciliation
from tracker.followup.reconciling_services import enter_total, explain
from tracker.followup.vocabulary import Target
from tracker.money import format_kronor
from tracker.projects.policies import INTERNAL
from tracker.projects.vocabulary import Flow

SHOWN_PARTS = 100
bp.app_template_filter("kronor_exact")(lambda ore: "–" if ore is None else format_kronor(ore, 2))


def _period(key: str) -> Period:
    try:
        return get_period(db.session(), key)
    except (NotFoundError, InvalidInputError) as error:
        raise NotFound from error


@bp.get("/uppfoljning/perioder/<key>/avstamning")
@requires(Permission.MANAGE_PERIODS)
def reconciliation(key: str) -> ResponseReturnValue:
    """Portfolio against ledger and budget, by year and flow."""
    return _page(_period(key))


def _page(
    period: Period,
    status: int = 200,
    totals: TotalsForm | None = None,
    writing: ExplanationForm | None = None,
    error: str = "",
) -> ResponseReturnValue:
    shown = show_reconciliation(db.session(), period, INTERNAL)
    forms = [_showing(year, kept) for year, kept in sorted(shown.totals.items())]
    if totals is not None:
        forms = [totals if one.year.data == totals.year.data else one for one in forms]
    page = render_template(
        "followup/reconciliation.html",
        period=period,
        page=shown,
        totals=forms,
        new_year=totals if totals is not None and totals not in forms else TotalsForm(formdata=None),
        writing=writing,
        error=error,
        most=SHOWN_PARTS,
        Target=Target,
    )
    return page, status


def _showing(year: int, kept: Mapping[Flow, BudgetTotal]) -> TotalsForm:
    source = next((one.source for one in kept.values()), "")
    amounts = {flow.value: one.amount_ore for flow, one in kept.items()}
    return TotalsForm(formdata=None, year=year, source=source, **amounts)


@bp.post("/uppfoljning/perioder/<key>/avstamning/total")
@requires(Permission.MANAGE_PERIODS)
def enter_budget_total(key: str) -> ResponseReturnValue:
    """Enter the adopted budget's totals of a year."""
    session, period, form = db.session(), _period(key), TotalsForm()
    try:
        if not form.accepts(lambda: _enter(period, form)):
            session.rollback()
            return _page(_period(key), 422, totals=form)
    except ConflictError as error:
        session.rollback()
        return _page(_period(key), 409, totals=form, error=str(error))
    session.commit()
    flash(_("Budgetens total för %(year)s är sparad.", year=form.year.data), "success")
    return redirect(url_for(".reconciliation", key=key))


def _enter(period: Period, form: TotalsForm) -> None:
    for flow in Flow:
        enter_total(db.session(), period, (form.year.data, flow), form.amount(flow), form.source.data or "", actor())


@bp.post("/uppfoljning/perioder/<key>/avstamning/forklara")
@requires(Permission.MANAGE_PERIODS)
def explain_difference(key: str) -> ResponseReturnValue:
    """Explain a difference in writing, or take the explanation back."""
    session, period, form = db.session(), _period(key), ExplanationForm()
    try:
        place = (Target(form.target.data), int(form.year.data or ""), Flow(form.flow.data))
        difference = int(form.difference.data or "")
    except ValueError:
        return redirect(url_for(".reconciliation", key=key))
    try:
        if not form.accepts(lambda: explain(session, period, place, difference, form.text.data or "", actor())):
            session.rollback()
            return _page(_period(key), 422, writing=form)
    except ConflictError as error:
        session.rollback()
        return _page(_period(key), 409, writing=form, error=str(error))
    session.commit()
    flash(_("Förklaringen är sparad.") if form.text.data else _("Förklaringen är borttagen."), "success")
    anchor = f"{place[0].value}-{place[1]}-{place[2].value}"
    return redirect(url_for(".reconciliation", key=key, _anchor=anchor))
