"""The page of an area, and the ways to it from other names."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.accounts.login import can, requires
from tracker.accounts.roles import Permission
from tracker.areas.models import Area, AreaSet
from tracker.areas.queries import get_area, get_area_set, list_areas, newest_set
from tracker.exports.standing import Asking, stand
from tracker.extensions import db
from tracker.maps import page_words
from tracker.maps.area_page import AreaPage
from tracker.maps.area_page import area_page as read_page
from tracker.maps.area_page_finding import Meaning, meanings_of, near_names, only_holder
from tracker.maps.area_page_summary import area_summary
from tracker.maps.blueprint import bp
from tracker.maps.page_chart import bar_chart
from tracker.maps.page_map import chosen_goal_set, map_parts, offered_amounts, who_asks
from tracker.web.addresses import qr_code, whole_address


@bp.get("/omraden/<kod>")
@requires(Permission.VIEW_PUBLIC)
def area_page(kod: str) -> ResponseReturnValue:
    """An area of an edition (`areas`, default the newest). Other names lead to it, or to a choice between several."""
    session = db.session()
    asked = request.args.get("areas", "")
    area_set = get_area_set(session, asked) if asked else newest_set(session)
    if any(one.code == kod for one in list_areas(session, area_set)):
        return _shown(get_area(session, area_set.code, kod))
    meanings = meanings_of(session, kod, area_set)
    holder = only_holder(meanings)
    if holder is not None:
        called = kod if any(one.area.code != holder.code for one in meanings) else None
        return redirect(url_for(".area_page", kod=holder.code, areas=asked or None, name=called))
    if meanings:
        return render_template("maps/area_page_choice.html", kod=kod, area_set=area_set, meanings=meanings)
    near = near_names(session, kod)
    return render_template("maps/area_page_unknown.html", kod=kod, area_set=area_set, near=near), 404


def _shown(area: Area) -> ResponseReturnValue:
    session, area_set = db.session(), area.area_set
    who = who_asks(chosen_goal_set(session, request.args.get("edition", "")))
    question = ("area-page", area_set.code, area.code, *who.key)
    page = stand(session, Asking(question, who.now), AreaPage, lambda: read_page(session, area, who))
    summary = area_summary(page, public=not can(Permission.VIEW_DRAFTS))
    canonical = whole_address(".area_page", kod=page.code, areas=None if page.newest else page.set_code)
    return render_template(
        "maps/area_page.html",
        page=page,
        summary=summary,
        description=page_words.described(summary),
        canonical=canonical,
        qr=qr_code(canonical),
        called=_called(area, area_set),
        filter=_filter_of(page),
        chart=bar_chart([(str(one.year), one.amount) for one in page.by_year]),
        people_chart=bar_chart([(str(one.year), one.inhabitants) for one in page.people]),
        amounts=offered_amounts(),
        text=page_words,
        **map_parts(session),
    )


def _filter_of(page: AreaPage) -> dict[str, str]:
    """The filter of list and map that means the projects of the page."""
    return {"area": page.code} if page.newest else {"area": page.code, "areas": page.set_code}


def _called(area: Area, area_set: AreaSet) -> list[Meaning]:
    """What the name that somebody came by means: places inside this area, or another name of it. Others say nothing."""
    found = meanings_of(db.session(), request.args.get("name", ""), area_set)
    return [one for one in found if one.holder is not None and one.holder.code == area.code]
