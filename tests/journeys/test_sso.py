"""Over the provider's own page and back to the page that was asked for, in a real browser."""

# ruff: noqa: F811 - fixtures are asked for by the names that they are imported by; app stands for the plain one

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.accounts.sso_running import (
    RunningProvider,
    app,  # noqa: F401
    oidc_provider,  # noqa: F401
)
from tests.conftest import PASSWORD
from tests.journeys.conftest import serious_findings

pytestmark = pytest.mark.browser
BUTTON = "Logga in med stadens konto"
STYLE = "https://cdn.jsdelivr.net/**"


@pytest.fixture
def guest(page: Page, oidc_provider: RunningProvider, complaints: list[str]) -> Iterator[Page]:
    """A page that may also visit the provider, whose own page asks another server for its looks."""
    page.route(STYLE, lambda route: route.fulfill(status=200, content_type="text/css", body=""))
    page.route(f"{oidc_provider.issuer}/favicon.ico", lambda route: route.fulfill(status=204, body=""))
    oidc_provider.knows("kajsa", email="kajsa@staden.example", name="Kajsa Ek", groups=["pk-projektledare"])
    yield page
    theirs = ("https://cdn.jsdelivr.net", oidc_provider.issuer)
    complaints[:] = [one for one in complaints if not one.startswith(tuple(f"outside request: {a}" for a in theirs))]


def consent(page: Page, subject: str) -> None:
    expect(page.get_by_role("heading", name="Authorize Client")).to_be_visible()
    page.locator("input[name=sub]").fill(subject)
    page.get_by_role("button", name="Authorize", exact=True).click()


def test_from_a_page_that_needs_a_login_over_the_provider_and_back(guest: Page) -> None:
    guest.goto("/mina-projekt?visa=alla")
    expect(guest).to_have_url(re.compile(r"/logga-in\?next="))
    guest.get_by_role("link", name=BUTTON).focus()
    guest.keyboard.press("Enter")
    consent(guest, "kajsa")
    expect(guest).to_have_url(re.compile(r"/mina-projekt\?visa=alla$"))
    expect(guest.get_by_role("button", name="Kajsa Ek")).to_be_visible()
    guest.get_by_role("button", name="Logga ut").click()
    expect(guest.get_by_role("heading", level=1)).to_have_text("Du är utloggad från Portföljkartan")
    assert serious_findings(guest) == []
    guest.get_by_role("link", name="Logga ut även från stadens konto").click()
    guest.get_by_role("button", name="End session").click()
    expect(guest).to_have_url(re.compile(r"/logga-in/sso/utloggad\?state="))
    expect(guest.get_by_role("heading", level=1)).to_have_text("Du är utloggad, även från stadens konto")
    assert serious_findings(guest) == []
    expect(guest.get_by_role("link", name="Logga in", exact=True)).to_be_visible()


def test_the_page_for_signing_in_in_both_themes_and_on_a_phone(guest: Page) -> None:
    for theme in ("light", "dark"):
        guest.emulate_media(color_scheme=theme)
        guest.goto("/logga-in?next=/projekt")
        expect(guest.get_by_role("link", name=BUTTON)).to_be_visible()
        expect(guest.get_by_label("E-post")).to_be_hidden()
        guest.get_by_text("Logga in med lösenord").click()
        expect(guest.get_by_label("E-post")).to_be_visible()
        assert serious_findings(guest) == [], theme
    guest.set_viewport_size({"width": 390, "height": 844})
    assert guest.evaluate("document.documentElement.scrollWidth") <= 390
    guest.get_by_label("E-post").fill("manager@prov.se")
    guest.get_by_label("Lösenord", exact=True).fill("fel lösenord här")
    guest.get_by_role("button", name="Logga in", exact=True).click()
    expect(guest.get_by_role("alert")).to_contain_text("stämmer inte")
    expect(guest.get_by_label("E-post")).to_be_visible()


def test_whoever_says_no_may_try_again(guest: Page, complaints: list[str]) -> None:
    guest.goto("/logga-in?next=/mina-projekt")
    guest.get_by_role("link", name=BUTTON).click()
    guest.get_by_role("button", name="Deny").click()
    expect(guest.get_by_role("heading", level=1)).to_have_text("Inloggningen avbröts")
    assert serious_findings(guest) == []
    guest.get_by_role("link", name="Försök igen").click()
    consent(guest, "kajsa")
    expect(guest).to_have_url(re.compile(r"/mina-projekt$"))
    # The answer that says so is one that Chromium itself calls an error.
    complaints[:] = [one for one in complaints if "400" not in one]


def test_an_administrator_links_the_account(guest: Page, oidc_provider: RunningProvider) -> None:
    oidc_provider.knows("chefen", email="chefen@staden.example", name="Chefen Ek", groups=["pk-admin"])
    guest.goto("/logga-in?next=/konto/stadens-konto")
    guest.get_by_text("Logga in med lösenord").click()
    guest.get_by_label("E-post").fill("admin@prov.se")
    guest.get_by_label("Lösenord", exact=True).fill(PASSWORD)
    guest.get_by_role("button", name="Logga in", exact=True).click()
    expect(guest.get_by_role("heading", level=1)).to_have_text("Stadens konto")
    assert serious_findings(guest) == []
    guest.get_by_label("Lösenord", exact=True).fill(PASSWORD)
    guest.get_by_role("button", name="Koppla stadens konto").click()
    guest.get_by_role("link", name="Fortsätt till stadens konto").click()
    consent(guest, "chefen")
    expect(guest.get_by_role("main")).to_contain_text("Kontot är kopplat")
    expect(guest.get_by_role("button", name="Chefen Ek")).to_be_visible()
