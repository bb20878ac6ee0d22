"""Who publishes a package and under which addresses: from the settings, and from the request where there is one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, Self
from urllib.parse import quote, urlsplit

import orjson
from flask import current_app, has_request_context, request
from werkzeug.urls import iri_to_uri

from tracker.text import slug
from tracker.web.content import STOCKHOLM

LOCAL_PREFIX = "lokal-portfoljkartan"
"""Of project identifiers where OC4IDS_PREFIX names none that is registered; never taken for a registered one."""
NO_PUBLISHER = "Utgivare ej angiven"
"""The schema wants a name; see PUBLISHER_NAME in the README."""
_MARK = "kodkod"
_PAGES = {
    "project": ("projects.detail", {"kod": _MARK}),
    "data": ("opendata.oc4ids_project", {"kod": _MARK}),
    "goal": ("maps.goal_page", {"kod": _MARK}),
    "area": ("maps.area_page", {"kod": _MARK}),
    "policy": ("opendata.data_page", {}),
}


@dataclass(frozen=True, slots=True)
class Publishing:
    """The publisher, the licence, and the addresses of pages as text with a mark in the place of a code.

    `base` is empty where the installation's address is not known, as in a command without PUBLIC_URL: then there are
    no addresses at all.
    """

    name: str
    uri: str
    scheme: str
    uid: str
    licence: str
    prefix: str
    contact: Mapping[str, str]
    base: str
    asked: str
    """The address of the package itself; empty where it has none."""
    pages: Mapping[str, str]

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """As `to_json` gives it."""
        return cls(**orjson.loads(text))

    def to_json(self) -> bytes:
        """For another process that is to write the same package."""
        return orjson.dumps(asdict(self))

    def identifier(self, code: str) -> str:
        """The identifier of a project all over the world."""
        return f"{self.prefix}-{code}"

    def address(self, page: str, code: str = "", **query: str) -> str | None:
        """The whole address of a page, None where it is not known."""
        if not self.base or page not in self.pages:
            return None
        words = "&".join(f"{name}={_quoted(value)}" for name, value in query.items())
        return f"{self.base}{self.pages[page].replace(_MARK, _quoted(code))}{'?' if words else ''}{words}"

    @property
    def party_id(self) -> str:
        """The publisher's identifier among a project's parties."""
        return f"{self.scheme}-{self.uid}" if self.scheme and self.uid else slug(self.name)


@lru_cache(maxsize=4_096)
def _quoted(text: str) -> str:
    """The codes of goals and areas stand in every project."""
    return quote(text, safe="")


def publishing(page: str = "", **values: str) -> Publishing:
    """As the settings say. `page` names the package's own address; without it, that of the request.

    PUBLIC_URL goes before the address by which a reader reaches us, so that an identifier does not depend on the way.
    """
    config = current_app.config
    base = str(config.get("PUBLIC_URL") or "")
    if not base and has_request_context():
        base = request.host_url.rstrip("/") + request.root_path
    pages = _pages()
    return Publishing(
        name=config["PUBLISHER_NAME"],
        uri=whole_uri(config["PUBLISHER_URI"]) or "",
        scheme=config["PUBLISHER_SCHEME"],
        uid=config["PUBLISHER_ID"],
        licence=whole_uri(config["DATA_LICENCE"]) or "",
        prefix=config["OC4IDS_PREFIX"].rstrip("-") or LOCAL_PREFIX,
        contact={name: config[f"CONTACT_{name.upper()}"] for name in ("name", "email", "phone")},
        base=base,
        asked=_asked(base, page, values),
        pages=pages,
    )


def _pages() -> dict[str, str]:
    """Built once: to build each of a hundred thousand addresses would take longer than all the rest of them."""
    adapter = current_app.url_map.bind("localhost")
    known = current_app.view_functions
    return {name: adapter.build(endpoint, values) for name, (endpoint, values) in _PAGES.items() if endpoint in known}


def _asked(base: str, page: str, values: Mapping[str, Any]) -> str:
    if not base:
        return ""
    if page:
        return base + current_app.url_map.bind("localhost").build(page, values)
    if not has_request_context():
        return ""
    query = request.query_string.decode("ascii", "ignore")
    return iri_to_uri(f"{base}{quote(request.path)}{'?' if query else ''}{query}")


def whole_uri(text: str) -> str | None:
    """A web address in the letters that a URI may have; None for what is none."""
    try:
        found = iri_to_uri(text.strip())
        parts = urlsplit(found)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    # Everything else that a person can type is quoted: a blank, a quotation mark, a lone percent sign.
    quoted = quote(found, safe="%:/?#[]@!$&'()*+,;=-._~")
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", quoted)


def moment(when: datetime) -> str:
    """A moment on Stockholm's clock with its distance from UTC, so that it is the same date everywhere."""
    return when.astimezone(STOCKHOLM).isoformat(timespec="seconds")


def beginning(day: date) -> str:
    """The first second of a day in Stockholm."""
    return datetime.combine(day, time(), STOCKHOLM).isoformat(timespec="seconds")


def ending(day: date) -> str:
    """The last second of a day in Stockholm."""
    return datetime.combine(day, time(23, 59, 59), STOCKHOLM).isoformat(timespec="seconds")


@lru_cache(maxsize=512)
def year_period(year: int) -> dict[str, str]:
    """A calendar year; the same object for everybody, who only reads it."""
    return {"startDate": beginning(date(year, 1, 1)), "endDate": ending(date(year, 12, 31))}
