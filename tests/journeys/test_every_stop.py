"""Every page by Tab alone: each stop is seen to have the focus, nothing covers it, and Tab leads out again.

One database takes a usual window and the other one that is enlarged to 400 per cent, so that a whole run has tried
every page in both.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy.orm import Session

from tests.exports.planted import open_and_close, put
from tests.journeys.conftest import WIDE, open_whole
from tests.journeys.keys import FAULT
from tests.journeys.test_every_page import enter, pages_of
from tracker.accounts.roles import Role
from tracker.history.services import Actor
from tracker.projects.examples import seed_examples

pytestmark = pytest.mark.browser
SignIn = Callable[[Role], FlaskClient]
ENLARGED: ViewportSize = {"width": 320, "height": 256}
"""A window of 1280 by 1024 pixels at 400 per cent."""
MOST = 60
"""A page with more stops has rows that are alike."""
WHERE = "document.activeElement?.closest('main') ? 'main' : document.activeElement?.closest('dialog') ? 'dialog' : ''"
OUT_OF_ORDER = "[...document.querySelectorAll('[tabindex]')].filter((one) => one.tabIndex > 0).length"


@pytest.mark.parametrize("role", [None, Role.ADMIN])
def test_every_stop_of_every_page(
    app: Flask, session: Session, actor: Actor, client: FlaskClient, sign_in: SignIn, page: Page, role: Role | None
) -> None:
    seed_examples(session, actor)
    open_and_close(session, put(session, actor), actor)
    page.emulate_media(reduced_motion="reduce")
    wide = session.get_bind().dialect.name == "sqlite"
    pages = pages_of(app, sign_in(role) if role else client)
    if role:
        enter(page, role)
    found = []
    for address in pages:
        page.set_viewport_size(WIDE if wide else ENLARGED)  # type: ignore[arg-type]
        open_whole(page, address)
        found += [f"{address}: {one}" for one in stops(page)]
    assert "\n".join(found) == ""


def stops(page: Page) -> list[str]:
    """What is wrong with the stops between menu and foot."""
    expect(page.locator("main")).to_be_attached()
    found = ["an order of its own"] if page.evaluate(OUT_OF_ORDER) else []
    page.locator("main").evaluate("(main) => { main.tabIndex = -1; main.focus(); }")
    for _press in range(MOST):
        page.keyboard.press("Tab")
        if not page.evaluate(WHERE):
            break
        if fault := page.evaluate(FAULT):
            found.append(fault)
    return found
