"""A page's form as a browser without a script sends it: read the fields, change some, post."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse


@dataclass
class Page:
    """The answer and the fields of its form."""

    answer: TestResponse
    fields: MultiDict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    """Field id → the reason that stands beside it."""

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def text(self) -> str:
        return self.answer.text

    @property
    def summary(self) -> str:
        """The error summary as text."""
        found = re.search(r"data-error-summary>(.*?)</div>", self.text, re.S)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[1])).split()) if found else ""

    def row(self, name: str, field_name: str, value: str) -> str:
        """The prefix of the row whose hidden field has that value."""
        pattern = re.compile(rf"({name}-\d+)-{field_name}")
        found = ((pattern.fullmatch(key), one) for key, one in self.fields.items(multi=True))
        return next(match[1] for match, one in found if match and one == value)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: MultiDict[str, str] = MultiDict()
        self.errors: dict[str, str] = {}
        self.inside = self.template = 0
        self.area = self.slot = self.select = ""
        self.chosen: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.template += tag == "template"
        if tag == "form":
            self.inside += given.get("id") == "projektform"
        if not self.inside or self.template:
            return
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "input" and name and "disabled" not in given:
            self._input(given, name, value)
        elif tag == "textarea":
            self.area = name
            self.fields.add(name, "")
        elif tag == "select":
            self.select, self.chosen = name, None
        elif tag == "option" and self.select and (self.chosen is None or "selected" in given):
            self.chosen = [value]
        elif "data-fault" in given:
            self.slot = given["data-fault"] or ""

    def _input(self, given: dict[str, str | None], name: str, value: str) -> None:
        if given.get("type") in ("radio", "checkbox") and "checked" not in given:
            return
        self.fields.add(name, value)

    def handle_data(self, data: str) -> None:
        if self.area:
            self.fields[self.area] += data
        elif self.slot:
            self.errors[self.slot] = (self.errors.get(self.slot, "") + data).strip()

    def handle_endtag(self, tag: str) -> None:
        self.template -= tag == "template"
        if tag == "textarea" and self.area:
            # The first line break after <textarea> is no part of the text.
            self.fields[self.area] = re.sub(r"^\r?\n", "", self.fields[self.area])
            self.area = ""
        elif tag == "select" and self.select:
            for value in self.chosen or []:
                self.fields.add(self.select, value)
            self.select = ""
        elif tag == "div":
            self.slot = ""
        elif tag == "form":
            self.inside = 0


def read_page(answer: TestResponse) -> Page:
    """The form of an answer."""
    reader = _Reader()
    reader.feed(answer.text)
    errors = {key: text for key, text in reader.errors.items() if text}
    return Page(answer, reader.fields, errors)


def open_form(browser: FlaskClient, address: str) -> Page:
    """GET a form."""
    return read_page(browser.get(address))


def send(browser: FlaskClient, address: str, page: Page, **changes: str | list[str] | None) -> Page:
    """POST the fields of a page with changes; None leaves a field out. `__` in a key stands for a hyphen."""
    fields = MultiDict(page.fields)
    for key, value in _named(changes):
        fields.poplist(key)
        if value is not None:
            fields.setlist(key, value if isinstance(value, list) else [value])
    return read_page(browser.post(address, data=fields))


def _named(changes: dict[str, str | list[str] | None]) -> Iterator[tuple[str, str | list[str] | None]]:
    for key, value in changes.items():
        yield key.replace("__", "-"), value
