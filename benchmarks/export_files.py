"""How fast the whole register becomes a file, beside ogr2ogr from the same PostGIS.

    python -m benchmarks.export_files [--projects N] [--rounds N] [--url URL]

Without --url a private PostGIS is filled first. Ours is `portfoljkartan export projects`, from the start of the process
to its end; ogr2ogr writes the same rows with comparable columns (goals, areas, case numbers and planned numbers put
together by SQL) and, in the GeoPackage, the same tables beside them. Prints the median of interleaved rounds, the peak
memory of each process and the ratios. pandas, which only tests need, is kept out of ours as in an installation.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

from benchmarks.databases import environment, fill, make_database
from tests.postgis import private_cluster

TUNED = ("shared_buffers=1GB", "work_mem=64MB", "max_wal_size=4GB")
OURS = "import sys; sys.modules['pandas'] = None; from tracker.cli import main; main()"
ALSO = ("fgb", "shp", "kml", "csv", "xlsx")
PROJECTS = """
WITH goals AS (SELECT t.project_id, string_agg(DISTINCT g.code, ', ' ORDER BY g.code) AS mal
               FROM goal_tag t JOIN goal g ON g.id = t.goal_id GROUP BY 1),
 served AS (SELECT s.project_id, string_agg(coalesce(a.name, s.scope), ', ' ORDER BY s.position) AS omraden
            FROM served_area s LEFT JOIN area a ON a.id = s.area_id GROUP BY 1),
 lies AS (SELECT l.project_id, string_agg(DISTINCT a.name, ', ') AS omraden
          FROM project_location l JOIN area a ON a.id = l.area_id GROUP BY 1),
 numbers AS (SELECT project_id, string_agg(number, '; ' ORDER BY position) AS diarienummer FROM case_number GROUP BY 1),
 newest AS (SELECT DISTINCT ON (v.project_id, v.measure_id) v.project_id, m.measure_group, v.planned
            FROM volume v JOIN measure m ON m.id = v.measure_id
            WHERE v.period = 'lopande' AND v.planned IS NOT NULL
            ORDER BY v.project_id, v.measure_id, v.year DESC),
 planned AS (SELECT project_id, sum(planned) FILTER (WHERE measure_group = 'bostader')::bigint AS planerade_bostader,
             sum(planned) FILTER (WHERE measure_group = 'arbetsplatser')::bigint AS planerade_arbetsplatser
             FROM newest GROUP BY 1)
SELECT p.code AS kod, p.name AS namn, p.main_kind AS huvudslag, p.secondary_kinds AS ytterligare_slag,
 p.subtype AS undertyp, p.phase AS skede, n.diarienummer, coalesce(p.start_forecast, p.start_decided) AS start,
 coalesce(p.end_forecast, p.end_decided) AS slut, p.stated_area AS stadsdel, coalesce(s.omraden, l.omraden) AS omraden,
 g.mal, q.planerade_bostader, q.planerade_arbetsplatser, p.description_public AS beskrivning, p.link AS lank,
 p.location_approximate AS ungefarligt_lage, p.example_values AS exempelvarden, p.publication AS publicering,
 (p.updated_at AT TIME ZONE 'Europe/Stockholm')::date AS andrad, p.version, p.geom
