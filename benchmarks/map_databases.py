"""How fast the map's data is on SpatiaLite beside PostGIS: the same rows, the same boxes, two workers each.

    python -m benchmarks.map_databases [--projects N] [--seconds N] [--rounds N] [--connections N]

Needs wrk and PostGIS. Prints requests per second (median of interleaved rounds), p50, p95 and how many times longer
SpatiaLite takes. The plain cases are answered from the memory of warm workers, on either database; those with a goal
are asked of the database each time.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import urllib.request
from pathlib import Path

from benchmarks.databases import environment, fill, make_database
from benchmarks.map_data import CITY_ZOOM, KIND, TUNED, cities
from benchmarks.map_rivals.loading import Speed, load
from benchmarks.map_rivals.servers import WORKERS, Server, running
from benchmarks.map_rivals.table import find_districts, make_table
from tests.postgis import private_cluster

FIRST_PORT = 8121
DISTRICTS = 200
COMPARED = 3
WANTED = 2.0
PLAIN = {
    "district": "&zoom=15",
    "kind + box": f"&kind={KIND}",
    "goal + box, from the database": "&goal=G1&zoom=15",
}
"""What is added to a district's box; the city is asked with zoom alone and with a goal."""
CITY = {"whole city": f"&zoom={CITY_ZOOM}", "whole city, a goal": f"&zoom={CITY_ZOOM}&goal=G1"}
Asked = dict[str, list[tuple[str, str]]]
"""Case → (box, what is added)."""


def server(name: str, url: str, state: Path, port: int) -> Server:
    """The product on a database."""
    program = str(Path(sys.executable).parent / "gunicorn")
    words = ("-w", WORKERS, "-b", f"127.0.0.1:{port}", "--timeout", "120", "--log-level", "error", "tracker.wsgi:app")
    known = environment(url, state) | {"WEB_CONCURRENCY": WORKERS}
    return Server(name, (program, *words), known, f"http://127.0.0.1:{port}/karta/data?", ours=True)


def check(servers: list[Server], asked: Asked) -> None:
    """Raise AssertionError unless both answer with the same features."""
    for case, questions in asked.items():
        for box, further in questions[:COMPARED]:
            first, second = (_features(one.url(box, further=further)) for one in servers)
            assert first == second, f"{case}: the databases answer differently at {box}"


def _features(address: str) -> list[str]:
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - this machine
        return sorted(json.dumps(one, sort_keys=True) for one in json.load(answer)["features"])


def warm(servers: list[Server], asked: Asked, scratch: Path) -> None:
    """Ask until the workers have had time to read the map into memory; measured rounds come after."""
    for one in servers:
        for questions in asked.values():
            load([one.url(box, further=further) for box, further in questions], 3, 2, scratch)


def measure(servers: list[Server], asked: Asked, given: argparse.Namespace, scratch: Path) -> None:
    """Each case on both databases in turns; prints a line for each case."""
    for case, questions in asked.items():
        runs: dict[str, list[Speed]] = {one.name: [] for one in servers}
        for _ in range(given.rounds):
            for one in servers:
                addresses = [one.url(box, further=further) for box, further in questions]
                runs[one.name].append(load(addresses, given.seconds, given.connections, scratch))
        middle = {
            name: sorted(speeds, key=lambda one: one.per_second)[len(speeds) // 2] for name, speeds in runs.items()
        }
        post, lite = middle["PostGIS"], middle["SpatiaLite"]
        print(f"\n{case}")
        for name, speed in middle.items():
            print(
                f"  {name:10} {speed.per_second:8.1f} req/s   p50 {speed.p50_ms:7.1f} ms   p95 {speed.p95_ms:7.1f} ms"
                f"   {speed.bytes_each:>8} B   errors {speed.errors}"
            )
        ratio = post.per_second / lite.per_second
        print(f"  SpatiaLite takes ×{ratio:.2f} (wanted at most ×{WANTED:g})", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.map_databases")
    for name, default in (("projects", 100_000), ("seconds", 5), ("rounds", 3), ("connections", 4)):
        parser.add_argument(f"--{name}", type=int, default=default)
    return parser.parse_args()


def main() -> None:
    given = _arguments()
    with tempfile.TemporaryDirectory() as folder, private_cluster(*TUNED) as cluster:
        scratch = Path(folder)
        urls = {"PostGIS": make_database(cluster, "map_data"), "SpatiaLite": f"sqlite:///{scratch}/lite/map.db"}
        servers = []
        for number, (name, url) in enumerate(urls.items()):
            state = scratch / ("lite" if name == "SpatiaLite" else "post")
            state.mkdir()
            fill(url, state, given.projects)
            servers.append(server(name, url, state, FIRST_PORT + number))
        make_table(urls["PostGIS"])
        boxes = [one.text() for one in find_districts(urls["PostGIS"], DISTRICTS)]
        asked: Asked = {case: [(box, further) for box in boxes] for case, further in PLAIN.items()}
        asked |= {case: [(box, further) for box in cities()] for case, further in CITY.items()}
        with running(servers, scratch, boxes[0]):
            check(servers, asked)
            warm(servers, asked, scratch)
            print(f"{given.projects} projects, {len(boxes)} districts, {given.connections} connections")
            measure(servers, asked, given, scratch)


if __name__ == "__main__":
    main()
