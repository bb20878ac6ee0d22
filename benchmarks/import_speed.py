"""Importing a GeoPackage into PostGIS, against ogr2ogr loading the same file into the same PostGIS.

    python -m benchmarks.import_speed [FEATURES]

Ours reads, parses, checks validity, compares with the register, computes "ligger i", and writes projects, places, map
texts and history in one transaction; ogr2ogr (-overwrite, GEOMETRY_NAME=geom) loads the table and its spatial index
without any of it. Both start with an empty register, in interleaved rounds; medians. Ours is timed twice: as work in a
process that runs already (as the web does it), and as a whole command, starting Python included.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from benchmarks.databases import environment, make_database
from config import from_environment
from tests.postgis import private_cluster
from tracker.app import create_app
from tracker.areas.outlines import district_facts, schematic_outlines
from tracker.database import begin_writing
from tracker.extensions import db
from tracker.history.models import Origin
from tracker.history.services import Actor
from tracker.imports.apply import apply_plan
from tracker.imports.candidates import interpret
from tracker.imports.plan import make_plan
from tracker.imports.sources import read_table
from tracker.projects.generator import Place, generate

ROUNDS = 3
TEMPLATE = "template_import"
COMMAND = [sys.executable, "-c", "from tracker.cli import main; main()"]


def write_file(path: Path, features: int) -> int:
    """The generator's projects as a GeoPackage; returns its number of vertices."""
    outlines = schematic_outlines()
    places = [Place(fact.name, outlines[fact.code]) for fact in district_facts()]
    portfolio = generate(features, places, goals=1)
    columns = {
        "code": [f"G-{number:06}" for number in range(1, features + 1)],
        "name": portfolio.names,
        "kind": [kind.value for kind in portfolio.kinds],
        "phase": [phase.value for phase in portfolio.phases],
    }
    pyogrio.raw.write(
        path,
        shapely.to_wkb(portfolio.geometries),
        [np.array(values, dtype=object) for values in columns.values()],
        list(columns),
        layer="projekt",
        driver="GPKG",
        geometry_type="Unknown",
        crs="EPSG:3011",
    )
    return int(shapely.get_num_coordinates(portfolio.geometries).sum())


def seconds_of_ogr2ogr(path: Path, url: str) -> float:
    """The rival."""
    address = make_url(url)
    target = f"PG:host={address.query['host']} port={address.query['port']} user=postgres dbname={address.database}"
    options = ["-nln", "rival", "-nlt", "GEOMETRY", "-lco", "GEOMETRY_NAME=geom"]
    command = ["ogr2ogr", "-q", "-overwrite", "-f", "PostgreSQL", target, str(path), "projekt", *options]
    begin = time.perf_counter()
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begin


def seconds_of_work(path: Path, url: str, state: Path) -> dict[str, float]:
    """Ours, step by step, in this process."""
    app = create_app(from_environment(environment(url, state)))
    steps: dict[str, float] = {}
    with app.app_context():
        session = db.session()
        begin = time.perf_counter()
        table = read_table(path)
        steps["read"] = time.perf_counter()
        candidates = interpret(table)
        steps["interpret"] = time.perf_counter()
        begin_writing(session)
        plan = make_plan(session, candidates, 2005, publish=False)
        steps["plan"] = time.perf_counter()
        apply_plan(session, plan, Actor(name="Mätning", origin=Origin.IMPORT, at=datetime.now(UTC)))
        session.commit()
        steps["write"] = time.perf_counter()
        db.engine.dispose()
    ends = [begin, *steps.values()]
    return {name: end - start for name, start, end in zip(steps, ends, ends[1:], strict=False)}


def seconds_of_command(path: Path, url: str, state: Path) -> float:
    """Ours as a person at a shell waits for it."""
    begin = time.perf_counter()
    command = [*COMMAND, "import", "projects", str(path)]
    subprocess.run(command, env=environment(url, state), check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


def check(url: str, features: int) -> None:
    """Everything is there, and every project's shares are whole."""
    engine = create_engine(url)
    with engine.connect() as connection:
        for table in ("project", "project_display", "history_entry"):
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == features, table
        whole = (
            "SELECT count(*) FROM (SELECT sum(share) AS s FROM project_location GROUP BY project_id) x WHERE s = 10000"
        )
        assert connection.scalar(text(whole)) == features
    engine.dispose()


def run(cluster: str, folder: Path, features: int) -> None:
    """Interleaved rounds, each on a copy of a migrated and seeded database."""
    path = folder / "projekt.gpkg"
    vertices = write_file(path, features)
    print(f"{features} features, {vertices} vertices, {path.stat().st_size / 1e6:.0f} MB GeoPackage")
    template = make_database(cluster, TEMPLATE)
    for word in ("migrate", "seed"):
        subprocess.run([*COMMAND, word], env=environment(template, folder), check=True, stdout=subprocess.DEVNULL)
    rival, work, command, steps = [], [], [], []
    for number in range(ROUNDS):
        rival.append(seconds_of_ogr2ogr(path, clone(cluster, f"rival_{number}")))
        ours = clone(cluster, f"work_{number}")
        steps.append(seconds_of_work(path, ours, folder))
        work.append(sum(steps[-1].values()))
        check(ours, features)
        command.append(seconds_of_command(path, clone(cluster, f"command_{number}"), folder))
    show("ogr2ogr", rival, rival)
    show("ours, work", work, rival)
    show("ours, command", command, rival)
    parts = {name: statistics.median(step[name] for step in steps) for name in steps[0]}
    print("  " + "  ".join(f"{name} {seconds:.2f} s" for name, seconds in parts.items()))


def clone(cluster: str, name: str) -> str:
    """A copy of the seeded database."""
    make_database(cluster, f"{name} TEMPLATE {TEMPLATE}")
    return cluster.format(name=name)


def show(what: str, seconds: list[float], rival: list[float]) -> None:
    median = statistics.median(seconds)
    listed = ", ".join(f"{one:.2f}" for one in seconds)
    print(f"  {what:14} {median:6.2f} s ({listed})   ratio {median / statistics.median(rival):.1f}")


def main() -> None:
    features = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder, private_cluster() as cluster:
        run(cluster, Path(folder), features)


if __name__ == "__main__":
    main()
