"""Closing a period, and correcting one that is closed."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField

from tracker.accounts.login import actor, requires
from tracker.accounts.roles import Permission
from tracker.errors import InvalidInputError, Problem
from tracker.exports.audience import Audience
from tracker.extensions import db
from tracker.followup.codes import PeriodCode
from tracker.followup.models import Period
from tracker.followup.queries import find_newest, get_period
from tracker.messages import message
from tracker.reports.blueprint import bp
from tracker.reports.closing import StoppedError, close_period
from tracker.reports.closing_checks import standing_of
from tracker.reports.closing_claims import ClosingNowError, claim_closing, find_claim
from tracker.reports.closing_files import make_files
from tracker.reports.correcting import correct_period
from tracker.reports.files import list_files, list_snapshots, offered_to
from tracker.reports.files_views import appendix_limit_ore, template
from tracker.reports.pdf import can_convert
from tracker.reports.snapshots import facts_now
from tracker.web.forms import BaseForm
from tracker.web.reading import reads_only


class ClosingForm(BaseForm):
    """The period's key is typed: nothing of this can be undone."""

    confirmation = StringField(_l("Skriv periodens kod för att stänga"))

    def confirm(self, period: Period) -> None:
        """Raises InvalidInputError for another text than the key."""
        if str(self.confirmation.data or "").upper() != period.key.upper():
            reason = message("Skriv %(key)s, precis så.", key=period.key)
            raise InvalidInputError([Problem("confirmation", reason)])


class CorrectionForm(BaseForm):
    """Why a closed period is corrected."""

    reason = TextAreaField(_l("Varför rättas perioden?"))


@bp.get("/uppfoljning/perioder/<key>/stang")
@requires(Permission.MANAGE_PERIODS)
def close(key: str) -> ResponseReturnValue:
    """Of an open period what is missing and what stops; of a closed one what was kept, and how to correct it."""
    return _page(get_period(db.session(), key), ClosingForm())


@bp.post("/uppfoljning/perioder/<key>/stang")
@reads_only  # closing reads and makes its files before it asks for the right to write
@requires(Permission.MANAGE_PERIODS)
def close_now(key: str) -> ResponseReturnValue:
    """Close it."""
    session, form, who = db.session(), ClosingForm(), actor()
    period = get_period(session, key)
    if not form.accepts(lambda: form.confirm(period)):
        return _open_page(period, form, 422)
    render = partial(make_files, template=template())
    try:
        with claim_closing(session, period.key, who):
            closed, problems = close_period(session, period.key, who, appendix_limit_ore(), render)
            session.commit()
    except (StoppedError, ClosingNowError):
        session.rollback()
        return _page(get_period(session, key), form, 409)
    flash(_("Perioden är stängd. Underlag och filer är sparade."), "success")
    for problem in problems:
        flash(_("Ett format sparades inte: %(why)s", why=problem), "warning")
    return redirect(url_for(".close", key=closed.key))


@bp.post("/uppfoljning/perioder/<key>/ratta")
@requires(Permission.MANAGE_PERIODS)
def correct(key: str) -> ResponseReturnValue:
    """A new version of a closed period, open for reports."""
    session, form = db.session(), CorrectionForm()
    made: list[Period] = []
    if not form.accepts(lambda: made.append(correct_period(session, key, form.reason.data or "", actor()))):
        session.rollback()
        period = get_period(session, key)
        return _open_page(period, ClosingForm(), 422) if period.is_open else _closed_page(period, form, 422)
    session.commit()
    flash(_("Rättelsen %(key)s är öppen. Den stängda versionen står kvar bredvid.", key=made[0].key), "success")
    return redirect(url_for("followup.period", key=made[0].key))


def _page(period: Period, form: ClosingForm, status: int = 200) -> ResponseReturnValue:
    return _open_page(period, form, status) if period.is_open else _closed_page(period, CorrectionForm(), status)


def _open_page(period: Period, form: ClosingForm, status: int = 200) -> ResponseReturnValue:
    session = db.session()
    facts = facts_now(session, period, Audience.INTERNAL, datetime.now(UTC), appendix_limit_ore())
    standing, claim = standing_of(session, period, facts), find_claim(session, period.key)
    values = {"form": form, "standing": standing, "claim": claim, "pdf_made": can_convert(), "refused": status == 409}
    return render_template("reports/close.html", period=period, **values), status


def _closed_page(period: Period, form: CorrectionForm, status: int = 200) -> ResponseReturnValue:
    session, audiences = db.session(), offered_to(internal=True)
    newest = find_newest(session, PeriodCode.read(period.code))
    values: dict[str, Any] = {
        "files": list_files(session, period, audiences),
        "snapshots": list_snapshots(session, period, audiences),
        "newest": newest,
        "refused": status == 409,
    }
    return render_template("reports/closed.html", period=period, form=form, **values), status
