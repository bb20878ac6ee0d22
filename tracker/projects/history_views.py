"""The history of a project: what happened, how it stood on a day, and an old version made the newest one."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.accounts.login import actor, can, requires
from tracker.accounts.roles import Permission
from tracker.errors import ConflictError, InvalidInputError, NotFoundError
from tracker.extensions import db
from tracker.messages import message
from tracker.projects import queries, restoring
from tracker.projects.form_rows import whole_or_none
from tracker.projects.history_parts import filled
from tracker.projects.history_reading import (
    HistoryFilter,
    count_entries,
    end_of_day,
    hidden_signs,
    in_order,
    list_people,
    tell_contents,
    tell_differences,
    tell_entries,
)
from tracker.projects.history_replay import Standing, standing_after, standing_at
from tracker.projects.history_shapes import Drawer
from tracker.projects.masking import hidden_from, without_hidden
from tracker.projects.models import Project
from tracker.projects.restoring import Restorable
from tracker.projects.snapshots import describe
from tracker.projects.telling import LABELS, load_words
from tracker.projects.viewing import rights, viewer
from tracker.projects.views import bp
from tracker.web.forms import BaseForm
from tracker.web.paging import page_number

PAGE_SIZE = 20


@bp.get("/projekt/<kod>/historik")
@requires(Permission.VIEW_DRAFTS)
def history(kod: str) -> ResponseReturnValue:
    """Every change, the latest first; with `datum` the project as it stood at the end of that day."""
    session = db.session()
    project = queries.get_project(session, kod, viewer())
    asked = request.args.get("datum", "")
    if asked:
        return _on_day(project, _day(asked), asked)
    wanted = _wanted()
    total = count_entries(session, project, wanted)
    page = page_number(request.args.get("page"), total, PAGE_SIZE)
    hidden = hidden_from(project, viewer())
    return render_template(
        "projects/history.html",
        project=project,
        entries=tell_entries(session, project, wanted, viewer(), hidden, page.offset, page.size),
        wanted=wanted,
        total=total,
        page=page,
        fields=LABELS,
        people=list_people(session, project),
    )


def _wanted() -> HistoryFilter:
    """The filter in the address; what is no field or no day is passed over."""
    field = request.args.get("falt", "")
    return HistoryFilter(
        field=field if field in LABELS else "",
        who=request.args.get("vem", ""),
        first=_day(request.args.get("fran", "")),
        last=_day(request.args.get("till", "")),
    )


def _day(text: str) -> date | None:
    """The day, None for what is none; the first and the last day there are have no moment before or after them."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date.min < day < date.max else None


def _on_day(project: Project, day: date | None, asked: str) -> ResponseReturnValue:
    if day is None:
        raise NotFoundError(
            message("”%(given)s” är inget datum. Skriv år-månad-dag, till exempel 2005-04-30.", given=asked[:40])
        )
    standing = standing_at(db.session(), project, end_of_day(day))
    return _version_page(project, standing, day=day)


@bp.get("/projekt/<kod>/historik/<int:version>")
@requires(Permission.VIEW_DRAFTS)
def old_version(kod: str, version: int) -> ResponseReturnValue:
    """The project as it stood after a version, and what restoring that version would change."""
    project = queries.get_project(db.session(), kod, viewer())
    return _version_page(project, _standing(project, version))


@bp.post("/projekt/<kod>/historik/<int:version>/aterstall")
@requires(Permission.EDIT_PROJECT)
def restore(kod: str, version: int) -> ResponseReturnValue:
    """Make an old version the newest one, if nobody saved since the page said what that changes."""
    session = db.session()
    project = queries.get_project(session, kod, viewer())
    if not BaseForm().validate_on_submit():
        return redirect(url_for(".old_version", kod=kod, version=version))
    expected = whole_or_none(request.form.get("version")) or 0
    try:
        restoring.restore_version(session, project, version, expected, actor(), rights())
        session.commit()
    except ConflictError:
        session.rollback()
        reason = _("Någon har sparat projektet sedan du öppnade sidan. Här står vad som nu skulle ändras.")
        return _version_page(project, _standing(project, version), 409, [reason])
    except InvalidInputError as error:
        session.rollback()
        return _version_page(project, _standing(project, version), 422, [one.reason for one in error.problems])
    flash(_("Version %(version)s är återställd som en ny version.", version=version), "success")
    return redirect(url_for(".detail", kod=project.code))


def _standing(project: Project, version: int) -> Standing:
    standing = standing_after(db.session(), project, version)
    if standing is None:
        raise NotFoundError(restoring.no_version(project, version))
    return standing


def _version_page(
    project: Project, standing: Standing | None, status: int = 200, refused: list[str] | None = None,
    day: date | None = None,
) -> ResponseReturnValue:  # fmt: skip
    nothing: dict[str, Any] = {"told": [], "differences": [], "lost": [], "drawing": None}
    return render_template(
        "projects/history_version.html",
        project=project,
        standing=standing,
        day=day,
        refused=refused or [],
        may_restore=standing is not None and can(Permission.EDIT_PROJECT),
        form=BaseForm(),
        **(_shown(project, standing) if standing is not None else nothing),
    ), status


def _shown(project: Project, standing: Standing) -> dict[str, Any]:
    """The project as it stood in words and as a drawing, and what restoring it would change."""
    session, hidden = db.session(), hidden_from(project, viewer())
    now, back = filled(describe(project)), _restorable(project, standing)
    programmes = [one["parent_id"] for one in (standing.contents, now) if one["parent_id"]]
    words, seen = load_words(session, viewer(), programmes), without_hidden(standing.contents, hidden)
    after = without_hidden(back.contents, hidden)
    moved = "geometry" in seen and now["geometry"] != seen["geometry"]
    return {
        "told": tell_contents(standing.contents, words, hidden),
        "differences": sorted(tell_differences(without_hidden(now, hidden), after, words), key=in_order),
        "lost": [words.part(key) for key in back.lost if key.split(":")[0] not in hidden_signs(hidden)],
        "drawing": Drawer(session).draw(
            ("before", now["geometry"] if moved else None), ("there", seen.get("geometry"))
        ),
    }


def _restorable(project: Project, standing: Standing) -> Restorable:
    """What restoring would make of the project; one from before the history stands as it is."""
    if standing.entry is None:
        return Restorable(standing.contents, ())
    return restoring.restorable(db.session(), project, standing.version, rights())
