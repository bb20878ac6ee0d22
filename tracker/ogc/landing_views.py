"""The first page of the service, what it conforms to, and its description for programs."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from tracker.accounts.freshness import fresh
from tracker.accounts.login import requires
from tracker.accounts.roles import Permission
from tracker.extensions import db
from tracker.maps.reading import read_revision
from tracker.messages import message
from tracker.ogc.addressing import HTML_TYPE, JSON_TYPE, OPENAPI_TYPE, Links, licence_links, link, own_links
from tracker.ogc.asking import check_known
from tracker.ogc.blueprint import bp
from tracker.ogc.conformance import CLASSES
from tracker.ogc.finding import all_collections
from tracker.ogc.formats import HTML, json_answer, mark_of, wanted_form
from tracker.ogc.openapi import described_api
from tracker.projects.viewing import viewer
from tracker.web.addresses import whole_address

TITLE = message("Portföljkartan: projekt, områden och bidrag")
DESCRIPTION = message(
    "Stadens bostads-, arbetsplats- och trafikprojekt med läge, mål och områden, enligt OGC API – Features. Utan "
    "inloggning: publicerade projekt och öppna uppgifter."
)


@bp.get("", strict_slashes=False)
@requires(Permission.VIEW_PUBLIC)
def landing() -> ResponseReturnValue:
    """Where everything is."""
    check_known(request.args, ("f",))
    form = wanted_form()
    content = {"title": TITLE, "description": DESCRIPTION, "links": _landing_links(form)}
    if form == HTML:
        return render_template("ogc/landing.html", content=content)
    return json_answer(content)


def _landing_links(form: str) -> Links:
    api = whole_address("ogc.api")
    return [
        *own_links(JSON_TYPE, form),
        link(f"{api}?f=json", "service-desc", OPENAPI_TYPE, "Beskrivning för program (OpenAPI 3.0)"),
        link(f"{api}?f=html", "service-doc", HTML_TYPE, "Beskrivning att läsa"),
        link(whole_address("ogc.conformance"), "conformance", JSON_TYPE, "Standarder som följs"),
        link(whole_address("ogc.collections"), "data", JSON_TYPE, "Samlingarna"),
        *licence_links(),
    ]


@bp.get("/conformance")
@requires(Permission.VIEW_PUBLIC)
def conformance() -> ResponseReturnValue:
    """The classes of the standards that have tests behind them."""
    check_known(request.args, ("f",))
    form = wanted_form()
    if form == HTML:
        return render_template("ogc/conformance.html", classes=CLASSES)
    return json_answer({"conformsTo": list(CLASSES), "links": own_links(JSON_TYPE, form)})


@bp.get("/api")
@requires(Permission.VIEW_PUBLIC)
def api() -> ResponseReturnValue:
    """The description of every address; which collections there are follows the asker and the register."""
    check_known(request.args, ("f",))
    mark = mark_of(viewer(), read_revision(db.engine))
    content: dict[str, Any] = described_api(all_collections(), whole_address("ogc.landing"), TITLE, DESCRIPTION)
    if wanted_form() == HTML:
        return render_template("ogc/api.html", content=content)
    return fresh(json_answer(content, OPENAPI_TYPE), mark)
