"""What a page says to its reader that no catalogue could have said in another language, and that is nobody's data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from babel.support import NullTranslations
from sqlalchemy import MetaData, String, Text, select
from sqlalchemy.orm import Session

OPENS, CLOSES = "⟦", "⟧"
SPOKEN = frozenset({"aria-label", "title", "placeholder", "alt", "aria-description", "data-label"})
"""Attributes that are read to somebody."""
UNSPOKEN = frozenset({"script", "style", "code", "svg", "time", "kbd"})
BLOCKS = frozenset(
    {"p", "li", "td", "th", "dt", "dd", "h1", "h2", "h3", "h4", "div", "section", "caption", "label", "option"}
)
"""A text may go on through the links in it, never past the beginning of one of these."""
WORD = re.compile(r"[A-Za-zÅÄÖåäöéÉü]{2,}")
ADDRESS = re.compile(r"https?://\S+")
PARTS = re.compile(r"[,:;.·()](?=\s|$)|\s[–·(]")
"""Between names in a row."""
SAME = set(
    "Portföljkartan mnkr tkr kronor kr st km csv CSV XLSX xlsx DOCX docx PDF pdf PNG GeoJSON GeoPackage KML Shapefile "  # noqa: SIM905
    "FlatGeobuf GPKG JSON HTML SWEREF WGS EPSG OGC API DCAT OC4IDS SHA UTF Atom OpenAPI svenska Svenska English QGIS "
    "ArcGIS Excel URL kB MB GB kl SV EN CC AP SE RDF XML Turtle LD Table Schema Data Package Python JavaScript "
    "Features OC IDS".split()
)
"""Names, units and formats: the same in every language."""


class Marking(NullTranslations):
    """A language in which every text that is asked for stands in brackets."""

    def ugettext(self, message: str) -> str:
        return f"{OPENS}{message}{CLOSES}"

    gettext = ugettext

    def ungettext(self, singular: str, plural: str, num: int) -> str:
        return f"{OPENS}{singular if num == 1 else plural}{CLOSES}"

    ngettext = ungettext  # type: ignore[assignment]

    def upgettext(self, _context: str, message: str) -> str:
        return self.ugettext(message)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.pieces: list[str] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.depth = 0 if tag in BLOCKS else self.depth
        for name, value in attrs:
            if name in SPOKEN and value:
                self._read(value, 0)
        if tag == "input" and given.get("type") in ("submit", "button") and given.get("value"):
            self._read(str(given["value"]), 0)
        if tag not in ("input", "br", "hr", "img", "meta", "link", "col", "wbr", "source"):
            foreign = given.get("lang") not in (None, "sv", "en") or "data-swedish" in given
            self.open.append("code" if foreign else tag)

    def handle_endtag(self, _tag: str) -> None:
        if self.open:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not UNSPOKEN & set(self.open):
            self.depth = self._read(data, self.depth)

    def _read(self, text: str, depth: int) -> int:
        """Keep what stands outside all brackets; how many are open before and after."""
        pieces = [""]
        for sign in text:
            if sign == OPENS:
                depth += 1
                pieces.append("")
            elif sign == CLOSES:
                depth = max(depth - 1, 0)
            elif not depth:
                pieces[-1] += sign
        self.pieces += pieces
        return depth


def unmarked(page: str) -> Iterator[str]:
    """Pieces of text outside all brackets that have a word in them. An element with `data-swedish` is left out."""
    reader = _Reader()
    reader.feed(page)
    for piece in reader.pieces:
        if set(WORD.findall(ADDRESS.sub("", piece))) - SAME:
            yield " ".join(piece.split())


def data_texts(session: Session) -> str:
    """Every text of every row of the register, one below another."""
    tables = MetaData()
    tables.reflect(session.connection())
    found: set[str] = set()
    for table in tables.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, String | Text) and table.name not in ("standing_report", "spatial_ref_sys"):
                found.update(" ".join(str(one).split()) for one in session.scalars(select(column)) if one)
    return "\n".join(found)


def unknown(pieces: Iterator[str], data: str) -> set[str]:
    """The pieces with a part that is not, and is no part of, any text of the register."""
    return {
        one for one in pieces if any(part not in data for part in map(_bare, PARTS.split(one)) if WORD.search(part))
    }


def _bare(part: str) -> str:
    return part.strip(" .,:;()–-·•„”\"'/…→×=%&<>|")
