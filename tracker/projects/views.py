"""Pages of the register that everybody reads: overview, list, detail; and publishing."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from tracker.accounts.login import can, requires
from tracker.accounts.roles import Permission
from tracker.areas.models import AreaSet
from tracker.areas.queries import list_areas, lowest_set, newest_set
from tracker.errors import NotFoundError
from tracker.extensions import db
from tracker.geo.stored import from_stored
from tracker.goals.queries import goal_set_for_year
from tracker.measures.queries import list_measures
from tracker.messages import message
from tracker.projects import presenters, queries, sums
from tracker.projects.choosing import filter_choices
from tracker.projects.completeness import completeness
from tracker.projects.completeness_sql import read_facts
from tracker.projects.courses import course_of
from tracker.projects.doubts import doubts
from tracker.projects.filters import ProjectFilter, filter_from
from tracker.projects.locating import location_in
from tracker.projects.masking import hidden_from, marks, shown_to
from tracker.projects.models import Project
from tracker.projects.programme_sums import read_programme
from tracker.projects.programmes import find_parent, has_children
from tracker.projects.public_page import public_page
from tracker.projects.review_pages import review_of
from tracker.projects.secrecy import Secret, signs
from tracker.projects.standing import limits, today
from tracker.projects.timeline import timeline
from tracker.projects.viewing import rights, viewer
from tracker.projects.vocabulary import SUBTYPES, WEIGHTS, Flow
from tracker.projects.volume_pages import counts_by_measure
from tracker.web.addresses import qr_code, whole_address
from tracker.web.content import STOCKHOLM
from tracker.web.forms import web_text
from tracker.web.paging import page_number

bp = Blueprint("projects", __name__)


@bp.get("/")
@requires(Permission.VIEW_PUBLIC)
def overview() -> ResponseReturnValue:
    """What the portfolio holds, by kind, region, phase and goal, and what is missing."""
    session, reader = db.session(), viewer()
    goal_set = goal_set_for_year(session, datetime.now(STOCKHOLM).year)
    return render_template(
        "projects/overview.html",
        total=queries.count_projects(session, ProjectFilter(), reader),
        by_kind=presenters.chart(sums.count_by_kind(session, reader)),
        by_region=presenters.chart(sums.count_by_region(session, reader)),
        by_phase=presenters.chart(sums.count_by_phase(session, reader)),
        by_goal=presenters.chart(sums.count_by_goal(session, reader, goal_set)),
        goal_set=goal_set,
        missing=sums.count_missing(session, reader) if can(Permission.VIEW_DRAFTS) else [],
        money=sums.money_by_year(session, reader) if can(Permission.VIEW_DRAFTS) else [],
        example_values=sums.example_values_shown(session, reader),
        hidden_amounts=sums.count_hidden_amounts(session, reader) if can(Permission.VIEW_DRAFTS) else 0,
    )


@bp.get("/projekt")
@requires(Permission.VIEW_PUBLIC)
def list_projects() -> ResponseReturnValue:
    """The filtered, sorted, paged list; the whole of it stands in the address."""
    session, reader = db.session(), viewer()
    wanted = filter_from(request.args)
    sort = request.args.get("sort", "namn")
    sort = sort if sort in queries.SORTS else "namn"
    total, everything = queries.count_shown(session, wanted, reader)
    page = page_number(request.args.get("page"), total)
    down = request.args.get("order") == "fallande"
    return render_template(
        "projects/list_projects.html",
        rows=queries.list_rows(session, wanted, reader, sort, page.offset, page.size, descending=down),
        wanted=wanted,
        total=total,
        everything=everything,
        page=page,
        sort=sort,
        descending=down,
        **filter_choices(session, wanted, worklists=can(Permission.VIEW_DRAFTS)),
    )


@bp.get("/projekt/<kod>")
@requires(Permission.VIEW_PUBLIC)
def detail(kod: str) -> ResponseReturnValue:
    """Everything of one project that this reader may see."""
    return detail_page(queries.get_project(db.session(), kod, viewer()))


def detail_page(stored: Project, status: int = 200, **told: object) -> ResponseReturnValue:
    """The page of a project; `told` is what an answer to a button says."""
    session, reader = db.session(), viewer()
    project, hidden = shown_to(stored, reader), hidden_from(stored, reader)
    years = presenters.figure_years(project)
    parent = find_parent(session, stored, reader)
    newest = newest_set(session)
    measures = list_measures(session, active_only=False)
    course = course_of(project, {one.id: one.name_sv for one in measures})
    internal = can(Permission.VIEW_DRAFTS)
    canonical = whole_address("projects.detail", kod=project.code)
    return render_template(
        "projects/detail.html",
        project=project,
        hidden=signs(hidden),
        marked={} if hidden else signs(marks(stored)),
        parent=parent,
        years=years,
        total=lambda side, column: presenters.figure_total(years, side, column),
        extent=presenters.extent(project),
        lowest=[] if Secret.GEOMETRY in hidden else _places(project, lowest_set(session)),
        newest=newest,
        newest_places=[] if Secret.GEOMETRY in hidden else _places(project, newest),
        counts=counts_by_measure(project, measures),
        measures=measures,
        programme=read_programme(session, stored, reader, today()) if has_children(session, stored, reader) else None,
        own_amounts=bool(project.figures or project.volumes),
        flows=Flow,
        line=timeline(course, today(), with_forecast=internal),
        gaps=presenters.told_gaps(project, doubts(course, today(), limits()), hidden) if internal else [],
        score=completeness(read_facts(session, [stored.id], reader)[stored.id]) if internal else None,
        weights=WEIGHTS,
        subtype=SUBTYPES.get(project.subtype, project.subtype),
        review=review_of(session, stored, reader.user_id, rights()) if internal else None,
        public=None if internal else public_page(session, project, reader, today(), current_app.config),
        canonical=canonical,
        qr=None if internal else qr_code(canonical),
        mine=reader.user_id in (stored.manager_id, stored.deputy_id),
        **told,
    ), status


def _places(project: Project, area_set: AreaSet) -> list[presenters.PlaceShare]:
    """ "Ligger i" of one edition by name."""
    areas = {area.id: area for area in list_areas(db.session(), area_set)}
    rows = location_in(db.session(), [project.id], area_set)
    return presenters.places([(areas.get(row.area_id) if row.area_id else None, row.share) for row in rows])


@bp.get("/projekt/<kod>/geometri.geojson")
@requires(Permission.VIEW_PUBLIC)
def geometry(kod: str) -> ResponseReturnValue:
    """The project's own geometry, EPSG:4326, for its small map."""
    shape = from_stored(shown_to(_visible(kod), viewer()).geom)
    if shape is None:
        raise NotFoundError(message("Projektet har inget ritat läge."))
    return web_text(shape), 200, {"Content-Type": "application/geo+json"}


def _visible(kod: str) -> Project:
    return queries.get_project(db.session(), kod, viewer())
