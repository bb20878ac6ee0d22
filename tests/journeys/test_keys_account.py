"""Signing in, the second factor, accounts and the language, without a mouse: the focus is seen and never lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.accounts.coding import KEY, MANAGER, Clock
from tests.accounts.conftest import clock  # noqa: F401 - a fixture
from tests.conftest import PASSWORD
from tests.journeys.keys import from_summary, press, sign_in, stand_still, stop, tab_to, type_again, write

pytestmark = pytest.mark.browser
ADMIN = "admin@prov.se"


def refused(complaints: list[str]) -> None:
    """Strike out the browser's own word for a refused form."""
    assert all("422" in one or "400" in one for one in complaints), complaints
    complaints.clear()


def test_signing_in_and_out(page: Page) -> None:
    stand_still(page)
    page.goto("/projekt")
    stop(page)
    expect(page.get_by_role("link", name="Hoppa till innehållet")).to_be_focused()
    press(page, page.get_by_role("link", name="Logga in", exact=True))
    email, password = page.get_by_label("E-post"), page.get_by_label("Lösenord", exact=True)
    expect(email).to_be_focused()
    page.keyboard.type(MANAGER)
    write(page, password, "fel lösenord som är långt")
    page.keyboard.press("Enter")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    write(page, email, MANAGER)
    write(page, password, PASSWORD)
    show = page.get_by_role("button", name="Visa Lösenord")
    press(page, show, "Space")
    expect(password).to_have_attribute("type", "text")
    expect(show).to_be_focused()
    press(page, page.get_by_role("main").get_by_role("button", name="Logga in"))
    expect(page).to_have_url(re.compile(r"/projekt$"))
    name = page.get_by_role("button", name="Projektledare Prov")
    press(page, name)
    own = page.get_by_role("link", name="Mitt konto")
    expect(own).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(own).to_be_focused()
    page.keyboard.press("Escape")
    expect(own).to_be_hidden()
    expect(name).to_be_focused()
    press(page, page.get_by_role("button", name="Logga ut"))
    expect(page.get_by_role("link", name="Logga in", exact=True)).to_be_visible()


def test_a_code_is_set_up_used_and_switched_off(page: Page, clock: Clock) -> None:  # noqa: F811
    sign_in(page, MANAGER, "/konto")
    press(page, page.get_by_role("link", name="Slå på inloggning med kod"))
    press(page, page.get_by_role("button", name="Ställ in"))
    code = page.get_by_label("Koden som appen visar")
    expect(code).to_be_focused()
    found = KEY.search(page.content())
    assert found is not None
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Koden stämmer inte")).to_be_visible()
    expect(code).to_be_focused()
    expect(code).to_have_attribute("aria-invalid", "true")
    page.keyboard.type(clock.code(found[1]))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Inloggning med kod är påslagen.")).to_be_visible()
    clock.now += 60
    press(page, page.get_by_role("link", name="Skaffa reservkoder"))
    press(page, page.get_by_role("button", name="Visa tio nya reservkoder"))
    recovery = page.locator(".codes li code").first.inner_text()
    press(page, page.get_by_role("link", name="Jag har sparat dem"))
    press(page, page.get_by_role("button", name="Logga ut", exact=True))
    expect(page.get_by_role("link", name="Logga in", exact=True)).to_be_visible()
    sign_in(page, MANAGER, "/konto")
    expect(code).to_be_focused()
    press(page, page.get_by_role("link", name="Har du inte telefonen? Använd en reservkod."))
    expect(page.get_by_label("En av dina reservkoder")).to_be_focused()
    page.keyboard.type(recovery)
    page.keyboard.press("Enter")
    expect(page.get_by_text("9 koder kvar")).to_be_visible()
    press(page, page.get_by_role("link", name="Ändra inloggning med kod"))
    press(page, page.locator("summary", has_text="Stäng av inloggning med kod"))
    press(page, page.get_by_role("button", name="Stäng av", exact=True))
    expect(page.get_by_role("link", name="Slå på inloggning med kod")).to_be_visible()


def test_a_password_that_is_refused_leads_to_its_field(page: Page, complaints: list[str]) -> None:
    sign_in(page, MANAGER, "/konto")
    press(page, page.get_by_role("link", name="Byt lösenord"))
    now, new, again = (
        page.get_by_label(one, exact=True) for one in ("Nuvarande lösenord", "Nytt lösenord", "Samma lösenord igen")
    )
    expect(now).to_be_focused()
    page.keyboard.type(PASSWORD)
    write(page, new, "hästen åt upp läxan")
    write(page, again, "hästen åt upp boken")
    page.keyboard.press("Enter")
    expect(again).to_be_focused()
    expect(again).to_have_attribute("aria-invalid", "true")
    refused(complaints)
    for field, text in ((now, PASSWORD), (new, "hästen åt upp läxan"), (again, "hästen åt upp läxan")):
        tab_to(page, field, "Tab" if field is not now else "Shift+Tab")
        page.keyboard.press("Control+a")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Mitt konto")).to_be_visible()


def test_an_account_is_invited_changed_closed_and_opened(page: Page, complaints: list[str]) -> None:
    sign_in(page, ADMIN, "/")
    press(page, page.get_by_role("button", name="Administratör Prov"))
    press(page, page.get_by_role("link", name="Användare", exact=True))
    press(page, page.get_by_role("link", name="Lägg till användare"))
    email = page.get_by_label("E-post")
    write(page, page.get_by_label("Namn"), "Åsa Öberg")
    write(page, email, "ingen adress")
    page.keyboard.press("Enter")
    from_summary(page, "E-post", email)
    refused(complaints)
    type_again(page, "asa@staden.se")
    role = page.get_by_label("Roll")
    tab_to(page, role)
    page.keyboard.type("C")
    expect(role).to_have_value("controller")
    press(page, page.get_by_role("button", name="Lägg till", exact=True))
    expect(page.get_by_label("Länken", exact=True)).to_be_visible()
    press(page, page.locator("summary", has_text="Stäng kontot"))
    press(page, page.get_by_role("button", name="Stäng kontot"))
    expect(page.get_by_text("Kontot är stängt.")).to_be_visible()
    press(page, page.get_by_role("button", name="Öppna kontot igen"))
    expect(page.get_by_text("Kontot är öppet igen.")).to_be_visible()


def test_the_language_is_changed_and_the_page_stays(page: Page) -> None:
    stand_still(page)
    page.goto("/projekt?q=finnsinte")
    press(page, page.get_by_role("link", name="English"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert "/projekt?q=finnsinte" in page.url
    stop(page)
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    press(page, page.get_by_role("link", name="Svenska"))
    expect(page.locator("html")).to_have_attribute("lang", "sv")
    assert "/projekt?q=finnsinte" in page.url
