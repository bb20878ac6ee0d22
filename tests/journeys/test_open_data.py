"""The page about open data in a real browser: narrow, dark, by keyboard, and readable without script."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.journeys.conftest import open_whole, serious_findings
from tracker.extensions import db
from tracker.history.services import Actor
from tracker.projects.examples import seed_examples

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _examples(app: Flask, actor: Actor) -> None:
    with app.app_context():
        seed_examples(db.session(), actor)
        db.session.commit()


def test_it_holds_in_both_themes_and_when_narrow(page: Page) -> None:
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": 1280, "height": 900})
        open_whole(page, "/data")
        assert serious_findings(page) == [], theme
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_an_example_is_copied_by_keyboard(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/data")
    button = page.get_by_role("button", name="Kopiera: Läs projekten i Python")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_text("Kopierat")
    expect(page.locator("[data-copy-status]")).to_have_text("Kopierat")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#kod-python").text_content()
    assert "/data/oc4ids.json" in copied


def test_it_is_read_without_script(page: Page, live_server: str) -> None:
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(base_url=live_server, java_script_enabled=False)
    plain = context.new_page()
    plain.goto("/data")
    expect(plain.locator("#kod-curl-csv")).to_contain_text("/projekt/export?format=csv")
    expect(plain.locator("button[data-copy-code]").first).to_be_hidden()
    context.close()
