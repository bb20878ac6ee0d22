"""The plan: its tables, its map, its options, and the refused rows as a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.areas.queries import newest_set
from tracker.errors import NotFoundError
from tracker.extensions import db
from tracker.imports import uploads
from tracker.imports.answers import Answers, Step
from tracker.imports.blueprint import bp
from tracker.imports.candidates import interpret
from tracker.imports.plan_forms import ApplyForm, ConflictsForm, OptionsForm
from tracker.imports.planning import Asker, BusyError, make_seen, one_at_a_time, open_step, plan_of, seen_plan, year_of
from tracker.imports.questions import questions
from tracker.imports.refusals import refused_csv, refused_xlsx
from tracker.imports.seen import KINDS, MAP_FILE, Seen
from tracker.imports.upload_views import state_folder
from tracker.imports.walking import Walk, go, keep, refusing, step_page, walk
from tracker.messages import message
from tracker.projects.viewing import rights, viewer
from tracker.web.paging import page_number
from tracker.web.reading import reads_only

RETRY_SECONDS = 2
PAGE_ROWS = 25
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def asker() -> Asker:
    """The signed-in person as planning takes them."""
    return Asker(viewer(), rights(), datetime.now(UTC))


@bp.get("/import/<token>/plan")
@requires(Permission.EDIT_PROJECT)
@refusing
def plan(token: str) -> ResponseReturnValue:
    """What would happen. `visa` picks the table, `page` its page; `gor-om` asks for the plan anew."""
    walked = walk(token)
    seen = None if request.args.get("gor-om") else seen_plan(_folder(token), walked.answers.choices, asker())
    if seen is None:
        try:
            with one_at_a_time(state_folder()):
                made = _make(walked)
        except BusyError:
            page = render_template("imports/busy.html", upload=walked.upload, seconds=RETRY_SECONDS)
            return page, 503, {"Retry-After": str(RETRY_SECONDS)}
        if isinstance(made, Step):
            return go(made, token)
        seen = made
    return plan_page(walked, seen)


def _folder(token: str) -> Path:
    return uploads.folder_of(state_folder(), token)


def _make(walked: Walk) -> Seen | Step:
    session = db.session()
    table = walked.table()
    choices = walked.answers.choices
    step = open_step(questions(session, table, choices), walked.answers)
    return step or make_seen(session, _folder(walked.token), table, choices, asker())


def plan_page(
    walked: Walk, seen: Seen, options: OptionsForm | None = None, status: int = 200, error: str = ""
) -> ResponseReturnValue:
    """The page of a plan."""
    shown = request.args.get("visa", "")
    kind = shown if shown in KINDS else next((one for one in KINDS if seen.rows[one]), KINDS[0])
    reasons = seen.reasons(kind)
    number = _chosen_reason(len(reasons))
    rows = seen.rows[kind] if number is None else reasons[number][1]
    page = page_number(request.args.get("page"), len(rows), PAGE_ROWS)
    choices = walked.answers.choices
    form = options or OptionsForm(formdata=None, year=year_of(choices, datetime.now(UTC)), publish=choices.publish)
    return step_page(
        "imports/plan.html", walked, Step.PLAN, status,
        seen=seen, made_at=datetime.fromisoformat(seen.made_at), kind=kind, page=page, error=error,
        reasons=[(text, len(several)) for text, several in reasons], chosen_reason=number,
        rows=seen.told(rows[page.offset : page.offset + page.size]), options=form,
        apply_form=ApplyForm(formdata=None, fingerprint=seen.fingerprint),
        conflicts_form=ConflictsForm(formdata=None, fingerprint=seen.fingerprint),
        newest=newest_set(db.session()),
    )  # fmt: skip


def _chosen_reason(count: int) -> int | None:
    """The place in the list of so many reasons of that which the table is narrowed to; the address counts from 1."""
    asked = request.args.get("skal", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 0
    return number - 1 if 0 < number <= count else None


def refused_plan(token: str, sentence: str) -> ResponseReturnValue:
    """The plan again with what kept it from being applied."""
    walked = walk(token)
    seen = seen_plan(_folder(token), walked.answers.choices, asker())
    return plan_page(walked, seen, status=422, error=sentence) if seen is not None else go(Step.PLAN, token)


@bp.post("/import/<token>/plan")
@requires(Permission.EDIT_PROJECT)
@reads_only
@refusing
def set_options(token: str) -> ResponseReturnValue:
    """Year and publishing; the plan is another one then."""
    form = OptionsForm()
    if not form.validate_on_submit():
        walked = walk(token)
        seen = seen_plan(_folder(token), walked.answers.choices, asker())
        return plan_page(walked, seen, form, 422) if seen is not None else go(Step.PLAN, token)
    publish = bool(form.publish.data) and rights().publish
    keep(token, lambda answers: _with_options(answers, form.year.data, publish))
    return go(Step.PLAN, token)


def _with_options(answers: Answers, year: int, publish: bool) -> Answers:
    return replace(answers, choices=replace(answers.choices, year=year, publish=publish))


@bp.get("/import/<token>/karta.geojson")
@requires(Permission.EDIT_PROJECT)
def plan_map(token: str) -> ResponseReturnValue:
    """The shapes of the plan that was seen last, in EPSG:4326."""
    walk(token)
    try:
        shapes = (_folder(token) / MAP_FILE).read_bytes()
    except OSError as error:
        raise NotFoundError(message("Planen är inte gjord än.")) from error
    return Response(shapes, mimetype="application/geo+json")


@bp.get("/import/<token>/avvisade.csv")
@requires(Permission.EDIT_PROJECT)
@refusing
def refused_as_csv(token: str) -> ResponseReturnValue:
    """The refused rows to mend, for Swedish Excel and everything else."""
    return _refused_file(token, "csv")


@bp.get("/import/<token>/avvisade.xlsx")
@requires(Permission.EDIT_PROJECT)
@refusing
def refused_as_xlsx(token: str) -> ResponseReturnValue:
    """The refused rows to mend, as a workbook."""
    return _refused_file(token, "xlsx")


def _refused_file(token: str, kind: str) -> ResponseReturnValue:
    walked = walk(token)
    table = walked.table()
    choices = walked.answers.choices
    made = plan_of(db.session(), interpret(table, choices), choices, asker())
    data = refused_csv(table, made) if kind == "csv" else refused_xlsx(table, made)
    response = Response(data, mimetype="text/csv; charset=utf-8" if kind == "csv" else XLSX)
    response.headers.set("Content-Disposition", "attachment", filename=f"avvisade-rader.{kind}")
    return response
