"""Judging how far the goals are met in a period."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template, request
from flask.typing import ResponseReturnValue
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
from tracker.steering.judging import Judged
from tracker.steering.numbers import number_text
from tracker.steering.outcomes import UNTRIED, Outcome
from tracker.steering.sheet_views import save_sheet, sent_rows, sent_text
from tracker.steering.speaking import speak
from tracker.steering.vocabulary import Fulfilment


@bp.get("/uppfoljning/perioder/<key>/maluppfyllelse")
@requires(Permission.VIEW_DRAFTS)
def fulfilment(key: str) -> ResponseReturnValue:
    """Every goal with the judgement and the facts beside it."""
    return _page(get_period(db.session(), key), {}, UNTRIED, 200)


@bp.post("/uppfoljning/perioder/<key>/maluppfyllelse")
@requires(Permission.MANAGE_PERIODS)
def judge(key: str) -> ResponseReturnValue:
    """Save the judgements."""
    said = _said()
    return save_sheet(
        key,
        said,
        lambda period: judging.judge_goals(db.session(), period, said, actor()),
        _page,
        lambda count: ngettext("Ett mål är bedömt.", "%(num)s mål är bedömda.", count),
    )


def _said() -> dict[int, Judged]:
    """Rows by the goal's id, from fields called level-7, motivation-7 and seen-7."""
    levels = {level.value: level for level in Fulfilment}
    form = request.form
    return {
        number: Judged(
            levels.get(form.get(f"level-{number}", "")),
            sent_text(f"motivation-{number}"),
            form.get(f"seen-{number}", ""),
        )
        for number, _text in sent_rows("motivation-")
    }


def _page(period: Period, said: Mapping[int, Judged], outcome: Outcome, status: int) -> ResponseReturnValue:
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
