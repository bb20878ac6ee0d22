"""Pages of measures."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.accounts.login import actor, can, requires
from tracker.accounts.roles import Permission
from tracker.extensions import db
from tracker.measures import queries, services
from tracker.measures.forms import MeasureForm, NewMeasureForm
from tracker.measures.models import Measure

bp = Blueprint("measures", __name__)


@bp.get("/matt")
@requires(Permission.VIEW_PUBLIC)
def list_measures() -> ResponseReturnValue:
    """The catalogue of measures by group; whoever may edit it also sees those out of use."""
    measures = queries.list_measures(db.session(), active_only=not can(Permission.EDIT_CATALOGUES))
    groups = [(group, list(members)) for group, members in groupby(measures, key=lambda m: m.group)]
    return render_template("measures/list_measures.html", groups=groups)


@bp.route("/matt/nytt", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUES)
def add_measure() -> ResponseReturnValue:
    """A new measure."""
    form = NewMeasureForm()
    if form.accepts(lambda: services.add_measure(db.session(), form.to_input(), actor())):
        db.session.commit()
        return redirect(url_for(".list_measures", _anchor=form.code.data))
    return _page(form, None)


@bp.route("/matt/<code>", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUES)
def edit_measure(code: str) -> ResponseReturnValue:
    """Name, unit and help of a measure, and whether it is in use."""
    session = db.session()
    measure = queries.get_measure(session, code)
    form = MeasureForm(
        data={
            "name_sv": measure.name_sv,
            "name_en": measure.name_en,
            "unit": measure.unit,
            "kind": measure.kind.value if measure.kind else "",
            "help_sv": measure.help_sv,
            "active": measure.active,
        }
    )
    if form.accepts(lambda: services.change_measure(session, measure, form.to_input(measure), actor())):
        session.commit()
        return redirect(url_for(".list_measures", _anchor=code))
    return _page(form, measure)


def _page(form: MeasureForm, measure: Measure | None) -> ResponseReturnValue:
    page = render_template("measures/measure.html", form=form, measure=measure)
    return page, 422 if form.is_submitted() else 200
