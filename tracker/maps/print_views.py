"""The map on paper: a page where the sheet is chosen, and the file."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

from flask import Response, current_app, render_template, request, send_file
from flask.typing import ResponseReturnValue

from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.errors import DomainError
from tracker.extensions import db, limiter
from tracker.maps.blueprint import bp
from tracker.maps.changes import find_since
from tracker.maps.choices import choices_from
from tracker.maps.listing import Asked, count_everything
from tracker.maps.print_content import PrintContent, gather
from tracker.maps.print_files import write_file
from tracker.maps.print_orders import FileFormat, PrintOrder, Turned, order_from
from tracker.maps.print_sheets import Paper
from tracker.maps.print_theme import read_map_theme
from tracker.maps.print_turns import BusyError, turn
from tracker.maps.print_words import PrintWords, Told, print_words
from tracker.maps.share import Query, absolute, shared_query
from tracker.projects.choosing import filter_heading
from tracker.projects.filters import filter_from
from tracker.projects.viewing import viewer
from tracker.web.content import STOCKHOLM
from tracker.web.language import page_language
from tracker.web.redirects import this_address

AGAIN_SECONDS = 5


@bp.get("/karta/utskrift")
@requires(Permission.VIEW_PUBLIC)
def print_page() -> ResponseReturnValue:
    """Choose paper and format; says what the sheet will hold."""
    asked = _asked()
    query = shared_query(asked.wanted, asked.choices)
    try:
        order = order_from(request.args)
        content, words = _contents(order, asked)
    except DomainError as error:
        return render_template("maps/print_page.html", refusal=str(error), query=query), 422
    return render_template(
        "maps/print_page.html",
        order=order,
        content=content,
        words=words,
        query=query,
        papers=list(Paper),
        formats=list(FileFormat),
        ways=list(Turned),
    )


@bp.get("/karta/utskrift/fil")
@limiter.limit(lambda: current_app.config["PRINT_LIMIT"])
@requires(Permission.VIEW_PUBLIC)
def print_file() -> ResponseReturnValue:
    """The sheet as PDF or PNG."""
    asked = _asked()
    query = shared_query(asked.wanted, asked.choices)
    places = max(1, current_app.config["WEB_CONCURRENCY"] // 2)
    try:
        order = order_from(request.args)
        with turn(Path(current_app.config["STATE_DIR"]), places):
            content, words = _contents(order, asked)
            data = write_file(order.form, content, words)
    except BusyError as error:
        return _later(str(error), query)
    except DomainError as error:
        return render_template("maps/print_page.html", refusal=str(error), query=query), 422
    name = f"karta-{order.paper}-{asked.now.astimezone(STOCKHOLM).date().isoformat()}.{order.form}"
    answer = send_file(io.BytesIO(data), order.form.media_type, as_attachment=True, download_name=name)
    answer.cache_control.no_store = True
    return answer


def _asked() -> Asked:
    return Asked(filter_from(request.args), choices_from(request.args), viewer(), datetime.now(UTC))


def _contents(order: PrintOrder, asked: Asked) -> tuple[PrintContent, PrintWords]:
    """Read the sheet's content as whoever asks may see it, and put it in words."""
    session = db.session()
    theme = read_map_theme()
    content = gather(session, asked, order, theme.page if theme else None, circles=bool(theme and theme.circles))
    since = find_since(session, asked.choices.since)
    query = shared_query(asked.wanted, asked.choices)
    told = Told(
        asked,
        filter_heading(session, asked.wanted),
        since.words if since else "",
        count_everything(session, asked, content.count.total),
        absolute("maps.map_page", query, order.position),
        page_language(),
    )
    return content, print_words(content, told)


def _later(text: str, query: Query) -> Response:
    page = render_template("maps/print_page.html", refusal=text, query=query, again=this_address())
    return Response(page, 503, {"Retry-After": str(AGAIN_SECONDS)}, mimetype="text/html")
