"""Every page there is, for every role, in both languages and themes: nothing serious for axe-core, and no sideways
scroll at four times the size.

One database takes Swedish and the other English, so that a whole run has tried every page in each; the theme that a
page does not open in is tried for its colours, which are all that it changes.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.conftest import PASSWORD
from tests.exports.planted import open_and_close, put
from tests.journeys.conftest import WIDE, open_whole, serious_findings
from tests.web.walking import questions
from tracker.accounts.roles import Role
from tracker.history.services import Actor
from tracker.projects.examples import seed_examples

pytestmark = pytest.mark.browser
SignIn = Callable[[Role], FlaskClient]
ROLES = (None, *Role)
TOKEN = re.compile(rb'(csrf_token"[^>]*value|nonce)="[^"]*"')
ZOOMED = 320
"""A window of 1280 pixels, enlarged to 400 per cent."""
WIDEST = """
[...document.querySelectorAll("body *")].filter((one) => {
  if (one.getBoundingClientRect().right <= innerWidth + 1) return false;
  for (let up = one.parentElement; up; up = up.parentElement) {
    if (up !== document.body && getComputedStyle(up).overflowX !== "visible") return false;
  }
  return true;
}).slice(0, 3).map((one) => `${one.tagName}.${one.className}`).join(", ")
"""
"""What reaches out of the window, save what scrolls in a frame of its own."""
OTHER_THEME = """
() => {
  const top = document.documentElement.dataset;
  return (top.bsTheme = top.bsTheme === "dark" ? "light" : "dark");
}
"""
"""Change it as the button in the foot does, and say to which."""
LEAST = {None: 15, Role.READER: 35, Role.MANAGER: 40, Role.CONTROLLER: 50, Role.ADMIN: 60}
"""Fewer pages than so would mean that the walk has lost its way."""


def test_every_page_of_every_role(
    app: Flask, session: Session, actor: Actor, client: FlaskClient, sign_in: SignIn, page: Page
) -> None:
    seed_examples(session, actor)
    open_and_close(session, put(session, actor), actor)
    language, theme = ("sv", "light") if session.get_bind().dialect.name == "sqlite" else ("en", "dark")
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    found, tried = list[str](), set[tuple[str, bytes]]()
    page.on("response", lambda got: found.append(f"{got.status} {got.url}") if got.status >= 400 else None)
    for role in ROLES:
        browser = sign_in(role) if role else client
        browser.set_cookie("sprak", language)
        pages = pages_of(app, browser)
        assert len(pages) >= LEAST[role]
        if role:
            enter(page, role)
        page.goto(f"/sprak/{language}")
        expect(page.locator("html")).to_have_attribute("lang", language)
        # The same page once; the menu around it differs with the role, and is the same on each of its pages.
        for address in [one for one in pages if one == "/" or (one, pages[one]) not in tried]:
            found += faults(page, address)
        tried |= set(pages.items())
    assert "\n".join(found) == ""


def pages_of(app: Flask, browser: FlaskClient) -> dict[str, bytes]:
    """The addresses that answer this person with a page, and what stands on it between menu and foot."""
    found = {}
    for question in questions(app, known=True, methods=frozenset({"GET"})):
        with browser.get(question.address) as answer:
            shown = answer.status_code == 200 and answer.mimetype == "text/html"
            # A part of a page, which a script puts in, is tried where it stands.
            if shown and "Content-Disposition" not in answer.headers and b"<html" in answer.data:
                main = answer.data.partition(b"<main")[2].partition(b"</main>")[0] or answer.data
                found[question.address] = TOKEN.sub(b"", main)
    return found


def enter(page: Page, role: Role) -> None:
    page.context.clear_cookies()
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.goto("/logga-in")
    page.get_by_label("E-post").fill(f"{role.value}@prov.se")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()


def faults(page: Page, address: str) -> list[str]:
    """What axe-core finds at the usual size in each theme, and how far the page reaches out of a narrow window."""
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    open_whole(page, address)
    found = [f"{address}: {one}" for one in serious_findings(page)]
    other = page.evaluate(OTHER_THEME)
    found += [f"{address}, {other}: {one}" for one in serious_findings(page, colours_only=True)]
    page.set_viewport_size({"width": ZOOMED, "height": 640})
    width = page.evaluate("document.documentElement.scrollWidth")
    return [*found, f"{address}: {width} pixels wide: {page.evaluate(WIDEST)}"] if width > ZOOMED else found
