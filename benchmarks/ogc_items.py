"""How fast the items of OGC API – Features are, beside other servers of the same standard on the same rows.

    python -m benchmarks.ogc_items FOLDER [--projects N] [--seconds N] [--rounds N] [--connections N]

FOLDER is for scratch, as for benchmarks.map_data. Needs wrk and PostGIS. Prints versions, requests per second (median
of interleaved rounds), p50, p95, bytes and the ratios that matter. Nothing is compressed, two workers each. TiPg and
pygeoapi (its PostgreSQL provider) read a flat table with the same rows and properties, pygeoapi one in EPSG:4326 so
that it has nothing to move.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.databases import fill, make_database
from benchmarks.map_data import DISTRICTS, TUNED, WARMING_SECONDS, cities
from benchmarks.map_rivals.agreement import check
from benchmarks.map_rivals.environments import make_environment, versions
from benchmarks.map_rivals.loading import Speed, load
from benchmarks.map_rivals.servers import Server, running, servers
from benchmarks.map_rivals.table import District, find_districts, make_table
from tests.postgis import private_cluster

OURS = "http://127.0.0.1:8105/ogc/collections/projects/items?f=json&"
RIVALS = ("TiPg", "pygeoapi")
WANTED = 4
PATIENCE = 4
"""An answer of 10,000 takes a rival seconds: such cases are measured so many times as long."""
Results = dict[tuple[str, str], Speed]


def addresses(server: Server, districts: list[District]) -> dict[str, list[str]]:
    """What each case asks of a server; a box is another one each time."""
    boxes, wide = [one.text() for one in districts], cities()
    return {
        "500 in a box": [f"{server.address}bbox={box}&limit=500" for box in boxes],
        "500, first page": [f"{server.address}limit=500"],
        "10,000 in a box": [f"{server.address}bbox={box}&limit=10000" for box in wide],
        "10,000, first page": [f"{server.address}limit=10000"],
    }


def measure(chosen: list[Server], districts: list[District], given: argparse.Namespace, scratch: Path) -> Results:
    """Every server in every case, in turns."""
    results: Results = {}
    asked = {server.name: addresses(server, districts) for server in chosen}
    for case in asked[chosen[0].name]:
        runs: dict[str, list[Speed]] = {name: [] for name in asked}
        for number in range(given.rounds + 1):
            for name, cases in asked.items():
                seconds = given.seconds * (PATIENCE if case.startswith("10,000") else 1)
                speed = load(cases[case], seconds if number else 1, given.connections, scratch)
                if number:  # the first round only warms
                    runs[name].append(speed)
        middle = {name: _middle(speeds) for name, speeds in runs.items()}
        results |= {(case, name): speed for name, speed in middle.items()}
        _tell(case, middle)
    return results


def _middle(speeds: list[Speed]) -> Speed:
    return sorted(speeds, key=lambda one: one.per_second)[len(speeds) // 2]


def _tell(case: str, speeds: dict[str, Speed]) -> None:
    print(f"\n{case}")
    for name, one in speeds.items():
        print(
            f"  {name:10} {one.per_second:8.1f} req/s   p50 {one.p50_ms:8.1f} ms   p95 {one.p95_ms:8.1f} ms"
            f"   {one.bytes_each:>9} B   errors {one.errors}",
            flush=True,
        )
    best = max(speeds[name].per_second for name in RIVALS)
    told = f"×{speeds['ours'].per_second / best:.1f}" if best else "far more than"
    print(f"  {told} the better rival (wanted {WANTED})", flush=True)


def choose(every: list[Server]) -> list[Server]:
    """The product at its items, and the two rivals."""
    found = {server.name: server for server in every}
    return [replace(found["ours"], address=OURS), *(found[name] for name in RIVALS)]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ogc_items")
    parser.add_argument("folder", type=Path)
    for name, default in (("projects", 100_000), ("seconds", 6), ("rounds", 5), ("connections", 4)):
        parser.add_argument(f"--{name}", type=int, default=default)
    return parser.parse_args()


def main() -> None:
    given = _arguments()
    given.folder.mkdir(parents=True, exist_ok=True)
    programs = {rival: make_environment(given.folder, rival) for rival in ("tipg", "pygeoapi", "geodjango")}
    for rival in ("tipg", "pygeoapi"):
        print(f"{rival}: {versions(programs[rival])}")
    with tempfile.TemporaryDirectory() as folder, private_cluster(*TUNED) as cluster:
        scratch = Path(folder)
        url = make_database(cluster, "ogc_items")
        state = scratch / "state"
        state.mkdir()
        fill(url, state, given.projects)
        make_table(url)
        districts = find_districts(url, DISTRICTS)
        print(f"{given.projects} projects; {len(districts)} districts")
        chosen = choose(servers(url, state, programs, scratch))
        with running(chosen, scratch, districts[0].text()):
            # Its addresses take the same parameters as the rivals'.
            check([replace(one, ours=False) for one in chosen], districts[:3], "bostad")
            time.sleep(WARMING_SECONDS)
            measure(chosen, districts, given, scratch)


if __name__ == "__main__":
    main()
