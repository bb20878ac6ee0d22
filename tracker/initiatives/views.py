"""The list of initiatives, the page of one, and its publication."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.accounts.login import actor, can, requires
from tracker.accounts.roles import Permission
from tracker.areas.queries import list_area_sets, list_areas
from tracker.extensions import db
from tracker.goals.models import GoalSetKind
from tracker.goals.queries import goal_tree, list_goal_sets
from tracker.initiatives import presenters, queries, reporting, services
from tracker.initiatives.blueprint import bp
from tracker.initiatives.policies import may_change
from tracker.initiatives.queries import InitiativeFilter
from tracker.projects.policies import PUBLIC
from tracker.projects.viewing import rights, viewer
from tracker.projects.vocabulary import Publication


def _wanted() -> InitiativeFilter:
    year = request.args.get("year", "")
    return InitiativeFilter(
        goal=request.args.get("goal", "")[:40],
        area=request.args.get("area", "")[:60],
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        q=request.args.get("q", "")[:200],
    )


def _offered() -> dict[str, object]:
    """Goals of the newest edition with goals, areas of the newest edition."""
    session = db.session()
    editions = list_goal_sets(session, GoalSetKind.INTEGRATION)
    trees = (goal_tree(session, one) for one in editions)
    return {
        "goals": next((tree for tree in trees if tree), ()),
        "areas": list_areas(session, list_area_sets(session)[-1]),
    }


@bp.get("/uppfoljning/insatser")
@requires(Permission.VIEW_DRAFTS)
def list_initiatives() -> ResponseReturnValue:
    """All that one may see, by goal, area, year and words."""
    session, wanted = db.session(), _wanted()
    return render_template(
        "initiatives/list.html",
        initiatives=queries.list_initiatives(session, wanted, viewer()),
        total=queries.count_initiatives(session, viewer()),
        wanted=wanted,
        **_offered(),
    )


@bp.get("/insatser")
@requires(Permission.VIEW_PUBLIC)
def published() -> ResponseReturnValue:
    """The published ones, for anybody; nothing else, whoever asks."""
    session, wanted = db.session(), _wanted()
    return render_template(
        "initiatives/published.html",
        initiatives=queries.list_initiatives(session, wanted, PUBLIC),
        total=queries.count_initiatives(session, PUBLIC),
        wanted=wanted,
        **_offered(),
    )


@bp.get("/uppfoljning/insatser/<code>")
@requires(Permission.VIEW_DRAFTS)
def initiative(code: str) -> ResponseReturnValue:
    """One initiative: what, for whom, what it is linked to, its reports and its history."""
    session = db.session()
    found = queries.get_initiative(session, code, viewer())
    return render_template(
        "initiatives/initiative.html",
        initiative=found,
        projects=queries.list_linked_projects(session, found, viewer()),
        perspectives=queries.list_perspectives(session),
        answers={one.perspective_id: one.answer for one in found.answers},
        reports=reporting.list_reports(session, found),
        history=presenters.tell_history(session, found, viewer()),
        may_change=can(Permission.EDIT_PROJECT) and may_change(found, rights()),
    )


@bp.post("/uppfoljning/insatser/<code>/publicering")
@requires(Permission.PUBLISH_PROJECT)
def publish(code: str) -> ResponseReturnValue:
    """Publish it, or make it a draft again."""
    session = db.session()
    found = queries.get_initiative(session, code, viewer())
    version = request.form.get("version", "")
    wanted = Publication.PUBLISHED if request.form.get("publication") == "publicerad" else Publication.DRAFT
    read = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0
    services.publish_initiative(session, found, wanted, read, actor(), rights())
    session.commit()
    flash(_("Insatsen är publicerad.") if wanted is Publication.PUBLISHED else _("Insatsen är utkast."), "success")
    return redirect(url_for(".initiative", code=code))
