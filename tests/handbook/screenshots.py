"""The handbook's pictures, taken of the running product with its example data: `make screenshots`.

    python -m tests.handbook.screenshots [NAME …]

A product of its own is set up in a temporary folder, with two periods opened, a ledger read and some projects reported,
so that the pictures show what the text tells of and never what somebody's installation holds. Needs Chromium with its
languages (Debian: chromium-l10n).
"""

from __future__ import annotations

import base64
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
ADDRESS = "https://portfolj.staden.se"
PERIOD = "/uppfoljning/perioder/2005-T1"
REPORTED = 24
LOGINS = {"projektledare": "projektledare@", "controller": "controller@", "admin": "admin@"}
FILE = """kod;namn;slag;skede;N;E
NY-1;Kvarteret Eken;bostad;idé;6585890;145850
NY-2;Kvarteret Asken;bostad;idé;6586290;145350
;Gångväg utan kod;trafik;idé;6585490;146350
"""
LEDGER = """Projektnr;Text;Utfall 2005 (kr)
EX-01;Utbetalt;11250000,00
EX-05;Utbetalt;2130500,00
EX-06;Utbetalt;1904000,50
EX-13;Utbetalt;845000,00
EX-16;Utbetalt;3310000,00
EX-27;Utbetalt;980000,00
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


def show_themes(page: Page) -> None:
    """What can be chosen stands where the filter stood."""
    page.locator("[data-filter-box] summary").click()
    drawn(page)


def lay_out_sheet(page: Page) -> None:
    """The sheet itself, in place of the page where it is chosen."""
    answer = page.request.get("/karta/utskrift/fil?format=png&paper=a4&orientation=liggande")
    picture = base64.b64encode(answer.body()).decode("ascii")
    page.goto("about:blank")
    page.set_content(f'<body style="margin:0"><img style="width:100%" src="data:image/png;base64,{picture}">')


def report_some(page: Page) -> None:
    """Some projects have nothing new, before the page of one that has."""
    here = page.url
    page.goto(f"{PERIOD}/rapportera")
    for box in page.locator("[data-pick]").all()[-REPORTED:]:
        box.check()
    page.get_by_role("button", name="Bekräfta inget nytt för valda").click()
    page.wait_for_url(f"**{PERIOD}/rapportera*")
    page.goto(here)


def enter_total(page: Page) -> None:
    """The adopted budget is not what the projects have, so that there is a difference to look at."""
    form = page.get_by_role("form", name="Total 2005")
    form.get_by_label("Utgifter, mnkr").fill("1080")
    form.get_by_label("Inkomster, mnkr").fill("440,521")
    form.get_by_label("Källa").fill("Budget 2005")
    form.get_by_role("button", name="Spara").click()
    expect(page.get_by_text("är oförklarad")).to_be_visible()
    page.goto(page.url.partition("#")[0])


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
    Shot("tema", "/karta?theme=utgift-budget&theme_year=2005", first=show_themes),
    Shot("utskrift", "/karta/utskrift", first=lay_out_sheet, height=905),
    Shot("projekt-publikt", "/projekt/EX-05", height=1000),
    Shot("mina-projekt", "/mina-projekt", "projektledare"),
    Shot("formular", "/projekt/EX-05/redigera", "projektledare"),
    Shot("importplan", "/import", "projektledare", send_file, height=1100),
    Shot("rapportera", f"{PERIOD}/rapportera/EX-05", "projektledare", report_some),
    Shot("uppfoljning", "/uppfoljning", "controller"),
    Shot("bevaka", f"{PERIOD}/lage", "controller"),
    Shot("bidrag", f"{PERIOD}/bidrag", "controller"),
    Shot("stang", f"{PERIOD}/stang", "controller"),
    Shot("avstamning", f"{PERIOD}/avstamning", "controller", enter_total),
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
        "PUBLIC_URL": ADDRESS,
        "CONTACT_NAME": "Gatu- och fastighetskontoret", "CONTACT_EMAIL": "kontoret@exempel.se",
    }  # fmt: skip
    ledger = state / "huvudbok.csv"
    ledger.write_text(LEDGER, encoding="utf-8")
    opening = [["period", "open", key] for key in ("2005-VP", "2005-T1")]
    reading = ["ledger", "import", str(ledger), "--period", "2005-T1"]
    for words in (["migrate"], ["seed", "--demo"], *opening, reading):
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
