"""The grid "Rapportera": many projects at once, saved all or none, and "inget nytt" for those that are chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm.exc import StaleDataError

from tracker.accounts.login import actor, person, requires
from tracker.accounts.roles import Permission
from tracker.errors import ConflictError
from tracker.extensions import db
from tracker.followup.blueprint import bp
from tracker.followup.confirming import Refusal, confirm_unchanged
from tracker.followup.differences import differences
from tracker.followup.given_back import give_back_grid
from tracker.followup.grid import Shown, Wanted, conditions, count_projects, list_ids
from tracker.followup.grid_lines import MOST_ROWS, Line, lines_of, lines_of_draft, sent_lines
from tracker.followup.models import Period
from tracker.followup.progress import own, progress_of
from tracker.followup.queries import get_period
from tracker.followup.report_drafts import grid_address, grid_draft_address, offered_grids
from tracker.followup.report_forms import refuse
from tracker.followup.report_rows import is_changed, is_overtaken, row_input, shown, stored_row
from tracker.followup.reporting import Entry, RefusedReportsError, report_many
from tracker.followup.sheet_reading import read_sheets
from tracker.followup.standing import standing_of_managers
from tracker.followup.vocabulary import ReportState
from tracker.projects.draft_guard import form_pass, is_stale, keeps_what_was_sent
from tracker.projects.draft_offers import keep_sent, settle_placed, wanted_draft
from tracker.projects.drafts import Draft
from tracker.projects.form_rows import whole_or_none
from tracker.projects.models import Project
from tracker.projects.viewing import rights, viewer
from tracker.web.paging import page_number


@bp.get("/uppfoljning/perioder/<key>/rapportera")
@requires(Permission.EDIT_PROJECT)
def report_grid(key: str) -> ResponseReturnValue:
    """A person's projects in the period; a controller's are all of them, or those of a manager."""
    period, draft = get_period(db.session(), key), wanted_draft(None, placed=True)
    if draft is None:
        return _page(period)
    lines = lines_of_draft(period, draft)
    return _page(period, lines, draft=draft) if period.is_open else give_back_grid(period, lines)


@bp.post("/uppfoljning/perioder/<key>/rapportera")
@keeps_what_was_sent
@requires(Permission.EDIT_PROJECT)
def save_grid(key: str) -> ResponseReturnValue:
    """Save every row that was changed, or confirm that nothing is new in the chosen ones."""
    period = get_period(db.session(), key)
    lines = sent_lines(period)
    if not period.is_open:
        return give_back_grid(period, lines)
    if is_stale():
        keep_sent(None, placed=True)
        return _page(period, lines, 400)
    changed = [line for line in lines if is_changed(line.form)]
    if request.form.get("action") == "unchanged":
        return _confirm(period, lines, changed)
    if not changed:
        flash(_("Inget är ändrat, så inget är sparat."), "info")
        return redirect(grid_address(period))
    return _save(period, lines, changed)


def _save(period: Period, lines: Sequence[Line], changed: Sequence[Line]) -> ResponseReturnValue:
    good = [line for line in changed if line.form.validate()]
    if len(good) < len(changed):
        return _page(period, lines, 422)
    entries = [_entry(one) for one in changed]
    overtaken = tuple(one.sheet.project_id for one in changed if is_overtaken(one.form, one.sheet))
    if overtaken:
        return _refused(period, lines, RefusedReportsError({}, overtaken))
    try:
        report_many(db.session(), period, entries, actor(), rights())
        settle_placed(None, db.session().get_one(Project, entries[0].project_id))
        db.session.commit()
    except RefusedReportsError as refused:
        db.session.rollback()
        return _refused(period, _read_again(period, lines), refused)
    except ConflictError:
        db.session.rollback()
        if period.is_open:
            raise
        return give_back_grid(period, lines)
    except StaleDataError:
        db.session.rollback()
        raise ConflictError(_("Någon annan sparade samma projekt just nu. Försök igen.")) from None
    count = len(changed)
    flash(ngettext("%(num)s projekt är rapporterat.", "%(num)s projekt är rapporterade.", count), "success")
    return redirect(grid_address(period))


def _entry(line: Line) -> Entry:
    """What is refused when something else stands by the time that it is written than what the row was held against."""
    version = whole_or_none(line.form.version.data) or 0
    return Entry(line.sheet.project_id, row_input(line.form, line.sheet), version, line.sheet.sign)


def _read_again(period: Period, lines: Sequence[Line]) -> list[Line]:
    """The rows beside what stands now."""
    sheets = read_sheets(db.session(), period, [line.sheet.project_id for line in lines], viewer())
    return [replace(line, sheet=sheets.get(line.sheet.project_id, line.sheet)) for line in lines]


def _refused(period: Period, lines: Sequence[Line], refused: RefusedReportsError) -> ResponseReturnValue:
    """Everything as it was typed, with what is wrong beside it, and what somebody else saved beside what was typed."""
    for line in lines:
        sheet, form = line.sheet, line.form
        refuse(form, refused.problems.get(sheet.project_id, []), sheet.year)
        if sheet.project_id in refused.conflicts:
            parts = differences(sheet, row_input(form, sheet))
            theirs = "; ".join(_("%(label)s: %(said)s", label=one.label, said=one.theirs) for one in parts)
            reason = _("Projektets siffror ändrades i registret medan du arbetade.")
            if form.version.data != str(sheet.version):
                reason = _("%(who)s rapporterade projektet medan du arbetade.", who=sheet.reported_by)
            theirs = theirs or _("samma sak")
            form.form_errors.append(_("%(reason)s Sparat nu: %(theirs)s.", reason=reason, theirs=theirs))
            form.version.data, form.was.data = str(sheet.version), shown(stored_row(sheet))
    return _page(period, lines, 409 if refused.conflicts else 422)


def _confirm(period: Period, lines: Sequence[Line], changed: Sequence[Line]) -> ResponseReturnValue:
    """ "Inget nytt" for the chosen projects; what is typed and not saved is kept instead of lost."""
    chosen = [number for text in request.form.getlist("valda") if (number := whole_or_none(text)) is not None]
    if changed:
        return _page(period, lines, 422, said=_("Du har ändrat rader som inte är sparade. Spara dem först."))
    if not chosen:
        return _page(period, lines, 422, said=_("Välj de projekt där inget är nytt, med rutan först på raden."))
    session = db.session()
    done = confirm_unchanged(session, period, chosen[:MOST_ROWS], actor(), rights())
    session.commit()
    count = len(done.confirmed)
    if count:
        told = ngettext(
            "Inget nytt är bekräftat för %(num)s projekt.", "Inget nytt är bekräftat för %(num)s projekt.", count
        )
        flash(told, "success")
    if done.refused:
        return _page(period, refused=done.refused)
    return redirect(grid_address(period))


def _wanted() -> Wanted:
    """What the address asks for."""
    word, person_id = request.args.get("visa", ""), whole_or_none(request.args.get("ledare", ""))
    return Wanted(next((one for one in Shown if one.value == word), Shown.ALL), person_id)


def _page(
    period: Period,
    lines: Sequence[Line] | None = None,
    status: int = 200,
    *,
    said: str = "",
    refused: Sequence[Refusal] = (),
    draft: Draft | None = None,
) -> ResponseReturnValue:
    session, mine, wanted = db.session(), rights(), _wanted()
    where = conditions(session, period, wanted, mine)
    total = count_projects(session, where)
    page = page_number(request.args.get("page"), total)
    if lines is None:
        lines = lines_of(period, list_ids(session, where, page.offset, page.size))
    user = person()
    own_only = [] if mine.budget or user is None else [own(user.id)]
    return render_template(
        "followup/report_grid.html",
        period=period,
        lines=lines,
        total=total,
        page=page,
        wanted=wanted,
        choices=list(Shown),
        managers=standing_of_managers(session, period, mine.viewer) if mine.budget else [],
        progress=progress_of(session, [period.id], mine.viewer, own_only)[period.id],
        address=grid_address(period),
        said=said,
        refused=refused,
        status=status,
        waits=ReportState.WAITING,
        draft=draft,
        offers=[] if draft else offered_grids(period),
        draft_address=grid_draft_address(period),
        stale=is_stale(),
        form_pass=form_pass(None, placed=True),
    ), status
