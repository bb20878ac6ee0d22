"""The page "Rapportera" of one project: what is new is asked for, everything else stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError

from tracker.accounts.login import actor, can, requires
from tracker.accounts.roles import Permission
from tracker.errors import ConflictError, InvalidInputError, NotFoundError
from tracker.extensions import db
from tracker.followup import reporting
from tracker.followup.blueprint import bp
from tracker.followup.checks import look
from tracker.followup.checks_reading import read_report_facts, rules_of
from tracker.followup.checks_words import Finding, Group
from tracker.followup.confirming import confirm_unchanged
from tracker.followup.differences import Difference, differences
from tracker.followup.given_back import give_back_report
from tracker.followup.grid import neighbours
from tracker.followup.models import Period
from tracker.followup.queries import find_before, get_period
from tracker.followup.report_drafts import offered_reports
from tracker.followup.report_forms import ReportForm, needs_comment, refuse, report_form, to_input, typed_deviation
from tracker.followup.reporting import may_report, refuse_others, whole_input
from tracker.followup.sheet_reading import read_sheets
from tracker.followup.sheets import Sheet
from tracker.followup.typed import PERIOD, Fields, go_on_with_report
from tracker.followup.vocabulary import Light, ReportState
from tracker.messages import joined, message
from tracker.projects.draft_guard import form_pass, is_stale, keeps_what_was_sent
from tracker.projects.draft_offers import keep_sent, settle_placed, wanted_draft
from tracker.projects.draft_store import fields_of
from tracker.projects.drafts import Draft
from tracker.projects.form_rows import whole_or_none
from tracker.projects.models import Project
from tracker.projects.queries import get_project
from tracker.projects.secrecy import signs
from tracker.projects.viewing import rights, viewer

TOLD = 2
"""Findings that are told right after a report; the page has them all."""


@bp.get("/uppfoljning/perioder/<key>/rapportera/<kod>")
@requires(Permission.VIEW_DRAFTS)
def report_project(key: str, kod: str) -> ResponseReturnValue:
    """The report of a project, to fill in while the period is open and by whoever may, else to read."""
    period, project, sheet = _load(key, kod)
    draft = wanted_draft(project, placed=True)
    if draft is None:
        return _page(period, project, sheet, report_form(sheet))
    form = _form_of_draft(period, project, sheet, fields_of(draft))
    if period.is_open:
        return _page(period, project, sheet, form, draft=draft)
    return give_back_report(period, project, sheet, form)


@bp.post("/uppfoljning/perioder/<key>/rapportera/<kod>")
@keeps_what_was_sent
@requires(Permission.EDIT_PROJECT)
def save_report(key: str, kod: str) -> ResponseReturnValue:
    """Save the report, or confirm that nothing is new; what is refused comes back as it was typed."""
    period, project, sheet = _load(key, kod)
    refuse_others(project, rights())
    form = report_form(sheet)
    if not period.is_open:
        return give_back_report(period, project, sheet, form)
    if is_stale():
        keep_sent(project, placed=True)
        return _page(period, project, sheet, form, 400)
    if not form.validate_on_submit():
        return _page(period, project, sheet, form, 422)
    if request.form.get("action") == "unchanged":
        return _confirm(period, project, sheet, form)
    given, version = to_input(form, sheet), whole_or_none(form.version.data) or 0
    try:
        seen = form.seen.data or ""
        reporting.report_project(db.session(), period, project, given, actor(), rights(), version, seen)
        settle_placed(project, project)
        db.session.commit()
    except InvalidInputError as error:
        db.session.rollback()
        refuse(form, error.problems, sheet.year)
        return _page(period, project, sheet, form, 422)
    except (ConflictError, StaleDataError):
        db.session.rollback()
        period, project, sheet = _load(key, kod)
        if not period.is_open:
            return give_back_report(period, project, sheet, form)
        reported = version != sheet.version
        form.version.data, form.seen.data = str(sheet.version), sheet.sign
        return _page(period, project, sheet, form, 409, differences(sheet, given), reported=reported)
    _tell(period, project)
    return _onwards(period, project)


def _form_of_draft(period: Period, project: Project, sheet: Sheet, fields: Fields) -> ReportForm:
    """The form with what a draft holds; one that was sent to another period gives what was changed there."""
    key = fields.get(PERIOD, period.key)
    if key == period.key:
        return report_form(sheet, fields)
    try:
        old = get_period(db.session(), key)
    except NotFoundError:
        return go_on_with_report(sheet, None, fields)
    sheets = read_sheets(db.session(), old, [project.id], viewer())
    return go_on_with_report(sheet, sheets.get(project.id), fields)


def _load(key: str, kod: str) -> tuple[Period, Project, Sheet]:
    """The period, the project and what it says there. Raises NotFoundError."""
    session, reader = db.session(), viewer()
    period, project = get_period(session, key), get_project(session, kod, reader)
    sheet = read_sheets(session, period, [project.id], reader).get(project.id)
    if sheet is None:
        text = message(
            "Projektet %(code)s väntas inte rapportera i %(key)s: det registrerades senare, är avslutat "
            "utan belopp det året, eller är ett program.",
            code=project.code, key=period.key,
        )  # fmt: skip
        raise NotFoundError(text)
    return period, project, sheet


def _confirm(period: Period, project: Project, sheet: Sheet, form: ReportForm) -> ResponseReturnValue:
    """Nothing new; refused while something else than what stands is typed, so that it is not lost."""
    session = db.session()
    if not _says_nothing_new(form, sheet):
        form.form_errors.append(_("Du har ändrat uppgifter. Spara rapporten i stället, eller ladda om sidan."))
        return _page(period, project, sheet, form, 422)
    done = confirm_unchanged(session, period, [project.id], actor(), rights())
    if done.refused:
        session.rollback()
        form.form_errors.append(done.refused[0].reason)
        return _page(period, project, sheet, form, 422)
    settle_placed(project, project)
    session.commit()
    flash(_("%(code)s: inget nytt är bekräftat.", code=project.code), "success")
    return _onwards(period, project)


def _says_nothing_new(form: ReportForm, sheet: Sheet) -> bool:
    """Whether the form says what stands; green is nothing new where there was no judgement before."""
    given = whole_input(to_input(form, sheet), sheet, sheet.hidden)
    if sheet.light is None and given.light is Light.GREEN:
        given = replace(given, light=None)
    return given == whole_input(sheet.as_given(), sheet, sheet.hidden)


def _tell(period: Period, project: Project) -> None:
    """Say that it is saved, and what looks wrong in it; nothing is refused for that."""
    found = _findings(period, project)
    flash(_("%(code)s är rapporterat i %(key)s.", code=project.code, key=period.key), "success")
    if found:
        told = joined(" ", (one.text for one in found[:TOLD]))
        flash(_("Se över %(code)s: %(told)s", code=project.code, told=told), "warning")


def _findings(period: Period, project: Project) -> list[Finding]:
    """What looks wrong in a report that is made."""
    facts = dict(read_report_facts(db.session(), period, [project.id], viewer()))
    found = look(facts[project.id], rules_of(period)) if project.id in facts else ()
    return [one for one in found if one.check.group is Group.DOUBT]


def _onwards(period: Period, project: Project) -> ResponseReturnValue:
    """To the page again, or to the next project that waits; where none does, to the list."""
    if request.form.get("action") not in ("next", "unchanged"):
        return redirect(url_for(".report_project", key=period.key, kod=project.code))
    waiting = neighbours(db.session(), period, project, rights()).waiting
    if waiting:
        return redirect(url_for(".report_project", key=period.key, kod=waiting))
    return redirect(url_for(".report_grid", key=period.key))


def _page(
    period: Period,
    project: Project,
    sheet: Sheet,
    form: ReportForm,
    status: int = 200,
    conflict: Sequence[Difference] = (),
    *,
    reported: bool = False,
    draft: Draft | None = None,
) -> ResponseReturnValue:
    session, mine = db.session(), may_report(project, rights()) and can(Permission.EDIT_PROJECT)
    before = find_before(session, period)
    return render_template(
        "followup/report_project.html",
        period=period,
        project=project,
        sheet=sheet,
        form=form,
        status=status,
        conflict=conflict,
        reported=reported,
        draft=draft,
        offers=[] if draft else offered_reports(period, project, sheet),
        draft_address=url_for(".save_report_draft", key=period.key),
        stale=is_stale(),
        form_pass=form_pass(project, placed=True),
        before=before,
        signs=signs(sheet.hidden),
        typed_deviation=typed_deviation,
        needed=needs_comment(form, sheet, period.deviation_percent, period.deviation_ore),
        editable=mine and period.is_open,
        around=neighbours(session, period, project, rights()) if mine else None,
        findings=_findings(period, project) if sheet.state is not ReportState.WAITING else [],
    ), status
