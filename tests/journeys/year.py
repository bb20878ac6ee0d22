"""What the people of a year do in a browser: short steps that a journey is played with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.conftest import PASSWORD
from tracker.accounts.roles import Role
from tracker.extensions import db

CONTROLLER, MANAGER = (f"{role.value}@prov.se" for role in (Role.CONTROLLER, Role.MANAGER))
PERIODS = "/uppfoljning/perioder"
CLOSING_MILLISECONDS = 240_000
"""A closing makes every file, four of them with LibreOffice."""
FORMATS, RULES, AUDIENCES = ("xlsx", "csv", "docx", "pdf"), ("fordelad", "beror"), ("intern", "offentlig")
File = tuple[str, str, str]
"""Audience, counting rule, format."""


@dataclass
class Year:
    """A browser that one person after the other sits down at, and the application that it talks to."""

    app: Flask
    page: Page
    complaints: list[str]
    forms: tuple[str, ...] = FORMATS
    """What a closing makes: only one of a year needs to take the time of LibreOffice."""

    @contextmanager
    def register(self) -> Iterator[Session]:
        """What is prepared or looked at behind the pages; committed."""
        with self.app.app_context():
            yield db.session()
            db.session.commit()

    def become(self, address: str, at: str) -> Page:
        """Sit down as somebody, and go to a page."""
        page = self.page
        page.context.clear_cookies()
        page.goto(f"/logga-in?next={at}")
        page.get_by_label("E-post").fill(address)
        page.get_by_label("Lösenord").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Logga in").click()
        expect(page.get_by_role("button", name="Logga ut")).to_be_visible()
        return page

    def refused(self) -> None:
        """Strike out that the browser told its console of an answer that was a refusal."""
        assert [text for text in self.complaints if "422" not in text and "409" not in text] == []
        self.complaints.clear()

    def open_period(self, code: str, name: str) -> None:
        """The controller opens the next round from the overview of the year."""
        page = self.become(CONTROLLER, f"/uppfoljning?year={code[:4]}")
        page.get_by_role("link", name=f"Öppna {code}", exact=True).click()
        page.get_by_role("button", name="Öppna perioden").click()
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()

    def go(self, key: str, step: str) -> Page:
        """Choose a step in the menu of a period."""
        page = self.page
        if not page.url.split("?")[0].rstrip("/").endswith(f"{PERIODS}/{key}"):
            page.goto(f"{PERIODS}/{key}")
        page.get_by_role("navigation", name="Periodens sidor").get_by_role("link", name=step, exact=True).click()
        return page

    def enter_total(self, key: str, year: int, outlay_ore: int, income_ore: int) -> None:
        """The controller enters the adopted budget's total of a year."""
        page = self.go(key, "Avstämning")
        form = page.get_by_role("form", name=f"Total {year}")
        form.get_by_label("Utgifter, mnkr").fill(mnkr(outlay_ore))
        form.get_by_label("Inkomster, mnkr").fill(mnkr(income_ore))
        form.get_by_label("Källa").fill(f"Budget {year}")
        form.get_by_role("button", name="Spara").click()

    def close(self, key: str) -> dict[str, str]:
        """The controller closes a period; answers name of file → its SHA-256 as the page shows it."""
        page = self.go(key, "Stäng")
        page.get_by_label("Skriv periodens kod för att stänga").fill(key)
        page.get_by_role("button", name="Stäng perioden").click(timeout=CLOSING_MILLISECONDS)
        expect(page.get_by_role("heading", name="Stängd", level=1)).to_be_visible()
        rows = page.get_by_role("table", name="Underlag och filer med kontrollsummor").locator("tbody tr").all()
        cells = [[one.strip() for one in row.locator("th, td").all_inner_texts()] for row in rows]
        return {row[0]: "".join(row[3].split()) for row in cells}

    def fetch(self, key: str) -> Mapping[File, bytes]:
        """Every file of a closed period, as the browser gets it."""
        found = {}
        for audience in AUDIENCES:
            for rule in RULES:
                for form in self.forms:
                    answer = self.page.request.get(f"{PERIODS}/{key}/rapport/{audience}/{rule}/{form}")
                    assert answer.status == 200, answer.text()
                    found[audience, rule, form] = answer.body()
        return found

    def upload(self, key: str, path: Path) -> Page:
        """The controller sends a file of the ledger."""
        page = self.go(key, "Huvudbok")
        page.get_by_label("Utfall per projekt och år, CSV eller Excel").set_input_files(path)
        page.get_by_role("button", name="Ladda upp filen").click()
        expect(page.get_by_role("heading", name=f"Plan för {path.name}")).to_be_visible()
        return page


def mnkr(ore: int) -> str:
    """Whole öre as exact million kronor, as somebody writes them."""
    whole, rest = divmod(ore, 100_000_000)
    return f"{whole},{rest:08}"


def sums(files: Mapping[File, bytes]) -> dict[File, str]:
    """SHA-256 of each."""
    return {key: sha256(content).hexdigest() for key, content in files.items()}


def paste(page: Page, cells: list[list[str]]) -> None:
    """Put a block on the clipboard as Excel does, and paste it where one stands."""
    block = "".join("\t".join(row) + "\n" for row in cells)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("(text) => navigator.clipboard.writeText(text)", block)
    page.keyboard.press("Control+v")
