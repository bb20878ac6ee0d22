"""How long a reader waits from the click on a filter to the drawn map: a large register beside a small one.

    python -m benchmarks.map_browser [--small N] [--large N] [--rounds N]

Needs PostGIS and Chromium. Two gunicorn workers for each register, one page of the browser for each, in turns. A click
counts from the form's `change` to the first picture after the page's own mark that it has drawn (`data-state`). The
browser's cache is off, for a reader's first click finds nothing there; the servers are warm. Prints medians and ratios.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

from benchmarks.databases import environment, fill, make_database
from benchmarks.map_data import TUNED
from benchmarks.map_rivals.servers import Server, running
from tests.browsers import chromium_program
from tests.postgis import private_cluster

FIRST_PORT = 8111
WORKERS = "2"
WARMING_ROUNDS = 2
VIEWPORT: ViewportSize = {"width": 1280, "height": 800}
TIMEOUT_MILLISECONDS = 120_000
WANTED = 1.5
FILTERS = (
    ("slag: bostad", "#filter-kind", "bostad"),
    ("slag: trafik", "#filter-kind", "trafik"),
    ("skede: genomförande", "#filter-phase", "genomforande"),
    ("mål: G1", "#filter-goal", "G1"),
)
"""What is told, the field, and the value that is chosen; each is taken away again, which counts as a click too."""
ZOOMS = (("hela staden", 11), ("stadsdelsområde", 13), ("stadsdel", 15))
HALF_WIDTH, HALF_HEIGHT = 0.010, 0.004
"""In degrees; a little less than what the map shows at the closest zoom."""
PROBE = """
(() => {
  document.addEventListener("change", () => {
    const begin = performance.now();
    window.clicked = new Promise((resolve) => {
      const frame = document.getElementById("karta");
      const drawn = () => requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - begin)));
      const watch = new MutationObserver(() => {
        const state = frame.dataset.state;
        if (state !== "klar" && state !== "fel") return;
        watch.disconnect();
        if (state === "klar") drawn(); else resolve(-1);
      });
      watch.observe(frame, { attributes: true, attributeFilter: ["data-state"] });
    });
  }, true);
})()
"""
"""Before the page hears of a change the clock has started; two frames after its mark the picture stands."""
Times = dict[tuple[str, str], dict[int, list[float]]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the map stands, in degrees."""

    lon: float
    lat: float

    def hash(self, zoom: int) -> str:
        """The view as the address has it."""
        return f"#{zoom}/{self.lat:.5f}/{self.lon:.5f}"


def find_place(page: Page, server: Server) -> Place:
    """Where the small register has most of every filter near together, so that no choice empties the map."""
    found: dict[str, list[tuple[float, float]]] = {}
    for name, field, value in FILTERS:
        word = field.removeprefix("#filter-")
        answer = page.request.get(f"{server.address}{word}={value}&zoom=22").json()
        points = [one.get("point") or one["geometry"]["coordinates"] for one in answer["features"]]
        found[name] = [tuple(one[:2]) for one in points]
    places = [place for points in found.values() for place in points]
    best = max(places, key=lambda place: min(_near(place, points) for points in found.values()))
    return Place(*best)


def _near(place: tuple[float, float], points: list[tuple[float, float]]) -> int:
    lon, lat = place
    return sum(abs(x - lon) < HALF_WIDTH and abs(y - lat) < HALF_HEIGHT for x, y in points)


def open_page(page: Page, server: Server, view: str) -> None:
    """The map at a view, drawn."""
    page.goto("about:blank")
    page.goto(f"{server.address.removesuffix('/data?')}{view}")
    page.wait_for_selector("#karta[data-state=klar]")
    page.evaluate(PROBE)


def click(page: Page, field: str, value: str) -> float:
    """Milliseconds from the choice to the picture."""
    page.select_option(field, value)
    took = float(page.evaluate("window.clicked"))
    if took < 0:
        raise RuntimeError(f"the map failed at {page.url}: {page.inner_text('[data-wait]')}")
    return took


def measure(pages: dict[int, tuple[Page, Server]], place: Place, rounds: int) -> Times:
    """Every filter in every view, the sizes in turns; the first rounds only warm."""
    times: Times = {}
    for view, zoom in ZOOMS:
        for page, server in pages.values():
            open_page(page, server, place.hash(zoom))
        for number in range(-WARMING_ROUNDS, rounds):
            for name, field, value in FILTERS:
                for told, chosen in ((name, value), (f"{name}, bort", "")):
                    for size, (page, _) in pages.items():
                        took = click(page, field, chosen)
                        if number >= 0:
                            times.setdefault((view, told), {}).setdefault(size, []).append(took)
        for page, _ in pages.values():
            if _zoom(page) != zoom:
                raise RuntimeError(f"the view moved: {page.url}")
    return times


def _zoom(page: Page) -> int:
    return int(page.url.split("#")[1].split("/")[0])


def tell(times: Times) -> None:
    """A line for each case, and the worst ratio."""
    ratios = []
    for (view, told), by_size in times.items():
        small, large = (statistics.median(by_size[size]) for size in sorted(by_size))
        ratios.append(large / small)
        print(f"  {view:16} {told:26} {small:7.0f} ms {large:7.0f} ms   ×{large / small:.2f}", flush=True)
    every = [[one for by in times.values() for one in by[size]] for size in sorted(next(iter(times.values())))]
    small, large = (statistics.median(values) for values in every)
    print(f"all clicks: {small:.0f} ms, {large:.0f} ms, ×{large / small:.2f}; worst case ×{max(ratios):.2f}", end="")
    print(f" (wanted at most ×{WANTED})")


def _server(url: str, state: Path, port: int) -> Server:
    program = str(Path(sys.executable).parent / "gunicorn")
    words = ("-w", WORKERS, "-b", f"127.0.0.1:{port}", "--timeout", "120", "--log-level", "error", "tracker.wsgi:app")
    known = environment(url, state) | {"WEB_CONCURRENCY": WORKERS}
    return Server(f"{port}", (program, *words), known, f"http://127.0.0.1:{port}/karta/data?", ours=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.map_browser")
    for name, default in (("small", 1_000), ("large", 100_000), ("rounds", 5)):
        parser.add_argument(f"--{name}", type=int, default=default)
    return parser.parse_args()


def main() -> None:
    given = _arguments()
    with tempfile.TemporaryDirectory() as folder, private_cluster(*TUNED) as cluster:
        chosen: dict[int, Server] = {}
        for number, size in enumerate((given.small, given.large)):
            url, state = make_database(cluster, f"browser_{size}"), Path(folder) / f"state{size}"
            state.mkdir()
            fill(url, state, size)
            chosen[size] = _server(url, state, FIRST_PORT + number)
        with running(list(chosen.values()), Path(folder), "17.9,59.3,17.95,59.32"), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_program(full=True), args=["--no-sandbox"])
            print(f"Chromium {browser.version}; {given.small} and {given.large} projects, {given.rounds} rounds")
            pages = {size: (_page(browser.new_page(viewport=VIEWPORT)), server) for size, server in chosen.items()}
            place = find_place(pages[given.small][0], chosen[given.small])
            tell(measure(pages, place, given.rounds))
            browser.close()


def _page(page: Page) -> Page:
    """A page whose browser keeps nothing."""
    page.set_default_timeout(TIMEOUT_MILLISECONDS)
    page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    return page


if __name__ == "__main__":
    main()
