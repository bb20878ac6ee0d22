"""The comparison of a period with an earlier one: plan → T1 → T2 → VB, the difference, and why."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.contribution.amounts import AMOUNTS
from tracker.contribution.rules import CountingRule
from tracker.exports.audience import Audience
from tracker.exports.standing import Asking, stand
from tracker.exports.views import audience
from tracker.extensions import db
from tracker.reports.blueprint import bp
from tracker.reports.compare_pages import AXES, Asked, ComparePage, compare_page
from tracker.reports.compared import Pair, materials_of, offered_bases, pair_of
from tracker.reports.explained import unchanging_sign

SHOWN = {amount.key: amount.label for amount in AMOUNTS}
USUAL = "utgift-prognos"


@bp.get("/uppfoljning/perioder/<key>/jamfor")
@requires(Permission.VIEW_DRAFTS)
def compare(key: str) -> ResponseReturnValue:
    """Amounts of each goal or area in the periods of the year, and what a difference is made of."""
    session, reader = db.session(), audience()
    pair = pair_of(session, key, request.args.get("med", ""))
    shown, asked = _asked()
    question = (
        "compare", reader.value, pair.base.key, *(one.key for one in pair.columns), shown,
        asked.rule.value, asked.axis, asked.cell, *(unchanging_sign(one, reader) for one in pair.columns),
    )  # fmt: skip
    page = stand(
        session,
        Asking(question, datetime.now(UTC), _sign(pair, reader)),
        ComparePage,
        lambda: compare_page(materials_of(session, pair, reader), (pair.base.key, pair.period.key), asked),
    )
    return render_template(
        "reports/compare.html",
        period=pair.period,
        base=pair.base,
        bases=offered_bases(session, pair.period),
        page=page,
        asked=asked,
        shown=shown,
        shown_words=SHOWN,
        axes=AXES,
        query={"med": pair.base.key, "shown": shown, "counting": asked.rule.value, "axis": asked.axis},
    )


def _asked() -> tuple[str, Asked]:
    """The amount's key and the question; unknown words give the usual."""
    args = request.args
    shown = args.get("shown", USUAL)
    shown = shown if shown in SHOWN else USUAL
    rules = {rule.value: rule for rule in CountingRule}
    axis = args.get("axis", "mal")
    return shown, Asked(
        place=list(SHOWN).index(shown),
        rule=rules.get(args.get("counting", ""), CountingRule.FORDELAD),
        axis=axis if axis in AXES else "mal",
        cell=args.get("cell", "alla"),
    )


def _sign(pair: Pair, reader: Audience) -> str:
    """Where every column is closed, and the reader has all that was kept, nothing changes any more."""
    signs = [unchanging_sign(one, reader) for one in pair.columns]
    return "closed" if all(signs) else ""
