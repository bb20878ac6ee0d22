"""Accounts in a real browser: invited, signed in with a code, found again, out everywhere; every page for axe-core."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.accounts.coding import KEY, MANAGER, Clock
from tests.accounts.conftest import clock, letters, post  # noqa: F401 - fixtures
from tests.conftest import PASSWORD
from tests.journeys.conftest import serious_findings

pytestmark = pytest.mark.browser
ADMIN = "admin@prov.se"
WORD = "hästen åt upp läxan"


def sign_in(page: Page, email: str = MANAGER, word: str = PASSWORD, onward: str = "/konto") -> None:
    page.goto(f"/logga-in?next={onward}")
    page.get_by_label("E-post").fill(email)
    page.get_by_label("Lösenord", exact=True).fill(word)
    page.get_by_role("main").get_by_role("button", name="Logga in").click()


def look(page: Page) -> None:
    """Nothing serious for axe-core in both themes, and no sideways scroll on a phone."""
    page.wait_for_load_state()
    for theme in ("light", "dark"):
        page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme; }", theme)
        assert serious_findings(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1280, "height": 800})


def test_a_person_is_invited_and_sets_up_a_code(app: Flask, page: Page, clock: Clock) -> None:  # noqa: F811
    sign_in(page, ADMIN, onward="/anvandare")
    look(page)
    page.get_by_role("link", name="Lägg till användare").click()
    look(page)
    page.get_by_label("Namn").fill("Åsa Öberg")
    page.get_by_label("E-post").fill("asa@staden.se")
    page.get_by_label("Roll").select_option("controller")
    page.get_by_role("main").get_by_role("button", name="Lägg till").click()
    address = page.get_by_label("Länken", exact=True).input_value()
    look(page)
    page.get_by_role("button", name="Logga ut", exact=True).click()

    page.goto("/" + address.split("/", 3)[3])
    look(page)
    field = page.get_by_label("Nytt lösenord", exact=True)
    field.fill(WORD)
    page.get_by_role("button", name="Visa Nytt lösenord").click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_label("Samma lösenord igen", exact=True).fill(WORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Logga in med det nya")).to_be_visible()
    look(page)
    sign_in(page, "asa@staden.se", WORD)
    look(page)
    key = set_up_code(page, clock)
    page.get_by_role("link", name="Skaffa reservkoder").click()
    look(page)
    page.get_by_role("button", name="Visa tio nya reservkoder").click()
    expect(page.locator(".codes li")).to_have_count(10)
    code = page.locator(".codes li code").nth(2).inner_text()
    look(page)
    page.get_by_role("link", name="Jag har sparat dem").click()
    expect(page.get_by_text("10 koder kvar")).to_be_visible()
    page.get_by_role("button", name="Logga ut", exact=True).click()

    sign_in(page, "asa@staden.se", WORD)
    look(page)
    page.get_by_label("Koden som appen visar").fill("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Koden stämmer inte")).to_be_visible()
    page.get_by_label("Koden som appen visar").fill(clock.code(key))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Mitt konto")).to_be_visible()
    page.get_by_role("button", name="Logga ut överallt").click()
    expect(page.get_by_text("Du är utloggad överallt.")).to_be_visible()
    sign_in(page, "asa@staden.se", WORD)
    page.get_by_role("link", name="Har du inte telefonen?").click()
    look(page)
    page.get_by_label("En av dina reservkoder").fill(code)
    page.keyboard.press("Enter")
    expect(page.get_by_text("9 koder kvar")).to_be_visible()


def set_up_code(page: Page, clock: Clock) -> str:  # noqa: F811
    page.get_by_role("link", name="Slå på inloggning med kod").click()
    look(page)
    page.get_by_role("button", name="Ställ in").click()
    expect(page.locator(".code-picture")).to_be_visible()
    assert page.locator(".code-picture").evaluate("picture => picture.naturalWidth") > 0
    look(page)
    found = KEY.search(page.content())
    assert found is not None
    page.get_by_label("Koden som appen visar").fill(clock.code(found[1]))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Inloggning med kod är påslagen.")).to_be_visible()
    clock.now += 60
    return found[1]


def test_a_forgotten_password_is_found_again(
    page: Page, letters: Callable[[], list[EmailMessage]]  # noqa: F811
) -> None:  # fmt: skip
    page.goto("/logga-in")
    page.get_by_role("link", name="Glömt lösenordet?").click()
    look(page)
    page.get_by_label("E-post").fill(MANAGER)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Om adressen har ett konto")).to_be_visible()
    look(page)
    said = letters()[0].get_content()
    page.goto("/glomt-losenord/" + said.split("/glomt-losenord/")[1].split()[0])
    for label in ("Nytt lösenord", "Samma lösenord igen"):
        page.get_by_label(label, exact=True).fill(WORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Logga in med det nya")).to_be_visible()
    sign_in(page, MANAGER, WORD)
    page.get_by_role("link", name="Byt lösenord").click()
    look(page)
    page.get_by_label("Nuvarande lösenord", exact=True).fill("fel lösenord")
    for label in ("Nytt lösenord", "Samma lösenord igen"):
        page.get_by_label(label, exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Lösenordet stämmer inte.")).to_be_visible()
    look(page)


def test_an_administrator_looks_after_an_account(page: Page) -> None:
    sign_in(page, ADMIN, onward="/anvandare")
    page.get_by_label("Namn eller adress").fill("projekt")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 konto", exact=True)).to_be_visible()
    page.get_by_role("link", name="Projektledare Prov").click()
    look(page)
    page.locator("summary", has_text="Stäng kontot").click()
    page.get_by_role("button", name="Stäng kontot").click()
    expect(page.get_by_text("Kontot är stängt.")).to_be_visible()
    page.get_by_role("button", name="Öppna kontot igen").click()
    expect(page.get_by_text("Kontot är öppet igen.")).to_be_visible()
    look(page)
