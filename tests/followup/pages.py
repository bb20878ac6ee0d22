"""Forms of follow-up as a browser without a script sends them: read the fields, change some, post."""

from __future__ import annotations

from dataclasses import dataclass

import lxml.html
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse


@dataclass
class Page:
    """The answer and the fields of the largest form that posts inside its main part."""

    answer: TestResponse
    fields: MultiDict[str, str]

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def text(self) -> str:
        return self.answer.text

    @property
    def main(self) -> str:
        """The text of the main part with single spaces; a no-break space stays."""
        [main] = lxml.html.fromstring(self.text).xpath("//main")
        return " ".join(str(main.text_content()).replace("\u00a0", "\u00a4").split()).replace("\u00a4", "\u00a0")


def read_page(answer: TestResponse) -> Page:
    """The form of an answer."""
    fields: MultiDict[str, str] = MultiDict()
    text = answer.text
    forms = lxml.html.fromstring(text).xpath("//main//form[@method='post']") if text.strip() else []
    if forms:
        form = max(forms, key=lambda one: len(one.form_values()))
        # The first line break after <textarea> is no part of the text.
        fields.update(MultiDict([(key, (value or "").removeprefix("\n")) for key, value in form.form_values()]))
    return Page(answer, fields)


def open_form(browser: FlaskClient, address: str) -> Page:
    """GET a form."""
    return read_page(browser.get(address))


def send(browser: FlaskClient, address: str, page: Page, **changes: str | list[str] | None) -> Page:
    """POST the fields of a page with changes; None leaves a field out. `__` in a key stands for a hyphen."""
    fields = MultiDict(page.fields)
    for key, value in changes.items():
        name = key.replace("__", "-")
        fields.poplist(name)
        if value is not None:
            fields.setlist(name, value if isinstance(value, list) else [value])
    return read_page(browser.post(address, data=fields))
