"""The pages for new and edited projects. What is refused comes back whole, with the reasons beside the fields."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from tracker.accounts.login import actor, person, requires
from tracker.accounts.roles import Permission
from tracker.errors import ConflictError, InvalidInputError
from tracker.extensions import db
from tracker.messages import message
from tracker.projects import draft_views as _draft_views  # noqa: F401 - they add routes to the blueprint
from tracker.projects import history_views as _history_views  # noqa: F401
from tracker.projects import queries, restoring, services
from tracker.projects.draft_guard import form_pass, form_token, fresh_token, is_stale, keeps_what_was_sent
from tracker.projects.draft_offers import keep_sent, offered_drafts, wanted_draft
from tracker.projects.draft_store import drop_draft, fields_of, find_sent, mark_sent
from tracker.projects.drafts import Draft
from tracker.projects.form_actions import redraw
from tracker.projects.form_amounts import figure_locks, money, share_sum
from tracker.projects.form_checks import check
from tracker.projects.form_choices import load_choices
from tracker.projects.form_codes import is_offered
from tracker.projects.form_conflicts import find_conflict, says_the_same
from tracker.projects.form_filling import new_values, stored_values
from tracker.projects.form_reading import to_input
from tracker.projects.form_rows import whole_or_none
from tracker.projects.form_sections import all_faults, section_states
from tracker.projects.forms import Assessment, ProjectForm
from tracker.projects.masking import hidden_from, shown_to
from tracker.projects.models import Project
from tracker.projects.programmes import find_parent
from tracker.projects.secrecy import signs
from tracker.projects.viewing import rights, viewer
from tracker.projects.views import bp
from tracker.projects.vocabulary import WEIGHTS, Flow
from tracker.web.content import STOCKHOLM


@bp.route("/projekt/ny", methods=["GET", "POST"])
@keeps_what_was_sent
@requires(Permission.EDIT_PROJECT)
def new_project() -> ResponseReturnValue:
    """Register a project: a draft until it is reviewed. The same form sent twice makes one project."""
    draft = wanted_draft(None)
    form = filled_form(None, draft)
    if request.method == "GET":
        return page(form, None, draft=draft)
    if is_stale() or redraw(form, request.form.get("action", "")):
        keep_sent(None)
        return page(form, None, 400 if is_stale() else 200)
    return _sent_before(form) or save(form, None, _register(form))


def _register(form: ProjectForm) -> Callable[[], Project]:
    return lambda: services.register_project(db.session(), to_input(form, None), actor(), rights())


def _sent_before(form: ProjectForm) -> ResponseReturnValue | None:
    """Where a form for a new project leads that was saved already; None when it was not."""
    session = db.session()
    sent = find_sent(session, form_token(None))
    project = session.get(Project, sent.project_id) if sent is not None else None
    if project is None:
        return None
    typed = form.code.data
    if is_offered(form):
        form.code.data = project.code  # The code that it was saved with, where the offered one was taken by then.
    if check(session, form, project, viewer()) and says_the_same(session, form, project, rights()):
        return redirect(url_for("projects.detail", kod=project.code))
    flash(
        _(
            "Det här formuläret sparades redan som projekt %(code)s. Det som står här nu är något annat: öppna "
            "projektet och ändra det där, eller ge det här en egen kod och spara det som ett nytt projekt.",
            code=project.code,
        ),
        "warning",
    )
    form.code.data, form.code_offered.data = typed, ""
    check(session, form, None, viewer())
    fresh_token()
    keep_sent(None)
    return page(form, None, 409)


@bp.route("/projekt/<kod>/redigera", methods=["GET", "POST"])
@keeps_what_was_sent
@requires(Permission.EDIT_PROJECT)
def edit_project(kod: str) -> ResponseReturnValue:
    """Change a project; a save by somebody else in between is shown part by part, and nothing typed is lost."""
    stored = queries.get_project(db.session(), kod, viewer())
    project = shown_to(stored, viewer())
    draft = wanted_draft(stored)
    form = filled_form(project, draft)
    if request.method == "GET":
        return page(form, project, draft=draft)
    opened = whole_or_none(request.form.get("opened"))
    if is_stale() or redraw(form, request.form.get("action", "")):
        status = 400 if is_stale() else 200
        if opened is not None and check(db.session(), form, stored, viewer()):
            return _conflict(form, stored, opened, status)
        keep_sent(stored)
        return page(form, project, status)
    version = whole_or_none(form.version.data) or 0
    try:
        if opened is not None:
            return _merge(form, stored, opened, version)
        return save(form, stored, lambda: _change(form, stored, project, version))
    except (ConflictError, StaleDataError):
        db.session.rollback()
        return _conflict(form, stored, version if opened is None else opened)


def _change(form: ProjectForm, stored: Project, project: Project, version: int) -> Project:
    return services.change_project(db.session(), stored, to_input(form, project), version, actor(), rights())


def _merge(form: ProjectForm, stored: Project, opened: int, version: int) -> ResponseReturnValue:
    """Save what was chosen of two versions, if no third came in between and every choice is made."""
    session = db.session()
    if not check(session, form, stored, viewer()):
        return _conflict(form, stored, opened, 422)
    conflict = find_conflict(session, form, stored, opened, rights(), request.form)
    if stored.version != version or conflict.undecided:
        return _conflict(form, stored, opened, 409 if stored.version != version else 422)

    def write() -> Project:
        return restoring.write_contents(session, stored, conflict.merged, version, actor(), rights(), services.PLAINLY)

    try:
        return _saved(stored, write())
    except InvalidInputError as error:
        session.rollback()
        form.refuse(error)
        return _conflict(form, stored, opened, 422)


def _conflict(form: ProjectForm, stored: Project, opened: int, status: int = 409) -> ResponseReturnValue:
    """Both versions. Where they say the same there is nothing to choose, and nothing to save."""
    conflict = find_conflict(db.session(), form, stored, opened, rights(), request.form)
    if status == 409 and not conflict.choices:
        return _saved(stored, stored)
    keep_sent(stored)
    form.version.data = str(stored.version)
    return page(form, shown_to(stored, viewer()), status, conflict=conflict)


def filled_form(project: Project | None, draft: Draft | None = None) -> ProjectForm:
    """The form with what was sent or kept as a draft, else with what is stored or proposed, and with its lists."""
    session, year = db.session(), datetime.now(STOCKHOLM).year
    fields = fields_of(draft) if draft is not None else request.form
    sent = fields.get("goal_set_choice") if fields.get("action") == "edition" else None
    choices = load_choices(session, viewer(), project, whole_or_none(sent or fields.get("goal_set")), year)
    user = person()
    if project is None:
        values = new_values(session, user.id if user else None, year)
    else:
        values = stored_values(project, choices, find_parent(session, project, viewer()))
    typed = draft is not None or request.method == "POST"
    given: dict[str, Any] = {"formdata": fields} if typed else {}
    form = ProjectForm(data={"geometry": values.get("geometry")} if typed else values, **given)
    form.offer(choices)
    form.shut = frozenset(hidden_from(project, viewer()) if project else ())
    return form


def save(form: ProjectForm, project: Project | None, write: Callable[[], Project]) -> ResponseReturnValue:
    """Check, write, commit; what is refused is put beside its field and the page comes back."""
    session = db.session()
    tried: str | None = None
    failed: InvalidInputError | IntegrityError | None = None
    while check(session, form, project, viewer()):
        if failed is not None and form.code.data == tried:
            raise failed
        tried = form.code.data
        try:
            return _saved(project, write())
        except InvalidInputError as error:
            session.rollback()
            if not (project is None and is_offered(form) and _code_alone(error)):
                form.refuse(error)
                break
            failed = error
        except IntegrityError as error:
            # Two saves at once with one code or one token: the database let one through, and this is the other.
            session.rollback()
            if project is not None and project.version != whole_or_none(form.version.data):
                raise ConflictError(message("Någon annan hann före.")) from None
            if project is None and find_sent(session, form_token(None)) is not None:
                break
            failed = error
    if project is None and (answer := _sent_before(form)) is not None:
        return answer
    keep_sent(project)
    return page(form, project and shown_to(project, viewer()), 422)


def _code_alone(error: InvalidInputError) -> bool:
    return all(problem.field == "code" for problem in error.problems)


def _saved(project: Project | None, saved: Project) -> ResponseReturnValue:
    """The end of every save: the draft goes, the form is marked as sent, and the page of the project follows."""
    session, me = db.session(), actor()
    token = form_token(project)
    if me.user_id is not None:
        drop_draft(session, token, me.user_id)
    mark_sent(session, token, saved, me.at)
    session.commit()
    flash(_("Projektet %(code)s är sparat.", code=saved.code), "success")
    offered = request.form.get("code_offered", "").strip()
    if project is None and offered not in ("", saved.code) and offered == request.form.get("code", "").strip():
        flash(_("Koden %(code)s togs av ett annat projekt medan formuläret var öppet.", code=offered), "info")
    return redirect(url_for("projects.detail", kod=saved.code))


def page(form: ProjectForm, project: Project | None, status: int = 200, **further: Any) -> ResponseReturnValue:
    """The form as a page. `further`: the `draft` that it goes on with, or the `conflict` that it shows."""
    drawn = form.geometry.typed or (form.geometry.data is not None and "ja")
    if not form.located_outer.data and project is not None:
        outer = any(row.area is not None and row.area.outer_city for row in project.locations)
        form.located_outer.data = "ja" if outer else "nej"
    shown: dict[str, Any] = {"draft": None, "conflict": None} | further
    return render_template(
        "projects/form/page.html",
        form=form,
        project=project,
        choices=form.choices,
        sections=section_states(form, has_shape=bool(drawn), waiting=bool(form.pasted.data)),
        faults=[fault for _name, fault in all_faults(form)] if status == 422 else [],
        stale=is_stale(),
        form_pass=form_pass(project),
        offers=offered_drafts(project, filled_form) if request.method == "GET" and shown["draft"] is None else [],
        hidden=signs(hidden_from(project, viewer())) if project else {},
        locks=figure_locks(project, rights()),
        money=money(form),
        share_sum=share_sum(form),
        weights=WEIGHTS,
        flows=list(Flow),
        assessments=list(Assessment),
        **shown,
    ), status
