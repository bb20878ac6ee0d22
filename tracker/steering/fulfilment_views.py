"""Judging how far the goals are met in a period."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.accounts.login import actor, can, requires
from tracker.accounts.roles import Permission
from tracker.extensions import db
from tracker.followup.models import Period
from tracker.followup.queries import get_period
from tracker.projects.viewing import viewer
from tracker.steering import judging
from tracker.steering.blueprint import bp
from tracker.steering.gathering import gather_steering
from tracker.steering.judging import Judged, Outcome
from tracker.steering.numbers import number_text
from tracker.steering.speaking import speak
from tracker.steering.vocabulary import Fulfilment
from tracker.text import clean

UNTRIED = Outcome(0, {}, frozenset())


@bp.get("/uppfoljning/perioder/<key>/maluppfyllelse")
@requires(Permission.VIEW_DRAFTS)
def fulfilment(key: str) -> ResponseReturnValue:
    """Every goal with the judgement and the facts beside it."""
    return _page(get_period(db.session(), key), {}, UNTRIED, 200)


@bp.post("/uppfoljning/perioder/<key>/maluppfyllelse")
@requires(Permission.MANAGE_PERIODS)
def judge(key: str) -> ResponseReturnValue:
    """Save the judgements; when somebody came between, both are shown and nothing is saved."""
    session = db.session()
    period, said = get_period(session, key), _said()
    outcome = judging.judge_goals(session, period, said, actor())
    if outcome.problems or outcome.crossed:
        session.rollback()
        return _page(get_period(session, key), said, outcome, 409 if outcome.crossed else 422)
    session.commit()
    if outcome.saved:
        flash(ngettext("Ett mål är bedömt.", "%(num)s mål är bedömda.", outcome.saved), "success")
    else:
        flash(_("Inget var ändrat, så inget sparades."), "info")
    return redirect(url_for(".fulfilment", key=period.key))


def _said() -> dict[int, Judged]:
    """Rows by the goal's id, from fields called level-7, motivation-7 and seen-7."""
    levels = {level.value: level for level in Fulfilment}
    said = {}
    for name, value in request.form.items():
        number = name.removeprefix("motivation-")
        if name != number and number.isascii() and number.isdigit() and len(number) < 10:
            text = clean(value).replace("\r\n", "\n")
            level = levels.get(request.form.get(f"level-{number}", ""))
            said[int(number)] = Judged(level, text, request.form.get(f"seen-{number}", ""))
    return said


def _page(period: Period, said: dict[int, Judged], outcome: Outcome, status: int) -> ResponseReturnValue:
    session = db.session()
    facts = gather_steering(session, period, viewer())
    rows = judging.list_judged_rows(session, period)
    page = render_template(
        "steering/fulfilment.html",
        period=period,
        rows=[row for row in rows if row.goal.parent_id is None],
        aspects={
            row.goal.id: [one for one in rows if one.goal.parent_id == row.goal.id]
            for row in rows
            if row.goal.parent_id is None
        },
        speaking=speak(session, period, viewer(), facts),
        said=said,
        outcome=outcome,
        levels=list(Fulfilment),
        number_text=number_text,
        writable=period.is_open and can(Permission.MANAGE_PERIODS),
    )
    return page, status
