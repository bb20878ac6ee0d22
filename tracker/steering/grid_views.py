"""Entering the values of a year in a grid."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.accounts.login import actor, requires
from tracker.accounts.roles import Permission
from tracker.areas.models import AreaSet
from tracker.areas.queries import area_set_for_year, get_area_set, list_area_sets, list_areas, lowest_set
from tracker.extensions import db
from tracker.projects.rules import YEARS
from tracker.projects.standing import today
from tracker.steering.blueprint import bp
from tracker.steering.grid import Grid, open_grid, save_grid
from tracker.steering.models import Indicator
from tracker.steering.queries import get_indicator


def _year(indicator: Indicator) -> int:
    text = request.values.get("year", "")
    if text.isascii() and text.isdigit() and len(text) == 4 and int(text) in YEARS:
        return int(text)
    return max((row.year for row in indicator.values), default=today().year)


def _area_set(indicator: Indicator, year: int) -> AreaSet:
    """The edition asked for, else the one that the year's values are in, else the one valid in the year."""
    session, asked = db.session(), request.values.get("areas", "")
    if asked:
        return get_area_set(session, asked)
    used = next((row.area for row in indicator.values if row.area_id is not None and row.year == year), None)
    return used.area_set if used is not None else area_set_for_year(session, year)


@bp.get("/uppfoljning/indikatorer/<code>/varden")
@requires(Permission.MANAGE_PERIODS)
def values(code: str) -> ResponseReturnValue:
    """The numbers of a year that stand."""
    session = db.session()
    indicator = get_indicator(session, code)
    year = _year(indicator)
    area_set = _area_set(indicator, year)
    return _page(indicator, area_set, open_grid(indicator, list_areas(session, area_set), year), 200)


@bp.post("/uppfoljning/indikatorer/<code>/varden")
@requires(Permission.MANAGE_PERIODS)
def save_values(code: str) -> ResponseReturnValue:
    """Save what was typed; a fault, or somebody who came between, saves nothing and loses nothing."""
    session = db.session()
    indicator = get_indicator(session, code)
    year = _year(indicator)
    area_set = _area_set(indicator, year)
    grid = save_grid(session, indicator, list_areas(session, area_set), year, request.form, actor())
    if grid.faults or grid.crossed:
        session.rollback()
        return _page(
            get_indicator(session, code), get_area_set(session, area_set.code), grid, 422 if grid.faults else 409
        )
    session.commit()
    if grid.saved:
        flash(ngettext("En rad är ändrad.", "%(num)s rader är ändrade.", grid.saved), "success")
    else:
        flash(_("Inget var ändrat, så inget sparades."), "info")
    return redirect(url_for(".values", code=code, year=year, areas=area_set.code))


def _page(indicator: Indicator, area_set: AreaSet, grid: Grid, status: int) -> ResponseReturnValue:
    session = db.session()
    editions = [*reversed(list_area_sets(session)), lowest_set(session)]
    page = render_template("steering/values.html", indicator=indicator, area_set=area_set, editions=editions, grid=grid)
    return page, status
