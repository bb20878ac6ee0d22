"""Help for each page, and how accessible the product is."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote, urlencode

from flask import Blueprint, abort, current_app, render_template, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tracker.accounts.login import can, requires
from tracker.accounts.roles import Permission
from tracker.handbook.pages import FOLDER, INDEX, Addresses, find_page, page_names
from tracker.handbook.places import ENGLISH, chapter_of, english_chapter_of
from tracker.web.addresses import whole_address
from tracker.web.language import SWEDISH, page_language

bp = Blueprint("handbook", __name__)
REVIEWED = date(2026, 11, 26)
"""When somebody last compared the statement on accessibility with the pages."""


def _page_address(name: str) -> str:
    return url_for("handbook.index") if name == INDEX else url_for("handbook.page", name=name)


def _picture_address(name: str) -> str:
    return url_for("handbook.picture", name=name)


ADDRESSES = Addresses(page=_page_address, picture=_picture_address)


@bp.app_context_processor
def _help() -> dict[str, object]:
    return {"help_address": help_address}


def help_address() -> str:
    """Where the handbook tells of the page that is shown; to who reads English, its summary does."""
    find = chapter_of if page_language() == SWEDISH else english_chapter_of
    name, anchor = find(request.endpoint or "", only_reads=not can(Permission.EDIT_PROJECT))
    return _page_address(name) + (f"#{anchor}" if anchor else "")


@bp.get("/hjalp")
@requires(Permission.VIEW_PUBLIC)
def index() -> ResponseReturnValue:
    return _shown(INDEX)


@bp.get("/hjalp/<name>")
@requires(Permission.VIEW_PUBLIC)
def page(name: str) -> ResponseReturnValue:
    return _shown(name)


def _shown(name: str) -> ResponseReturnValue:
    found = find_page(name, ADDRESSES)
    if found is None:
        abort(404)
    others = [find_page(one, ADDRESSES) for one in page_names()]
    return render_template("handbook/page.html", page=found, pages=others, index=INDEX, english=ENGLISH)


@bp.get("/hjalp/bilder/<name>")
@requires(Permission.VIEW_PUBLIC)
def picture(name: str) -> ResponseReturnValue:
    return send_from_directory(FOLDER / "bilder", name, mimetype="image/png", max_age=3600)


@bp.get("/tillganglighet")
@requires(Permission.VIEW_PUBLIC)
def accessibility() -> ResponseReturnValue:
    """The statement that the law (2018:1937) asks of a public body's site."""
    contact = {key: current_app.config[f"CONTACT_{key.upper()}"] for key in ("name", "email", "phone")}
    shown = request.args.get("sida", "")
    letter = {"subject": gettext("Tillgänglighet i Portföljkartan")}
    if shown:
        letter["body"] = gettext("Sida: %(page)s", page=shown)
    address = f"mailto:{contact['email']}?{urlencode(letter, quote_via=quote)}"
    site = whole_address("projects.overview")
    return render_template("handbook/accessibility.html", contact=contact, site=site, letter=address, reviewed=REVIEWED)
