"""The page of a goal, and the ways to it from other ways of writing its code or name."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.accounts.login import can, requires
from tracker.accounts.roles import Permission
from tracker.areas.queries import get_area_set, newest_set
from tracker.exports.standing import Asking, stand
from tracker.extensions import db
from tracker.goals.models import Goal
from tracker.maps import page_words
from tracker.maps.blueprint import bp
from tracker.maps.goal_page import GoalPage, shown_lines
from tracker.maps.goal_page import goal_page as read_page
from tracker.maps.goal_page_links import goals_called, near_goals
from tracker.maps.goal_page_summary import goal_summary
from tracker.maps.page_chart import bar_chart
from tracker.maps.page_map import chosen_goal_set, map_parts, offered_amounts, who_asks
from tracker.web.addresses import qr_code, whole_address


@bp.get("/mal/<kod>")
@requires(Permission.VIEW_PUBLIC)
def goal_page(kod: str) -> ResponseReturnValue:
    """A goal or an aspect of an edition (`edition`, default the one that is valid this year)."""
    session = db.session()
    asked = request.args.get("edition", "")
    goal_set = chosen_goal_set(session, asked)
    found = goals_called(session, kod, goal_set)
    exact = next((one for one in found if one.goal_set_id == goal_set.id and one.code == kod), None)
    if exact is not None:
        return _shown(exact)
    if found:
        first = found[0]
        edition = first.goal_set.code if asked or first.goal_set_id != goal_set.id else None
        return redirect(url_for(".goal_page", kod=first.code, edition=edition))
    near = near_goals(session, kod)
    return render_template("maps/goal_page_unknown.html", kod=kod, goal_set=goal_set, near=near), 404


def _shown(goal: Goal) -> ResponseReturnValue:
    session = db.session()
    areas = request.args.get("areas", "")
    area_set = get_area_set(session, areas) if areas else newest_set(session)
    who = who_asks(goal.goal_set)
    question = ("goal-page", goal.code, area_set.code, *who.key)
    page = stand(session, Asking(question, who.now), GoalPage, lambda: read_page(session, goal, area_set, who))
    summary = goal_summary(page, public=not can(Permission.VIEW_DRAFTS))
    default = chosen_goal_set(session, "").id == goal.goal_set_id
    total = page.total.amounts if page.total else ()
    canonical = whole_address(".goal_page", kod=goal.code, edition=None if default else goal.goal_set.code)
    return render_template(
        "maps/goal_page.html",
        page=page,
        summary=summary,
        description=page_words.described(summary),
        canonical=canonical,
        qr=qr_code(canonical),
        filter={"goal": goal.code, "edition": goal.goal_set.code},
        lines=shown_lines(page),
        chart=bar_chart([(str(year), number) for year, number in zip(page.years, total, strict=True)]),
        amounts=offered_amounts(),
        text=page_words,
        **map_parts(session),
    )
