"""The year's rounds, and opening one."""

from __future__ import annotations

from datetime import date

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.accounts.login import PERMISSION_MARK, actor, can, person, requires
from tracker.accounts.roles import Permission
from tracker.errors import InvalidInputError, NotFoundError
from tracker.extensions import db
from tracker.followup.blueprint import bp
from tracker.followup.codes import PeriodCode
from tracker.followup.forms import TermsForm
from tracker.followup.opening import Opening, count_expected, open_period, usual_terms
from tracker.followup.progress import OpenRound, list_rounds, list_years, open_rounds_of
from tracker.followup.queries import find_last, find_newest
from tracker.followup.vocabulary import PeriodKind
from tracker.projects.rules import YEARS
from tracker.projects.standing import today
from tracker.projects.viewing import viewer


@bp.get("/uppfoljning")
@requires(Permission.VIEW_DRAFTS)
def overview() -> ResponseReturnValue:
    """The rounds VP to VB of a year: what is open, how far it has come, and where to go on."""
    session, reader = db.session(), viewer()
    last = find_last(session)
    of_periods, of_figures = list_years(session, reader)
    year = _asked_year(last.year if last else _nearest(of_figures, today()))
    return render_template(
        "followup/overview.html",
        year=year,
        years=sorted({*of_periods, *of_figures, year, *(one + 1 for one in of_periods)} & set(YEARS)),
        rounds=list_rounds(session, year, reader),
        last=last,
        today=today(),
    )


def _asked_year(usual: int) -> int:
    text = request.args.get("year", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 and int(text) in YEARS else usual


def _nearest(years: set[int], day: date) -> int:
    """The current year if it has figures, else the nearest one that has, the later of two."""
    return min(years, key=lambda year: (abs(year - day.year), -year), default=day.year)


@bp.get("/uppfoljning/perioder")
@requires(Permission.VIEW_DRAFTS)
def periods() -> ResponseReturnValue:
    """The overview lists them."""
    return redirect(url_for(".overview"))


@bp.route("/uppfoljning/oppna/<code>", methods=["GET", "POST"])
@requires(Permission.MANAGE_PERIODS)
def open_round(code: str) -> ResponseReturnValue:
    """What opening a round means, its days and limits, and the button that opens it."""
    session = db.session()
    read = _read_code(code)
    if (present := find_newest(session, read)) is not None and request.method == "GET":
        return redirect(url_for(".period", key=present.key))
    percent = current_app.config["DEVIATION_PERCENT"]
    last = find_last(session, read.as_of)
    form = TermsForm.showing(usual_terms(read, last, percent))
    if form.accepts(lambda: _open(form, read, percent)):
        session.commit()
        flash(_("Perioden %(code)s är öppnad.", code=str(read)), "success")
        return redirect(url_for(".period", key=str(read)))
    expected, newest = count_expected(session, read.year), find_last(session)
    late = newest if newest is not None and newest.as_of > read.as_of and newest.kind is not PeriodKind.PLAN else None
    return render_template("followup/open_round.html", form=form, code=read, last=last, late=late, expected=expected), (
        422 if form.errors else 200
    )


def _open(form: TermsForm, code: PeriodCode, percent: int) -> None:
    terms = form.to_terms()
    said = Opening(None, terms.deadline, terms.deviation_percent, terms.deviation_ore)
    open_period(db.session(), code, actor(), percent, said)


def _read_code(text: str) -> PeriodCode:
    """What is no period has no page."""
    try:
        return PeriodCode.read(text)
    except InvalidInputError as error:
        raise NotFoundError(str(error)) from error


def open_rounds() -> list[OpenRound]:
    """The open periods with how many of the signed-in person's own projects have reported; for templates."""
    user = person()
    if user is None or not can(Permission.EDIT_PROJECT):
        return []
    return open_rounds_of(db.session(), user.id, viewer())


def may_open(endpoint: str) -> bool:
    """Whether there is such a page and whoever asks may open it; for menus."""
    view = current_app.view_functions.get(endpoint)
    permission: Permission | None = getattr(view, PERMISSION_MARK, None)
    return permission is not None and can(permission)


bp.app_context_processor(lambda: {"open_rounds": open_rounds, "may_open": may_open})
