"""Forms of the area catalogue, for those who may edit it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.accounts.login import actor, requires
from tracker.accounts.roles import Permission
from tracker.areas import editions, policies, queries, services
from tracker.areas.blueprint import bp
from tracker.areas.forms import AreaForm, MergeForm, NewEditionForm, NoteForm
from tracker.extensions import db
from tracker.web.forms import BaseForm


@bp.route("/omraden/<edition>/andra", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUES)
def edit_edition(edition: str) -> ResponseReturnValue:
    """The note of an edition."""
    session = db.session()
    area_set = queries.get_area_set(session, edition)
    form = NoteForm(obj=area_set)
    if form.accepts(lambda: services.change_note(session, area_set, form.note.data or "", actor())):
        session.commit()
        return redirect(url_for(".list_areas", edition=edition))
    return _page("areas/edit_edition.html", form, edition=area_set)


@bp.route("/omraden/<edition>/<kod>/andra", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUES)
def edit_area(edition: str, kod: str) -> ResponseReturnValue:
    """Code, other names and inhabitants of an area."""
    session = db.session()
    area = queries.get_area(session, edition, kod)
    form = AreaForm()
    if not form.is_submitted():
        form.fill(services.area_input(session, area))
    elif form.accepts(lambda: services.change_area(session, area, form.to_input(), actor())):
        session.commit()
        flash(_("%(name)s är sparat.", name=area.name), "success")
        return redirect(url_for(".list_areas", edition=edition, _anchor=f"omrade-{kod}"))
    return _page("areas/edit_area.html", form, edition=area.area_set, area=area)


@bp.route("/omraden/<edition>/ny", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUES)
def copy_edition(edition: str) -> ResponseReturnValue:
    """A new edition as a copy of the newest."""
    session = db.session()
    source = queries.get_area_set(session, edition)
    policies.refuse_succeeded(session, source)
    form = NewEditionForm()
    if form.accepts(lambda: editions.copy_edition(session, source, form.to_input(), actor())):
        session.commit()
        flash(_("Den nya utgåvan finns. Slå ihop de områden som ska bli ett."), "success")
        return redirect(url_for(".list_areas", edition=form.code.data))
    return _page("areas/copy_edition.html", form, edition=source)


@bp.route("/omraden/<edition>/sla-ihop", methods=["GET", "POST"])
@requires(Permission.EDIT_CATALOGUES)
def merge_areas(edition: str) -> ResponseReturnValue:
    """Several areas of a new edition become one."""
    session = db.session()
    area_set = queries.get_area_set(session, edition)
    policies.refuse_settled(session, area_set)
    areas = queries.list_areas(session, area_set)
    form = MergeForm()
    form.offer(areas)
    if form.accepts(lambda: editions.merge_areas(session, area_set, form.to_input(), actor())):
        session.commit()
        flash(_("%(name)s finns nu i utgåvan.", name=form.name.data), "success")
        return redirect(url_for(".list_areas", edition=edition))
    return _page("areas/merge_areas.html", form, edition=area_set, areas=areas)


@bp.post("/omraden/<edition>/ta-bort")
@requires(Permission.EDIT_CATALOGUES)
def discard_edition(edition: str) -> ResponseReturnValue:
    """Remove a new edition that nothing uses yet."""
    session = db.session()
    editions.discard_edition(session, queries.get_area_set(session, edition), actor())
    session.commit()
    flash(_("Utgåvan är borttagen."), "success")
    return redirect(url_for(".list_areas"))


def _page(template: str, form: BaseForm, **shown: object) -> ResponseReturnValue:
    return render_template(template, form=form, **shown), 422 if form.is_submitted() else 200
