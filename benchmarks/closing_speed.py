"""Closing a period against making its report once: every format of one counting rule for one audience.

    python -m benchmarks.closing_speed [PROJECTS [FORMATS]]

On a private PostGIS, filled and opened by the product's own commands. Closing reads the facts of both audiences twice,
keeps two snapshots, and makes and keeps every format × rule × audience (four times as many files). Each measurement is
a process of its own, so that the peak of memory is its own too; that of the largest process is printed. The seconds of
the processors say the same on a busy machine; PostgreSQL's own are not among them. FORMATS, such as xlsx,csv, leaves
out those that are not to be measured; pdf needs LibreOffice.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks.databases import environment, fill, make_database
from tests.postgis import private_cluster
from tracker.app import create_app
from tracker.contribution.rules import CountingRule
from tracker.exports.audience import Audience
from tracker.extensions import db
from tracker.followup.queries import get_period
from tracker.history.models import Origin
from tracker.history.services import Actor
from tracker.reports.closing import begin_reading, close_period
from tracker.reports.closing_files import make_files
from tracker.reports.encoding import encode
from tracker.reports.snapshots import facts_now
from tracker.reports.writing import FORMATS, write_report

KEY = "2005-T1"
LIMIT_ORE = 5_000_000_000
NOW = datetime(2005, 5, 20, tzinfo=UTC)


def clock(name: str, start: float) -> float:
    """Tell how long a step took; returns the moment."""
    now = time.perf_counter()
    print(f"  {name:12} {now - start:7.2f} s", file=sys.stderr)
    return now


def report_once(forms: tuple[str, ...]) -> None:
    """The office's report, fördelad, from the register to its files."""
    session = db.session()
    begin_reading(session)
    then = time.perf_counter()
    facts = facts_now(session, get_period(session, KEY), Audience.INTERNAL, NOW, LIMIT_ORE)
    then = clock("gather", then)
    with tempfile.TemporaryDirectory() as folder:
        for form in forms:
            write_report(facts, CountingRule.FORDELAD, form, Path(folder) / f"report.{form}")
            then = clock(form, then)
    content = encode(facts)
    clock(f"(encode, {len(content) / 1e6:.1f} MB)", then)


def closing(forms: tuple[str, ...]) -> None:
    """The whole closing, to the commit."""
    actor = Actor("Mätning", Origin.COMMAND, NOW)
    close_period(db.session(), KEY, actor, LIMIT_ORE, partial(make_files, forms=forms))
    db.session.commit()


WORK = {"report": report_once, "closing": closing}


def measure(name: str, forms: tuple[str, ...]) -> None:
    """One of WORK in this process: seconds, those of the processors, and the peak of the largest process in MB."""
    with create_app().app_context():
        start = time.perf_counter()
        WORK[name](forms)
        seconds = time.perf_counter() - start
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    worked = sum(one.ru_utime + one.ru_stime for one in used)
    print(seconds, worked, max(one.ru_maxrss for one in used) / 1024)


def run(name: str, forms: str, url: str, state: Path) -> list[float]:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.closing_speed", name, forms]
    said = subprocess.run(command, env=environment(url, state), stdout=subprocess.PIPE, text=True, check=True).stdout
    return [float(one) for one in said.split()]


def main() -> None:
    """Fill, open, measure the report, close."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    forms = sys.argv[2] if len(sys.argv) > 2 else ",".join(FORMATS)
    with private_cluster() as cluster, tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        url = make_database(cluster, "closing")
        fill(url, state, count)
        words = [sys.executable, "-c", "from tracker.cli import main; main()", "period", "open", KEY]
        subprocess.run(words, env=environment(url, state), check=True, stdout=subprocess.DEVNULL)
        print(f"{count} projects, {forms}, {os.cpu_count()} processors")
        once, once_worked, peak = run("report", forms, url, state)
        print(f"report   {once:8.1f} s   {once_worked:8.1f} s of processors   {peak:5.0f} MB")
        closed, worked, peak = run("closing", forms, url, state)
        print(f"closing  {closed:8.1f} s   {worked:8.1f} s of processors   {peak:5.0f} MB")
        print(
            f"closing is {closed / once:.2f} × the report by the clock, {worked / once_worked:.2f} × by the processors"
        )


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in WORK:
        measure(sys.argv[1], tuple(sys.argv[2].split(",")))
    else:
        main()
