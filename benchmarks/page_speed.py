"""How a list page and a detail page of a large register compare with those of a small one.

    python -m benchmarks.page_speed [SMALL LARGE]

Prints milliseconds (median of interleaved rounds, whole request inside one process, no network) and the ratio
large : small, for both databases.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from flask.testing import FlaskClient

from benchmarks.databases import environment, fill, make_database
from config import from_environment
from tests.postgis import private_cluster
from tracker.app import create_app

ROUNDS = 40
ADDRESSES = ("/projekt", "/projekt?kind=trafik&sort=andrad", "/projekt/DEMO-000500")


def client_on(url: str, state: Path, projects: int) -> FlaskClient:
    """A client of the product on a filled database."""
    state.mkdir(parents=True, exist_ok=True)
    fill(url, state, projects)
    return create_app(from_environment(environment(url, state))).test_client()


def measure(clients: dict[int, FlaskClient]) -> None:
    """Interleave the sizes, so that a busy moment hits both alike."""
    small, large = sorted(clients)
    for address in ADDRESSES:
        times: dict[int, list[float]] = {size: [] for size in clients}
        for _ in range(ROUNDS):
            for size, client in clients.items():
                begin = time.perf_counter()
                assert client.get(address).status_code == 200, address
                times[size].append(1000 * (time.perf_counter() - begin))
        middle = {size: statistics.median(values[5:]) for size, values in times.items()}
        ratio = middle[large] / middle[small]
        print(
            f"  {address:36} {small:>7}: {middle[small]:7.1f} ms   {large:>7}: {middle[large]:7.1f} ms   ×{ratio:.2f}"
        )


def main() -> None:
    sizes = [int(word) for word in sys.argv[1:3]] or [1_000, 100_000]
    with tempfile.TemporaryDirectory() as folder, private_cluster() as cluster:
        print("PostGIS")
        measure({n: client_on(make_database(cluster, f"pages_{n}"), Path(folder) / f"p{n}", n) for n in sizes})
        print("SpatiaLite")
        measure({n: client_on(f"sqlite:///{folder}/s{n}/x.db", Path(folder) / f"s{n}", n) for n in sizes})


if __name__ == "__main__":
    main()
