"""The page Bevaka: who has reported, what is incomplete or looks wrong, and the list of it as CSV."""

from __future__ import annotations

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from tracker.accounts.login import can, person, requires
from tracker.accounts.roles import Permission
from tracker.extensions import db
from tracker.followup.blueprint import bp
from tracker.followup.chasing import (
    NOBODY,
    SORTS,
    Chased,
    Wanted,
    choose,
    count_checks,
    progress_in,
)
from tracker.followup.chasing_csv import csv_lines
from tracker.followup.chasing_kept import kept_chased
from tracker.followup.chasing_page import manager_names, manager_rows, read_rows
from tracker.followup.checks_words import Check, Group
from tracker.followup.models import Period
from tracker.followup.progress import progress_of
from tracker.followup.queries import get_period
from tracker.followup.standing import standing_of_managers
from tracker.followup.vocabulary import ReportState
from tracker.projects.standing import today
from tracker.projects.viewing import viewer
from tracker.text import sort_key
from tracker.web.paging import page_number


@bp.get("/uppfoljning/perioder/<key>/lage")
@requires(Permission.VIEW_DRAFTS)
def chase(key: str) -> ResponseReturnValue:
    """A controller chases everybody, a manager sees their own projects, a reader how far it has come."""
    session = db.session()
    period = get_period(session, key)
    if not can(Permission.EDIT_PROJECT):
        return _progress_only(period)
    chased = _chased(period)
    wanted, names = asked(), manager_names(session, (one.manager_id for one in chased))
    chosen = choose(chased, wanted, {one: sort_key(name) for one, name in names.items()})
    page = page_number(request.args.get("page"), len(chosen))
    shown = chosen[page.offset : page.offset + page.size]
    return render_template(
        "followup/chase.html",
        period=period,
        everybody=can(Permission.MANAGE_PERIODS),
        progress=progress_in(chased),
        managers=manager_rows(session, period, chased, names),
        counts=count_checks(chased),
        groups=list(Group),
        checks=list(Check),
        states=[one for one in ReportState if one is not ReportState.NOT_ASKED],
        wanted=wanted,
        names=names,
        to_do=sum(1 for one in chased if one.to_do),
        page=page,
        rows=list(read_rows(session, period, shown, names, viewer(), today())),
        today=today(),
    )


@bp.get("/uppfoljning/perioder/<key>/lage.csv")
@requires(Permission.EDIT_PROJECT)
def chase_csv(key: str) -> ResponseReturnValue:
    """The list with the page's filter and order."""
    session = db.session()
    period = get_period(session, key)
    chased = _chased(period)
    names = manager_names(session, (one.manager_id for one in chased))
    chosen = choose(chased, asked(), {one: sort_key(name) for one, name in names.items()})
    text = "".join(csv_lines(read_rows(session, period, chosen, names, viewer(), today())))
    heading = {"Content-Disposition": f'attachment; filename="bevaka-{period.key}.csv"'}
    return Response(text, mimetype="text/csv", headers=heading)


def _chased(period: Period) -> list[Chased]:
    """A controller has everybody's, anybody else their own."""
    user = person()
    if user is None:
        abort(401)
    owner = None if can(Permission.MANAGE_PERIODS) else user.id
    return kept_chased(db.session(), period, viewer(), today(), owner)


def _progress_only(period: Period) -> ResponseReturnValue:
    session, reader = db.session(), viewer()
    return render_template(
        "followup/chase_progress.html",
        period=period,
        progress=progress_of(session, [period.id], reader)[period.id],
        managers=standing_of_managers(session, period, reader),
        today=today(),
    )


def asked() -> Wanted:
    """The filter and order of the address; what is no word of ours is not asked for."""
    check, state = request.args.get("kontroll", ""), request.args.get("lage", "")
    sort = request.args.get("sort", "")
    return Wanted(
        manager_id=_manager(request.args.get("ledare", "")),
        check=Check(check) if check in list(Check) else None,
        group=Group(check) if check in list(Group) else None,
        state=ReportState(state) if state in list(ReportState) else None,
        sort=sort if sort in SORTS else SORTS[0],
        descending=request.args.get("order") == "fallande",
    )


def _manager(text: str) -> int | None:
    """An id, 0 for projects without a manager."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else NOBODY if text == "ingen" else None
