"""A ledger file on its way: its questions, its plan, and going ahead with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.accounts.login import actor, require_still, requires
from tracker.accounts.roles import Permission
from tracker.database import begin_writing
from tracker.errors import ConflictError, NotFoundError, RefusedFileError
from tracker.extensions import db
from tracker.followup.ledger_plan import LedgerPlan
from tracker.followup.ledger_services import AppliedLedger, apply_ledger
from tracker.followup.models import Period
from tracker.history.models import Origin
from tracker.history.services import Actor
from tracker.imports import uploads
from tracker.imports.blueprint import bp
from tracker.imports.ledger_choices import LedgerChoices, remember
from tracker.imports.ledger_columns import ALIASES, CHOSEN_FLOWS, LABELS
from tracker.imports.ledger_files import ManySheetsError
from tracker.imports.ledger_forms import UNITS, ApplyLedgerForm, answer_questions, read_otherwise, states_unit
from tracker.imports.ledger_planning import (
    ReadLedger,
    disagreement,
    plan_file,
    recall,
    refuse_disagreeing,
    refuse_unread,
    source_of,
    told,
)
from tracker.imports.ledger_questions import Question
from tracker.imports.ledger_views import SHOWN_ROWS, ledger_page
from tracker.imports.ledger_walk import choices_of, keep_choices, read_upload, the_period, the_upload
from tracker.imports.models import Upload
from tracker.imports.planning import BusyError
from tracker.imports.upload_views import state_folder
from tracker.web.reading import reads_only

RETRY_SECONDS = 2


@bp.get("/uppfoljning/perioder/<key>/huvudbok/fil/<token>")
@requires(Permission.MANAGE_PERIODS)
def ledger_plan(key: str, token: str) -> ResponseReturnValue:
    """What the file leaves open, or what it would do."""
    period = the_period(key)
    upload = the_upload(period, token)
    if uploads.is_finished(upload):
        return redirect(url_for(".ledger", key=key))
    return _show(period, upload)


def _show(period: Period, upload: Upload, error: str = "", status: int = 200) -> ResponseReturnValue:
    try:
        read = read_upload(period, upload)
        plan = None if read.file.questions else plan_file(db.session(), period, read)
    except ManySheetsError as many:
        return _questions_page(period, upload, (_which_sheet(many),), error, status)
    except NotFoundError as gone:
        return ledger_page(period, str(gone), 404)
    except RefusedFileError as refused:
        return ledger_page(period, str(refused), 422)
    except BusyError:
        page = render_template("imports/ledger_busy.html", period=period, upload=upload, seconds=RETRY_SECONDS)
        return page, 503, {"Retry-After": str(RETRY_SECONDS)}
    if plan is None:
        return _questions_page(period, upload, read.file.questions, error, status, read.table.header_row)
    return _plan_page(period, upload, read, plan, error, status)


def _which_sheet(many: ManySheetsError) -> Question:
    return Question("layer", _("Vilket blad är huvudboken?"), tuple((name, name) for name in many.sheets))


def _questions_page(
    period: Period, upload: Upload, asked: tuple[Question, ...], error: str, status: int, header_row: int = 0
) -> ResponseReturnValue:
    of_columns = any(question.name.startswith("column:") for question in asked)
    page = render_template(
        "imports/ledger_questions.html", period=period, upload=upload, questions=asked, error=error,
        header_row=header_row if of_columns else 0,
    )  # fmt: skip
    return page, status


def _plan_page(
    period: Period, upload: Upload, read: ReadLedger, plan: LedgerPlan, error: str, status: int
) -> ResponseReturnValue:
    columns = read.file.columns
    chosen = {**columns.of, **{field: read.choices.columns.get(field, "") for field in CHOSEN_FLOWS}}
    page = render_template(
        "imports/ledger_plan.html",
        period=period,
        upload=upload,
        read=read,
        plan=plan,
        error=error,
        shown=SHOWN_ROWS,
        controls=[(control, told(control)) for control in read.file.controls],
        disagreement=disagreement(read),
        form=ApplyLedgerForm(formdata=None, fingerprint=plan.fingerprint()),
        fields=[(one, LABELS[one], chosen.get(one, ""), one in CHOSEN_FLOWS) for one in (*ALIASES, *CHOSEN_FLOWS)],
        headers=list(read.table.columns),
        units=UNITS,
        open_units=[one for one in enumerate(columns.amounts) if not states_unit(one[1].header)],
    )
    return page, status


@bp.post("/uppfoljning/perioder/<key>/huvudbok/fil/<token>/svar")
@requires(Permission.MANAGE_PERIODS)
@reads_only
def answer_ledger(key: str, token: str) -> ResponseReturnValue:
    """Keep answers, or another reading of the columns."""
    period = the_period(key)
    upload = the_upload(period, token)
    if uploads.is_finished(upload):
        return redirect(url_for(".ledger", key=key))
    given = request.form.to_dict()
    try:
        read = read_upload(period, upload)
        if (row := _other_row(given, read.table.header_row)) is not None:
            _read_anew(period, upload, replace(choices_of(upload), header_row=row, columns={}))
            return redirect(url_for(".ledger_plan", key=key, token=token))
        asked, columns, headers = read.file.questions, read.file.columns, list(read.table.columns)
    except ManySheetsError as many:
        _choose_sheet(period, upload, answer_questions(choices_of(upload), (_which_sheet(many),), given))
        return redirect(url_for(".ledger_plan", key=key, token=token))
    except (RefusedFileError, NotFoundError, BusyError):
        return redirect(url_for(".ledger_plan", key=key, token=token))
    if given.get("kolumner"):
        keep_choices(period, token, lambda choices: read_otherwise(choices, headers, columns, given))
    else:
        keep_choices(period, token, lambda choices: answer_questions(choices, asked, given))
        if not all(f"svar-{place}" in given for place in range(len(asked))):
            flash(_("Svara på alla frågor, så kan filen läsas."), "warning")
    return redirect(url_for(".ledger_plan", key=key, token=token))


def _other_row(given: Mapping[str, str], now: int) -> int | None:
    """The row of headers that a person says, where it is another."""
    text = given.get("rad", "")
    row = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    return row if row and row != now else None


def _choose_sheet(period: Period, upload: Upload, choices: LedgerChoices) -> None:
    if choices.layer is not None:
        _read_anew(period, upload, choices)


def _read_anew(period: Period, upload: Upload, choices: LedgerChoices) -> None:
    """Another sheet or row of headers, with what was answered for the last one with its headers."""
    token, path = upload.token, uploads.file_of(state_folder(), upload)
    recalled = recall(db.session(), path, upload.file_name, choices)
    keep_choices(period, token, lambda _: recalled)


@bp.post("/uppfoljning/perioder/<key>/huvudbok/fil/<token>/genomfor")
@requires(Permission.MANAGE_PERIODS)
@reads_only
def apply_ledger_file(key: str, token: str) -> ResponseReturnValue:
    """Do what was seen, all of it or nothing. The file is read before the right to write is asked for."""
    period, form = the_period(key), ApplyLedgerForm()
    upload = the_upload(period, token)
    if uploads.is_finished(upload):
        return redirect(url_for(".ledger", key=key))
    try:
        read = read_upload(period, upload)
        refuse_unread(read)
        if not form.accept_sums.data:
            refuse_disagreeing(read)
    except (RefusedFileError, NotFoundError) as error:
        return _show(period, upload, str(error), 422)
    except BusyError:
        return redirect(url_for(".ledger_plan", key=key, token=token))
    if read.file.questions or not form.validate_on_submit():
        return redirect(url_for(".ledger_plan", key=key, token=token))
    return _apply(key, token, read, form)


def _apply(key: str, token: str, read: ReadLedger, form: ApplyLedgerForm) -> ResponseReturnValue:
    session, who = db.session(), actor()
    session.rollback()
    begin_writing(session)
    require_still(Permission.MANAGE_PERIODS)
    period = the_period(key)
    upload = the_upload(period, token, lock=True)
    if uploads.is_finished(upload):
        return redirect(url_for(".ledger", key=key))  # the second of two clicks
    note = f"Huvudbok {period.key}: {upload.file_name}"  # the history is Swedish
    who = replace(who, origin=Origin.IMPORT, note=note)
    try:
        plan = plan_file(session, period, read)
        done = apply_ledger(
            session, period, plan, source_of(read), who,
            zero_lacking=bool(form.zero_lacking.data), expected=form.fingerprint.data or "-",
        )  # fmt: skip
        _finish(upload, read, who)
        session.commit()
    except (ConflictError, RefusedFileError) as error:
        session.rollback()
        return _show(the_period(key), the_upload(the_period(key), token), str(error), 409)
    uploads.remove_files(state_folder(), token)
    flash(_said(done), "success")
    return redirect(url_for(".ledger", key=key))


def _finish(upload: Upload, read: ReadLedger, who: Actor) -> None:
    """In the same transaction: what is remembered for the next file, and that this one is done."""
    remember(db.session(), read.table.columns, choices_of(upload), upload.file_name, who.name, who.at)
    uploads.finish(upload, json.dumps({}), who.at)


def _said(done: AppliedLedger) -> str:
    outcomes = ngettext("%(num)s utfall ändrades", "%(num)s utfall ändrades", done.outcomes)
    rows = ngettext("%(num)s rad är utan projekt", "%(num)s rader är utan projekt", done.unmatched)
    told = _("Huvudboken är inläst: %(outcomes)s; %(rows)s.", outcomes=outcomes, rows=rows)
    if done.zeroed:
        told += " " + ngettext("%(num)s utfall sattes till 0.", "%(num)s utfall sattes till 0.", done.zeroed)
    return str(told)
