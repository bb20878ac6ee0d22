"""How fast the map's data is, beside servers of open geodata on the same rows of the same PostGIS.

    python -m benchmarks.map_data FOLDER [--projects N] [--seconds N] [--rounds N] [--connections N]

FOLDER is for scratch: the rivals' virtual environments are made there once (needs the network the first time). Needs
wrk and PostGIS. Prints versions, requests per second (median of interleaved rounds), p50, p95, bytes and the ratios
that matter. Nothing is compressed, two workers each, and each request asks for another box. TiPg, pygeoapi and
GeoDjango read a flat table with the same properties, pygeoapi one in EPSG:4326 so that it has nothing to move.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.databases import fill, make_database
from benchmarks.map_rivals.agreement import check
from benchmarks.map_rivals.environments import PACKAGES, make_environment, versions
from benchmarks.map_rivals.loading import Speed, load
from benchmarks.map_rivals.servers import Server, running, servers
from benchmarks.map_rivals.table import District, find_districts, make_table
from tests.postgis import private_cluster

TUNED = ("shared_buffers=1GB", "random_page_cost=1.1", "work_mem=64MB", "max_wal_size=4GB", "effective_cache_size=8GB")
"""Of the one server that all of them ask."""
DISTRICTS = 300
KIND = "bostad"
WARMING_SECONDS = 20
"""The product's workers read the map into memory after their first question; the others have nothing to do."""
CITY = (17.70, 59.20, 18.25, 59.46)
CITY_ZOOM = 11
RIVALS = ("TiPg", "pygeoapi", "GeoDjango")
Results = dict[tuple[str, str], Speed]


def cities() -> list[str]:
    """The whole city, a little aside each time."""
    return [",".join(f"{value + number * 1e-5:.6f}" for value in CITY) for number in range(100)]


def addresses(case: str, server: Server, districts: list[District]) -> list[str]:
    """What a case asks of a server."""
    boxes = [one.text() for one in districts]
    if case == "whole city":
        return [server.url(box, further=f"&zoom={CITY_ZOOM}") for box in cities()]
    if case == "district, zoom 15":
        return [server.url(box, further="&zoom=15") for box in boxes]
    return [server.url(box, KIND if case == "kind + box" else "") for box in boxes]


CASES = ("district", "kind + box", "district, zoom 15", "whole city")


def measure(chosen: list[Server], districts: list[District], given: argparse.Namespace, scratch: Path) -> Results:
    """Every server in every case, in turns."""
    results: Results = {}
    for case in CASES:
        runs: dict[str, list[Speed]] = {server.name: [] for server in chosen}
        for number in range(given.rounds + 1):
            for server in chosen:
                asked = addresses(case, server, districts)
                seconds = given.seconds if number else 1  # the first round only warms
                speed = load(asked, seconds, given.connections, scratch)
                if number:
                    runs[server.name].append(speed)
        results |= {(case, name): _middle(speeds) for name, speeds in runs.items()}
        _tell(case, {name: results[case, name] for name in runs})
    return results


def _middle(speeds: list[Speed]) -> Speed:
    return sorted(speeds, key=lambda one: one.per_second)[len(speeds) // 2]


def _tell(case: str, speeds: dict[str, Speed]) -> None:
    print(f"\n{case}")
    for name, one in speeds.items():
        ratio = speeds["ours"].per_second / one.per_second if one.per_second else float("inf")
        print(
            f"  {name:14} {one.per_second:8.1f} req/s   p50 {one.p50_ms:8.1f} ms   p95 {one.p95_ms:8.1f} ms"
            f"   {one.bytes_each:>9} B   errors {one.errors}   ours ×{ratio:.2f}",
            flush=True,
        )


def conclude(results: Results) -> None:
    """The ratios that were promised."""
    print()
    for case in ("district", "kind + box", "district, zoom 15"):
        ours = results[case, "ours"]
        best = max((results[case, name] for name in RIVALS), key=lambda one: one.per_second)
        sql = results[case, "SQL statement"]
        print(
            f"{case}: ×{ours.per_second / best.per_second:.1f} the best rival (wanted 8, aimed at 10), p95 "
            f"×{best.p95_ms / ours.p95_ms:.1f} shorter, ×{ours.per_second / sql.per_second:.2f} the SQL statement"
        )
    ours, most = results["whole city", "ours"], max(results["whole city", name].per_second for name in RIVALS)
    told = f"×{ours.per_second / most:.0f}" if most else "far more than"
    print(
        f"whole city: {ours.bytes_each / 1000:.0f} kB (wanted under 300), "
        f"{told} the best rival's answer of 10,000 features (wanted ×50)"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.map_data")
    parser.add_argument("folder", type=Path)
    for name, default in (("projects", 100_000), ("seconds", 6), ("rounds", 5), ("connections", 4)):
        parser.add_argument(f"--{name}", type=int, default=default)
    return parser.parse_args()


def main() -> None:
    given = _arguments()
    given.folder.mkdir(parents=True, exist_ok=True)
    programs = {rival: make_environment(given.folder, rival) for rival in PACKAGES}
    for rival, place in programs.items():
        print(f"{rival}: {versions(place)}")
    with tempfile.TemporaryDirectory() as folder, private_cluster(*TUNED) as cluster:
        scratch = Path(folder)
        url = make_database(cluster, "map_data")
        state = scratch / "state"
        state.mkdir()
        fill(url, state, given.projects)
        make_table(url)
        districts = find_districts(url, DISTRICTS)
        shapes = statistics.mean(one.shapes for one in districts)
        print(f"{given.projects} projects; {len(districts)} districts of {shapes:.0f} shapes")
        print(subprocess.run(["wrk", "-v"], capture_output=True, text=True, check=False).stdout.splitlines()[0])
        chosen = servers(url, state, programs, scratch)
        with running(chosen, scratch, districts[0].text()):
            check(chosen, districts[:3], KIND)
            time.sleep(WARMING_SECONDS)
            conclude(measure(chosen, districts, given, scratch))


if __name__ == "__main__":
    main()
