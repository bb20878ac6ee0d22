"""Pages and files of exports."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from flask import Blueprint, Response, current_app, jsonify, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from tracker.accounts.login import can, requires
from tracker.accounts.roles import Permission
from tracker.contribution.amounts import MONEY
from tracker.contribution.reckoning import sum_years
from tracker.contribution.selection import Scope
from tracker.errors import NotFoundError
from tracker.exports import asking, presenters
from tracker.exports.arithmetic import arithmetic as explained
from tracker.exports.asking import Asked
from tracker.exports.audience import Audience
from tracker.exports.delivery import MEDIA_TYPES, OFFERED_FORMATS, REPORT_FORMATS, save_register, save_report
from tracker.exports.geo import Progress
from tracker.exports.pages import ContributionPage, offer, page_of
from tracker.exports.progressing import Counter, find_progress, is_mark, new_mark
from tracker.exports.register import choose
from tracker.exports.register_formats import FORMATS
from tracker.exports.report import gather_asked, make_report, title_of
from tracker.exports.standing import Asking, stand
from tracker.extensions import db
from tracker.followup.queries import list_periods
from tracker.messages import message
from tracker.projects.filters import filter_from
from tracker.projects.standing import today

bp = Blueprint("exports", __name__)
CHUNK_BYTES = 64 * 1024
LARGE = 10_000
"""So many projects take seconds to write: sent as they are read where the format allows it, else said beforehand."""
bp.add_app_template_global(FORMATS.values, "export_formats")


def audience() -> Audience:
    """What whoever asks may take away."""
    if can(Permission.EXPORT_INTERNAL):
        return Audience.INTERNAL
    return Audience.OPEN if can(Permission.VIEW_DRAFTS) else Audience.PUBLIC


@dataclass(frozen=True, slots=True)
class Years:
    """The years that the register has amounts in, for an audience."""

    years: tuple[int, ...]


def _years() -> tuple[int, ...]:
    session, reader = db.session(), audience()
    asking_for = Asking(("years", reader.value), datetime.now(UTC))
    return stand(session, asking_for, Years, lambda: Years(asking.years_with_facts(session, reader.viewer))).years


def _offered_years() -> tuple[int, ...]:
    """Those, and the years of periods."""
    return (*_years(), *(one.year for one in list_periods(db.session())))


def _asked() -> Asked:
    """The question in the address; where it names no year, the year nearest to today that has amounts."""
    return asking.asked_from(request.args, audience(), lambda: asking.default_year(_years(), today()))


@bp.get("/uppfoljning/bidrag")
@requires(Permission.VIEW_DRAFTS)
def contribution() -> ResponseReturnValue:
    """Contribution to the goals in one year: one amount on screen, everything as a file."""
    session, asked, now = db.session(), _asked(), datetime.now(UTC)

    def make() -> ContributionPage:
        report = make_report(session, asked.question, now)
        return page_of(report, asked, offer(asking.choices_for(session, asked.question, _offered_years())))

    page = stand(session, Asking(("page", *asked.key), now), ContributionPage, make)
    return render_template(
        "exports/contribution.html",
        asked=asked,
        page=page,
        period=None,
        periods=list_periods(session, asked.question.year),
        shown_words=asking.SHOWN_WORDS,
        column_words=asking.COLUMN_WORDS,
    )


@bp.get("/uppfoljning/bidrag/projekt")
@requires(Permission.VIEW_DRAFTS)
def projects_behind() -> ResponseReturnValue:
    """The projects behind one cell of the report."""
    asked = _asked()
    report = make_report(db.session(), asked.question, datetime.now(UTC))
    page = presenters.behind(report, asked.shown, *asked_cell())
    return render_template("exports/projects_behind.html", asked=asked, report=report, page=page, period=None)


@bp.get("/uppfoljning/bidrag/projekt/<kod>")
@requires(Permission.VIEW_DRAFTS)
def arithmetic(kod: str) -> ResponseReturnValue:
    """The arithmetic behind what one project brings to a cell."""
    asked = _asked()
    material = gather_asked(db.session(), asked.question)
    page = explained(material, asked.question.rule, kod, presenters.amount_index(asked.shown), asked_cell())
    return render_template(
        "exports/arithmetic.html",
        asked=asked,
        page=page,
        title=title_of(asked.question),
        material=material,
        period=None,
    )


def asked_cell() -> tuple[str, str]:
    """Keys of the row and the column in the address."""
    return request.args.get("row", "alla"), request.args.get("column", "alla")


@bp.get("/uppfoljning/bidrag/alla-ar")
@requires(Permission.VIEW_DRAFTS)
def every_year() -> ResponseReturnValue:
    """One amount of money over the goals in every year, shared."""
    session, years, asked = db.session(), _years(), _asked()
    place = next((at for at, one in enumerate(MONEY) if one.key == asked.shown), 0)
    choices = asking.choices_for(session, asked.question, years)
    scope = Scope(asked.question.audience.viewer, None)
    sums = sum_years(session, scope, choices.goal_set, choices.area_set, MONEY[place : place + 1])
    return render_template(
        "exports/every_year.html",
        asked=asked,
        offered=offer(choices),
        table=presenters.year_table(sums, 0),
        amounts=MONEY,
        amount=MONEY[place],
    )


@bp.get("/uppfoljning/bidrag/export")
@requires(Permission.VIEW_DRAFTS)
def contribution_file() -> ResponseReturnValue:
    """The report as a file."""
    form = _known_format(REPORT_FORMATS)
    report = make_report(db.session(), _asked().question, datetime.now(UTC))
    return send_file(f"{report.file_stem}.{form}", lambda path: save_report(report, form, path))


@bp.get("/projekt/export")
@requires(Permission.VIEW_PUBLIC)
def projects() -> ResponseReturnValue:
    """The filtered list as a file."""
    form = _known_format(OFFERED_FORMATS)
    session = db.session()
    extract = choose(session, filter_from(request.args), audience(), datetime.now(UTC))
    chosen = FORMATS[form]
    name = f"{extract.file_stem}.{chosen.ending}"
    if len(extract.ids) > LARGE:
        if chosen.pieces:
            return _as_file(name, stream_with_context(chosen.pieces(session, extract)))
        if _is_page_wanted():
            mark = new_mark()
            told = {"form": chosen, "count": len(extract.ids), "mark": mark, "query": _query(made=mark)}
            return render_template("exports/making.html", **told)
    tell = _counter(len(extract.ids))
    return send_file(name, lambda path: save_register(session, extract, form, path, tell))


def _counter(total: int) -> Progress:
    """Writes down how far the file is, where a page waits for it."""
    mark = request.args.get("made", "")
    return Counter(_state(), mark, total) if is_mark(mark) else lambda _: None


def _state() -> Path:
    return Path(current_app.config["STATE_DIR"])


@bp.get("/projekt/export/framsteg/<mark>")
@requires(Permission.VIEW_PUBLIC)
def progress(mark: str) -> ResponseReturnValue:
    """How many projects of a file are read, for the page that waits for it and knows its mark."""
    found = find_progress(_state(), mark) if is_mark(mark) else None
    if found is None:
        raise NotFoundError(message("Ingen fil görs under det märket."))
    answer = jsonify(done=found[0], total=found[1])
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _is_page_wanted() -> bool:
    """A person waits before a browser, and has not yet been told of it; other programs get the file at once."""
    return request.headers.get("Sec-Fetch-Mode") == "navigate" and "made" not in request.args


def _query(**further: str) -> dict[str, list[str]]:
    return {key: request.args.getlist(key) for key in request.args} | {key: [one] for key, one in further.items()}


def _known_format(formats: tuple[str, ...]) -> str:
    form = request.args.get("format", "")
    if form not in formats:
        known = ", ".join(formats)
        raise NotFoundError(message("Formatet ”%(form)s” finns inte. Välj något av %(known)s.", form=form, known=known))
    return form


def send_file(name: str, save: Callable[[Path], None]) -> Response:
    """Write to a temporary file, which has no name any more when it is sent and is gone when it is closed."""
    with tempfile.TemporaryDirectory(prefix="portfolj-") as folder:
        path = Path(folder) / name
        save(path)
        size, file = path.stat().st_size, path.open("rb")
    answer = _as_file(name, _chunks(file))
    answer.call_on_close(file.close)
    answer.content_length = size
    return answer


def _as_file(name: str, pieces: Iterator[bytes]) -> Response:
    answer = Response(pieces, content_type=MEDIA_TYPES[name.rpartition(".")[2]])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk
