"""The files of a period: a table of them, and each one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from tracker.accounts.login import can, requires
from tracker.accounts.roles import Permission
from tracker.contribution.rules import CountingRule
from tracker.errors import ForbiddenError
from tracker.exports.audience import Audience
from tracker.extensions import db
from tracker.followup.models import Period
from tracker.followup.queries import get_period
from tracker.messages import message
from tracker.money import format_kronor
from tracker.reports.blueprint import bp
from tracker.reports.closing import begin_reading
from tracker.reports.files import Wanted, list_files, list_snapshots, make_now, offered_to, read_stored, read_wanted
from tracker.reports.pdf import can_convert
from tracker.reports.rechecking import recheck
from tracker.reports.snapshots import DamagedError
from tracker.reports.withholding import reasons_to_withhold
from tracker.reports.working_folders import CLOSING, working_folder
from tracker.reports.writing import FORMATS, MEDIA_TYPES
from tracker.web.faults import page

ORE_PER_MNKR = 100_000_000


@bp.app_template_filter("file_size")
def file_size(size: int) -> str:
    """ "12,3 kB", in thousands as file managers count them."""
    for unit, step in (("MB", 1_000_000), ("kB", 1_000)):
        if size >= step:
            return f"{size / step:.1f}".replace(".", ",") + f"\u00a0{unit}"
    return message("%(size)s\u00a0byte", size=size)


@bp.app_template_filter("kronor_ore")
def kronor_ore(ore: int) -> str:
    """ "12 500,75": exact kronor."""
    return format_kronor(ore, 2)


@bp.get("/uppfoljning/perioder/<key>/rapport")
@requires(Permission.VIEW_DRAFTS)
def files(key: str) -> ResponseReturnValue:
    """Every file of a period; `?kontroll=1` reckons a closed one again."""
    session, internal = db.session(), can(Permission.EXPORT_INTERNAL)
    period = get_period(session, key)
    audiences = offered_to(internal=internal)
    stored = [] if period.is_open else list_files(session, period, audiences)
    checked = not period.is_open and internal and request.args.get("kontroll") == "1"
    return render_template(
        "reports/files.html",
        period=period,
        audiences=audiences,
        rules=list(CountingRule),
        formats=FORMATS,
        pdf_made=can_convert(),
        stored={(one.audience, one.rule, one.format): one for one in stored},
        snapshots={one.audience: one for one in list_snapshots(session, period, audiences)},
        withheld=() if period.is_open else reasons_to_withhold(session, period),
        recheck=recheck(session, period, Audience.INTERNAL) if checked else None,
    )


@bp.get("/uppfoljning/perioder/<key>/rapport/<audience>/<rule>/<form>")
@requires(Permission.VIEW_DRAFTS)
def file(key: str, audience: str, rule: str, form: str) -> ResponseReturnValue:
    """One file: of a closed period the bytes that were kept, of an open one made now."""
    session = db.session()
    wanted = read_wanted(form, rule, audience)
    if wanted.audience not in offered_to(internal=can(Permission.EXPORT_INTERNAL)):
        raise ForbiddenError(message("Interna rapporter hämtas av controllern."))
    session.rollback()
    begin_reading(session)
    period = get_period(session, key)
    return _made(period, wanted) if period.is_open else _kept(period, wanted)


def _kept(period: Period, wanted: Wanted) -> Response:
    """The kept bytes; whoever has them already is told so, unless they are withheld today."""
    stored = read_stored(db.session(), period, wanted)
    answer = _answer(stored.content, stored.name, wanted)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(stored.sha256)
    answer.make_conditional(request)
    return answer


def _made(period: Period, wanted: Wanted) -> Response:
    with working_folder(CLOSING) as folder:
        now, limit = datetime.now(UTC), appendix_limit_ore()
        path = make_now(db.session(), period, wanted, now, limit, folder, template())
        answer = _answer(path.read_bytes(), f"preliminar-{path.name}", wanted)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _answer(content: bytes, name: str, wanted: Wanted) -> Response:
    answer = Response(content, content_type=MEDIA_TYPES[wanted.form])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.app_errorhandler(DamagedError)
def damaged(error: DamagedError) -> ResponseReturnValue:
    """Nothing of what was changed is handed out; the reference is in the log."""
    return page(500, message("%(what)s Felet är loggat.", what=str(error)), error.reference)


def appendix_limit_ore() -> int:
    """From which decided outlay an implementation project stands in the appendix: a setting of the installation."""
    return int(current_app.config["APPENDIX_LIMIT_MNKR"]) * ORE_PER_MNKR


def template() -> Path | None:
    """The city's own template for docx and pdf, where the installation names one."""
    named = current_app.config["REPORT_TEMPLATE"]
    return Path(named) if named else None