FROM project p LEFT JOIN goals g ON g.project_id = p.id LEFT JOIN served s ON s.project_id = p.id
LEFT JOIN lies l ON l.project_id = p.id LEFT JOIN numbers n ON n.project_id = p.id
LEFT JOIN planned q ON q.project_id = p.id
WHERE NOT p.confidential ORDER BY p.code
"""
TABLES = {
    "mal": """SELECT p.code AS kod, s.code AS malutgava, g.code AS mal, g.name_sv AS malnamn, t.weight AS styrka
        FROM goal_tag t JOIN project p ON p.id = t.project_id JOIN goal g ON g.id = t.goal_id
        JOIN goal_set s ON s.id = g.goal_set_id""",
    "omraden": """SELECT p.code AS kod, 'betjänar' AS roll, e.code AS indelning, a.code AS omradeskod,
        coalesce(a.name, s.scope) AS omrade, s.share / 100.0::float AS andel_procent
        FROM served_area s JOIN project p ON p.id = s.project_id LEFT JOIN area a ON a.id = s.area_id
        LEFT JOIN area_set e ON e.id = a.area_set_id
        UNION ALL SELECT p.code, 'ligger i', e.code, a.code, a.name, l.share / 100.0::float
        FROM project_location l JOIN project p ON p.id = l.project_id LEFT JOIN area a ON a.id = l.area_id
        LEFT JOIN area_set e ON e.id = a.area_set_id""",
    "ekonomi": """SELECT p.code AS kod, f.year AS ar,
        max(budget_ore) FILTER (WHERE flow = 'utgift') AS utgift_budget_ore,
        max(outcome_ore) FILTER (WHERE flow = 'utgift') AS utgift_utfall_ore,
        max(forecast_ore) FILTER (WHERE flow = 'utgift') AS utgift_prognos_ore,
        max(budget_ore) FILTER (WHERE flow = 'inkomst') AS inkomst_budget_ore,
        max(outcome_ore) FILTER (WHERE flow = 'inkomst') AS inkomst_utfall_ore,
        max(forecast_ore) FILTER (WHERE flow = 'inkomst') AS inkomst_prognos_ore
        FROM figure f JOIN project p ON p.id = f.project_id WHERE f.period = 'lopande' GROUP BY 1, 2""",
    "matt": """SELECT p.code AS kod, m.code AS mattkod, m.name_sv AS matt, m.unit AS enhet, v.year AS ar,
        v.planned AS planerade, v.started AS paborjade, v.completed AS fardiga
        FROM volume v JOIN project p ON p.id = v.project_id JOIN measure m ON m.id = v.measure_id
        WHERE v.period = 'lopande'""",
}


@dataclass(frozen=True, slots=True)
class Run:
    """How long a program (or several in a row) took, and the most memory that one of them had."""

    seconds: float
    processor: float
    megabytes: float


def run(commands: Sequence[Sequence[str]], env: dict[str, str] | None = None) -> Run:
    """Run commands one after the other."""
    began, before, most = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN), 0
    for command in commands:
        process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{command[0]} failed")
        most = max(most, used.ru_maxrss)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(time.perf_counter() - began, spent, most / 1024)


def ours(form: str, folder: Path, env: dict[str, str]) -> Run:
    """The command, as an installation has it."""
    path = str(folder / f"ours.{form}")
    return run([[sys.executable, "-c", OURS, "export", "projects", "--format", form, "-o", path]], env)


def theirs(form: str, folder: Path, source: str) -> Run:
    """ogr2ogr; for a GeoPackage once for the projects and once for each table."""
    path = folder / f"theirs.{form}"
    path.unlink(missing_ok=True)
    if form == "geojson":
        words = ["-s_srs", "EPSG:3011", "-t_srs", "EPSG:4326", "-lco", "COORDINATE_PRECISION=9"]
        return run([["ogr2ogr", "-q", "-f", "GeoJSON", *words, str(path), source, "-sql", PROJECTS]])
    first = ["ogr2ogr", "-q", "-f", "GPKG", str(path), source, "-sql", PROJECTS, "-nln", "projekt", "-nlt", "GEOMETRY"]
    first += ["-a_srs", "EPSG:3011"]
    beside = [
        ["ogr2ogr", "-q", "-update", str(path), source, "-sql", sql, "-nln", name] for name, sql in TABLES.items()
    ]
    return run([first, *beside])


def check(folder: Path) -> None:
    """Both wrote the same: so many projects, and so many rows in each table."""
    counts = {}
    for whose in ("ours", "theirs"):
        told = subprocess.run(
            ["ogrinfo", "-ro", "-so", "-al", str(folder / f"{whose}.gpkg")], capture_output=True, text=True, check=True
        ).stdout
        layers = {
            part.split("\n", 1)[0].split(" ")[0]: int(part.partition("Feature Count: ")[2].split("\n", 1)[0])
            for part in told.split("Layer name: ")[1:]
        }
        counts[whose] = {name: layers.pop(name) for name in TABLES}
        layers.pop("layer_styles", None)
        counts[whose]["projekt"] = sum(layers.values())
        with (folder / f"{whose}.geojson").open("rb") as file:
            counts[whose]["geojson"] = len(json.load(file)["features"])
    print(f"rows: {counts['ours']}")
    if counts["ours"] != counts["theirs"]:
        raise SystemExit(f"ogr2ogr wrote something else: {counts['theirs']}")


def middle(runs: Sequence[Run]) -> Run:
    """The medians of time, the greatest memory."""
    return Run(
        statistics.median(one.seconds for one in runs),
        statistics.median(one.processor for one in runs),
        max(one.megabytes for one in runs),
    )


def tell(name: str, one: Run) -> None:
    """One line of the answer."""
    print(
        f"{name:22} {one.seconds:7.1f} s   own processor {one.processor:6.1f} s   peak {one.megabytes:5.0f} MB",
        flush=True,
    )


def ogr_source(url: URL) -> str:
    """The database as ogr2ogr names it."""
    host = url.host or url.query.get("host")
    return f"PG:host={host} port={url.port or url.query.get('port')} user={url.username} dbname={url.database}"


def measure(url: str, given: argparse.Namespace, folder: Path) -> None:
    """All rounds, and what came of them."""
    env, source = environment(url, folder), ogr_source(make_url(url))
    found: dict[str, list[Run]] = {}
    for _ in range(given.rounds):
        for form in ("gpkg", "geojson"):
            found.setdefault(f"ours {form}", []).append(ours(form, folder, env))
            found.setdefault(f"ogr2ogr {form}", []).append(theirs(form, folder, source))
    results = {name: middle(runs) for name, runs in found.items()}
    for name, one in results.items():
        tell(name, one)
    for form in ALSO if given.all else ():
        tell(f"ours {form}", ours(form, folder, env))
    # Last: a process that is started counts the memory of the one that starts it, and this reads whole files.
    check(folder)
    for form, wanted in (("gpkg", 1.5), ("geojson", 0.5)):
        ratio = results[f"ours {form}"].seconds / results[f"ogr2ogr {form}"].seconds
        print(f"{form}: {ratio:.2f} × ogr2ogr's time (wanted at most {wanted})")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.export_files")
    parser.add_argument("--projects", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--url", default="")
    parser.add_argument("--all", action="store_true", help="time the other formats of ours too")
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = given.url
        if not url:
            url = make_database(stack.enter_context(private_cluster(*TUNED)), "export_files")
            fill(url, folder, given.projects)
        engine = create_engine(url)
        with engine.connect() as connection:
            count = connection.scalar(text("SELECT count(*) FROM project"))
            print(f"{count} projects, PostGIS {connection.scalar(text('SELECT postgis_lib_version()'))}", flush=True)
        engine.dispose()
        print(subprocess.run(["ogr2ogr", "--version"], capture_output=True, text=True, check=True).stdout.strip())
        measure(url, given, folder)


if __name__ == "__main__":
    main()
