"""Indicators: the list by goal, one with its gaps, a new one and changing one."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.accounts.login import actor, requires
from tracker.accounts.roles import Permission
from tracker.extensions import db
from tracker.goals.presenters import goal_groups
from tracker.goals.queries import list_goal_sets, list_goals_of
from tracker.steering import indicators as services
from tracker.steering import presenters
from tracker.steering.blueprint import bp
from tracker.steering.facts import IndicatorFacts
from tracker.steering.forms import IndicatorForm, NewIndicatorForm
from tracker.steering.gathering import indicator_facts, indicators_facts
from tracker.steering.models import Indicator
from tracker.steering.numbers import number_text
from tracker.steering.queries import get_indicator, list_indicators
from tracker.steering.speaking import latest_outcome

FAR = 9999


@bp.get("/uppfoljning/indikatorer")
@requires(Permission.VIEW_DRAFTS)
def indicators() -> ResponseReturnValue:
    """Every indicator by goal with the newest outcome of the city."""
    session = db.session()
    facts = indicators_facts(session)
    return render_template(
        "steering/indicators.html",
        rows=[(one, facts[one.id], latest_outcome(facts[one.id], FAR)) for one in list_indicators(session)],
        spread_words={one: _first_words(fact) for one, fact in facts.items()},
        number_text=number_text,
    )


def _first_words(facts: IndicatorFacts) -> str:
    tables = presenters.area_tables(db.session(), facts)
    return next((table.words[0] for table in tables if table.words), "")


@bp.get("/uppfoljning/indikatorer/<code>")
@requires(Permission.VIEW_DRAFTS)
def indicator(code: str) -> ResponseReturnValue:
    """One indicator: the city by year, and each area's gap to the city."""
    session = db.session()
    found = get_indicator(session, code)
    facts = indicator_facts(session, found)
    return render_template(
        "steering/indicator.html",
        indicator=found,
        city=presenters.city_values(facts),
        tables=presenters.area_tables(session, facts),
        difference_unit=presenters.difference_unit(found.unit),
        number_text=number_text,
        chart_width=presenters.CHART_WIDTH,
    )


@bp.route("/uppfoljning/indikatorer/ny", methods=["GET", "POST"])
@requires(Permission.MANAGE_PERIODS)
def add_indicator() -> ResponseReturnValue:
    """A new indicator."""
    session = db.session()
    form = NewIndicatorForm()
    _offer(form)
    if form.accepts(lambda: services.add_indicator(session, form.to_input(), actor())):
        session.commit()
        flash(_("Indikatorn är sparad. Lägg in värden eller läs in dem från en fil."), "success")
        return redirect(url_for(".indicator", code=form.code.data))
    return _page(form, None)


@bp.route("/uppfoljning/indikatorer/<code>/andra", methods=["GET", "POST"])
@requires(Permission.MANAGE_PERIODS)
def edit_indicator(code: str) -> ResponseReturnValue:
    """Change an indicator."""
    session = db.session()
    found = get_indicator(session, code)
    given = services.stored_input(found)
    stored = {name: getattr(given, name) for name in ("name", "unit", "decimals", "goal_id", "description", "source")}
    form = IndicatorForm(data=stored | {"direction": given.direction.value})
    _offer(form)
    if form.accepts(lambda: services.change_indicator(session, found, form.to_input(), actor())):
        session.commit()
        flash(_("Indikatorn är sparad."), "success")
        return redirect(url_for(".indicator", code=code))
    return _page(form, found)


def _offer(form: IndicatorForm) -> None:
    session = db.session()
    form.offer_goals(goal_groups(list_goal_sets(session), list_goals_of(session)))


def _page(form: IndicatorForm, found: Indicator | None) -> ResponseReturnValue:
    page = render_template("steering/edit_indicator.html", form=form, indicator=found)
    return page, 422 if form.is_submitted() else 200
