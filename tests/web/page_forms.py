"""Every form of a page, with what a browser without a script would send from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from werkzeug.datastructures import MultiDict

BUTTONS = frozenset({"submit", "button", "image", "reset"})


@dataclass
class PageForm:
    """One form: where it goes, what it sends, and the names of all its controls, chosen or not."""

    action: str
    method: str
    enctype: str
    fields: MultiDict[str, str] = field(default_factory=MultiDict)
    controls: set[str] = field(default_factory=set)
    empty: set[str] = field(default_factory=set)
    """Controls that must be filled in and are not."""


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: dict[str, PageForm] = {}
        self.at = self.area = self.select = ""
        self.template = 0
        self.chosen: list[str] = []
        self.first: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.template += tag == "template"
        if tag == "form":
            self.at = given.get("id") or f"form {len(self.forms)}"
            action = given.get("action") or self.address
            self.forms[self.at] = PageForm(action, given.get("method", "get").lower(), given.get("enctype", ""))
        if tag == "option" and self.select:
            self._option(given)
        form = self.forms.get(given.get("form") or self.at)
        if form is None or self.template or "disabled" in given or not given.get("name"):
            return
        if tag in ("input", "button"):
            _control(form, given, button=tag == "button")
        elif tag == "textarea":
            self.area = given["name"]
            form.controls.add(self.area)
            form.fields.add(self.area, "")
        elif tag == "select":
            self.select, self.chosen, self.first = given["name"], [], None
            form.controls.add(self.select)

    def _option(self, given: dict[str, str]) -> None:
        value = given.get("value", "")
        self.first = self.first if self.first else value
        if "selected" in given:
            self.chosen.append(value)

    def handle_data(self, data: str) -> None:
        if self.area and self.at:
            self.forms[self.at].fields[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        self.template -= tag == "template"
        if tag == "textarea" and self.area:
            fields = self.forms[self.at].fields
            fields[self.area] = fields[self.area].removeprefix("\n")
            self.area = ""
        elif tag == "select" and self.select and self.at:
            for value in self.chosen or ([self.first] if self.first is not None else []):
                self.forms[self.at].fields.add(self.select, value)
            self.select = ""
        elif tag == "form":
            self.at = ""


def _control(form: PageForm, given: dict[str, str], *, button: bool) -> None:
    name, kind = given["name"], given.get("type", "submit" if button else "text")
    form.controls.add(name)
    if kind in BUTTONS or kind == "file" or (kind in ("radio", "checkbox") and "checked" not in given):
        return
    form.fields.add(name, given.get("value", "on" if kind in ("radio", "checkbox") else ""))
    if "required" in given and not given.get("value"):
        form.empty.add(name)


def forms_of(page: str, address: str) -> list[PageForm]:
    """The forms of a page that was fetched from an address."""
    reader = _Reader(address)
    reader.feed(page)
    return list(reader.forms.values())
