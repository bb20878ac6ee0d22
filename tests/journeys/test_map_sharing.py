"""Passing the map on in a real browser: a frame on another origin, the share menu, the print link, Ctrl+P."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from tests.apps import MakeApp
from tests.conftest import PASSWORD
from tests.journeys.conftest import WIDE, serious_findings
from tests.maps.conftest import Write
from tests.maps.conftest import write as write  # a fixture for these tests as well
from tests.maps.projects import HOSTILE, RINKEBY, put, put_three, square
from tracker.history.services import Actor

pytestmark = pytest.mark.browser
Serve = Callable[..., str]


@pytest.fixture
def host() -> Iterator[Callable[[str], str]]:
    """Another web site, on an origin of its own, whose only page holds this HTML."""
    pages: dict[str, str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get("/", "").encode()
            self.send_response(200 if self.path == "/" else 204)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body if self.path == "/" else b"")

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()

    def show(html: str) -> str:
        pages["/"] = f"<!doctype html><meta charset=utf-8><title>Annan</title><h1>Annan webbplats</h1>{html}"
        return f"http://127.0.0.1:{server.server_port}"

    yield show
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def serve(make_app: MakeApp) -> Iterator[Serve]:
    """A server of an application whose map these origins may show."""
    stops: list[Callable[[], None]] = []

    def start(*origins: str) -> str:
        made = make_app(EMBED_ORIGINS=origins, COMPRESS_STREAMS=False)
        server = make_server("127.0.0.1", 0, made, threaded=True)
        server.daemon_threads = False  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()

        def stop() -> None:
            server.shutdown()
            thread.join()
            server.server_close()

        stops.append(stop)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for stop in stops:
        stop()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Page]:
    """A reader of the other web site."""
    context = browser.new_context(viewport=WIDE, locale="sv-SE")  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def frame_of(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


def ready(page: Page) -> None:
    expect(frame_of(page).locator("#karta")).to_have_attribute("data-state", "klar")


def put_secret(session: Session, actor: Actor) -> None:
    put(session, actor, "H-1", square(RINKEBY), name="Hemligheten").confidential = True


def test_another_site_shows_the_map_when_it_is_allowed(
    write: Write, serve: Serve, host: Callable[[str], str], visitor: Page
) -> None:
    write(put_three)
    other = host("")
    server = serve(other)
    host(f'<iframe src="{server}/karta/inbaddad?kind=bostad&position=13/59.388/17.927" width=640 height=480></iframe>')
    complaints: list[str] = []
    visitor.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    visitor.goto(other)
    ready(visitor)
    frame = frame_of(visitor)
    expect(frame.locator("#karta")).to_have_attribute("data-drawn", "1")
    expect(frame.locator("#karta-rad")).to_contain_text("1 av 3 projekt · Bostad")
    box = frame.locator(".folium-map").bounding_box()
    assert box
    assert box["height"] > 150
    link = frame.get_by_role("link", name=re.compile("Öppna i Portföljkartan"))
    expect(link).to_have_attribute("href", re.compile(r"/karta\?kind=bostad#13/59\.388?\d*/17\.92\d+"))
    with visitor.expect_popup() as opened:
        link.click()
    expect(opened.value).to_have_url(re.compile(rf"^{server}/karta\?kind=bostad#13/"))
    assert visitor.context.cookies() == []
    assert [one for one in complaints if "favicon" not in one] == []


def test_the_view_may_stand_after_the_number_sign_too(
    write: Write, serve: Serve, host: Callable[[str], str], visitor: Page
) -> None:
    write(put_three)
    other = host("")
    server = serve("*")
    host(f'<iframe src="{server}/karta/inbaddad#14/59.388/17.927/trafik" width="640" height="480"></iframe>')
    visitor.goto(other)
    ready(visitor)
    expect(frame_of(visitor).locator("#karta")).to_have_attribute("data-drawn", "1")
    expect(frame_of(visitor).get_by_role("link", name=re.compile("Öppna i"))).to_have_attribute(
        "href", re.compile(r"#14/59\.38\d+/17\.92\d+/trafik$")
    )


@pytest.mark.parametrize("origins", [(), ("https://nagon.annan.example",)])
def test_another_site_is_refused_when_it_is_not_allowed(
    write: Write, serve: Serve, host: Callable[[str], str], visitor: Page, origins: tuple[str, ...]
) -> None:
    write(put_three)
    other = host("")
    server = serve(*origins)
    host(f'<iframe src="{server}/karta/inbaddad" width="640" height="480"></iframe>')
    refused: list[str] = []
    visitor.on("console", lambda said: refused.append(said.text))
    visitor.goto(other)
    expect(visitor.locator("iframe")).to_be_attached()
    visitor.wait_for_load_state("networkidle")
    assert any("frame" in one.lower() for one in refused), refused
    expect(frame_of(visitor).locator("#karta")).to_have_count(0)


def test_the_map_page_itself_is_never_shown_in_a_frame(
    write: Write, serve: Serve, host: Callable[[str], str], visitor: Page
) -> None:
    write(put_three)
    other = host("")
    server = serve("*")
    host(f'<iframe src="{server}/karta" width="640" height="480"></iframe>')
    visitor.goto(other)
    visitor.wait_for_load_state("networkidle")
    expect(frame_of(visitor).locator("#karta")).to_have_count(0)


def test_the_frame_is_the_publics_even_for_a_reader_who_is_signed_in(
    write: Write, serve: Serve, host: Callable[[str], str], visitor: Page
) -> None:
    write(put_three)
    write(put_secret)
    other = host("")
    server = serve("*")
    visitor.goto(f"{server}/logga-in")
    visitor.fill("[name=email]", "controller@prov.se")
    visitor.fill("[name=password]", PASSWORD)
    visitor.locator("main button[type=submit]").click()
    visitor.goto(f"{server}/karta")
    expect(visitor.locator("#karta")).to_have_attribute("data-drawn", "3")
    before = visitor.context.cookies()
    # The same host on another port is the same site, so the browser does send the cookie with the frame.
    host(f'<iframe src="{server}/karta/inbaddad" width="640" height="480"></iframe>')
    visitor.goto(other)
    ready(visitor)
    expect(frame_of(visitor).locator("#karta")).to_have_attribute("data-drawn", "2")
    assert "Hemligheten" not in frame_of(visitor).locator("body").inner_text()
    assert visitor.context.cookies() == before


def test_the_frame_is_usable_by_keyboard_and_has_its_list(write: Write, page: Page) -> None:
    write(put_three)
    page.set_viewport_size({"width": 400, "height": 360})
    page.goto("/karta/inbaddad")
    expect(page.locator("#karta")).to_have_attribute("data-state", "klar")
    page.get_by_text("Visa som lista").focus()
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Visa Zebragatan på kartan")
    button.focus()
    page.keyboard.press("Enter")
    popup = page.get_by_role("dialog", name="Zebragatan")
    expect(popup.get_by_role("link", name="Öppna projektet")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_frame_and_on_the_print_page(write: Write, page: Page, theme: str) -> None:
    write(put_three)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.goto("/karta/inbaddad?theme=antal-projekt&at=2005")
    expect(page.locator("#karta")).to_have_attribute("data-state", "klar")
    page.get_by_text("Visa som lista").click()
    assert serious_findings(page) == []
    page.goto("/karta/utskrift?kind=bostad")
    assert serious_findings(page) == []


def test_case_45_hostile_names_are_inert_in_the_frame(write: Write, page: Page) -> None:
    write(lambda session, actor: put(session, actor, "X-1", square(RINKEBY), name=HOSTILE))
    page.goto("/karta/inbaddad")
    expect(page.locator("#karta")).to_have_attribute("data-state", "klar")
    page.get_by_text("Visa som lista").click()
    row = page.locator('tr[data-code="X-1"]')
    expect(row.get_by_role("link")).to_have_text(HOSTILE)
    row.locator("[data-locate]").click()
    expect(page.locator(".map-popup h2")).to_have_text(HOSTILE)
    assert page.evaluate("window.hacked") is None


def open_menu(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#karta")).to_have_attribute("data-state", "klar")
    page.locator("[data-share] > summary").focus()
    page.keyboard.press("Enter")


def test_the_menu_follows_the_view_and_copies(write: Write, page: Page) -> None:
    write(put_three)
    page.add_init_script(
        "const writeText = async (text) => { window.copied = text; };"
        "Object.defineProperty(navigator, 'clipboard', { value: { writeText } });"
    )
    open_menu(page, "/karta?kind=bostad#13/59.388/17.927/granser")
    link = page.get_by_label("Länk till den här kartan")
    expect(link).to_have_value(
        re.compile(r"^http://127\.0\.0\.1:\d+/karta\?kind=bostad#13/59\.38\d+/17\.92\d+/granser$")
    )
    page.get_by_role("button", name="Kopiera länk").click()
    expect(page.locator("[data-share-said]")).to_have_text("Kopierat.")
    assert page.evaluate("window.copied") == link.input_value() == page.url
    letter = page.get_by_role("link", name="Skicka länken i e-post").get_attribute("href") or ""
    assert link.input_value() in parse_qs(urlsplit(letter).query)["body"][0]
    before = link.input_value()
    page.get_by_role("button", name="Zooma in").click()
    expect(page.locator("[data-share]")).not_to_have_attribute("open", "")
    page.locator("[data-share] > summary").click()
    expect(link).not_to_have_value(before)
    assert serious_findings(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("[data-share] > summary")).to_be_focused()


def test_without_a_clipboard_the_link_is_marked(write: Write, page: Page) -> None:
    write(put_three)
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    open_menu(page, "/karta")
    page.get_by_role("button", name="Kopiera länk").click()
    expect(page.locator("[data-share-said]")).to_contain_text("Kopiera med Ctrl+C")
    expect(page.get_by_label("Länk till den här kartan")).to_be_focused()
    assert page.evaluate("getSelection().toString() || document.activeElement.selectionEnd") != 0


def test_the_menu_follows_the_filter(write: Write, page: Page) -> None:
    write(put_three)
    open_menu(page, "/karta")
    page.keyboard.press("Escape")
    page.get_by_label("Slag", exact=True).select_option("trafik")
    expect(page.locator("#karta")).to_have_attribute("data-drawn", "1")
    page.locator("[data-share] > summary").click()
    expect(page.get_by_label("Länk till den här kartan")).to_have_value(re.compile(r"/karta\?kind=trafik#"))


def test_from_the_map_to_a_sheet_of_the_same_view(write: Write, page: Page) -> None:
    write(put_three)
    open_menu(page, "/karta?kind=bostad#13/59.388/17.927/trafik")
    page.get_by_role("link", name="Skriv ut, PDF eller bild med QR-kod").click()
    expect(page.get_by_role("heading", name="Skriv ut kartan")).to_be_visible()
    expect(page.locator("main")).to_contain_text("På kartan: 1 av 1 projekt.")
    expect(page.locator("main")).to_contain_text("Dolt på kartan: trafik.")
    page.get_by_label("A3").check()
    page.get_by_label("Stående").check()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Hämta filen").click()
    assert re.fullmatch(r"karta-a3-\d{4}-\d\d-\d\d\.pdf", saved.value.suggested_filename)
    assert Path(saved.value.path()).read_bytes().startswith(b"%PDF-1.4")
    page.get_by_role("link", name="Tillbaka till kartan").click()
    expect(page).to_have_url(re.compile(r"/karta\?kind=bostad#13/59\.38\d+/17\.92\d+/trafik$"))


def test_the_page_on_paper_has_map_line_address_and_table(write: Write, page: Page) -> None:
    write(put_three)
    page.emulate_media(color_scheme="dark")
    page.goto("/karta?kind=bostad#13/59.388/17.927")
    expect(page.locator("#karta")).to_have_attribute("data-state", "klar")
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "light"
    expect(page.locator(".map-print-note")).to_be_visible()
    expect(page.locator(".map-print-note")).to_contain_text(re.compile(r"/karta\?kind=bostad#13/"))
    for hidden in (".site-header", "[data-share]", ".map-boxes", "[data-locate]"):
        expect(page.locator(hidden).first).to_be_hidden()
    karta, lista = page.locator("#karta").bounding_box(), page.locator("#karta-lista").bounding_box()
    assert karta
    assert lista
    assert lista["y"] > karta["y"] + karta["height"]
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
