"""The pages of the handbook: Markdown files under docs/handbok, as HTML with an index of their headings.

The same files are read on the shelf where the source lies, so links and headings work in both places: a link to
`controller.md#stanga-en-period` leads to the page, and a heading has the id that code hosts give it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

FOLDER = Path(__file__).resolve().parent.parent.parent / "docs" / "handbok"
INDEX = "README"
ORDER = ("rundtur", "kartlasare", "projektledare", "controller", "forvaltare", "english")
"""As a reader meets them: the tour, then those who look, who register, who follow up and who run it."""
_LINK = re.compile(r"(?P<page>[A-Za-z0-9-]+)\.md(?P<rest>#.*)?")
_PICTURE = re.compile(r"bilder/(?P<name>[a-z0-9-]+\.png)")
_NOT_IN_IDS = re.compile(r"[^\w\- ]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the second or third level, and where it is."""

    anchor: str
    title: str
    level: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its name in addresses, its title, its body as safe HTML, and its headings in order."""

    name: str
    title: str
    body: Markup
    headings: tuple[Heading, ...]


@dataclass(frozen=True, slots=True)
class Addresses:
    """How the product names a page of the handbook and a picture."""

    page: Callable[[str], str]
    picture: Callable[[str], str]


def page_names() -> tuple[str, ...]:
    """Every page but the index: those of ORDER first."""
    names = sorted(file.stem for file in FOLDER.glob("*.md") if file.stem != INDEX)
    return tuple(sorted(names, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER)))


def anchor_of(title: str) -> str:
    """The id of a heading: "Året i korthet" → "året-i-korthet"."""
    return _NOT_IN_IDS.sub("", title.strip().lower()).replace(" ", "-")


def find_page(name: str, addresses: Addresses) -> Page | None:
    """The page, or None when there is none of that name; the name is never a path."""
    if name != INDEX and name not in page_names():
        return None
    return _render(name, (FOLDER / f"{name}.md").stat().st_mtime_ns, addresses)


@lru_cache(maxsize=32)
def _render(name: str, _changed: int, addresses: Addresses) -> Page:
    # Without `html` every tag in the text is shown as text.
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.add_render_rule(
        "table_open", lambda *_rest: '<div class="table-scroll" tabindex="0"><table class="table">\n'
    )
    reader.add_render_rule("table_close", lambda *_rest: "</table></div>\n")
    tokens = reader.parse((FOLDER / f"{name}.md").read_text(encoding="utf-8"))
    headings = _headings(tokens)
    for token in tokens:
        for part in token.children or ():
            _readdress(part, addresses)
    body = Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704 - our own files, without HTML
    title = next((one.title for one in headings if one.level == 1), name)
    return Page(name, title, body, tuple(one for one in headings if one.level in (2, 3)))


def _headings(tokens: list[Token]) -> list[Heading]:
    found = []
    for opening, text in pairwise(tokens):
        if opening.type == "heading_open":
            heading = Heading(anchor_of(text.content), text.content, int(opening.tag[1:]))
            opening.attrSet("id", heading.anchor)
            found.append(heading)
    return found


def _readdress(token: Token, addresses: Addresses) -> None:
    if token.type == "link_open" and (link := _LINK.fullmatch(str(token.attrGet("href")))):
        token.attrSet("href", addresses.page(link["page"]) + (link["rest"] or ""))
    if token.type == "image" and (picture := _PICTURE.fullmatch(str(token.attrGet("src")))):
        token.attrSet("src", addresses.picture(picture["name"]))
        token.attrSet("loading", "lazy")
