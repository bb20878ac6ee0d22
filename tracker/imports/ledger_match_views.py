"""Leading rows of the ledger to projects by hand."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.accounts.login import actor, requires
from tracker.accounts.roles import Permission
from tracker.errors import ConflictError, InvalidInputError, NotFoundError
from tracker.extensions import db
from tracker.followup.ledger_matching import Found, Register, names_of
from tracker.followup.ledger_queries import find_current, find_targets, loose_rows, parts_of_programmes
from tracker.followup.ledger_services import forget_match, match_by_hand
from tracker.followup.models import Period
from tracker.imports.blueprint import bp
from tracker.imports.ledger_walk import the_period

LONGEST = 200
RECONCILIATION = "avstamning"


@bp.get("/uppfoljning/perioder/<key>/huvudbok/koppla")
@requires(Permission.MANAGE_PERIODS)
def ledger_match(key: str) -> ResponseReturnValue:
    """Find the project that a reference means: `ref`, what is searched for `sok`, and where from `fran`."""
    return _page(the_period(key), request.args.get("ref", "")[:LONGEST])


def _page(period: Period, reference: str, error: str = "", status: int = 200) -> ResponseReturnValue:
    session = db.session()
    current = find_current(session, period)
    match = Register(session).match(reference)
    named = names_of(session, match.candidates)
    asked = request.values.get("sok", "")[:LONGEST]
    page = render_template(
        "imports/ledger_match.html",
        period=period,
        reference=reference,
        found=match.found,
        candidates=[named[one] for one in match.candidates] if match.found is Found.SEVERAL else [],
        parts=parts_of_programmes(session, match.candidates) if match.found is Found.PROGRAMME else (),
        rows=[one for one in loose_rows(session, current) if one.reference == reference] if current else [],
        asked=asked,
        hits=find_targets(session, asked) if asked.strip() else (),
        fran=request.values.get("fran", ""),
        back=_back(period.key),
        error=error,
    )
    return page, status


@bp.post("/uppfoljning/perioder/<key>/huvudbok/koppla")
@requires(Permission.MANAGE_PERIODS)
def match_ledger(key: str) -> ResponseReturnValue:
    """Lead a reference to a project, in this ledger and every later one."""
    session, period = db.session(), the_period(key)
    reference = request.form.get("ref", "")[:LONGEST]
    try:
        project = match_by_hand(session, period, reference, request.form.get("code", "")[:LONGEST], actor())
    except (InvalidInputError, ConflictError) as error:
        session.rollback()
        return _page(the_period(key), reference, str(error), 422)
    told = _("”%(ref)s” är kopplad till %(code)s, nu och i kommande filer.", ref=reference, code=project.code)
    session.commit()
    flash(told, "success")
    return redirect(_back(key))


@bp.post("/uppfoljning/perioder/<key>/huvudbok/losgor")
@requires(Permission.MANAGE_PERIODS)
def unmatch_ledger(key: str) -> ResponseReturnValue:
    """Undo a match by hand."""
    session, period = db.session(), the_period(key)
    reference = request.form.get("ref", "")[:LONGEST]
    try:
        forget_match(session, period, reference, actor())
    except (NotFoundError, ConflictError) as error:
        session.rollback()
        flash(str(error), "warning")
        return redirect(url_for(".ledger", key=key))
    session.commit()
    flash(_("Kopplingen av ”%(ref)s” är borttagen. Raderna är utan projekt.", ref=reference), "success")
    return redirect(url_for(".ledger", key=key))


def _back(key: str) -> str:
    """To the page that the person came from: a plan by its token, the reconciliation, else the ledger."""
    came = request.values.get("fran", "")
    if came == RECONCILIATION:
        return url_for("followup.reconciliation", key=key)
    if came and came.replace("-", "").replace("_", "").isalnum() and came.isascii():
        return url_for(".ledger_plan", key=key, token=came)
    return url_for(".ledger", key=key)
