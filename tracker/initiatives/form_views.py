"""A new initiative, and changing one."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError

from tracker.accounts.login import actor, person, requires
from tracker.accounts.queries import list_managers
from tracker.accounts.roles import Permission
from tracker.errors import ConflictError
from tracker.extensions import db
from tracker.followup.picking import Picking, picked, read_picking
from tracker.initiatives import conflicts, presenters, queries, services
from tracker.initiatives.blueprint import bp
from tracker.initiatives.forms import InitiativeForm, NewInitiativeForm
from tracker.initiatives.inputs import InitiativeInput
from tracker.initiatives.models import Initiative, Perspective
from tracker.initiatives.policies import refuse_other
from tracker.initiatives.presenters import Choices
from tracker.initiatives.rules import Comparison
from tracker.projects.viewing import rights, viewer
from tracker.text import clean


@dataclass(slots=True)
class Page:
    """Everything that the form page shows."""

    form: InitiativeForm
    choices: Choices
    perspectives: list[Perspective]
    texts: dict[int, str]
    picking: Picking
    initiative: Initiative | None = None
    conflict: Comparison | None = None
    saved: presenters.Told | None = None
    """The save that came between."""

    @property
    def searching(self) -> bool:
        """Whether the form was sent only to find projects, or with words that were not yet searched for."""
        return request.form.get("action") == "search" or bool(self.picking.query)

    def input(self) -> InitiativeInput:
        """What was sent."""
        return self.form.to_input(self.picking, self.perspectives, self.texts)

    def show(self, status: int) -> ResponseReturnValue:
        """The page."""
        words = {"word": presenters.word, "field_label": presenters.field_label}
        return render_template("initiatives/form.html", page=self, form=self.form, **words), status


def _page(form: InitiativeForm, initiative: Initiative | None) -> Page:
    session = db.session()
    choices, perspectives = presenters.choices_of(session), queries.list_perspectives(session)
    owners = list_managers(session)
    if initiative is not None and initiative.owner is not None and initiative.owner not in owners:
        owners.append(initiative.owner)
    form.offer(
        [goal.id for group in choices.goals for goal in group.goals],
        [one.id for one in choices.assignments],
        [area.id for group in choices.areas for area in group.areas],
        owners,
    )
    texts = {one.id: clean(request.form.get(f"answer-{one.id}")) for one in perspectives}
    return Page(form, choices, perspectives, texts, read_picking(session, request.form, viewer()), initiative)


@bp.route("/uppfoljning/insatser/ny", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def add_initiative() -> ResponseReturnValue:
    """A new initiative, a draft."""
    session, user = db.session(), person()
    page = _page(NewInitiativeForm(), None)
    if request.method == "GET":
        page.form["code"].data = queries.propose_code(session)
        page.form.owner_id.data = user.id if user else 0
        return page.show(200)
    if page.searching:
        return page.show(200)
    if page.form.accepts(lambda: services.register_initiative(session, page.input(), actor(), rights())):
        session.commit()
        flash(_("Insatsen är sparad som utkast."), "success")
        return redirect(url_for(".initiative", code=page.input().code))
    return page.show(422)


@bp.route("/uppfoljning/insatser/<code>/andra", methods=["GET", "POST"])
@requires(Permission.EDIT_PROJECT)
def edit_initiative(code: str) -> ResponseReturnValue:
    """Change an initiative; when somebody else has saved in between, both versions are shown."""
    session = db.session()
    initiative = queries.get_initiative(session, code, viewer())
    refuse_other(initiative, rights())
    page = _page(InitiativeForm(), initiative)
    if request.method == "GET":
        page.form.fill(conflicts.seen_input(session, initiative, viewer()))
        page.form.version.data = str(initiative.version)
        page.picking = picked(queries.list_linked_projects(session, initiative, viewer()))
        page.texts = {one.perspective_id: one.answer for one in initiative.answers}
        return page.show(200)
    if page.searching:
        return page.show(200)
    try:
        opened = _opened(page.form)
        saved = page.form.accepts(
            lambda: services.change_initiative(session, initiative, page.input(), opened, actor(), rights())
        )
    except (ConflictError, StaleDataError):
        session.rollback()
        return _both(page, code)
    if not saved:
        return page.show(422)
    session.commit()
    flash(_("Insatsen är sparad."), "success")
    return redirect(url_for(".initiative", code=code))


def _opened(form: InitiativeForm) -> int:
    text = form.version.data or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _both(page: Page, code: str) -> ResponseReturnValue:
    """What the others saved beside what was typed; what only they changed is taken over into the form."""
    session = db.session()
    initiative = page.initiative = queries.get_initiative(session, code, viewer())
    page.conflict = conflicts.find_conflict(session, initiative, page.input(), _opened(page.form), viewer())
    page.saved = next(iter(presenters.tell_history(session, initiative, viewer())), None)
    stored = conflicts.seen_input(session, initiative, viewer())
    taken = [one.field for one in page.conflict.theirs]
    if taken:
        page.form.fill(stored, taken)
    if "projects" in taken:
        page.picking = picked(queries.list_linked_projects(session, initiative, viewer()))
    if "answers" in taken:
        page.texts = dict(stored.answers)
    page.form.version.data = str(initiative.version)
    return page.show(409)
