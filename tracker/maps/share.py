"""The map's own addresses as they are passed on: absolute, with filter, choices and view."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from flask import current_app, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from tracker.maps.blueprint import bp
from tracker.maps.choices import MapChoices, choices_from
from tracker.messages import told
from tracker.projects.filters import ProjectFilter, filter_from
from tracker.web.content import STOCKHOLM

Query = Mapping[str, Any]
"""Parameters as url_for takes them: a text, or a list of them."""


@dataclass(frozen=True, slots=True)
class EmbedSize:
    """Width (digits are pixels) and height of a frame on somebody's page."""

    word: str
    label: str
    width: str
    height: int


def embed_sizes() -> list[EmbedSize]:
    """The sizes to choose from; the first one is the usual."""
    return [
        EmbedSize("mellan", _("Mellan, 640 × 480"), "640", 480),
        EmbedSize("liten", _("Liten, 400 × 360"), "400", 360),
        EmbedSize("stor", _("Stor, 960 × 640"), "960", 640),
        EmbedSize("bredd", _("Hela bredden, 560 hög"), "100%", 560),
    ]


def absolute(endpoint: str, query: Query, position: str = "") -> str:
    """The whole address of a page; `position` is what the map writes after the number sign."""
    inner = url_for(endpoint, **{name: values for name, values in query.items() if values})
    base = current_app.config["PUBLIC_URL"]
    root = request.root_path
    outer = f"{base}{inner.removeprefix(root)}" if base else f"{request.host_url.rstrip('/')}{inner}"
    return f"{outer}#{position}" if position else outer


def shared_query(wanted: ProjectFilter, choices: MapChoices) -> dict[str, Any]:
    """Filter and choices as one query."""
    return {**wanted.to_query(), **choices.to_query()}


def embed_code(address: str, title: str, size: EmbedSize) -> str:
    """HTML for somebody's page."""
    return str(
        Markup('<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" allowfullscreen></iframe>').format(
            address, title, size.width, size.height
        )
    )


def letter(address: str, heading: str) -> str:
    """A mailto address with a subject and the link."""
    subject = _("Portföljkartan: %(what)s", what=heading) if heading else _("Portföljkartan")
    body = _("Se kartan här:") + f"\r\n{address}\r\n"
    return f"mailto:?subject={quote(subject, safe='')}&body={quote(body, safe='')}"


@dataclass(frozen=True, slots=True)
class ShareBox:
    """What the share menu says. `codes` is empty when nobody may embed the map; `origins` is who may, empty for all."""

    link: str
    letter: str
    printing: str
    codes: list[tuple[EmbedSize, str]]
    origins: tuple[str, ...]
    day: str


@bp.context_processor
def _for_pages() -> dict[str, Callable[[str], ShareBox]]:
    """The menu of a page, made when its template asks; `heading` is the filter in words."""
    return {"map_share": share_box}


def share_box(heading: str) -> ShareBox:
    """Ways to pass on the map that the request's address means, without the view, which only the script knows."""
    query = shared_query(filter_from(request.args), choices_from(request.args))
    for name in ("view", "sort", "order"):
        query.pop(name, None)
    title = _("Karta över stadens projekt") + (f" · {told(heading)}" if heading else "")
    origins: tuple[str, ...] = current_app.config["EMBED_ORIGINS"]
    embedded = absolute("maps.embedded", query)
    link = absolute("maps.map_page", query)
    return ShareBox(
        link=link,
        letter=letter(link, heading),
        printing=url_for("maps.print_page", **query),
        codes=[(size, embed_code(embedded, title, size)) for size in embed_sizes()] if origins else [],
        origins=() if "*" in origins else origins,
        day=datetime.now(STOCKHOLM).date().isoformat(),
    )
