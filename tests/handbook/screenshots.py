"""The handbook's pictures, taken of the running product with its example data: `make screenshots`.

    python -m tests.handbook.screenshots [NAME …]

A product of its own is set up in a temporary folder, with two periods opened, so that the pictures show what the text
tells of and never what somebody's installation holds. Needs Chromium.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browsers import chromium_program
from tracker.handbook.pages import FOLDER

PROGRAM = Path(sys.executable).parent / "portfoljkartan"
TIMEOUT_MILLISECONDS = 60_000
ARGUMENTS = ["--no-sandbox", "--lang=sv"]
SWEDISH: dict[str, str | float | bool] = {**os.environ, "LANGUAGE": "sv"}
"""So that the browser's own texts, as in an empty date, are Swedish too."""
LOGINS = {"projektledare": "projektledare@", "controller": "controller@", "admin": "admin@"}
FILE = """kod;namn;slag;skede;N;E
NY-1;Kvarteret Eken;bostad;idé;6585890;145850
NY-2;Kvarteret Asken;bostad;idé;6586290;145350
;Gångväg utan kod;trafik;idé;6585490;146350
"""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: who looks, at which address, and what is done there first."""

    name: str
    address: str
    login: str = ""
    first: Callable[[Page], None] = lambda _page: None
    height: int = 800


def drawn(page: Page) -> None:
    """The map has drawn what it was asked for."""
    expect(page.locator("#karta")).to_have_attribute("data-state", "klar")


def send_file(page: Page) -> None:
    """Through the steps of an import to its plan."""
    page.locator("input[type=file]").first.set_input_files(
        {"name": "projekt.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    )
    page.get_by_role("button", name="Ladda upp filen").click()
    while "/plan" not in page.url:
        with page.expect_navigation():
            page.locator("main form button[type=submit].btn-primary").first.click()


SHOTS = (
    Shot("karta", "/karta", first=drawn),
    Shot("tema", "/karta?theme=utgift-budget&theme_year=2005", first=drawn),
    Shot("utskrift", "/karta/utskrift", height=900),
    Shot("projekt-publikt", "/projekt/EX-29"),
    Shot("mina-projekt", "/mina-projekt", "projektledare"),
    Shot("formular", "/projekt/EX-05/redigera", "projektledare"),
    Shot("importplan", "/import", "projektledare", send_file),
    Shot("rapportera", "/uppfoljning/perioder/2005-T1/rapportera/EX-05", "projektledare"),
    Shot("uppfoljning", "/uppfoljning", "controller"),
    Shot("bevaka", "/uppfoljning/perioder/2005-T1/lage", "controller"),
    Shot("avstamning", "/uppfoljning/perioder/2005-T1/avstamning", "controller"),
    Shot("bidrag", "/uppfoljning/perioder/2005-T1/bidrag", "controller"),
    Shot("stang", "/uppfoljning/perioder/2005-T1/stang", "controller"),
    Shot("mal", "/mal", "admin"),
    Shot("omraden", "/omraden", "admin"),
)


def main() -> None:
    """Take the pictures that are named, or all of them."""
    chosen = [one for one in SHOTS if not sys.argv[1:] or one.name in sys.argv[1:]]
    expect.set_options(timeout=TIMEOUT_MILLISECONDS)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_program(full=True), args=ARGUMENTS, env=SWEDISH)
        for login in ("", *LOGINS):
            shots = [one for one in chosen if one.login == login]
            if shots:
                take(browser, base, Path(folder), login, shots)
        browser.close()


def take(browser: Browser, base: str, state: Path, login: str, shots: list[Shot]) -> None:
    """Sign in once, and take the pictures of that person."""
    context = browser.new_context(base_url=base, locale="sv-SE", reduced_motion="reduce", color_scheme="light")
    page = context.new_page()
    page.set_default_timeout(TIMEOUT_MILLISECONDS)
    if login:
        sign_in(page, state, login)
    for shot in shots:
        page.set_viewport_size({"width": 1280, "height": shot.height})
        page.goto(shot.address)
        shot.first(page)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=FOLDER / "bilder" / f"{shot.name}.png")
        print(shot.name)
    context.close()


def sign_in(page: Page, state: Path, login: str) -> None:
    """With the example account of that role."""
    lines = (state / "exempelkonton.txt").read_text(encoding="utf-8").splitlines()
    email, password = next(line.split()[-2:] for line in lines if LOGINS[login] in line)
    page.goto("/logga-in")
    page.get_by_label("E-post").fill(email)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Logga in", exact=True).click()
    expect(page.get_by_role("button", name="Logga ut")).to_be_attached()


@contextmanager
def serving(state: Path) -> Iterator[str]:
    """The product with its example data and two periods, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG")}
    environment |= {
        "APP_ENV": "development", "STATE_DIR": str(state), "PORT": str(port),
        "CONTACT_NAME": "Gatu- och fastighetskontoret", "CONTACT_EMAIL": "kontoret@exempel.se",
    }  # fmt: skip
    for words in (["migrate"], ["seed", "--demo"], ["period", "open", "2005-VP"], ["period", "open", "2005-T1"]):
        subprocess.run([PROGRAM, *words], env=environment, check=True, stdout=subprocess.DEVNULL)
    server = subprocess.Popen([PROGRAM, "serve"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        base = f"http://127.0.0.1:{port}"
        wait_for(base, server)
        yield base
    finally:
        server.terminate()
        server.wait()


def wait_for(base: str, server: subprocess.Popen[bytes]) -> None:
    """Until the server answers; raises RuntimeError when it has ended instead."""
    while server.poll() is None:
        try:
            with urllib.request.urlopen(base, timeout=60):  # noqa: S310 - our own server
                return
        except (urllib.error.URLError, TimeoutError):
            continue
    raise RuntimeError("servern startade inte")


if __name__ == "__main__":
    main()
