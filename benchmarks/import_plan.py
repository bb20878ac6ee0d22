"""Planning an import of 10,000 rows, against the time that the reader's library needs to read the same file.

    python -m benchmarks.import_plan [ROWS] [--memory]

Ours checks the file, reads it, parses every cell, places every shape, matches every row with the register and compares
it, computes "ligger i" where the file names areas, and gives the fingerprint that the wizard compares. The rivals only
read: pyogrio.raw.read with shapely.from_wkb for the GeoPackage, calamine's to_python for the workbook. Two registers:
an empty one (every row is new) and one that the file has been taken into (every row is compared, and unchanged).
Interleaved rounds, medians.
`--memory` prints instead the peak of the whole process, measured in a process of its own for each step.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
import xlsxwriter
from python_calamine import CalamineWorkbook

from benchmarks.databases import environment
from config import from_environment
from tracker.app import create_app
from tracker.areas.outlines import district_facts, schematic_outlines
from tracker.database import begin_writing
from tracker.extensions import db
from tracker.history.models import Origin
from tracker.history.services import Actor
from tracker.imports.apply import apply_plan
from tracker.imports.candidates import interpret
from tracker.imports.choices import Choices
from tracker.imports.plan import Plan, make_plan
from tracker.imports.sources import read_table
from tracker.projects.generator import Place, generate

ROUNDS = 7
CHOICES = Choices(srid=3011)
COMMAND = [sys.executable, "-c", "from tracker.cli import main; main()"]


def write_files(folder: Path, rows: int) -> dict[str, Path]:
    """The generator's projects as a GeoPackage with their shapes, and as a workbook with points."""
    outlines = schematic_outlines()
    facts = list(district_facts())
    portfolio = generate(rows, [Place(fact.name, outlines[fact.code]) for fact in facts], goals=1)
    centres = shapely.get_coordinates(shapely.point_on_surface(portfolio.geometries)).round(2)
    columns: dict[str, list[Any]] = {
        "Projektnr": [f"G-{number:06}" for number in range(1, rows + 1)],
        "Projektnamn": list(portfolio.names),
        "Typ": [kind.value for kind in portfolio.kinds],
        "Skede": [phase.value for phase in portfolio.phases],
        "Stadsdel": [facts[number % len(facts)].name for number in range(rows)],
        "Antal bostäder": [number % 400 for number in range(rows)],
        "Diarienummer": [f"E{2000 + number % 20}-{number:05}" for number in range(rows)],
        "Länk": [f"https://exempel.se/projekt/{number}" for number in range(rows)],
    }
    paths = {"gpkg": folder / "projekt.gpkg", "xlsx": folder / "projekt.xlsx"}
    pyogrio.raw.write(
        paths["gpkg"], shapely.to_wkb(portfolio.geometries), [np.array(one, dtype=object) for one in columns.values()],
        list(columns), layer="projekt", driver="GPKG", geometry_type="Unknown", crs="EPSG:3011",
    )  # fmt: skip
    columns |= {"N": centres[:, 1].tolist(), "E": centres[:, 0].tolist()}
    with xlsxwriter.Workbook(str(paths["xlsx"])) as book:
        sheet = book.add_worksheet("Projekt")
        sheet.write_row(0, 0, list(columns))
        for number, row in enumerate(zip(*columns.values(), strict=True), start=1):
            sheet.write_row(number, 0, row)
    return paths


def read_only(path: Path) -> None:
    """The rival."""
    if path.suffix == ".gpkg":
        _, _, wkb, _ = pyogrio.raw.read(path)
        shapely.from_wkb(wkb)
    else:
        CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def plan_of(path: Path) -> Plan:
    """Ours, from the file to the fingerprint."""
    plan = make_plan(db.session(), interpret(read_table(path), CHOICES), 2005, publish=False)
    plan.fingerprint()
    return plan


def seconds(work: Callable[[Path], object], path: Path) -> float:
    begin = time.perf_counter()
    work(path)
    return time.perf_counter() - begin


def measure(path: Path, what: str) -> None:
    """Interleaved rounds; the first of each warms up and is left out."""
    rival, ours = [], []
    for _ in range(ROUNDS + 1):
        rival.append(seconds(read_only, path))
        ours.append(seconds(plan_of, path))
        db.session.rollback()
    read, plan = statistics.median(rival[1:]), statistics.median(ours[1:])
    told = f"reading {read * 1000:6.0f} ms   plan {plan * 1000:6.0f} ms   {plan / read:4.1f} ×"
    print(f"  {path.suffix[1:]:5} {what:9} {told}")


def fill(path: Path) -> None:
    """Take the file in, so that the next plan compares every row."""
    begin_writing(db.session())
    apply_plan(db.session(), plan_of(path), Actor(name="Mätning", origin=Origin.IMPORT, at=datetime.now(UTC)))
    db.session.commit()


def peak_megabytes() -> float:
    """Of this program alone: getrusage would give the peak of the process that started it, where that was higher."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def tell_memory(url: str, folder: Path, path: Path) -> None:
    """Start, read alone, plan: each in a process of its own."""
    for step in ("start", "read", "plan"):
        command = [sys.executable, "-m", "benchmarks.import_plan", "--step", step, url, str(folder), str(path)]
        told = subprocess.run(command, check=True, capture_output=True, text=True)
        print(f"  {path.suffix[1:]:5} {step:6} peak {told.stdout.strip()} MB")


def one_step(step: str, url: str, folder: str, path: str) -> None:
    with create_app(from_environment(environment(url, Path(folder)))).app_context():
        if step == "read":
            read_only(Path(path))
        elif step == "plan":
            plan_of(Path(path))
        print(f"{peak_megabytes():.0f}")


def run(folder: Path, rows: int, *, memory: bool) -> None:
    url = f"sqlite:///{folder / 'register.db'}"
    for word in ("migrate", "seed"):
        subprocess.run([*COMMAND, word], env=environment(url, folder), check=True, stdout=subprocess.DEVNULL)
    paths = write_files(folder, rows)
    sizes = ", ".join(f"{path.stat().st_size / 1e6:.1f} MB {name}" for name, path in paths.items())
    print(f"{rows} rows, {sizes}; SpatiaLite")
    with create_app(from_environment(environment(url, folder))).app_context():
        if memory:
            for path in paths.values():
                tell_memory(url, folder, path)
            return
        for path in paths.values():
            measure(path, "new")
        for path in paths.values():
            fill(path)
            measure(path, "compared")


def main() -> None:
    if "--step" in sys.argv:
        one_step(*sys.argv[2:6])
        return
    rows = next((int(word) for word in sys.argv[1:] if word.isdigit()), 10_000)
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), rows, memory="--memory" in sys.argv)


if __name__ == "__main__":
    main()
