"""The pages for new and edited projects. What is refused comes back whole, with the reasons beside the fields."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from tracker.accounts.login import actor, person, requires
from tracker.accounts.roles import Permission
from tracker.errors import ConflictError, InvalidInputError
from tracker.extensions import db
from tracker.projects import queries, services
from tracker.projects.form_actions import redraw
from tracker.projects.form_amounts import figure_locks, money, share_sum
from tracker.projects.form_checks import check
from tracker.projects.form_choices import load_choices
from tracker.projects.form_conflicts import OtherChange, changes_since
from tracker.projects.form_filling import new_values, stored_values
from tracker.projects.form_reading import to_input
from tracker.projects.form_rows import whole_or_none
from tracker.projects.form_sections import all_faults, section_states
from tracker.projects.forms import Assessment, ProjectForm
from tracker.projects.models import Project
from tracker.projects.programmes import find_parent
from tracker.projects.viewing import rights, viewer
from tracker.projects.views import bp
from tracker.projects.vocabulary import WEIGHTS, Flow
from tracker.web.content import STOCKHOLM


@bp.route("/projekt/ny", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def new_project() -> ResponseReturnValue:
    """Register a project: a draft until it is reviewed."""
    form = filled_form(None)
    if request.method == "GET" or redraw(form, request.form.get("action", "")):
        return page(form, None)
    return save(form, None, lambda: services.register_project(db.session(), to_input(form, None), actor(), rights()))


@bp.route("/projekt/<kod>/redigera", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def edit_project(kod: str) -> ResponseReturnValue:
    """Change a project; a save by somebody else in between is shown, and nothing typed is lost."""
    project = queries.get_project(db.session(), kod, viewer())
    form = filled_form(project)
    if request.method == "GET" or redraw(form, request.form.get("action", "")):
        return page(form, project)
    version = whole_or_none(form.version.data) or 0

    def write() -> Project:
        given = to_input(form, project)
        return services.change_project(db.session(), project, given, version, actor(), rights())

    try:
        return save(form, project, write)
    except (ConflictError, StaleDataError):
        db.session.rollback()
        others = changes_since(db.session(), project, version)
        form.version.data = str(project.version)
        return page(form, project, 409, others)


def filled_form(project: Project | None) -> ProjectForm:
    """The form with what was sent, else with what is stored or proposed, and with its lists."""
    session, year = db.session(), datetime.now(STOCKHOLM).year
    sent = request.form.get("goal_set_choice") if request.form.get("action") == "edition" else None
    edition = whole_or_none(sent or request.form.get("goal_set"))
    choices = load_choices(session, viewer(), project, edition, year)
    user = person()
    if project is None:
        values = new_values(session, user.id if user else None, year)
    else:
        values = stored_values(project, choices, find_parent(session, project, viewer()))
    form = ProjectForm(data=values if request.method == "GET" else {"geometry": values.get("geometry")})
    form.offer(choices)
    return form


def save(form: ProjectForm, project: Project | None, write: Callable[[], Project]) -> ResponseReturnValue:
    """Check, write, commit; what is refused is put beside its field and the page comes back."""
    session = db.session()
    if not check(session, form, project, viewer()):
        return page(form, project, 422)
    try:
        saved = write()
        session.commit()
    except InvalidInputError as error:
        session.rollback()
        form.refuse(error)
    except IntegrityError:
        # Two saves at once with one code: the database let one through, and this is the other.
        session.rollback()
        if check(session, form, project, viewer()):
            raise
    else:
        flash(_("Projektet %(code)s är sparat.", code=saved.code), "success")
        return redirect(url_for("projects.detail", kod=saved.code))
    return page(form, project, 422)


def page(
    form: ProjectForm, project: Project | None, status: int = 200, others: list[OtherChange] | None = None
) -> ResponseReturnValue:
    """The form as a page."""
    drawn = form.geometry.typed or (form.geometry.data is not None and "ja")
    if not form.located_outer.data and project is not None:
        outer = any(row.area is not None and row.area.outer_city for row in project.locations)
        form.located_outer.data = "ja" if outer else "nej"
    return render_template(
        "projects/form/page.html",
        form=form,
        project=project,
        choices=form.choices,
        sections=section_states(form, has_shape=bool(drawn)),
        faults=[fault for _name, fault in all_faults(form)] if status == 422 else [],
        others=others,
        locks=figure_locks(project, rights()),
        money=money(form),
        share_sum=share_sum(form),
        weights=WEIGHTS,
        flows=list(Flow),
        assessments=list(Assessment),
    ), status
